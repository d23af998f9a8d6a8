/**
 * All that a guest writes to its disk, in order: from this record the disk can be made as it was after any of the
 * writes, or in the middle of one, which is what a power cut leaves. QEMU's driver blklogwrites makes it, in the form of
 * Linux's dm-log-writes: sectors of 512 bytes; one with a head; then for each write one with sector, count and flags,
 * 64 bits each, and what was written.
 */
import { closeSync, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs';

const SECTOR = 512;
const MAGIC = 0x6a736677736872n;
const DISCARD = 4n;

export interface DiskWrite {
  /** On the disk. */
  readonly sector: number;
  readonly sectors: number;
  /** Of what was written, in the record. Bytes. */
  readonly offset: number;
}

/** Arguments for a guest whose writes to `disk` go to `record` too. */
export function recordedDisk(disk: string, record: string): string[] {
  const file = (name: string, path: string): string[] => [
    '-blockdev',
    `driver=file,node-name=${name},filename=${path}`,
  ];
  const log = 'driver=blklogwrites,node-name=disk,file=image,log=record';
  return [...file('image', disk), ...file('record', record), '-blockdev', log];
}

/** So many bytes were recorded up to now. */
export function recordedBytes(record: string): number {
  return statSync(record).size;
}

/** All writes of a record, in order; flushes are left out. */
export function diskWrites(record: string): DiskWrite[] {
  const file = openSync(record, 'r');
  const head = Buffer.alloc(SECTOR);
  const { size } = fstatSync(file);
  const writes: DiskWrite[] = [];
  readSync(file, head, 0, SECTOR, 0);
  if (head.readBigUInt64LE(0) !== MAGIC) throw new Error(`${record} is no record of a disk`);
  for (let at = SECTOR; at + SECTOR <= size; ) {
    readSync(file, head, 0, SECTOR, at);
    at += SECTOR;
    const [sector, sectors] = [Number(head.readBigUInt64LE(0)), Number(head.readBigUInt64LE(8))];
    const discard = (head.readBigUInt64LE(16) & DISCARD) !== 0n;
    if (sectors === 0 || discard) continue;
    if (at + sectors * SECTOR > size) break;
    writes.push({ sector, sectors, offset: at });
    at += sectors * SECTOR;
  }
  closeSync(file);
  return writes;
}

/** Where the power goes in the last of some writes. */
export interface Tear {
  /** So many of its sectors are written. */
  readonly sectors: number;
  /** The one that was being written then is lost. */
  readonly spoils: boolean;
}

/** What a sector has that was being written when the power went. */
export const SPOILT = Buffer.alloc(SECTOR, 0xa5);

/** Does some of the writes again, on another disk. */
export function writeAgain(record: string, writes: readonly DiskWrite[], disk: string, tear?: Tear): void {
  const [from, to] = [openSync(record, 'r'), openSync(disk, 'r+')];
  for (const [index, { sector, sectors, offset }] of writes.entries()) {
    const torn = index === writes.length - 1 ? tear : undefined;
    const bytes = Buffer.alloc((torn?.sectors ?? sectors) * SECTOR);
    readSync(from, bytes, 0, bytes.length, offset);
    writeSync(to, bytes, 0, bytes.length, sector * SECTOR);
    if (torn?.spoils === true && torn.sectors < sectors)
      writeSync(to, SPOILT, 0, SECTOR, (sector + torn.sectors) * SECTOR);
  }
  closeSync(from);
  closeSync(to);
}
