/** Several DC gensets on one battery: all of them, some, or one at a time in turn. */
import type { ActorWorld } from '../../bus/gateway-context.ts';
import type { Log } from '../../kernel/log.ts';
import type { EngineSwitch } from './engine-switch.ts';
import { Genset, STATUS_RUNNING } from './genset.ts';
import { ERROR, type ErrorCode } from './terms.ts';

export interface DetectedGenset {
  readonly service: string;
  readonly instance: number;
}

export interface Rotation {
  /** `all`, `rotate`, or device instances with commas between; empty: none */
  enabled(): string;
  /** Device instance of the one that was last started in turn; 0: none yet. */
  last(): number;
  started(instance: number): void;
}

interface Member extends DetectedGenset {
  readonly genset: Genset;
}

/** Whether a text can stand in the setting. */
export function isGensetSelection(text: string): boolean {
  return text === '' || text === 'all' || text === 'rotate' || /^\d+(,\d+)*$/.test(text);
}

export class DcGensetsSwitch implements EngineSwitch {
  readonly service: string;
  readonly #world: ActorWorld;
  readonly #log: Log;
  readonly #rotation: Rotation;
  #members: readonly Member[] = [];
  /** Services that we have started and not stopped since. */
  readonly #started = new Set<string>();
  /** The one whose turn it is. */
  #turn: number | null = null;

  constructor(world: ActorWorld, log: Log, service: string, rotation: Rotation) {
    this.service = service;
    this.#world = world;
    this.#log = log;
    this.#rotation = rotation;
  }

  /** Which gensets there are, in the order in which they were found. */
  set detected(detected: readonly DetectedGenset[]) {
    this.#members = detected.map(one => ({
      ...one,
      genset:
        this.#members.find(({ service }) => service === one.service)?.genset ??
        new Genset(this.#world, this.#log, one.service),
    }));
  }

  get detected(): readonly DetectedGenset[] {
    return this.#members.map(({ service, instance }) => ({ service, instance }));
  }

  get rotates(): boolean {
    return this.#rotation.enabled() === 'rotate';
  }

  /** The gensets that the setting names, by device instance. */
  #enabled(): readonly Member[] {
    const selection = this.#rotation.enabled();
    const all = selection === 'all' || selection === 'rotate';
    const instances = all ? [] : selection.split(',').filter(Boolean).map(Number);
    return this.#members
      .filter(({ instance }) => all || instances.includes(instance))
      .sort((a, b) => a.instance - b.instance);
  }

  enabled(): boolean {
    return true;
  }

  /** As long as one of them can be started there is no error. */
  error(): ErrorCode {
    const enabled = this.#enabled();
    if (enabled.length === 0) return ERROR.noGensetsEnabled;
    if (enabled.every(({ genset }) => genset.hasFault())) return ERROR.remoteFault;
    return enabled.some(({ genset }) => genset.remoteEnabled()) ? ERROR.none : ERROR.remoteDisabled;
  }

  isOn(): boolean | null {
    const states = this.#enabled().map(({ genset }) => genset.start.isOn());
    if (states.includes(true)) return true;
    return states.includes(false) ? false : null;
  }

  drive(on: boolean, fresh: boolean): void {
    const chosen = on ? this.#choose(fresh) : [];
    const enabled = this.#enabled();
    for (const member of this.#members) {
      // A genset with a fault clears it when it is switched off: that is for its owner to do.
      if (member.genset.hasFault()) continue;
      if (chosen.includes(member)) {
        this.#started.add(member.service);
        member.genset.start.set(true);
      } else if (enabled.includes(member) || this.#started.has(member.service)) {
        this.#started.delete(member.service);
        member.genset.start.set(false);
      }
    }
  }

  #choose(fresh: boolean): readonly Member[] {
    const able = this.#enabled().filter(({ genset }) => !genset.hasFault());
    if (!this.rotates) return able;
    if (!fresh) this.#turn ??= able.find(({ genset }) => genset.start.isOn() === true)?.instance ?? null;
    const current = able.find(({ instance }) => instance === this.#turn);
    if (!fresh && current !== undefined) return [current];
    const last = this.#rotation.last();
    const next = able.find(({ instance }) => instance > last) ?? able[0];
    if (next === undefined) return [];
    this.#turn = next.instance;
    this.#rotation.started(next.instance);
    return [next];
  }

  letGo(): void {
    this.drive(false, false);
  }

  engineRuns(): boolean | null {
    const turning = this.#enabled().map(({ genset }) => genset.turns());
    if (turning.includes(true)) return true;
    return turning.includes(false) ? false : null;
  }

  operatingSeconds(): number | null {
    return (
      this.#members.find(({ service }) => service === this.service)?.genset.number('/Engine/OperatingHours') ?? null
    );
  }

  /** The least of those that run: one that does not deliver is enough for the alarm. */
  dcCurrent(): number | null {
    const running = this.#running();
    const currents = running.map(({ genset }) => genset.number('/Dc/0/Current')).filter(current => current !== null);
    return currents.length > 0 ? Math.min(...currents) : 0;
  }

  /** Mean voltage, sum of currents, and their product, of the gensets that run. */
  totals(): { readonly voltage: number; readonly current: number; readonly power: number } {
    const running = this.#running();
    const read = (path: string): number[] =>
      running.map(({ genset }) => genset.number(path)).filter(value => value !== null);
    const voltages = read('/Dc/0/Voltage');
    const current = read('/Dc/0/Current').reduce((sum, one) => sum + one, 0);
    const voltage = voltages.length === 0 ? 0 : voltages.reduce((sum, one) => sum + one, 0) / voltages.length;
    return { voltage, current, power: voltage * current };
  }

  #running(): readonly Member[] {
    return this.#enabled().filter(({ genset }) => genset.number('/StatusCode') === STATUS_RUNNING);
  }
}
