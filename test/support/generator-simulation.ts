/**
 * Months of a plant with a generator in little time: everything random from one seed, the decisions judged by rules that
 * know nothing of how they are made. A seed that fails is the bug report.
 */
import { CONDITIONS, type ConditionName, limitsOf } from '../../src/actors/generator/conditions.ts';
import { type Decision, decide, type Inputs, type Memory, NEW_MEMORY } from '../../src/actors/generator/decision.ts';
import { switchFor } from '../../src/actors/generator/engine.ts';
import { parseRecord, recordOf, resume } from '../../src/actors/generator/run-record.ts';
import { type NumberKey, settingRows } from '../../src/actors/generator/settings.ts';
import { ERROR, engineWanted, STATE } from '../../src/actors/generator/terms.ts';
import { type Random, seededRandom } from '../../src/kernel/random.ts';
import { TimeZone } from '../../src/kernel/time-zone.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** 2026-01-10 12:00 UTC: far enough from the end of winter time to see both changes in a year. */
const BEGIN_MS = Date.UTC(2026, 0, 10, 12);
const ZONES = ['Europe/Amsterdam', 'America/New_York', 'Australia/Lord_Howe', 'UTC', 'Asia/Kolkata'];
/** How late a rule may be noticed: the longest tick, and a little. */
const SLACK_MS = 6_000;
const LOSS_MS = 300_000;
/** The machine itself is not started again. */
const BOOT = 'one';

export interface SimulationOptions {
  readonly seed: number;
  readonly days: number;
  /** Whether somebody sets the wall clock now and then. */
  readonly clockSet?: boolean;
  /** Quiet hours and test runs go by the wall clock; without them it must not matter at all. */
  readonly byWallClock?: boolean;
}

export interface SimulationReport {
  readonly starts: number;
  readonly restarts: number;
  readonly ticks: number;
  /** What was against the rules, with the time of each. */
  readonly violations: readonly string[];
  /** All changes of the state of the engine, to compare two runs. */
  readonly history: readonly string[];
}

