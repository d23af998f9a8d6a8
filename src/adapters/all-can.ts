/** All CAN interfaces that are asked for: those of the machine by their names, others over TCP. */
import type { Owned } from '../kernel/actor.ts';
import { Fault } from '../kernel/fault.ts';
import {
  type CanFacts,
  type CanFilter,
  type CanInterfaces,
  type CanSetting,
  type CanSocket,
  type CanState,
  NOTHING_COUNTED,
} from '../ports/can.ts';
import type { Net } from '../ports/net.ts';
import { openRemote, type RemoteCan, type RemoteCounts } from './socketcand.ts';

/** What the command line asks for. */
export interface CanSelection {
  /** Interfaces of the machine: `can*`. */
  readonly names: readonly RegExp[];
  /** Name → where it is. */
  readonly remotes: ReadonlyMap<string, RemoteCan>;
}

const REMOTE = /^([A-Za-z0-9_-]{1,15})=tcp:\/\/(\[[0-9A-Fa-f:]+\]|[^/:\s]+):(\d{1,5})(?:\/([A-Za-z0-9_-]{1,15}))?$/;
const LOCAL = /^[A-Za-z0-9_.*-]{1,15}$/;

/** `can*,can1=tcp://host:port/bus`. Throws a Fault (configuration) that says what is wrong. */
export function parseCanSelection(text: string): CanSelection {
  const names: RegExp[] = [];
  const remotes = new Map<string, RemoteCan>();
  for (const part of text.split(',').filter(part => part !== '')) {
    const [, name, host, port, bus] = REMOTE.exec(part) ?? [];
    if (name !== undefined && host !== undefined && Number(port) >= 1 && Number(port) <= 65_535)
      remotes.set(name, { host: host.replace(/^\[|\]$/g, ''), port: Number(port), bus: bus ?? name });
    else if (LOCAL.test(part)) names.push(new RegExp(`^${part.replaceAll('.', '\\.').replaceAll('*', '.*')}$`));
    else throw new Fault('configuration', `${part} is no CAN interface: NAME, or NAME=tcp://HOST:PORT[/BUS]`);
  }
  return { names, remotes };
}

export class AllCan implements CanInterfaces {
  readonly #machine: CanInterfaces;
  readonly #net: Net;
  readonly #selection: CanSelection;
  readonly #counts = new Map<string, RemoteCounts>();

  constructor(machine: CanInterfaces, net: Net, selection: CanSelection) {
    this.#machine = machine;
    this.#net = net;
    this.#selection = selection;
  }

  async list(): Promise<string[]> {
    const { names, remotes } = this.#selection;
    const local = names.length === 0 ? [] : await this.#machine.list();
    const wanted = local.filter(name => !remotes.has(name) && names.some(pattern => pattern.test(name)));
    return [...wanted, ...remotes.keys()].sort();
  }

  watch(changed: () => void): Owned {
    return this.#selection.names.length === 0 ? { release: () => {} } : this.#machine.watch(changed);
  }

  async identity(name: string): Promise<string> {
    return this.#selection.remotes.has(name) ? name : this.#machine.identity(name);
  }

  async facts(name: string): Promise<CanFacts> {
    const remote = this.#selection.remotes.get(name);
    if (remote === undefined) return this.#machine.facts(name);
    return { remote: true, label: `${remote.bus} at ${remote.host}:${remote.port}` };
  }

  async state(name: string): Promise<CanState | undefined> {
    if (!this.#selection.remotes.has(name)) return this.#machine.state(name);
    return {
      up: true,
      bitRate: undefined,
      restartMs: undefined,
      bus: 'unknown',
      receiveErrors: 0,
      transmitErrors: 0,
      statistics: { ...NOTHING_COUNTED, ...this.#counts.get(name) },
      told: '',
    };
  }

  async configure(name: string, setting: CanSetting | undefined): Promise<void> {
    // How a bus elsewhere is set up is the business of the machine there.
    if (!this.#selection.remotes.has(name)) await this.#machine.configure(name, setting);
  }

  async open(name: string, filters: readonly CanFilter[]): Promise<CanSocket> {
    const remote = this.#selection.remotes.get(name);
    if (remote === undefined) return this.#machine.open(name, filters);
    const counts = this.#counts.get(name) ?? { received: 0, sent: 0 };
    this.#counts.set(name, counts);
    return openRemote(this.#net, name, remote, filters, counts);
  }
}
