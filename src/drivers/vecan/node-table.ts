/**
 * The other nodes of a network by their NAMEs, and which address each has (fact sheet vecan-n2k, section 3). An address
 * belongs to who claimed it last, but a lower NAME is given time to defend its own.
 */
import { LAST_ADDRESS } from '../../protocols/nmea2000/can-id.ts';
import { compareNames, decodeName, encodeName, type Name } from '../../protocols/nmea2000/name.ts';

/** Nodes that are known at the same time: as many as there are addresses. */
export const NODE_LIMIT = LAST_ADDRESS + 1;
/** The lower NAME has so long to claim its address again. Milliseconds. */
const DEFENCE_MS = 500;
/** A node that lost its address has so long to claim another. */
const HOMELESS_MS = 3_000;
/** A node that says nothing is asked for its claim … */
const ASK_MS = 70_000;
/** … and is gone when it says nothing to that either. */
const SILENT_MS = 90_000;
/** An address whose node is not known is asked who it is, once in so long … */
const STRANGER_MS = 2_000;
/** … and is taken for a device without a NAME when it has spoken for so long without an answer. */
const ANONYMOUS_MS = 4_000;
/** No maker has this code: it stands in the NAME of a device that tells none, with its address for a number. */
const NO_MAKER = 0;
const ANONYMOUS: Name = {
  uniqueNumber: 0,
  manufacturer: NO_MAKER,
  deviceInstance: 0,
  deviceFunction: 0,
  deviceClass: 0,
  systemInstance: 0,
  industry: 0,
  arbitraryAddress: false,
};

export interface RemoteNode {
  /** The NAME in hexadecimal digits, most significant first. */
  readonly key: string;
  readonly name: Name;
  /** Undefined while it has none. */
  readonly address: number | undefined;
}

export interface NodeTableEvents {
  /** A node is there: known by its claim. */
  came(node: RemoteNode): void;
  /** It has another NAME, for its instance was changed, or another address. */
  changed(node: RemoteNode): void;
  /** It says nothing any more, or has lost its address for good. */
  left(node: RemoteNode): void;
  /** Who has this address has to be asked. */
  ask(address: number): void;
}

interface Entry {
  key: string;
  octets: Uint8Array;
  name: Name;
  address: number | undefined;
  heardAt: number;
  asked: boolean;
  /** Another with a higher NAME wants the address. */
  rival: { readonly octets: Uint8Array; readonly at: number } | undefined;
  homelessAt: number;
}

export class NodeTable {
  /** Claims of nodes for which there was no room. */
  refused = 0;
  readonly #events: NodeTableEvents;
  readonly #byKey = new Map<string, Entry>();
  readonly #byAddress = new Map<number, Entry>();
  /** Address whose node is not known → when it spoke first, and when it was asked who it is. */
  readonly #strangers = new Map<number, { readonly since: number; askedAt: number }>();

  constructor(events: NodeTableEvents) {
    this.#events = events;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** A claim was heard. @param octets the NAME @param now monotonic milliseconds */
  claimed(source: number, octets: Uint8Array, now: number): void {
    const name = decodeName(octets);
    if (name === undefined) return;
    const key = keyOf(octets);
    if (source > LAST_ADDRESS) {
      const known = this.#byKey.get(key);
      if (known !== undefined) this.#remove(known);
      return;
    }
    let holder = this.#byAddress.get(source);
    if (holder?.key === key) {
      holder.heardAt = now;
      holder.asked = false;
      holder.rival = undefined;
      return;
    }
    if (holder !== undefined && isAnonymous(holder.name)) {
      // Whoever claims it has more right to it.
      this.#remove(holder);
      holder = undefined;
    }
    if (holder !== undefined && isSameDevice(holder.name, name)) this.#rename(holder, key, octets, name, now);
    else if (holder !== undefined && compareNames(holder.octets, octets) < 0)
      holder.rival ??= { octets: octets.slice(), at: now };
    else this.#place(source, key, octets, name, now);
  }

  /** A frame was heard. @returns who sent it; undefined when that is not known yet */
  heard(source: number, now: number): RemoteNode | undefined {
    const entry = this.#byAddress.get(source);
    if (entry !== undefined) {
      entry.heardAt = now;
      entry.asked = false;
      return entry;
    }
    return source <= LAST_ADDRESS ? this.#stranger(source, now) : undefined;
  }

  /** Simple devices never claim an address: they are shown all the same, when they have been asked. */
  #stranger(source: number, now: number): RemoteNode | undefined {
    const known = this.#strangers.get(source);
    // One that was silent for a while is asked anew.
    const stranger = known === undefined || now - known.askedAt > SILENT_MS ? { since: now, askedAt: 0 } : known;
    this.#strangers.set(source, stranger);
    if (now - stranger.since >= ANONYMOUS_MS) {
      const name: Name = { ...ANONYMOUS, uniqueNumber: source };
      const octets = encodeName(name);
      this.#place(source, keyOf(octets), octets, name, now);
      return this.#byAddress.get(source);
    }
    if (known !== stranger || now - stranger.askedAt >= STRANGER_MS) {
      stranger.askedAt = now;
      this.#events.ask(source);
    }
    return undefined;
  }

