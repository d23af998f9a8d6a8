/**
 * Runs the topics. A change marks those that read what changed; one run at the end of the tick computes them in the
 * order in which they depend on each other, over one picture, and publishes what came out. What is due by the clock
 * runs the same way.
 */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { Cell } from '../../bus/service-view.ts';
import { SETTINGS_SERVICE } from '../../bus/settings-client.ts';
import type { TickEnd } from '../../kernel/tick-end.ts';
import { Devices } from './devices.ts';
import { Marks } from './marks.ts';
import { inDependencyOrder } from './order.ts';
import { Outcome } from './outcome.ts';
import { patternOf } from './path-pattern.ts';
import { type Device, type Made, Picture, type Source } from './picture.ts';
import { PublishedValues } from './published-values.ts';
import { followsChanges, Readers } from './readers.ts';
import type { Recorder } from './recorder.ts';
import { SettingValues } from './setting-values.ts';
import { makeSlot, type Slot, sameData } from './slot.ts';
import { BEAT_MS, type SystemTree, type Topic } from './topic.ts';
import { Writer } from './writer.ts';

export class Engine implements Source {
  readonly settings: SettingValues;
  readonly board: string;
  readonly #context: GatewayContext;
  readonly #devices: Devices;
  readonly #writer: Writer;
  readonly #slots: readonly Slot[];
  readonly #slotOf: ReadonlyMap<Topic, Slot>;
  readonly #readers = new Readers();
  readonly #marks: Marks;
  readonly #complained = new Set<string>();
  #service: SystemTree | undefined;
  #values: PublishedValues | undefined;
  readonly #tickEnd: TickEnd;
  #beat = 0;
  /** During a run, the moment that all its topics see; time may go on while they compute. */
  #running = false;
  #runMonotonicMs = 0;
  #runWallMs: number | undefined;
  readonly #withOrders: Slot[] = [];

