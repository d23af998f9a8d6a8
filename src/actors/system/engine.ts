/**
 * Runs the topics. A change marks those that read what changed; one run at the end of the tick computes them in the
 * order in which they depend on each other, over one picture, and publishes what came out. What is due by the clock
 * runs the same way.
 */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import { SET_DONE, SET_REFUSED } from '../../bus/published-service.ts';
import { sameValue } from '../../bus/value.ts';
import type { Timer } from '../../kernel/clock.ts';
import type { Value } from '../../schema/row.ts';
import { Devices } from './devices.ts';
import { inDependencyOrder } from './order.ts';
import { Outcome } from './outcome.ts';
import { type Device, Picture, type Source } from './picture.ts';
import type { Recorder } from './recorder.ts';
import { SettingValues } from './setting-values.ts';
import { makeSlot, markDirty, type Slot, sameData } from './slot.ts';
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
  /** What changed (`battery /Soc`, `battery`, a setting, a path of ours) → the slots to run. */
  readonly #readers = new Map<string, Set<Slot>>();
  readonly #complained = new Set<string>();
  #service: SystemTree | undefined;
  #soon: Timer | undefined;
  #beat = 0;
  /** The time that the topics of a run see. */
  #moment: { readonly monotonicMs: number; readonly wallMs: number } | undefined;

  /** @param board product id of the board, for rules that differ by it */
  constructor(context: GatewayContext, topics: readonly Topic[], board: string) {
    this.board = board;
    this.#context = context;
    this.#slots = inDependencyOrder(topics).map(topic => makeSlot(topic, this));
    this.#slotOf = new Map(this.#slots.map(slot => [slot.topic, slot]));
    for (const slot of this.#slots) this.#register(slot);
    this.settings = new SettingValues(context, path => this.#mark(`setting ${path}`));
    this.#writer = new Writer(context.world, context.clock, context.log, task => context.spawn(task));
    this.#devices = new Devices(context, (type, path) => {
      this.#mark(path === undefined ? type : `${type} ${path}`);
    });
    this.#devices.onGone(name => this.#writer.forget(name));
  }

  /** Runs every topic once and publishes into `service`; from then on runs by itself. */
  start(service: SystemTree): void {
    this.#service = service;
    for (const slot of this.#slots) {
      this.#prepare(slot, service);
      slot.dirty = true;
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
    return this.#moment?.monotonicMs ?? this.#context.clock.monotonic();
  }

  get wallMs(): number {
    return this.#moment?.wallMs ?? this.#context.clock.wall();
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
    return this.#context.world.service('com.victronenergy.settings')?.changedAt(path);
  }

  own(path: string): Value {
    return this.#service?.get(path) ?? null;
  }

  ownChangedAt(path: string): number | undefined {
    return this.#service?.changedAt(path);
  }

  result(topic: Topic): unknown {
    return this.#slotOf.get(topic)?.result;
  }

  /** A read that was not declared: complained of once, and declared from now on, so that the value is right. */
  undeclared(topic: Topic, kind: 'device' | 'setting' | 'own' | 'topic', what: string): void {
    const complaint = `${topic.name} reads ${kind} ${what} without declaring it`;
    if (!this.#complained.has(complaint)) {
      this.#complained.add(complaint);
      this.#context.log.error(complaint);
    }
    const slot = this.#slotOf.get(topic);
    if (slot !== undefined && kind !== 'topic') this.#reader(kind === 'device' ? what : `${kind} ${what}`, slot);
  }

  // ---- running

  #mark(what: string): void {
    const slots = this.#readers.get(what);
    if (slots === undefined) return;
    for (const slot of slots) markDirty(slot);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#service === undefined || this.#soon !== undefined) return;
    this.#soon = this.#context.clock.soon(() => {
      this.#soon = undefined;
      this.#run();
    });
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
      slot.dirty = true;
    }
    this.#run();
  }

  #run(): void {
    const ran: Slot[] = [];
    // One moment for all: time may go on while they compute.
    this.#moment = { monotonicMs: this.#context.clock.monotonic(), wallMs: this.#context.clock.wall() };
    for (const slot of this.#slots) {
      if (!slot.dirty) continue;
      this.#runSlot(slot);
      ran.push(slot);
    }
    this.#moment = undefined;
    // Only now, so that what a write changes at once is not seen by half of the topics.
    for (const slot of ran) this.#deliver(slot);
  }

  #runSlot(slot: Slot): void {
    const { topic, outcome, picture } = slot;
    slot.dirty = false;
    slot.ranAt = this.monotonicMs;
    slot.again?.cancel();
    slot.again = undefined;
    outcome.begin();
    picture.begin(slot.beats);
    slot.beats = 0;
    const result = topic.compute(picture, outcome, slot.state);
    slot.written.clear();
    if (!sameData(result, slot.result)) {
      slot.result = result;
      for (const user of slot.users) markDirty(user);
    }
    this.#publish(slot);
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
        slot.dirty = true;
        this.#run();
      });
  }

  /** Shows what was set; what was not set becomes invalid, or leaves. */
  #publish({ outcome }: Slot): void {
    const { entries, run } = outcome;
    for (const entry of entries.values()) {
      if (entry.setIn !== run) {
        if (entry.keptIn === run || entry.unset === 'stays') continue;
        entry.value = null;
        if (entry.unset === 'leaves') {
          entries.delete(entry.path);
          this.#service?.remove(entry.path);
          this.#ownChanged(entry.path);
          continue;
        }
      }
      if (entry.shown !== undefined && sameValue(entry.value, entry.shown)) continue;
      entry.shown = entry.value;
      this.#service?.setAny(entry.path, entry.value);
      this.#ownChanged(entry.path);
    }
  }

  #ownChanged(path: string): void {
    for (const reader of this.#readers.get(`own ${path}`) ?? []) markDirty(reader);
  }

  #keepSetting(path: string, value: number | string): void {
    const row = this.settings.rows.get(path);
    const type = row?.type === 's' ? 'string' : row?.type === 'f' ? 'float' : 'int';
    if (this.settings.get(path) !== value)
      this.#writer.write({ service: 'com.victronenergy.settings', path, value, type });
  }

  /** Makes a topic's paths, and lets clients write those that it accepts. */
  #prepare(slot: Slot, service: SystemTree): void {
    const { topic, outcome } = slot;
    for (const path of Object.keys(topic.publishes)) {
      if (patternOf(path) !== undefined) continue;
      outcome.entry(path, 'invalid').shown = null;
      service.setAny(path, null);
    }
    for (const [path, { initial, take, everyWrite }] of Object.entries(topic.accepts ?? {})) {
      const entry = outcome.entry(path, 'stays');
      entry.shown = initial;
      service.setAny(path, initial);
      if (everyWrite === true) service.hearsEveryWrite(path);
      service.onWriteAny(path, written => {
        const value = take === undefined ? written : take(written);
        if (value === undefined) return SET_REFUSED;
        service.setAny(path, value);
        entry.shown = value;
        slot.written.add(path);
        markDirty(slot);
        this.#mark(`own ${path}`);
        this.#schedule();
        return SET_DONE;
      });
    }
  }

  #register(slot: Slot): void {
    const { devices = {}, settings = [], own = [], topics = [] } = slot.topic.reads;
    for (const [type, paths] of Object.entries(devices)) {
      this.#reader(type, slot);
      for (const path of paths) this.#reader(`${type} ${path}`, slot);
    }
    for (const path of settings) this.#reader(`setting ${path}`, slot);
    for (const path of own) this.#reader(`own ${path}`, slot);
    for (const topic of topics) this.#slotOf.get(topic)?.users.push(slot);
  }

  #reader(what: string, slot: Slot): void {
    const slots = this.#readers.get(what);
    if (slots === undefined) this.#readers.set(what, new Set([slot]));
    else slots.add(slot);
  }
}

const patterns = new Map<string, RegExp>();

/** The expression for a path with `{n}` or `{name}` in it; undefined for a plain path. */
function patternOf(path: string): RegExp | undefined {
  if (!path.includes('{')) return undefined;
  let pattern = patterns.get(path);
  if (pattern === undefined) {
    pattern = new RegExp(`^${path.replaceAll('{n}', '\\d+').replaceAll('{name}', '[^/]+')}$`);
    patterns.set(path, pattern);
  }
  return pattern;
}
