/** The CAN interfaces of the machine: found in /sys, set up by `ip`, opened by the addon of the package `socketcan`. */
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Owned } from '../kernel/actor.ts';
import { describe, Fault } from '../kernel/fault.ts';
import type { CanFacts, CanFilter, CanInterfaces, CanSetting, CanSocket, CanState } from '../ports/can.ts';
import { linkState, setUpLink } from './ip-link.ts';
import { type RawChannel, SocketCanSocket } from './socketcan-socket.ts';
import { udevProperties } from './udev-facts.ts';

/** How often it is looked whether interfaces came, went, or were taken down. Milliseconds. */
const LOOK_MS = 1_000;
const INTERFACE_LIMIT = 16;
/** Type of a network interface: linux/if_arp.h. */
const TYPE_CAN = 280;
/** Flag of a network interface: linux/if.h. */
const IS_UP = 1;
/** Protocol of raw frames: linux/can.h. */
const RAW = 1;

type MakeChannel = new (name: string, timestamps: boolean, protocol: number, nonBlocking: boolean) => RawChannel;

export interface SocketCanOptions {
  /** `/sys` */
  readonly sys?: string;
  /** `/run/udev/data` */
  readonly udev?: string;
  /** Makes a channel; by default the addon of the bundle. */
  readonly channel?: MakeChannel;
}

interface Found {
  readonly index: string;
  readonly up: boolean;
}

export class SocketCan implements CanInterfaces {
  readonly #net: string;
  readonly #udev: string;
  #channel: MakeChannel | undefined;
  readonly #sockets = new Set<SocketCanSocket>();
  readonly #watchers = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #seen = '';

  constructor({ sys = '/sys', udev = '/run/udev/data', channel }: SocketCanOptions = {}) {
    this.#net = join(sys, 'class/net');
    this.#udev = udev;
    this.#channel = channel;
  }

  async list(): Promise<string[]> {
    return [...this.#interfaces().keys()];
  }

  watch(changed: () => void): Owned {
    // A set holds a function once: two watches with one function must both count.
    const own = (): void => changed();
    this.#watchers.add(own);
    this.#look();
    return {
      release: () => {
        this.#watchers.delete(own);
      },
    };
  }

  async identity(name: string): Promise<string> {
    return this.#find(name)?.index ?? '';
  }

  async facts(name: string): Promise<CanFacts> {
    const index = await this.identity(name);
    const text = index === '' ? '' : await readFile(join(this.#udev, `n${index}`), 'utf8').catch(() => '');
    const properties = udevProperties(text);
    const [label, config] = [properties.get('VE_NAME'), properties.get('VE_CAN_CONFIG')];
    return { ...(label === undefined ? {} : { label }), ...(config === undefined ? {} : { config }) };
  }

  state(name: string): Promise<CanState | undefined> {
    return linkState(name);
  }

  configure(name: string, setting: CanSetting | undefined): Promise<void> {
    return setUpLink(name, setting);
  }

  async open(name: string, filters: readonly CanFilter[]): Promise<CanSocket> {
    const found = this.#find(name);
    if (found === undefined) throw new Fault('configuration', `cannot open ${name}: no such CAN interface`);
    if (!found.up) throw new Fault('device', `cannot open ${name}: the interface is down`);
    this.#channel ??= await channelOfAddon();
    const make = this.#channel;
    let socket: SocketCanSocket;
    try {
      socket = new SocketCanSocket(name, new make(name, false, RAW, true), filters, one => this.#sockets.delete(one));
    } catch (error) {
      // The addon does not say why: the interface is there, so it is the socket that we do not get.
      throw new Fault(
        'configuration',
        `cannot open ${name}: the system gives no CAN socket (no permission, or a kernel without can_raw): ${describe(error)}`,
      );
    }
    this.#sockets.add(socket);
    this.#look();
    return socket;
  }

  /** Looks now and then while there is anybody to tell. */
  #look(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => {
      if (this.#watchers.size === 0 && this.#sockets.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      } else this.#compare();
    }, LOOK_MS);
    this.#timer.unref();
  }

  #compare(): void {
    const found = this.#interfaces();
    for (const socket of [...this.#sockets]) {
      // The addon goes on as if nothing were when an interface is taken down.
      const one = found.get(socket.interface);
      if (one === undefined) socket.lose(new Fault('device', `${socket.interface} is gone`));
      else if (!one.up) socket.lose(new Fault('device', `${socket.interface} was taken down`));
    }
    const seen = [...found].map(([name, { index, up }]) => `${name} ${index} ${up}`).join('\n');
    if (seen === this.#seen) return;
    this.#seen = seen;
    for (const watcher of this.#watchers) watcher();
  }

  /**
   * A machine without /sys has none. Read at once: these files wait for no disk, and a promise for each costs ten times
   * as much, every second.
   */
  #interfaces(): Map<string, Found> {
    const interfaces = new Map<string, Found>();
    for (const name of namesIn(this.#net)) {
      if (interfaces.size >= INTERFACE_LIMIT) break;
      const found = this.#find(name);
      if (found !== undefined) interfaces.set(name, found);
    }
    return interfaces;
  }

  /** Undefined for what is not there, or is no CAN interface. */
  #find(name: string): Found | undefined {
    if (name.includes('/')) return undefined;
    try {
      const read = (file: string): string => readFileSync(join(this.#net, name, file), 'utf8').trim();
      if (Number(read('type')) !== TYPE_CAN) return undefined;
      return { index: read('ifindex'), up: (Number(read('flags')) & IS_UP) !== 0 };
    } catch {
      // It has just gone.
      return undefined;
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

async function channelOfAddon(): Promise<MakeChannel> {
  const { default: load } = await import('socketcan-addon');
  const addon = load();
  if (typeof addon !== 'object' || addon === null || !('RawChannel' in addon))
    throw new Fault('system', 'this program was built without the addon for CAN sockets (no C++ compiler)');
  return addon.RawChannel as MakeChannel; // what the addon exports
}