  /** @param board product id of the board, for rules that differ by it */
  constructor(context: GatewayContext, topics: readonly Topic[], board: string) {
    this.board = board;
    this.#context = context;
    this.#tickEnd = context.clock.tickEnd(() => this.#run());
    this.#slots = inDependencyOrder(topics).map((topic, place) => makeSlot(topic, place, this));
    this.#marks = new Marks(this.#slots.length);
    this.#slotOf = new Map(this.#slots.map(slot => [slot.topic, slot]));
    for (const slot of this.#slots) {
      this.#readers.register(slot);
      const { reads, wokenBy } = slot.topic;
      for (const before of (followsChanges(slot) ? reads.topics : wokenBy) ?? [])
        this.#slotOf.get(before)?.users.push(slot);
    }
    this.settings = new SettingValues(context, path => this.#mark(this.#readers.ofSetting(path)));
    this.#writer = new Writer(context.world, context.clock, context.log, task => context.spawn(task));
    this.#devices = new Devices(context, (type, path) => {
      this.#mark(path === undefined ? this.#readers.ofType(type) : this.#readers.ofPath(type, path));
    });
    this.#devices.onGone(name => this.#writer.forget(name));
  }

  /** Runs every topic once and publishes into `service`; from then on runs by itself. */
  start(service: SystemTree): void {
    this.#service = service;
    this.#values = new PublishedValues(service, this.#readers, this.#marks);
    for (const slot of this.#slots) {
      this.#values.prepare(slot, path => this.#written(slot, path));
      this.#marks.add(slot);
    }
    this.#run();
    this.#context.clock.every(BEAT_MS, beats => this.#onBeat(beats));
  }

  /** The topic that publishes a path, and the path as the topic declares it. */
  publisher(path: string): { readonly topic: Topic; readonly declaredAs: string } | undefined {
    for (const { topic } of this.#slots) {
      for (const declaredAs of [...Object.keys(topic.publishes), ...Object.keys(topic.accepts ?? {})])
        if (declaredAs === path || patternOf(declaredAs)?.test(path)) return { topic, declaredAs };
    }
    return undefined;
  }

  /** Lets a topic compute once more with a recorder, on a copy of what it remembers. Nothing comes of it. */
  rehearse(topic: Topic, recorder: Recorder): Outcome {
    const slot = this.#slotOf.get(topic);
    const outcome = new Outcome(recorder);
    if (slot !== undefined)
      topic.compute(
        new Picture(topic, slot.declared, this, slot.topic.onBeatOnly ? 1 : 0, slot.written, recorder),
        outcome,
        structuredClone(slot.state),
      );
    return outcome;
  }

  /** When a topic last ran, on the monotonic clock. */
  ranAt(topic: Topic): number | undefined {
    return this.#slotOf.get(topic)?.ranAt;
  }

  // ---- what pictures show

  get monotonicMs(): number {
    return this.#running ? this.#runMonotonicMs : this.#context.clock.monotonic();
  }

  get wallMs(): number {
    if (!this.#running) return this.#context.clock.wall();
    this.#runWallMs ??= this.#context.clock.wall();
    return this.#runWallMs;
  }

  get generation(): number {
    return this.#devices.generation;
  }

  devices(type: string): readonly Device[] {
    return this.#devices.ofType(type);
  }

  device(name: string): Device | undefined {
    return this.#devices.byName(name);
  }

  setting(path: string): number | string | null {
    return this.settings.get(path);
  }

  settingChangedAt(path: string): number | undefined {
    return this.#context.world.service(SETTINGS_SERVICE)?.changedAt(path);
  }

  own(path: string): Cell | undefined {
    return this.#service?.cell(path);
  }

  ownChangedAt(path: string): number | undefined {
    return this.#service?.changedAt(path);
  }

  made(topic: Topic): Made | undefined {
    return this.#slotOf.get(topic);
  }

  /** A read that was not declared: complained of once, and declared from now on, so that the value is right. */
  undeclared(topic: Topic, kind: 'device' | 'setting' | 'own' | 'topic', what: string): void {
    const complaint = `${topic.name} reads ${kind} ${what} without declaring it`;
    if (!this.#complained.has(complaint)) {
      this.#complained.add(complaint);
      this.#context.log.error(complaint);
    }
    const slot = this.#slotOf.get(topic);
    if (slot === undefined || kind === 'topic') return;
    const [type = '', path] = what.split(' ', 2);
    if (kind === 'setting') this.#readers.addSetting(what, slot);
    else if (kind === 'own') this.#readers.addOwn(what, slot);
    else if (path === undefined) this.#readers.addType(type, slot);
    else this.#readers.addPath(type, path, slot);
  }

  // ---- running

  #mark(slots: readonly Slot[]): void {
    if (slots.length === 0) return;
    this.#marks.addAll(slots);
    this.#schedule();
  }

  /** A client has written a path that a topic accepts. */
  #written(slot: Slot, path: string): void {
    slot.written.add(path);
    if (followsChanges(slot)) this.#marks.add(slot);
    this.#mark(this.#readers.ofOwn(path));
    this.#mark(this.#readers.ofValidity(path));
    this.#schedule();
  }

  #schedule(): void {
    if (this.#service !== undefined) this.#tickEnd.ask();
  }

  #onBeat(beats: number): void {
    const before = this.#beat;
    this.#beat += beats;
    for (const slot of this.#slots) {
      const { everyMs } = slot.topic;
      if (everyMs === undefined) continue;
      const period = everyMs / BEAT_MS;
      const passed = Math.floor(this.#beat / period) - Math.floor(before / period);
      if (passed === 0) continue;
      slot.beats += passed;
      this.#marks.add(slot);
    }
    this.#run();
  }

  #run(): void {
    this.#runMonotonicMs = this.#context.clock.monotonic();
    this.#runWallMs = undefined;
    this.#running = true;
    this.#service?.batch(this.#runMonotonicMs, this.#runDirty);
    this.#running = false;
    // Only now, so that what a write changes at once is not seen by half of the topics.
    if (this.#withOrders.length > 0) for (const slot of this.#withOrders.splice(0)) this.#deliver(slot);
  }

  readonly #runDirty = (): void => {
    for (let place = this.#marks.take(0); place !== undefined; place = this.#marks.take(place + 1)) {
      const slot = this.#slots[place];
      if (slot === undefined) return;
      this.#runSlot(slot);
      if (slot.outcome.hasOrders) this.#withOrders.push(slot);
    }
  };

  #runSlot(slot: Slot): void {
    const { outcome, picture } = slot;
    slot.ranAt = this.#runMonotonicMs;
    if (slot.again !== undefined) {
      slot.again.cancel();
      slot.again = undefined;
    }
    outcome.begin();
    picture.begin(slot.beats);
    slot.beats = 0;
    const result = slot.compute(picture, outcome, slot.state);
    if (slot.written.size > 0) slot.written.clear();
    if (!sameData(result, slot.result)) {
      slot.result = result;
      this.#marks.addAll(slot.users);
    }
    this.#values?.publish(slot);
  }

  /** Lets happen what a topic wants beyond its own values. */
  #deliver(slot: Slot): void {
    const { topic, outcome } = slot;
    for (const remark of outcome.remarks) this.#context.log.info(remark, { topic: topic.name });
    for (const row of outcome.newSettings) this.settings.add(row);
    for (const [path, value] of outcome.settings) this.#keepSetting(path, value);
    for (const write of outcome.writes) this.#writer.write(write);
    if (outcome.againInMs !== undefined)
      slot.again = this.#context.clock.after(outcome.againInMs, () => {
        slot.again = undefined;
        this.#marks.add(slot);
        this.#run();
      });
  }

  #keepSetting(path: string, value: number | string): void {
    const row = this.settings.rows.get(path);
    const type = row?.type === 's' ? 'string' : row?.type === 'f' ? 'float' : 'int';
    if (this.settings.get(path) === value) return;
    const writing = this.#writer.keep({ service: SETTINGS_SERVICE, path, value, type });
    if (writing !== undefined) this.settings.expect(path, value, writing);
  }
}
