/**
 * A bus without a daemon: simulated foreign services on one side, the program's published trees on the other. Changes
 * travel at once, calls settle with the promises of the same instant.
 */
import type { Bus, BusObserver, CallReply, Registration, ServedTree, Typed } from '../../src/bus/bus.ts';
import { callOwn } from '../../src/bus/bus-item.ts';
import { plain, sameValue } from '../../src/bus/value.ts';
import type { Owned } from '../../src/kernel/actor.ts';
import { Fault } from '../../src/kernel/fault.ts';
import type { Value } from '../../src/schema/row.ts';

/** A service of somebody else. */
export class SimulatedService {
  readonly name: string;
  readonly values: Map<string, Value>;
  /** What was written to it, in order. */
  readonly writes: { readonly path: string; readonly value: Value }[] = [];
  /** Decides on a SetValue: 0 takes it. Without one everything is taken. */
  onWrite: ((path: string, value: Value) => number) | undefined;
  /** Answers methods beyond BusItem's. */
  onCall: ((path: string, member: string, args: CallReply) => CallReply) | undefined;

  constructor(name: string, values: Readonly<Record<string, Value>>) {
    this.name = name;
    this.values = new Map(Object.entries(values));
  }
}

export class MemoryBus implements Bus {
  readonly #trees = new Map<string, ServedTree>();
  readonly #simulated = new Map<string, SimulatedService>();
  readonly #observers = new Set<BusObserver>();
  /** How a change of a simulated service travels; left out, as it is. */
  carry: ((path: string, value: Value) => Iterable<readonly [string, Value]>) | undefined;
  /** Paths announced per service since the last look. */
  readonly announced = new Map<string, string[]>();
  /** Signals that trees sent by themselves. */
  readonly signals: { readonly path: string; readonly member: string; readonly args: CallReply }[] = [];

  // ---- the side of the program

  async publish(tree: ServedTree): Promise<Registration> {
    if (this.#trees.has(tree.name) || this.#simulated.has(tree.name))
      throw new Fault('bus', `${tree.name} is owned by another`);
    this.#trees.set(tree.name, tree);
    const announced: string[] = [];
    this.announced.set(tree.name, announced);
    return {
      announce: paths => {
        for (const path of paths) announced.push(path);
      },
      signal: (path, _iface, member, args) => void this.signals.push({ path, member, args }),
      release: () => {
        if (this.#trees.get(tree.name) === tree) this.#trees.delete(tree.name);
      },
    };
  }

  observe(observer: BusObserver): Owned {
    this.#observers.add(observer);
    observer.busState(true);
    for (const service of this.#simulated.values()) observer.serviceAdded(service.name, ':sim', [...service.values]);
    return { release: () => void this.#observers.delete(observer) };
  }

  async setValue(service: string, path: string, value: Typed): Promise<number> {
    const simulated = this.#simulated.get(service);
    if (simulated === undefined) {
      const tree = this.#trees.get(service);
      if (tree === undefined) throw new Fault('bus', `${service} is not on the bus`);
      return tree.write(path, plain(value), value, ':client');
    }
    if (!simulated.values.has(path)) throw new Fault('bus', `${service} has no ${path}`);
    return this.writeSimulated(simulated, path, plain(value));
  }

  async call(service: string, path: string, iface: string, member: string, args: CallReply): Promise<CallReply> {
    const tree = this.#trees.get(service);
    if (tree !== undefined) return callOwn(tree, path, iface, member, args);
    const reply = this.#simulated.get(service)?.onCall?.(path, member, args);
    if (reply === undefined) throw new Fault('bus', `${service} does not answer ${member}`);
    return reply;
  }

  async close(): Promise<void> {
    this.#observers.clear();
  }

  // ---- the side of the test

  add(service: SimulatedService): void {
    this.#simulated.set(service.name, service);
    for (const observer of this.#observers) observer.serviceAdded(service.name, ':sim', [...service.values]);
  }

  remove(name: string): void {
    if (!this.#simulated.delete(name)) return;
    for (const observer of this.#observers) observer.serviceRemoved(name);
  }

  simulated(name: string): SimulatedService | undefined {
    return this.#simulated.get(name);
  }

  /** A simulated service changes a value by itself. */
  set(name: string, path: string, value: Value): void {
    const service = this.#simulated.get(name);
    if (service === undefined) return;
    const old = service.values.get(path);
    service.values.set(path, value);
    if (old !== undefined && sameValue(old, value)) return;
    const changes = this.carry?.(path, value) ?? [[path, value]];
    for (const observer of this.#observers) observer.itemsChanged(name, changes);
  }

  writeSimulated(service: SimulatedService, path: string, value: Value): number {
    service.writes.push({ path, value });
    const code = service.onWrite?.(path, value) ?? 0;
    if (code === 0 && service.onWrite === undefined) this.set(service.name, path, value);
    return code;
  }

  tree(name: string): ServedTree | undefined {
    return this.#trees.get(name);
  }

  /** What a client reads: of the program or of a simulated service; null when there is no such item. */
  get(name: string, path: string): Value {
    const simulated = this.#simulated.get(name);
    if (simulated !== undefined) return simulated.values.get(path) ?? null;
    return this.#trees.get(name)?.item(path)?.value ?? null;
  }
}
