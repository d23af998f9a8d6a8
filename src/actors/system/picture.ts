/**
 * What a topic sees: the devices, the settings and what other topics made, all of one moment. Reading is all that can
 * be done here. A path that was not declared in `reads` can be read all the same, but is complained of: the topic
 * would not hear of its changes otherwise.
 */
import type { Cell, ServiceView } from '../../bus/service-view.ts';
import type { Value } from '../../schema/row.ts';
import { type ChoiceRule, choose } from './choice.ts';
import type { Declared } from './declared.ts';
import type { Recorder } from './recorder.ts';
import { Route } from './route.ts';
import type { Topic } from './topic.ts';

export const SYSTEM_SERVICE = 'com.victronenergy.system';
const INSTANCE = '/DeviceInstance';

/** Where a picture gets what it shows; the engine, or a test. */
export interface Source {
  readonly monotonicMs: number;
  readonly wallMs: number;
  readonly board: string;
  /** Another number whenever a device has come or gone. */
  readonly generation: number;
  /** Devices of a type that have an instance, in the order they appeared. */
  devices(type: string): readonly Device[];
  device(name: string): Device | undefined;
  /** Null when there is no such setting. */
  setting(path: string): number | string | null;
  /** Where a path of com.victronenergy.system stands; undefined when there is no such path. */
  own(path: string): Cell | undefined;
  ownChangedAt(path: string): number | undefined;
  settingChangedAt(path: string): number | undefined;
  /** What a topic made; the same object for all runs. */
  made(topic: Topic): Made | undefined;
  /** Hears of a read that was not declared. */
  undeclared(topic: Topic, kind: 'device' | 'setting' | 'own' | 'topic', what: string): void;
}

export interface Made {
  readonly result: unknown;
}

/** A service with its instance, as the world has it. */
export interface Device {
  readonly view: ServiceView;
  readonly instance: number;
  /** Counts up with each device that appears. */
  readonly arrival: number;
}

/** A device as one topic sees it. */
export class SeenDevice {
  /** `com.victronenergy.battery.ttyUSB0` */
  readonly name: string;
  /** `battery` */
  readonly type: string;
  /** Counts up with each device that appears. */
  readonly arrival: number;
  readonly #instance: number;
  readonly #view: ServiceView;
  readonly #picture: Picture;
  /** The paths that the topic has declared for this type. */
  readonly #declared: ReadonlySet<string>;
  readonly #route: Route;
  readonly #recorder: Recorder | undefined;

  constructor(
    device: Device,
    picture: Picture,
    declared: ReadonlySet<string>,
    route: Route,
    recorder: Recorder | undefined,
  ) {
    this.name = device.view.name;
    this.type = device.view.type;
    this.#instance = device.instance;
    this.arrival = device.arrival;
    this.#view = device.view;
    this.#picture = picture;
    this.#declared = declared;
    this.#route = route;
    this.#recorder = recorder;
  }

