/**
 * Files in memory that know what is on the medium and what only in the cache. The power can be cut at any operation;
 * `survivors` then is the medium as the next start finds it: unsynced data is lost, torn, or replaced by zeros or
 * garbage; unsynced changes of folders are lost one by one (also out of order).
 */
import { Fault } from '../../src/kernel/fault.ts';
import type { Random } from '../../src/kernel/random.ts';
import type { AppendFile, Files } from '../../src/ports/files.ts';

interface Inode {
  /** What a reader sees. */
  cached: Uint8Array;
  /** What is on the medium. */
  durable: Uint8Array;
}

/** A change of the folder that is not on the medium yet: names and what they then stand for (undefined: nothing). */
type FolderChange = ReadonlyMap<string, Inode | undefined>;

export class PowerCutFiles implements Files {
  readonly #cached = new Map<string, Inode>();
  #durable = new Map<string, Inode>();
  #unsynced: FolderChange[] = [];
  #operations = 0;
  #cutAt = Number.POSITIVE_INFINITY;
  #random: Random;
  #full = false;
  /** Bytes given to the medium, and syncs, since the start. */
  bytesWritten = 0;
  syncs = 0;

  constructor(random: Random = () => 0.5) {
    this.#random = random;
  }

  /** Operations so far: the power can be cut at each. */
  get operations(): number {
    return this.#operations;
  }

  get isCut(): boolean {
    return this.#operations >= this.#cutAt;
  }

  /** Cuts the power at the n-th operation from now (1 is the next one). */
  cutIn(operations: number): void {
    this.#cutAt = this.#operations + operations;
  }

  /** While the medium is full, every write fails with ENOSPC. */
  setFull(full: boolean): void {
    this.#full = full;
  }

