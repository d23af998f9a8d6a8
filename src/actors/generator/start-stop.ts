/** One start/stop instance: reads the plant, decides once a second, switches the engine, and shows what came of it. */
import type { Explanation } from '../../bus/explain.ts';
import type { GatewayContext } from '../../bus/gateway-context.ts';
import { KeptSetting } from '../../bus/kept-setting.ts';
import type { SettingsOf } from '../../bus/settings-client.ts';
import { answerWhy } from '../../bus/why-call.ts';
import type { Owned } from '../../kernel/actor.ts';
import { type LocalMoment, TimeZone } from '../../kernel/time-zone.ts';
import { Accounts } from './accounts.ts';
import { type AlarmInputs, type AlarmState, alarmValues, NO_ALARMS, stepAlarms } from './alarms.ts';
import { takeClientWrites } from './client-writes.ts';
import { type Decision, decide, type Inputs, type Memory, NEW_MEMORY, withoutMisses } from './decision.ts';
import { switchFor, withoutLoad } from './engine.ts';
import type { EngineSwitch } from './engine-switch.ts';
import { LoadKeeper } from './load-keeper.ts';
import { canKeepLoadAway, type PlantPicture, readPlant, tankChoices } from './plant.ts';
import { type GeneratorService, showAccounts, showAlarms, showDecision } from './publication.ts';
import { ageOf, parseRecord, recordOf, resume, sameRun } from './run-record.ts';
import type { ReadNumber, SettingKey } from './settings.ts';
import { CAPABILITY_WARM_UP_COOL_DOWN, engineWanted, STATE, stateName } from './terms.ts';
import { passed, TICK_MS } from './timing.ts';
import { explain } from './why.ts';

/** How often the time that is left of a run is recorded. Milliseconds. */
const RECORD_MS = 60_000;
/** A longer hold-up is not made good: nobody has seen what was then. Ticks. */
const BEATS_LIMIT = 5;

/** Settings that show in the hours. */
const ACCOUNT_KEYS: readonly SettingKey[] = [
  'AccumulatedDaily',
  'AccumulatedTotal',
  'LastServiceReset',
  'ServiceInterval',
  'TestRun/Interval',
];

export interface StartStopParts {
  readonly context: GatewayContext;
  readonly service: GeneratorService;
  readonly settings: SettingsOf<SettingKey>;
  readonly engineSwitch: EngineSwitch;
  /** Which start of the machine this is; empty when unknown. */
  readonly boot: string;
  /** Whether the alarm of the DC side is wanted; without it this is not about DC. */
  readonly dcAlarm?: () => boolean;
}

export class StartStop {
  readonly #context: GatewayContext;
  readonly #service: GeneratorService;
  readonly #settings: SettingsOf<SettingKey>;
  readonly #switch: EngineSwitch;
  readonly #boot: string;
  readonly #dcAlarm: (() => boolean) | undefined;
  readonly #setting: ReadNumber;
  readonly #accounts: Accounts;
  readonly #record: KeptSetting<SettingKey, string>;
  readonly #load: LoadKeeper;
  #memory: Memory = NEW_MEMORY;
  #alarms: AlarmState = NO_ALARMS;
  #alarmInputs: AlarmInputs | undefined;
  #decision: Decision | undefined;
  /** Whether it is known how the engine was found. Until then it is not switched off. */
  #found = false;
  #recordedAt = 0;
  #zone = new TimeZone('');
  #listening: Owned | undefined;

