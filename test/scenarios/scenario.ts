/** Replays one ve-scenario/1 document in memory: simulated services, the actors under test, a virtual clock. */
import { setImmediate } from 'node:timers/promises';
import { ACTORS, type Appliance, startAppliance } from '../../src/appliance.ts';
import type { ServedTree, Typed } from '../../src/bus/bus.ts';
import { SETTINGS_SERVICE } from '../../src/bus/settings-client.ts';
import { INVALID_TEXT } from '../../src/bus/text.ts';
import { typedGuess } from '../../src/bus/value.ts';
import { describe } from '../../src/kernel/fault.ts';
import { LogBook } from '../../src/kernel/log.ts';
import { VirtualClock } from '../../src/kernel/virtual-clock.ts';
import type { Value } from '../../src/schema/row.ts';
import { MemoryBus, SimulatedService } from '../support/memory-bus.ts';
import { memoryMachine } from '../support/memory-machine.ts';
import type { PowerCutFiles } from '../support/power-cut-files.ts';
import { SimulatedSettings } from '../support/simulated-settings.ts';
import { overTheWire, type SignalForm } from '../support/wired-signals.ts';
import { OwnSettings } from './own-settings.ts';

/** A value as scenario files write it; see the README of the collection. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Step {
  readonly op: string;
  readonly service?: string;
  readonly path?: string;
  readonly value?: Json;
  readonly values?: Readonly<Record<string, Json>>;
  readonly returns?: number;
  readonly ms?: number;
  readonly tol?: number;
  readonly file?: string;
  readonly text?: string;
  readonly tree?: Readonly<Record<string, readonly [Json, string]>>;
}

export interface Scenario {
  readonly format: 've-scenario/1';
  readonly clock_start: number;
  readonly under_test: string | readonly string[];
  readonly initial_settings?: Readonly<Record<string, Json>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly start_program?: string;
  readonly steps: readonly Step[];
}

export interface ScenarioFailure {
  readonly step: number;
  /** Service and path, or what else was looked at. */
  readonly what: string;
  readonly want: unknown;
  readonly got: unknown;
}

/** Services whose actor has another name than their type. */
const ACTOR_OF: Readonly<Record<string, string>> = {
  pump: 'tank-pump',
  temprelay: 'temperature-relay',
  digitalinputs: 'digital-inputs',
};

const DATA_FOLDER = '/data';
const TOLERANCE = 1e-6;
const RELATIVE_TOLERANCE = 2e-6;
/** Paths of the tree that depend on the machine, not on the case. */
const NOT_COMPARED = /^\/(Mgmt|Serial|Firmware|Debug|Timers)|^\/Ac\/Genset\/LastStartTime$|^\/ProcessName$/;

/** Service → path → value and text. */
export type Snapshot = Readonly<Record<string, Readonly<Record<string, readonly [Json, string]>>>>;

/** How a scenario is replayed. */
export interface ReplayManner {
  /** The settings are served by our own settings actor, not by a simulated one. */
  readonly ownSettings?: boolean;
  /** Changes of simulated services go through signals of this form, written and read as on a real bus. */
  readonly signals?: SignalForm | undefined;
}

/**
 * @param snapshot the complete trees of the services under test, as they must stand at the end
 * @returns what was not as the scenario wants it; empty when it is green
 */
export async function replayScenario(
  scenario: Scenario,
  snapshot: Snapshot = {},
  manner: ReplayManner = {},
): Promise<ScenarioFailure[]> {
  const replay = new Replay(scenario, snapshot, manner);
  return replay.run();
}

class Replay {
  readonly #scenario: Scenario;
  readonly #snapshot: Snapshot;
  readonly #own: readonly string[];
  readonly #clock: VirtualClock;
  readonly #bus = new MemoryBus();
  readonly #settings: SimulatedSettings | OwnSettings;
  readonly #machine: ReturnType<typeof memoryMachine>;
  readonly #failures: ScenarioFailure[] = [];
  #appliance: Appliance | undefined;