  /** Call it now and then. */
  look(now: number): void {
    for (const entry of [...this.#byKey.values()]) {
      const silentFor = now - entry.heardAt;
      if (entry.rival !== undefined && now - entry.rival.at >= DEFENCE_MS) this.#giveUp(entry, now);
      else if (entry.address === undefined && now - entry.homelessAt >= HOMELESS_MS) this.#remove(entry);
      else if (silentFor >= SILENT_MS) this.#remove(entry);
      else if (silentFor >= ASK_MS && !entry.asked && entry.address !== undefined) {
        entry.asked = true;
        this.#events.ask(entry.address);
      }
    }
  }

  /** Forgets all: the network is another one, or ours is not on it any more. */
  clear(): void {
    for (const entry of [...this.#byKey.values()]) this.#remove(entry);
  }

  /** The holder did not defend its address: the rival has it. */
  #giveUp(holder: Entry, now: number): void {
    const { rival, address } = holder;
    holder.rival = undefined;
    const name = rival === undefined ? undefined : decodeName(rival.octets);
    if (rival === undefined || name === undefined || address === undefined) return;
    this.#place(address, keyOf(rival.octets), rival.octets, name, now);
  }

  #place(source: number, key: string, octets: Uint8Array, name: Name, now: number): void {
    const holder = this.#byAddress.get(source);
    if (holder !== undefined) {
      holder.address = undefined;
      holder.rival = undefined;
      holder.homelessAt = now;
    }
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      if (known.address !== undefined) this.#byAddress.delete(known.address);
      known.address = source;
      known.heardAt = now;
      known.rival = undefined;
      this.#byAddress.set(source, known);
      this.#events.changed(known);
      return;
    }
    this.#byAddress.delete(source);
    if (this.#byKey.size >= NODE_LIMIT) {
      this.refused++;
      return;
    }
    const entry: Entry = {
      key,
      octets: octets.slice(),
      name,
      address: source,
      heardAt: now,
      asked: false,
      rival: undefined,
      homelessAt: 0,
    };
    this.#byKey.set(key, entry);
    this.#byAddress.set(source, entry);
    this.#strangers.delete(source);
    this.#events.came(entry);
  }

  #rename(entry: Entry, key: string, octets: Uint8Array, name: Name, now: number): void {
    const twin = this.#byKey.get(key);
    if (twin !== undefined) this.#remove(twin);
    this.#byKey.delete(entry.key);
    entry.key = key;
    entry.octets = octets.slice();
    entry.name = name;
    entry.heardAt = now;
    entry.rival = undefined;
    this.#byKey.set(key, entry);
    this.#events.changed(entry);
  }

  #remove(entry: Entry): void {
    this.#byKey.delete(entry.key);
    if (entry.address !== undefined && this.#byAddress.get(entry.address) === entry)
      this.#byAddress.delete(entry.address);
    entry.address = undefined;
    this.#events.left(entry);
  }
}

/** Whether a device has told no NAME: its number is its address. */
export function isAnonymous(name: Name): boolean {
  return name.manufacturer === NO_MAKER;
}

/** The same device, whatever its instances are. */
function isSameDevice(a: Name, b: Name): boolean {
  return (
    a.manufacturer === b.manufacturer &&
    a.uniqueNumber === b.uniqueNumber &&
    a.deviceFunction === b.deviceFunction &&
    a.deviceClass === b.deviceClass
  );
}

function keyOf(octets: Uint8Array): string {
  return Array.from(octets.subarray(0, 8).toReversed(), octet => octet.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}