export function simulateGenerator(options: SimulationOptions): SimulationReport {
  return new Simulation(options).run();
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #random: Random;
  /** Apart, so that a run with and one without set clocks are otherwise the same. */
  readonly #clockRandom: Random;
  readonly #settings = new Map<NumberKey, number>();
  readonly #zone: TimeZone;
  readonly #judge: Judge;
  readonly #history: string[] = [];
  readonly #values: Record<ConditionName, number> = {
    soc: 70,
    acload: 500,
    batterycurrent: 0,
    batteryvoltage: 52,
    inverterhightemp: 0,
    inverteroverload: 0,
  };
  #memory: Memory = NEW_MEMORY;
  #now = 0;
  #wallOffset = BEGIN_MS;
  #tank = 80;
  #mains = 0;
  #missingUntil = -1;
  #errorUntil = -1;
  #switchOn = false;
  #restarts = 0;
  #ticks = 0;
  /** Length of the present tick. */
  #dt = 1000;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#clockRandom = seededRandom(options.seed + 1_000_003);
    this.#zone = new TimeZone(ZONES[Math.floor(this.#random() * ZONES.length)] ?? 'UTC');
    this.#makeSettings();
    this.#judge = new Judge(key => this.#setting(key));
  }

  run(): SimulationReport {
    const end = this.#options.days * DAY_MS;
    while (this.#now < end) this.#step();
    return {
      starts: this.#judge.starts,
      restarts: this.#restarts,
      ticks: this.#ticks,
      violations: this.#judge.violations,
      history: this.#history,
    };
  }

  #step(): void {
    const chance = (perHour: number): boolean => this.#random() < (perHour * this.#dt) / HOUR_MS;
    this.#ticks++;
    // Mostly a tick a second, often a slow machine, sometimes a hold-up of minutes.
    this.#dt = chance(0.02)
      ? 30_000 + Math.floor(this.#random() * 600) * 1000
      : 1000 * (1 + Math.floor(this.#random() * 5));
    this.#now += this.#dt;
    this.#plant(chance);
    if (this.#options.clockSet && this.#clockRandom() < (0.1 * this.#dt) / HOUR_MS)
      this.#wallOffset += (this.#clockRandom() - 0.5) * 2 * DAY_MS;
    if (chance(0.05)) this.#restart();
    this.#handle(chance);
    const before = this.#memory;
    const decision = decide(before, this.#inputs());
    this.#memory = decision.memory;
    const wanted = switchFor(decision.memory.engine);
    if (wanted !== null) this.#switchOn = wanted === 1;
    const { state, by } = decision.memory.engine;
    if (state !== before.engine.state || by !== before.engine.by) this.#history.push(`${this.#now} ${state} ${by}`);
    this.#judge.look(before, decision, this.#dt);
  }

  #plant(chance: (perHour: number) => boolean): void {
    const values = this.#values;
    const hours = this.#dt / HOUR_MS;
    const running = this.#memory.engine.state === STATE.running;
    if (chance(6)) values.acload = Math.round(this.#random() ** 3 * 8000);
    const current = running ? 60 - values.acload / 60 : 10 * (this.#random() - 0.4) - values.acload / 50;
    values.soc = Math.min(100, Math.max(0, values.soc + current * hours * 0.5));
    values.batterycurrent = -current;
    values.batteryvoltage = 44 + values.soc / 8 + current / 50;
    if (chance(0.5)) values.inverterhightemp = this.#random() < 0.3 ? 2 : 0;
    if (chance(1)) values.inverteroverload = this.#random() < 0.3 ? 1 : 0;
    if (chance(0.2)) this.#mains = this.#random() < 0.4 ? 1 : 0;
    if (chance(0.2)) this.#missingUntil = this.#now + this.#random() ** 2 * 2 * HOUR_MS;
    if (chance(0.03)) this.#errorUntil = this.#now + this.#random() * 0.2 * HOUR_MS;
    this.#tank = running ? Math.max(0, this.#tank - 3 * hours) : this.#tank;
    if (chance(0.04)) this.#tank = 100;
  }

  /** Somebody starts and stops by hand, as the service lets him. */
  #handle(chance: (perHour: number) => boolean): void {
    if (chance(0.08) && !this.#memory.tank.reached) {
      const leftMs = this.#random() < 0.5 ? 0 : Math.floor(this.#random() * 7200) * 1000;
      this.#memory = { ...this.#memory, manual: { on: true, leftMs, counting: false } };
    }
    if (chance(0.5)) this.#memory = { ...this.#memory, manual: { ...this.#memory.manual, on: false } };
  }

  /** The program dies and comes back: only the record is left. */
  #restart(): void {
    this.#restarts++;
    const record = this.#switchOn ? parseRecord(recordOf(this.#memory, BOOT, null)) : undefined;
    this.#memory = record === undefined ? NEW_MEMORY : resume(record, this.#now, BOOT);
    this.#judge.restarted();
  }

  #inputs(): Inputs {
    const missing = this.#now < this.#missingUntil;
    return {
      now: this.#now,
      wallMs: this.#wallOffset + this.#now,
      zone: this.#zone,
      setting: key => this.#setting(key),
      values: missing ? NOTHING_KNOWN : { ...this.#values },
      batteryUsed: true,
      acAvailable: missing ? { ac1: null, ac2: null } : { ac1: this.#mains, ac2: 0 },
      tankLevel: this.#tank,
      soc: missing ? null : this.#values.soc,
      intervalRuntime: 0,
      error: this.#now < this.#errorUntil ? ERROR.remoteFault : ERROR.none,
      enabled: true,
      switchOn: this.#switchOn,
    };
  }

  #setting(key: NumberKey): number {
    return this.#settings.get(key) ?? 0;
  }

  #makeSettings(): void {
    const random = this.#random;
    for (const [key, row] of Object.entries(settingRows(0)))
      if (typeof row.default === 'number') this.#settings.set(key as NumberKey, row.default); // keys of numbers only
    const some = (key: NumberKey, of: number): void => void this.#settings.set(key, Math.floor(random() * of));
    const on = (key: NumberKey, often: number): void => void this.#settings.set(key, random() < often ? 1 : 0);
    this.#settings.set('AutoStartEnabled', 1);
    for (const { enabled, startTimer, stopTimer } of CONDITIONS) {
      on(enabled, 0.6);
      some(startTimer, 120);
      some(stopTimer, 120);
    }
    this.#settings.set('Soc/StartValue', 40).set('Soc/StopValue', 75);
    this.#settings.set('Soc/QuietHoursStartValue', 20).set('Soc/QuietHoursStopValue', 50);
    this.#settings.set('BatteryVoltage/StartValue', 48).set('BatteryVoltage/StopValue', 53);
    this.#settings.set('BatteryVoltage/QuietHoursStartValue', 46).set('BatteryVoltage/QuietHoursStopValue', 49);
    some('MinimumRuntime', 60);
    some('OnLossCommunication', 3);
    on('StopWhenAc1Available', 0.5);
    on('TankLevel/Enabled', 0.5);
    this.#settings.set('TankLevel/StopValue', 15).set('TankLevel/PreventStartValue', 40);
    some('WarmUpTime', 300);
    some('CoolDownTime', 300);
    some('GeneratorStopTime', 60);
    on('InverterOverload/SkipWarmup', 0.5);
    if (this.#options.byWallClock === false) return;
    on('QuietHours/Enabled', 0.7);
    some('QuietHours/StartTime', 86_400);
    some('QuietHours/EndTime', 86_400);
    on('TestRun/Enabled', 0.7);
    some('TestRun/StartTime', 86_400);
    this.#settings.set('TestRun/StartDate', Date.UTC(2026, 0, 1) / 1000);
    this.#settings.set('TestRun/Interval', 1 + Math.floor(random() * 6));
    this.#settings.set('TestRun/Duration', 600 + Math.floor(random() * 7200));
    on('TestRun/RunTillBatteryFull', 0.3);
  }
}

const NOTHING_KNOWN: Record<ConditionName, null> = {
  soc: null,
  acload: null,
  batterycurrent: null,
  batteryvoltage: null,
  inverterhightemp: null,
  inverteroverload: null,
};

/** Knows the rules, and nothing of how decisions are made. */
class Judge {
  readonly violations: string[] = [];
  starts = 0;
  readonly #setting: (key: NumberKey) => number;
  #onSince: number | null = null;
  #missingFor = 0;
  #pastQuietStopFor = 0;
  #tankLowFor = 0;
  #lastDemand: string | null = null;

  constructor(setting: (key: NumberKey) => number) {
    this.#setting = setting;
  }

  /** What takes a time takes it anew, a cool-down too. */
  restarted(): void {
    this.#missingFor = 0;
    this.#pastQuietStopFor = 0;
    this.#tankLowFor = 0;
  }

  look(before: Memory, decision: Decision, dt: number): void {
    const { inputs, memory } = decision;
    const was = engineWanted(before.engine.state);
    const is = engineWanted(memory.engine.state);
    if (!was && is) this.#started(before, decision);
    if (was && !is) this.#stopped(before, decision);
    if (inputs.error !== ERROR.none && switchFor(memory.engine) !== null) this.#blame(decision, 'switched in error');
    this.#lookAtLoss(decision, dt);
    this.#lookAtQuiet(decision, dt);
    this.#lookAtTank(decision, dt);
  }

  #started(before: Memory, { inputs, memory, quiet }: Decision): void {
    this.starts++;
    this.#onSince ??= inputs.now;
    const condition = CONDITIONS.find(({ name }) => name === memory.engine.by);
    // What was reached by day holds on into the quiet hours until its stop value there.
    if (!quiet || condition?.kind !== 'value' || before.conditions[condition.name].reached) return;
    const value = inputs.values[condition.name];
    const { startAt, stopAt } = limitsOf(condition, inputs.setting, true);
    if (value !== null && (startAt > stopAt ? value < startAt : value > startAt))
      this.#blame({ inputs, memory }, `started in quiet hours by ${condition.name} at ${value}`);
  }

  #stopped(before: Memory, decision: Decision): void {
    const since = this.#onSince;
    this.#onSince = null;
    if (since === null) return;
    const ran = decision.inputs.now - since;
    const allowed =
      before.engine.by === 'manual' || decision.memory.tank.reached || decision.inputs.error !== ERROR.none;
    if (!allowed && ran + SLACK_MS < this.#setting('MinimumRuntime') * 60_000)
      this.#blame(decision, `ran ${ran / 1000} s only`);
  }

  /** Nothing known, and not asked to run without knowledge: after the stated time nothing may want the engine. */
  #lookAtLoss(decision: Decision, dt: number): void {
    const known = Object.values(decision.inputs.values).some(value => value !== null);
    this.#missingFor = known ? 0 : this.#missingFor + Math.min(dt, 5_500);
    if (this.#missingFor <= LOSS_MS + SLACK_MS || this.#setting('OnLossCommunication') !== 0) return;
    const { demand } = decision;
    if (demand !== null && demand !== 'manual' && demand !== 'testrun')
      this.#blame(decision, `wanted by ${demand} after ${this.#missingFor / 1000} s without values`);
  }

  #lookAtQuiet(decision: Decision, dt: number): void {
    const { inputs, memory, quiet, demand } = decision;
    const condition = CONDITIONS.find(({ name }) => name === demand);
    const value = condition === undefined ? null : inputs.values[condition.name];
    let past = false;
    if (quiet && condition?.kind === 'value' && value !== null) {
      const { startAt, stopAt } = limitsOf(condition, inputs.setting, true);
      past = startAt > stopAt ? value <= stopAt : value >= stopAt;
    }
    // Each condition has its own time to stop.
    if (demand !== this.#lastDemand) this.#pastQuietStopFor = 0;
    this.#lastDemand = demand;
    this.#pastQuietStopFor = past ? this.#pastQuietStopFor + Math.min(dt, 5_500) : 0;
    const timer = condition === undefined ? 0 : this.#setting(condition.stopTimer) * 1000;
    if (past && this.#pastQuietStopFor > timer + SLACK_MS)
      this.#blame(
        { inputs, memory },
        `wanted by ${demand} in quiet hours, ${this.#pastQuietStopFor / 1000} s too long`,
      );
  }

  /** Below the stop level there is no more than a cool-down. */
  #lookAtTank(decision: Decision, dt: number): void {
    const { inputs, memory } = decision;
    const low =
      this.#setting('TankLevel/Enabled') === 1 &&
      inputs.tankLevel !== null &&
      inputs.tankLevel < this.#setting('TankLevel/StopValue');
    this.#tankLowFor = low ? this.#tankLowFor + dt : 0;
    if (this.#tankLowFor > this.#setting('CoolDownTime') * 1000 + dt + SLACK_MS && engineWanted(memory.engine.state))
      this.#blame(decision, 'runs with a low tank');
  }

  #blame({ inputs, memory }: Pick<Decision, 'inputs' | 'memory'>, what: string): void {
    if (this.violations.length < 10)
      this.violations.push(`${new Date(inputs.wallMs).toISOString()} state ${memory.engine.state}: ${what}`);
  }
}
