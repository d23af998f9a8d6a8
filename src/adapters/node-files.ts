/** Files on Node. */
import { constants } from 'node:fs';
import { access, type FileHandle, mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import type { AppendFile, Files } from '../ports/files.ts';

export const nodeFiles: Files = {
  async read(path) {
    try {
      return await readFile(path);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  },

  async openAppend(path) {
    return new NodeAppendFile(await open(path, 'a', MODE));
  },

  async writeSynced(path, bytes) {
    const file = await open(path, 'w', MODE);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  },

  rename: (from, to) => rename(from, to),

  remove: path => unlink(path),

  async syncFolder(path) {
    const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },

  async makeFolder(path) {
    await mkdir(path, { recursive: true });
  },

  async list(path) {
    try {
      return (await readdir(path)).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  },

  async exists(path) {
    try {
      await access(path);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  },
};

const MODE = 0o644;

class NodeAppendFile implements AppendFile {
  readonly #file: FileHandle;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#file.appendFile(bytes);
  }

  /** fdatasync: it brings the length along, and leaves the times of the file out. */
  sync(): Promise<void> {
    return this.#file.datasync();
  }

  truncate(length: number): Promise<void> {
    return this.#file.truncate(length);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