  constructor(scenario: Scenario, snapshot: Snapshot, { ownSettings = false, signals }: ReplayManner) {
    this.#scenario = scenario;
    this.#snapshot = snapshot;
    this.#own = typeof scenario.under_test === 'string' ? [scenario.under_test] : scenario.under_test;
    this.#clock = new VirtualClock(scenario.clock_start * 1000, () => setImmediate());
    this.#settings = ownSettings ? new OwnSettings(this.#bus) : new SimulatedSettings(this.#bus);
    if (signals !== undefined) this.#bus.carry = (path, value) => overTheWire(signals, path, value);
    this.#machine = memoryMachine(this.#clock, this.#bus, scenario.files ?? {});
  }

  async run(): Promise<ScenarioFailure[]> {
    let at = -1;
    try {
      await this.#setSettings(this.#scenario.initial_settings ?? {});
      if ((this.#scenario.start_program ?? 'first') === 'first') await this.#start();
      for (const [i, step] of this.#scenario.steps.entries()) {
        at = i;
        await this.#perform(i, step);
        await this.#clock.settle();
        this.#watchActors(i);
        if (this.#failures.some(failure => failure.what.startsWith('actor '))) break;
      }
      at = this.#scenario.steps.length;
      for (const [service, tree] of Object.entries(this.#snapshot)) this.#expectTree(at, service, tree);
    } catch (error) {
      this.#failures.push({
        step: at,
        what: 'replay',
        want: 'no exception',
        got: error instanceof Error ? error.stack : describe(error),
      });
    }
    await this.#appliance?.release();
    return this.#failures;
  }

  async #start(): Promise<void> {
    const logs = new LogBook(this.#clock, line => {
      if (process.env['GXD_LOG'] !== undefined) console.log(`  [${line.actor}] ${line.level} ${line.message}`);
    });
    const wanted = this.#own.map(name => name.split('.')[2] ?? '').map(type => ACTOR_OF[type] ?? type);
    if (this.#settings instanceof OwnSettings) {
      // The files in memory are made by memoryMachine.
      this.#settings.store(this.#machine.files as PowerCutFiles, `${DATA_FOLDER}/conf`);
      wanted.push('settings');
    }
    const rows = ACTORS.filter(row => wanted.includes(row.name));
    if (rows.length === 0) throw new Error(`no actor serves ${this.#own.join(', ')}`);
    this.#appliance = await startAppliance(this.#machine, logs, rows, { dataFolder: DATA_FOLDER, serialPatterns: [] });
    await this.#clock.settle();
  }

  /** An actor that failed has hidden a bug behind its restart. */
  #watchActors(step: number): void {
    for (const actor of this.#appliance?.supervisor.status() ?? []) {
      if (actor.lastError !== null)
        this.#failures.push({ step, what: `actor ${actor.name}`, want: 'running', got: actor.lastError });
    }
  }

