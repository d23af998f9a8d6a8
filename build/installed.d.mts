export interface Installed {
  /** File, relative to the project's folder. */
  readonly from?: string;
  /** What is in it, when it is no file of the project. */
  readonly text?: string;
  /** Its place, relative to the root of the system. */
  readonly to: string;
  readonly mode: number;
}
export function addonsFolder(name: string): string;
export function programFiles(name: string, addons: readonly string[], version: string): Installed[];
export function overlayFiles(root: string): Installed[];
export function contentOf(root: string, file: Installed): Buffer;
