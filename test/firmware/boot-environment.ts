/** The two copies of the boot loader's environment on a disk, as the tools of the running system read them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DiskWrite, SPOILT } from './disk-record.ts';

const SECTOR = 512;
/** As /etc/fw_env.config has them. Sectors. */
const COPIES = { first: [0x40, 0x440], sectors: 0x20 } as const;
/** Before the first partition: nothing else is written there. */
const BYTES = 1024 * 1024;

export class BootEnvironment {
  readonly #file: string;
  readonly #bytes: Buffer;

  /** @param file for scratch @param disk how it begins */
  constructor(file: string, disk: string) {
    this.#file = file;
    this.#bytes = read(disk, 0, BYTES);
  }

  static isIn({ sector, sectors }: DiskWrite): boolean {
    return COPIES.first.some(first => sector < first + COPIES.sectors && sector + sectors > first);
  }

  /** The slot that a disk is to start. */
  static slotOf(disk: string, folder: string): string {
    return variables(disk, join(folder, 'fw_env.config')).slot ?? '';
  }

  /**
   * Does all writes again that change the environment. Torn at each of its sectors, which is lost, each of them must
   * leave what was there before, or what is there after it. @param from the first write that is torn @returns all states, in order
   */
  tears(record: string, writes: readonly DiskWrite[], from: number): string[] {
    const states: string[] = [];
    for (const [index, write] of writes.entries()) {
      if (!BootEnvironment.isIn(write)) continue;
      const bytes = read(record, write.offset, write.sectors * SECTOR);
      const [before, after] = [this.#torn(write, bytes, 0), this.#torn(write, bytes, write.sectors)];
      if (index >= from) {
        for (let sectors = 0; sectors < write.sectors; sectors++) {
          const state = this.#torn(write, bytes, sectors, true);
          assert.ok(state === before || state === after, `${state} after ${sectors} sectors of write ${index}`);
        }
        if (states.length === 0) states.push(before);
        if (states.at(-1) !== after) states.push(after);
      }
      bytes.copy(this.#bytes, write.sector * SECTOR);
    }
    return states;
  }

  /** What the environment says when only so many sectors of a write are there. */
  #torn(write: DiskWrite, bytes: Buffer, sectors: number, spoils = false): string {
    const torn = Buffer.from(this.#bytes);
    bytes.copy(torn, write.sector * SECTOR, 0, sectors * SECTOR);
    if (spoils) SPOILT.copy(torn, (write.sector + sectors) * SECTOR);
    writeFileSync(this.#file, torn);
    const { slot, upgrade_available, bootcount } = variables(this.#file, `${this.#file}.config`);
    return `slot ${slot} trial ${upgrade_available} start ${bootcount}`;
  }
}

function variables(disk: string, config: string): Readonly<Record<string, string>> {
  const bytes = `0x${(COPIES.sectors * SECTOR).toString(16)}`;
  const lines = COPIES.first.map(first => `${disk} 0x${(first * SECTOR).toString(16)} ${bytes}\n`);
  writeFileSync(config, lines.join(''));
  const { status, stdout, stderr } = spawnSync('fw_printenv', ['-c', config], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`no valid copy of the environment: ${stderr}`);
  return Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map(line => line.split('=', 2)),
  );
}

function read(file: string, at: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, bytes, 0, size, at);
  closeSync(descriptor);
  return bytes;
}
