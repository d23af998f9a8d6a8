/**
 * The locks of serial programs: a symbolic link by the name of the port, to the number of the process that has it
 * (fact sheet serial-starter, section 1). Making a link fails when it is there, so taking is one step.
 */

import { existsSync } from 'node:fs';
import { mkdir, readlink, symlink, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PortLocks } from '../ports/serial-ports.ts';

export class FolderLocks implements PortLocks {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async take(tty: string): Promise<boolean> {
    if (!(await this.#isUsable())) return true;
    if (await this.#make(tty)) return true;
    const owner = await this.#owner(tty);
    if (owner === process.pid) return true;
    if (owner !== undefined && isAlive(owner)) return false;
    // Left behind by a program that has ended.
    await this.#remove(tty);
    return this.#make(tty);
  }

  async release(tty: string): Promise<void> {
    if ((await this.#owner(tty)) === process.pid) await this.#remove(tty);
  }

  /** Nobody locks on a system that has no folder for it. */
  async #isUsable(): Promise<boolean> {
    if (existsSync(this.#folder)) return true;
    if (!existsSync(dirname(this.#folder))) return false;
    try {
      await mkdir(this.#folder);
      return true;
    } catch {
      // No right to it, so nobody else of our kind has one.
      return existsSync(this.#folder);
    }
  }

  async #make(tty: string): Promise<boolean> {
    try {
      await symlink(String(process.pid), join(this.#folder, tty));
      return true;
    } catch (error) {
      // Without the right to make links there are no locks, and the port is opened exclusively anyway.
      return !(error instanceof Error && 'code' in error && error.code === 'EEXIST');
    }
  }

  /** The process that has the lock; 0 for a lock that names none, undefined when there is none. */
  async #owner(tty: string): Promise<number | undefined> {
    try {
      const target = await readlink(join(this.#folder, tty));
      return /^\d+$/.test(target) ? Number(target) : 0;
    } catch (error) {
      // Not a link, but there: somebody's lock all the same.
      return error instanceof Error && 'code' in error && error.code === 'EINVAL' ? 0 : undefined;
    }
  }

  async #remove(tty: string): Promise<void> {
    try {
      await unlink(join(this.#folder, tty));
    } catch {
      // It has gone by itself.
    }
  }
}

/** A lock that names no process is somebody's who means it. */
function isAlive(pid: number): boolean {
  if (pid === 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