  async #perform(i: number, step: Step): Promise<void> {
    const service = step.service ?? SETTINGS_SERVICE;
    const path = step.path ?? '';
    switch (step.op) {
      case 'program.start':
        return this.#start();
      case 'service.add':
        return this.#addService(service, step.values ?? {});
      case 'service.remove':
        if (service !== SETTINGS_SERVICE) this.#bus.remove(service);
        return;
      case 'service.set':
        if (service === SETTINGS_SERVICE) await this.#setSettings({ [path]: step.value ?? null });
        else this.#bus.set(service, path, fromJson(step.value ?? null));
        return;
      case 'setting.set':
        await this.#setSettings({ [path]: step.value ?? null });
        return;
      case 'write':
        return this.#write(i, service, path, fromJson(step.value ?? null), step.returns);
      case 'advance':
        return this.#clock.advance(step.ms ?? 0);
      case 'expect':
      case 'expect.setting':
        for (const [p, want] of Object.entries(step.values ?? {})) this.#expect(i, service, p, want, step.tol);
        return;
      case 'expect.tree':
        this.#expectTree(i, service, step.tree ?? {});
        return;
      case 'expect.file':
        this.#compare(i, step.file ?? '', step.text, this.#machine.readFile(step.file ?? ''), 0);
        return;
      case 'poke':
        return;
      default:
        throw new Error(`unknown op ${step.op}`);
    }
  }

  async #addService(name: string, values: Readonly<Record<string, Json>>): Promise<void> {
    if (name === SETTINGS_SERVICE) {
      await this.#setSettings(values);
      return;
    }
    if (this.#own.includes(name)) return;
    const plainValues = Object.fromEntries(Object.entries(values).map(([path, value]) => [path, fromJson(value)]));
    this.#bus.remove(name);
    this.#bus.add(new SimulatedService(name, plainValues));
  }

  async #setSettings(values: Readonly<Record<string, Json>>): Promise<void> {
    for (const [path, value] of Object.entries(values)) {
      const setting = this.#settings.set(path, fromJson(value), isFloat(value));
      await this.#clock.settle();
      await setting;
    }
  }

  async #write(i: number, service: string, path: string, value: Value, returns: number | undefined): Promise<void> {
    const typed: Typed = typedGuess(value);
    let code: number | string;
    try {
      const writing = this.#bus.setValue(service, path, typed);
      await this.#clock.settle();
      code = await writing;
    } catch (error) {
      code = describe(error);
    }
    if (returns !== undefined && code !== returns)
      this.#failures.push({ step: i, what: `write ${service}${path}`, want: returns, got: code });
  }

  #expect(i: number, service: string, path: string, want: Json, tolerance: number | undefined): void {
    this.#compare(i, `${service} ${path}`, fromJson(want), this.#bus.get(service, path), tolerance ?? TOLERANCE);
  }

  #compare(step: number, what: string, want: unknown, got: unknown, tolerance: number): void {
    if (!closeEnough(want, got, tolerance)) this.#failures.push({ step, what, want, got });
  }

  #expectTree(i: number, service: string, wanted: Readonly<Record<string, readonly [Json, string]>>): void {
    const tree = this.#bus.tree(service);
    for (const [path, [value, text]] of Object.entries(wanted)) {
      if (NOT_COMPARED.test(path)) continue;
      const item = tree?.item(path);
      if (tree === undefined || item === undefined) {
        this.#failures.push({ step: i, what: `${service} ${path}`, want: value, got: 'absent' });
        continue;
      }
      const want = fromJson(value);
      this.#compare(i, `${service} ${path}`, want, item.value, TOLERANCE);
      const got = textOf(tree, path);
      if (got !== text && (want === null || typeof want !== 'object'))
        this.#failures.push({ step: i, what: `text of ${service} ${path}`, want: text, got });
    }
  }
}

/** The text as it stands beside the value in GetItems. */
export function textOf(tree: ServedTree, path: string): string | undefined {
  const item = tree.item(path);
  if (item === undefined) return undefined;
  return item.value === null ? INVALID_TEXT : tree.text(path, item);
}

/** What a scenario file says, as the program sees it: an empty list, NaN and infinity are invalid values. */
export function fromJson(json: Json): Value {
  if (typeof json === 'boolean') return json ? 1 : 0;
  if (json === null || typeof json !== 'object') return json;
  if (Array.isArray(json)) return json.length === 0 ? null : json.map(fromJson);
  const tagged = json as { readonly [key: string]: Json };
  if (typeof tagged['d'] === 'number') return tagged['d'];
  if ('empty' in tagged || 'nan' in tagged || 'inf' in tagged) return null;
  const map = tagged['m'];
  if (typeof map === 'object' && map !== null && !Array.isArray(map))
    return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, fromJson(value)]));
  throw new Error(`value ${JSON.stringify(json)} has no known form`);
}

function isFloat(json: Json): boolean {
  return typeof json === 'object' ? json !== null && 'd' in json : typeof json === 'number' && !Number.isInteger(json);
}

function closeEnough(want: unknown, got: unknown, tolerance: number): boolean {
  if (typeof want === 'number' && typeof got === 'number')
    return Math.abs(want - got) <= tolerance + RELATIVE_TOLERANCE * Math.abs(want);
  if (Array.isArray(want)) {
    return (
      Array.isArray(got) && want.length === got.length && want.every((one, i) => closeEnough(one, got[i], tolerance))
    );
  }
  if (typeof want === 'object' && want !== null) {
    if (typeof got !== 'object' || got === null || Array.isArray(got)) return false;
    const left = want as Record<string, unknown>; // any object can be read by its keys
    const right = got as Record<string, unknown>;
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every(key => key in right && closeEnough(left[key], right[key], tolerance))
    );
  }
  // On the bus an empty list cannot be told from an invalid value.
  if (Array.isArray(got) && got.length === 0) return (want ?? null) === null;
  return (want ?? null) === (got ?? null);
}