  get instance(): number {
    // Some services count as instance 0 without saying so.
    if (this.#recorder !== undefined && this.#view.has(INSTANCE))
      this.#picture.record(this.#recorder, this.#view, INSTANCE, this.#instance);
    return this.#instance;
  }

  /** `com.victronenergy.battery/289`, as settings name a device: it stays the same on another port. */
  get id(): string {
    return `com.victronenergy.${this.type}/${this.instance}`;
  }

  /** The number at a path; null when it is invalid, missing, or not a number. */
  number(path: string): number | null {
    const value = this.get(path);
    return typeof value === 'number' ? value : null;
  }

  /** The text at a path; null when it is invalid, missing, or not a text. */
  text(path: string): string | null {
    const value = this.get(path);
    return typeof value === 'string' ? value : null;
  }

  get(path: string): Value {
    const cell = this.#route.next(this, path);
    return cell === undefined ? this.#lookUp(path) : cell.value;
  }

  #lookUp(path: string): Value {
    if (!this.#declared.has(path)) this.#picture.undeclaredPath(this.#view, path);
    const cell = this.#view.cell(path);
    const value = cell?.value ?? null;
    if (this.#recorder !== undefined) this.#picture.record(this.#recorder, this.#view, path, value);
    else if (cell !== undefined) this.#route.take(this, path, cell);
    return value;
  }

  /** Whether the device has such a path, valid or not. */
  has(path: string): boolean {
    this.get(path);
    return this.#view.has(path);
  }
}

/** The devices of a type as a topic sees them, as long as they are the same ones. */
interface List {
  readonly of: readonly Device[];
  readonly seen: readonly SeenDevice[];
  /** The lowest instance first; made when it is asked for. */
  inOrder: readonly SeenDevice[] | undefined;
}

const NO_PATHS: ReadonlySet<string> = new Set();

export class Picture {
  /** The topic that looks. */
  readonly topic: Topic;
  #beats: number;
  readonly #source: Source;
  readonly #recorder: Recorder | undefined;
  readonly #declared: Declared;
  readonly #written: ReadonlySet<string>;
  /** What was seen in earlier runs: it holds until a device comes or goes. */
  readonly #seen = new Map<string, SeenDevice>();
  readonly #lists = new Map<string, List>();
  #generation = 0;
  /** What other topics made, of those that are declared. */
  readonly #made = new Map<Topic, Made>();
  readonly #route = new Route();

  /** @param written paths of the topic that clients have written since the run before */
  constructor(
    topic: Topic,
    declared: Declared,
    source: Source,
    beats: number,
    written: ReadonlySet<string>,
    recorder?: Recorder,
  ) {
    this.topic = topic;
    this.#beats = beats;
    this.#declared = declared;
    this.#source = source;
    this.#written = written;
    this.#recorder = recorder;
  }

  /** Full periods of the topic's beat that end with this run; 0 when something else made it run. */
  get beats(): number {
    return this.#beats;
  }

  /** For the engine: the next run begins. One picture serves all runs of a topic. */
  begin(beats: number): void {
    this.#beats = beats;
    this.#route.begin();
    const { generation } = this.#source;
    if (this.#generation === generation) return;
    this.#generation = generation;
    this.#seen.clear();
    this.#lists.clear();
    this.#route.forget();
  }

  /** Whether a client has written one of the topic's own paths since the run before, also with the value it had. */
  wasWritten(path: string): boolean {
    return this.#written.has(path);
  }

  /**
   * Whether somebody asks why: nothing comes of this run. A topic that acts on some of its beats only goes through all
   * of its rule then.
   */
  get isExplaining(): boolean {
    return this.#recorder !== undefined;
  }

  /** Milliseconds on the monotonic clock: for how long something lasts. */
  get monotonicMs(): number {
    return this.#source.monotonicMs;
  }

  /** Milliseconds since 1970 UTC: for what happens at a time of day. */
  get wallMs(): number {
    return this.#source.wallMs;
  }

  /** The product id of the board we run on: `C00A`. */
  get board(): string {
    return this.#source.board;
  }

  /** All devices of a type, in the order they appeared. One without a `/DeviceInstance` is not there yet. */
  devices(type: string): readonly SeenDevice[] {
    return this.#list(type).seen;
  }

  /** The devices of several types, in the order they appeared. */
  inArrivalOrder(...types: readonly string[]): SeenDevice[] {
    return types.flatMap(type => this.devices(type)).sort((a, b) => a.arrival - b.arrival);
  }

  /** As `devices`, the lowest instance first. */
  inOrder(...types: readonly string[]): readonly SeenDevice[] {
    const [first = ''] = types;
    if (types.length === 1) return this.#inOrder(first);
    return types.flatMap(type => this.#inOrder(type));
  }

  #inOrder(type: string): readonly SeenDevice[] {
    const list = this.#list(type);
    list.inOrder ??= [...list.of]
      .sort((a, b) => a.instance - b.instance || (a.view.name < b.view.name ? -1 : 1))
      .map(device => this.#see(device));
    return list.inOrder;
  }

  #list(type: string): List {
    let list = this.#lists.get(type);
    if (list === undefined) {
      if (!this.#declared.devices.has(type)) this.#source.undeclared(this.topic, 'device', type);
      const of = this.#source.devices(type);
      list = { of, seen: of.map(device => this.#see(device)), inOrder: undefined };
      this.#lists.set(type, list);
    }
    if (this.#recorder !== undefined) for (const { view } of list.of) this.#recorder.sight.present.add(view);
    return list;
  }

  /** A device by its name on the bus; undefined when it has gone, or for null. */
  device(name: string | null): SeenDevice | undefined {
    if (name === null) return undefined;
    const seen = this.#seen.get(name);
    if (seen !== undefined) return seen;
    const device = this.#source.device(name);
    return device && this.#see(device);
  }

  /** Those of the named devices that are there. */
  named(names: readonly string[]): SeenDevice[] {
    const found: SeenDevice[] = [];
    for (const name of names) {
      const device = this.device(name);
      if (device !== undefined) found.push(device);
    }
    return found;
  }

  /** A number from the settings; null when the setting is missing or not a number. Our own are never missing. */
  setting(path: string): number | null {
    const value = this.#readSetting(path);
    return typeof value === 'number' ? value : null;
  }

  /** A setting whose path is only known at run time (see `out.addSetting`); null until it has been added. */
  addedSetting(path: string): number | string | null {
    return this.#source.setting(path);
  }

  /** A text from the settings; empty when the setting is missing. */
  settingText(path: string): string {
    const value = this.#readSetting(path);
    return value === null ? '' : String(value);
  }

  /** What another topic has published in this run. */
  own(path: string): Value {
    return this.#readOwn(path, this.#declared.own);
  }

  ownNumber(path: string): number | null {
    const value = this.own(path);
    return typeof value === 'number' ? value : null;
  }

  ownText(path: string): string | null {
    const value = this.own(path);
    return typeof value === 'string' ? value : null;
  }

  /** Whether a path that another topic publishes has a value. */
  isOwnValid(path: string): boolean {
    return this.#readOwn(path, this.#declared.ownValid) !== null;
  }

  /** What stood at a path of com.victronenergy.system before this run. */
  last(path: string): Value {
    return this.#readOwn(path);
  }

  /** What another topic made in this run. */
  result<R, S>(topic: Topic<R, S>): R {
    this.#recorder?.sight.results.add(topic);
    const made = this.#made.get(topic) ?? this.#lookFor(topic);
    return made?.result as R; // stored by the compute of this very topic
  }

  #lookFor(topic: Topic): Made | undefined {
    if (!this.#declared.topics.has(topic)) this.#source.undeclared(this.topic, 'topic', topic.name);
    const made = this.#source.made(topic);
    if (made !== undefined) this.#made.set(topic, made);
    return made;
  }

  /** The first candidate, in the order of the rule, that nothing speaks against. */
  choose<T>(candidates: readonly T[], rule: ChoiceRule<T>): T | undefined {
    return choose(candidates, rule, this.#recorder);
  }

  /** A remark for who asks why: what the rule came upon on its way. Costs nothing otherwise. */
  note(remark: () => string): void {
    this.#recorder?.sight.notes.push(remark());
  }

  /** For SeenDevice: a path is read that was not declared. */
  undeclaredPath({ type }: ServiceView, path: string): void {
    if (path !== INSTANCE) this.#source.undeclared(this.topic, 'device', `${type} ${path}`);
  }

  /** For SeenDevice: writes down that a path was read. */
  record(recorder: Recorder, view: ServiceView, path: string, value: Value): void {
    recorder.input({ service: view.name, path, value, ageMs: this.#age(view.changedAt(path)) });
  }

  #readSetting(path: string): number | string | null {
    if (!this.#declared.settings.has(path)) this.#source.undeclared(this.topic, 'setting', path);
    const value = this.#source.setting(path);
    if (this.#recorder !== undefined) {
      const ageMs = this.#age(this.#source.settingChangedAt(path));
      this.#recorder.input({ service: 'com.victronenergy.settings', path, value, ageMs });
    }
    return value;
  }

  /** @param declared the paths that may be read so; left out, any may */
  #readOwn(path: string, declared?: ReadonlySet<string>): Value {
    const known = this.#route.next(this, path);
    if (known !== undefined) return known.value;
    if (declared?.has(path) === false) this.#source.undeclared(this.topic, 'own', path);
    const cell = this.#source.own(path);
    const value = cell?.value ?? null;
    if (this.#recorder !== undefined)
      this.#recorder.input({ service: SYSTEM_SERVICE, path, value, ageMs: this.#age(this.#source.ownChangedAt(path)) });
    else if (cell !== undefined) this.#route.take(this, path, cell);
    return value;
  }

  #age(changedAt: number | undefined): number | null {
    return changedAt === undefined ? null : this.monotonicMs - changedAt;
  }

  #see(device: Device): SeenDevice {
    const { name, type } = device.view;
    let seen = this.#seen.get(name);
    if (seen === undefined) {
      const declared = this.#declared.devices.get(type) ?? NO_PATHS;
      seen = new SeenDevice(device, this, declared, this.#route, this.#recorder);
      this.#seen.set(name, seen);
    }
    return seen;
  }
}
