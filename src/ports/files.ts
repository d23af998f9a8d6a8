/**
 * The file system, as far as gxd needs it: every call that matters for what survives a power cut is visible here, so
 * that a test can cut the power at each of them. Paths are absolute. Failures reject with a Node-style error (`code`).
 */
export interface Files {
  /** The whole file, or null when there is none. */
  read(path: string): Promise<Uint8Array | null>;
  /** Opens for appending, creating the file when missing. */
  openAppend(path: string): Promise<AppendFile>;
  /** Creates or truncates `path`, writes `bytes`, syncs file data, closes. No rename, no sync of the folder. */
  writeSynced(path: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes renames, creations and removals in the folder durable. */
  syncFolder(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** Names in a folder, sorted; empty when there is no such folder. */
  list(path: string): Promise<string[]>;
  exists(path: string): Promise<boolean>;
}

export interface AppendFile {
  /** Appends at the end of the file. */
  append(bytes: Uint8Array): Promise<void>;
  /** Returns when what was appended is on the medium. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}