  /** What the next start finds. */
  survivors(random: Random): PowerCutFiles {
    const next = new PowerCutFiles(random);
    const names = new Map(this.#durable);
    // Most file systems keep the order of changes; a strict reading of the rules allows any of them to be lost.
    const inOrder = random() < 0.5;
    let kept = Math.floor(random() * (this.#unsynced.length + 1));
    for (const change of this.#unsynced) {
      if (inOrder ? kept-- <= 0 : random() < 0.5) continue;
      for (const [name, inode] of change) {
        if (inode === undefined) names.delete(name);
        else names.set(name, inode);
      }
    }
    const copies = new Map<Inode, Inode>();
    for (const [name, inode] of names) {
      const bytes = copies.get(inode)?.cached ?? torn(inode, random);
      const copy: Inode = { cached: bytes, durable: bytes };
      copies.set(inode, copy);
      next.#cached.set(name, copy);
      next.#durable.set(name, copy);
    }
    return next;
  }

  /** What the next start finds when only the process was killed: all that was written. */
  afterKill(): PowerCutFiles {
    const next = new PowerCutFiles(this.#random);
    for (const [name, inode] of this.#cached) {
      const copy: Inode = { cached: inode.cached, durable: inode.cached };
      next.#cached.set(name, copy);
      next.#durable.set(name, copy);
    }
    return next;
  }

  /** Puts a file on the medium. */
  put(path: string, content: string | Uint8Array): void {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const inode: Inode = { cached: bytes, durable: bytes };
    this.#cached.set(path, inode);
    this.#durable.set(path, inode);
  }

  text(path: string): string | null {
    const inode = this.#cached.get(path);
    return inode === undefined ? null : new TextDecoder().decode(inode.cached);
  }

  bytes(path: string): Uint8Array | null {
    return this.#cached.get(path)?.cached ?? null;
  }

  names(): string[] {
    return [...this.#cached.keys()].sort();
  }

  async read(path: string): Promise<Uint8Array | null> {
    this.#checkPower();
    return this.#cached.get(path)?.cached ?? null;
  }

  async openAppend(path: string): Promise<AppendFile> {
    await this.#operation(() => this.#create(path));
    const inode = this.#inode(path);
    return {
      append: bytes =>
        this.#operation(part => {
          this.#checkSpace();
          inode.cached = concat(inode.cached, bytes.subarray(0, Math.round(bytes.length * part)));
          this.bytesWritten += bytes.length;
        }),
      sync: () => this.#sync(inode),
      truncate: length =>
        this.#operation(() => {
          inode.cached = inode.cached.slice(0, length);
        }),
      close: async () => this.#checkPower(),
    };
  }

  async writeSynced(path: string, bytes: Uint8Array): Promise<void> {
    await this.#operation(() => {
      this.#create(path);
      this.#inode(path).cached = new Uint8Array();
    });
    const inode = this.#inode(path);
    await this.#operation(part => {
      this.#checkSpace();
      inode.cached = bytes.slice(0, Math.round(bytes.length * part));
      this.bytesWritten += bytes.length;
    });
    await this.#sync(inode);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#operation(() => {
      const inode = this.#inode(from);
      this.#change(
        new Map<string, Inode | undefined>([
          [from, undefined],
          [to, inode],
        ]),
      );
    });
  }

  async remove(path: string): Promise<void> {
    await this.#operation(() => {
      this.#inode(path);
      this.#change(new Map([[path, undefined]]));
    });
  }

  async syncFolder(): Promise<void> {
    await this.#operation(part => {
      this.syncs++;
      if (part < 1) return;
      this.#durable = new Map(this.#cached);
      this.#unsynced = [];
    });
  }

  async makeFolder(): Promise<void> {
    this.#checkPower();
  }

  async list(path: string): Promise<string[]> {
    this.#checkPower();
    const prefix = `${path}/`;
    return this.names().flatMap(name => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  }

  async exists(path: string): Promise<boolean> {
    this.#checkPower();
    return this.#cached.has(path);
  }

  #sync(inode: Inode): Promise<void> {
    return this.#operation(part => {
      this.syncs++;
      if (part === 1) inode.durable = inode.cached;
    });
  }

  #create(path: string): void {
    if (!this.#cached.has(path)) {
      this.#checkSpace();
      this.#change(new Map([[path, { cached: new Uint8Array(), durable: new Uint8Array() }]]));
    }
  }

  #change(change: FolderChange): void {
    for (const [name, inode] of change) {
      if (inode === undefined) this.#cached.delete(name);
      else this.#cached.set(name, inode);
    }
    this.#unsynced.push(change);
  }

  #inode(path: string): Inode {
    const inode = this.#cached.get(path);
    if (inode === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
    return inode;
  }

  /** The operation at which the power is cut happens not at all, in part, or wholly but unheard. */
  async #operation(run: (part: number) => void): Promise<void> {
    this.#checkPower();
    this.#operations++;
    if (!this.isCut) return run(1);
    const how = this.#random();
    if (how > 0.3) run(how > 0.7 ? 1 : this.#random());
    throw new Fault('system', 'the power is off');
  }

  #checkPower(): void {
    if (this.isCut) throw new Fault('system', 'the power is off');
  }

  #checkSpace(): void {
    if (this.#full) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  }
}

/** What of a file is on the medium after a cut. */
function torn(inode: Inode, random: Random): Uint8Array {
  const { cached, durable } = inode;
  if (cached === durable || random() < 0.3) return durable;
  let same = 0;
  while (same < Math.min(cached.length, durable.length) && cached[same] === durable[same]) same++;
  // What is already on the medium stays, unless the file was written anew.
  const solid = same === durable.length ? same : 0;
  const end = solid + Math.floor(random() * (cached.length - solid + 1));
  const bytes = cached.slice(0, end);
  const kind = random();
  const from = solid + Math.floor(random() * (end - solid + 1));
  if (kind < 0.3) bytes.fill(0, from);
  else if (kind < 0.5) for (let i = from; i < end; i++) bytes[i] = Math.floor(random() * 256);
  return bytes;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