  constructor({ context, service, settings, engineSwitch, boot, dcAlarm }: StartStopParts) {
    this.#boot = boot;
    this.#context = context;
    this.#service = service;
    this.#settings = settings;
    this.#switch = engineSwitch;
    this.#dcAlarm = dcAlarm;
    this.#setting = key => settings.number(key);
    this.#accounts = new Accounts(settings);
    this.#record = new KeptSetting(settings, 'RunRecord', settings.string('RunRecord'));
    this.#load = new LoadKeeper(context.world);
    if (this.#setting('WarmUpTime') > 0 || this.#setting('CoolDownTime') > 0) this.#load.clearAll();
    this.#listen();
    this.#showSettings();
    this.#showAccounts(this.#zone.local(context.clock.wall()));
  }

  /** Whether an engine turns because of us, or may turn. */
  get busy(): boolean {
    return this.#memory.engine.state !== STATE.stopped && this.#memory.engine.state !== STATE.error;
  }

  /**
   * @param beats how many ticks this one stands for: a short hold-up is made good with what is seen now
   * @param now when the last of them was due, monotonic: a tick that is late does not shift what it counts
   */
  tick(zone: TimeZone, beats: number, now: number): void {
    const wallMs = this.#context.clock.wall();
    this.#zone = zone;
    this.#lookHowFound(now);
    for (let left = Math.min(beats, BEATS_LIMIT) - 1; left >= 0; left--)
      this.#step(now - left * TICK_MS, wallMs - left * TICK_MS);
    this.#showSettings();
    // Whoever wrote it has seen it taken.
    this.#service.set('/ServiceCounterReset', 0);
  }

  #step(now: number, wallMs: number): void {
    const local = this.#zone.local(wallMs);
    const plant = this.#readPlant();
    const inputs: Inputs = {
      ...plant,
      now,
      wallMs,
      zone: this.#zone,
      setting: this.#setting,
      intervalRuntime: this.#accounts.values(local.day).testRunInterval,
      error: this.#switch.error(),
      enabled: this.#switch.enabled(),
      switchOn: this.#switch.isOn(),
    };
    const decision = decide(this.#memory, inputs);
    this.#act(decision, now, local);
    this.#service.set('/Enabled', inputs.enabled ? 1 : 0);
    showDecision(this.#service, decision, inputs.error);
    this.#showAccounts(local);
    this.#showAlarms(decision, plant.acArrives);
  }

  #showAccounts({ day }: LocalMoment): void {
    showAccounts(this.#service, this.#accounts.values(day));
  }

  /** What can be done is shown at once: user interfaces offer settings by it. Never taken back. */
  showCapabilities(): void {
    if (canKeepLoadAway(this.#context.world)) this.#service.set('/Capabilities', CAPABILITY_WARM_UP_COOL_DOWN);
  }

  /** The instance goes: its engine is let go of, and what has been counted is kept. */
  async end(): Promise<void> {
    void this.#listening?.release();
    this.#load.keep(false);
    this.#switch.letGo();
    await Promise.all([this.#saveAccounts(), this.#record.save('')]);
  }

  /**
   * The program ends, or this part of it is started anew. The engine is left as it is, and goes on when the program is
   * back; with the setting StopAtShutdown it is stopped when the program is shut down for good.
   * @param shutdown the whole program is being shut down
   */
  async leave(shutdown: boolean): Promise<void> {
    if (shutdown && this.#setting('StopAtShutdown') === 1) return this.end();
    void this.#listening?.release();
    const record = this.#recordNow();
    await Promise.all([this.#saveAccounts(), this.#record.save(record)]);
  }

  /** As long as it is not known how the engine was found, the record is still that of the last life. */
  #recordNow(): string {
    return this.#found ? recordOf(this.#memory, this.#boot, this.#accounts.booked) : this.#record.value;
  }

  #saveAccounts(): Promise<void> {
    return this.#accounts.save(this.#memory.at?.now ?? 0);
  }

  #readPlant(): PlantPicture {
    return readPlant(this.#context.world, {
      battery: this.#settings.string('BatteryService'),
      acLoad: this.#setting('AcLoad/Measurement'),
      tank: this.#settings.string('TankLevel/TankService'),
    });
  }

  /** An engine that runs already is taken over when the record says that it is ours. */
  #lookHowFound(now: number): void {
    if (this.#found) return;
    const on = this.#switch.isOn();
    if (on === null) return;
    this.#found = true;
    const record = on && !this.busy ? parseRecord(this.#record.value) : undefined;
    if (record === undefined) return;
    this.#memory = resume(record, now, this.#boot);
    if (ageOf(record, now, this.#boot) !== null && record.booked !== null && this.#engineRuns()) {
      const local = this.#zone.local(this.#context.clock.wall());
      this.#accounts.takeOver(record.booked, now, local, this.#switch.operatingSeconds() === null);
    }
    this.#context.log.info('the engine runs, and goes on', { service: this.#service.name, by: record.by });
  }

  #act(decision: Decision, now: number, local: LocalMoment): void {
    const before = this.#memory.engine;
    const { engine } = decision.memory;
    this.#decision = decision;
    this.#memory = decision.memory;
    if (before.state !== engine.state || before.by !== engine.by)
      this.#context.log.info(`engine ${stateName(engine.state)}`, { service: this.#service.name, by: engine.by });
    this.#accounts.tick(this.#engineRuns(), now, local, this.#switch.operatingSeconds());
    // Before the engine is switched on: one that runs without a record would not be known again.
    this.#keepRecord(now);
    this.#load.keep(withoutLoad(engine));
    const wanted = switchFor(engine);
    const fresh = engine.onSince !== null && engine.onSince !== before.onSince;
    if (wanted === 1 || (wanted === 0 && this.#found)) this.#switch.drive(wanted === 1, fresh);
    if (fresh) this.#service.set('/LastStartTime', Math.floor(decision.inputs.wallMs / 1000));
  }

  /** On each change of what runs the engine, and once a minute while a time runs out. */
  #keepRecord(now: number): void {
    const record = this.#recordNow();
    const same = sameRun(record, this.#record.value);
    if (same && (record === this.#record.value || !passed(this.#recordedAt, now, RECORD_MS)) && this.#record.saved)
      return;
    this.#recordedAt = now;
    void this.#record.save(record);
  }

  /** By what it says itself, by the digital input that watches it, else by what we have done. */
  #engineRuns(): boolean {
    const own = this.#switch.engineRuns();
    if (own !== null) return own;
    if (this.#service.get('/DigitalInput/Input') !== 0) return this.#service.get('/DigitalInput/Running') === 1;
    return engineWanted(this.#memory.engine.state);
  }

  #showAlarms({ inputs, memory }: Decision, acArrives: boolean | null): void {
    const alarmInputs: AlarmInputs = {
      state: memory.engine.state,
      error: inputs.error,
      setting: this.#setting,
      acArrives,
      dcAlarm: this.#dcAlarm?.() === true,
      dcCurrent: this.#switch.dcCurrent() ?? null,
      tankLow: memory.tank.reached,
      now: inputs.now,
      seenNow: memory.seenNow,
    };
    this.#alarmInputs = alarmInputs;
    this.#alarms = stepAlarms(this.#alarms, alarmInputs);
    showAlarms(this.#service, alarmValues(this.#alarms, alarmInputs), this.#dcAlarm !== undefined);
  }

  #showSettings(): void {
    this.#service.set('/AutoStartEnabled', this.#setting('AutoStartEnabled'));
    this.#service.set('/ServiceInterval', this.#setting('ServiceInterval'));
    this.#service.set('/TankService', this.#settings.string('TankLevel/TankService'));
    this.#service.set('/AvailableTankServices', tankChoices(this.#context.world));
  }

  #listen(): void {
    this.#listening = this.#settings.onChange((key, value) => {
      this.#accounts.heard(key, value);
      if (key === 'RunRecord') this.#record.heard(String(value));
      if (key === 'AutoStartEnabled' || key === 'ServiceInterval') this.#showSettings();
      if (ACCOUNT_KEYS.includes(key)) this.#showAccounts(this.#zone.local(this.#context.clock.wall()));
      // Another battery monitor has not been missing yet.
      if (key === 'BatteryService') this.#memory = withoutMisses(this.#memory);
    });
    const service = this.#service;
    takeClientWrites(service, {
      settings: this.#settings,
      tankLow: () => this.#memory.tank.reached,
      changeManual: change => {
        this.#memory = { ...this.#memory, manual: { ...this.#memory.manual, ...change, counting: false } };
        // Of an engine that stands still there is no record; one that is to stop must not be taken up again.
        return this.#record.save(this.#recordNow());
      },
      serviced: () => this.#accounts.serviced(),
    });
    service.onCall(call => answerWhy(call, service.name, path => this.#explain(path)));
  }

  #explain(path: string): Explanation | undefined {
    const decision = this.#decision;
    const alarmInputs = this.#alarmInputs;
    // Nothing has been decided yet.
    if (decision === undefined || alarmInputs === undefined) return undefined;
    return explain(path, {
      decision,
      hours: {
        values: this.#accounts.values(this.#zone.local(this.#context.clock.wall()).day),
        ownCounter: this.#switch.operatingSeconds() !== null,
        toldBy: this.#runsBy(),
        serviceInterval: this.#setting('ServiceInterval'),
        lastServiceReset: this.#setting('LastServiceReset'),
      },
      alarms: this.#alarms,
      alarmInputs,
      service: this.#service,
      world: this.#context.world,
      battery: this.#settings.string('BatteryService'),
      tank: this.#settings.string('TankLevel/TankService'),
      switched: this.#switch.service,
      now: this.#context.clock.monotonic(),
    });
  }

  #runsBy(): string {
    if (this.#switch.engineRuns() !== null) return 'the genset itself';
    const input = this.#service.get('/DigitalInput/Input');
    return input === 0 ? 'its state here' : `digital input ${input}`;
  }
}
