/** The addon of the package `socketcan`, put into the bundle by build/native-addons.mjs; undefined when it was not. */
declare module 'socketcan-addon' {
  const load: () => unknown;
  export default load;
}
