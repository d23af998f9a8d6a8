/**
 * The journal beside settings.xml: what changed since that file was written. A sequence of frames
 *
 *     length of the payload, uint32 LE · CRC-32 of the payload, uint32 LE · payload, UTF-8 JSON
 *
 * The first frame is the header: which settings.xml the journal extends. Every further one is a commit, an array of
 * records that count together or not at all. A record is the whole state of one path, so that applying one twice, or
 * on a newer state, does no harm. A frame that is cut short or damaged ends the journal: it was never acknowledged.
 */
import { crc32 } from './crc32.ts';
import { convert, isSettingType, type Setting, type SettingType, type SettingValue } from './setting.ts';
import { isSettingPath } from './settings-rules.ts';
import type { SettingsTree } from './settings-tree.ts';

/** Which file: its length in bytes and CRC-32. */
export interface FileIdentity {
  readonly length: number;
  readonly crc: number;
}

export interface JournalHeader {
  /** The settings.xml that the records extend. */
  readonly extends: FileIdentity;
  /** The one before it, which is the last-good copy while this journal lives. Null when there is none. */
  readonly previous: FileIdentity | null;
}

/** A path and what is there now; undefined when it was removed. */
export interface JournalRecord {
  readonly path: string;
  readonly setting: Setting | undefined;
}

export interface Journal {
  readonly header: JournalHeader;
  readonly commits: readonly (readonly JournalRecord[])[];
  /** Whether the file ends with something that is not a whole frame. */
  readonly torn: boolean;
}

const FORMAT = 'gxd-settings-journal/1';
const FRAME_HEAD_BYTES = 8;

export function identityOf(bytes: Uint8Array): FileIdentity {
  return { length: bytes.length, crc: crc32(bytes) };
}

export function sameIdentity(a: FileIdentity | null, b: FileIdentity | null): boolean {
  return a !== null && b !== null && a.length === b.length && a.crc === b.crc;
}

export function encodeHeader(header: JournalHeader): Uint8Array {
  return frame([FORMAT, header.extends.length, header.extends.crc, header.previous?.length, header.previous?.crc]);
}

export function encodeCommit(records: Iterable<JournalRecord>): Uint8Array {
  return frame(Array.from(records, encodeRecord));
}

function encodeRecord({ path, setting: s }: JournalRecord): unknown[] {
  return s === undefined ? [path] : [path, s.type, s.value, s.default, s.min, s.max, s.silent ? 1 : 0];
}

function frame(content: unknown[]): Uint8Array {
  const payload = new TextEncoder().encode(JSON.stringify(content));
  const bytes = new Uint8Array(FRAME_HEAD_BYTES + payload.length);
  const head = new DataView(bytes.buffer);
  head.setUint32(0, payload.length, true);
  head.setUint32(4, crc32(payload), true);
  bytes.set(payload, FRAME_HEAD_BYTES);
  return bytes;
}

/** Reads a journal. Null when there is not even a whole header. Never throws. */
export function decodeJournal(bytes: Uint8Array): Journal | null {
  let header: JournalHeader | null = null;
  const commits: JournalRecord[][] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + FRAME_HEAD_BYTES <= bytes.length) {
    const length = view.getUint32(at, true);
    const payload = bytes.subarray(at + FRAME_HEAD_BYTES, at + FRAME_HEAD_BYTES + length);
    // A length of 0 would make a run of zeros look like frames.
    if (length === 0 || payload.length < length || crc32(payload) !== view.getUint32(at + 4, true)) break;
    const content = parse(payload);
    if (header === null) {
      header = content === null ? null : decodeHeader(content);
      if (header === null) return null;
    } else {
      // A type that we do not know is of a newer version: it takes nothing else with it.
      const records = content?.filter(record => !isOfUnknownType(record)).map(decodeRecord);
      if (records?.every(record => record !== null) !== true) break;
      commits.push(records);
    }
    at += FRAME_HEAD_BYTES + length;
  }
  return header === null ? null : { header, commits, torn: at < bytes.length };
}

function parse(payload: Uint8Array): unknown[] | null {
  try {
    const content: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    return Array.isArray(content) ? content : null;
  } catch {
    // The CRC holds but it is no JSON: not of our writing. The caller stops here.
    return null;
  }
}

function decodeHeader(content: unknown[]): JournalHeader | null {
  const [format, length, crc, previousLength, previousCrc] = content;
  if (format !== FORMAT || typeof length !== 'number' || typeof crc !== 'number') return null;
  const hasPrevious = typeof previousLength === 'number' && typeof previousCrc === 'number';
  return {
    extends: { length, crc },
    previous: hasPrevious ? { length: previousLength, crc: previousCrc } : null,
  };
}

function isOfUnknownType(content: unknown): boolean {
  if (!Array.isArray(content)) return false;
  const [path, type] = content as unknown[];
  return typeof path === 'string' && isSettingPath(path) && typeof type === 'string' && !isSettingType(type);
}

function decodeRecord(content: unknown): JournalRecord | null {
  if (!Array.isArray(content)) return null;
  const [path, type, value, fallback, min, max, silent] = content as unknown[];
  if (typeof path !== 'string' || !isSettingPath(path)) return null;
  if (content.length === 1) return { path, setting: undefined };
  if (!isSettingType(type) || !isValue(type, value) || !(fallback === null || isValue(type, fallback))) return null;
  if (!isLimit(min) || !isLimit(max)) return null;
  return { path, setting: { path, type, value, default: fallback, min, max, silent: silent === 1 } };
}

function isValue(type: SettingType, value: unknown): value is SettingValue {
  return (typeof value === 'number' || typeof value === 'string') && convert(type, value) === value;
}

function isLimit(value: unknown): value is number | null {
  return value === null || typeof value === 'number';
}

/** Brings `tree` to the state after the journal. */
export function replay(journal: Journal, tree: SettingsTree): void {
  for (const records of journal.commits) {
    for (const { path, setting } of records) {
      if (setting === undefined) tree.delete(path);
      else if ((tree.get(path) !== undefined || tree.hasRoom(path)) && tree.fits(setting)) tree.put(setting);
    }
  }
}
