/** Put in by the bundler from package.json. */
declare const GXD_VERSION: string;

export const VERSION: string = GXD_VERSION;
