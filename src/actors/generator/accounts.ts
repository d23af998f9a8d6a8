/** Runtime in the settings, and what follows from it: hours of today and of the test run interval, and the next service. */

import { KeptSetting } from '../../bus/kept-setting.ts';
import type { SettingsOf } from '../../bus/settings-client.ts';
import type { LocalMoment } from '../../kernel/time-zone.ts';
import { addRuntime, formatDaily, parseDaily, RuntimeBook, runtimeInAll, runtimeOver } from './runtime-book.ts';
import type { SettingKey } from './settings.ts';
import { passed, wholeSeconds } from './timing.ts';

/** How often the settings get the runtime of a running engine. Milliseconds. */
const SAVE_MS = 60_000;

/** All in seconds. */
export interface AccountValues {
  readonly runtime: number;
  readonly today: number;
  readonly testRunInterval: number;
  readonly accumulated: number;
  /** Until the next service, negative when it is overdue; null: there is no interval. */
  readonly untilService: number | null;
}

/** Up to where runtime is in the settings. */
export interface Booked {
  /** Monotonic, milliseconds. */
  readonly until: number;
  /** What the settings had then, seconds: in all, and in the history of days. */
  readonly total: number;
  readonly history: number;
}

export class Accounts {
  readonly #settings: SettingsOf<SettingKey>;
  readonly #daily: KeptSetting<SettingKey, string>;
  readonly #total: KeptSetting<SettingKey, number>;
  readonly #book = new RuntimeBook();
  /** When the engine began to run, and until when its time is in the book; monotonic. */
  #runningSince: number | null = null;
  #countedUntil = 0;
  #savedAt = 0;
  #runtime = 0;
  /** The engine's own counter, seconds. */
  #counter: number | null = null;
  #followedAt: number | null = null;
  constructor(settings: SettingsOf<SettingKey>) {
    this.#settings = settings;
    this.#daily = new KeptSetting(settings, 'AccumulatedDaily', settings.string('AccumulatedDaily'));
    this.#total = new KeptSetting(settings, 'AccumulatedTotal', settings.number('AccumulatedTotal'));
  }

  get running(): boolean {
    return this.#runningSince !== null;
  }

  /**
   * Counts up to now. Saves once a minute, and when the engine stops.
   * @param operatingSeconds the engine's own counter, which goes before ours; null when it has none
   */
  tick(runs: boolean, now: number, local: LocalMoment, operatingSeconds: number | null): void {
    if (this.#runningSince !== null) {
      this.#book.add(now - this.#countedUntil, local);
      this.#countedUntil = now;
    }
    if (runs && this.#runningSince === null) this.#begin(now);
    const stopped = !runs && this.#runningSince !== null;
    if (stopped) this.#runningSince = null;
    this.#counter = operatingSeconds === null ? null : Math.round(operatingSeconds);
    if (stopped || (runs && passed(this.#savedAt, now, SAVE_MS))) void this.save(now);
    this.#showRuntime(now);
    if (this.#counter !== null) this.#follow(this.#counter, now);
  }

  /** null while the engine stands still. */
  get booked(): Booked | null {
    if (this.#runningSince === null) return null;
    const until = this.#countedUntil - this.#book.milliseconds;
    return { until, total: this.#total.value, history: runtimeInAll(parseDaily(this.#daily.value)) };
  }

  /**
   * An engine that a former life of the program has left running has run on until now. What has run since goes into the
   * book, unless it had reached the settings after all.
   * @param ownTotal the engine has no counter of its own
   */
  takeOver({ until, total, history }: Booked, now: number, local: LocalMoment, ownTotal: boolean): void {
    this.#begin(now);
    const elapsed = Math.max(0, now - until);
    // Less than before: somebody has set it back.
    const arrivedTotal = Math.max(0, this.#total.value - total);
    const arrivedDays = runtimeInAll(parseDaily(this.#daily.value)) - history;
    // A history that has lost its oldest day says nothing.
    const missing = Math.max(0, elapsed - (arrivedDays < 0 ? arrivedTotal : arrivedDays) * 1000);
    this.#book.add(missing, local);
    // Each comes with its own write: one of them may have arrived, and not the other.
    const apart = Math.round((elapsed - arrivedTotal * 1000 - missing) / 1000);
    if (ownTotal && apart !== 0) void this.#total.save(Math.max(0, this.#total.value + apart));
  }

  #begin(now: number): void {
    this.#runningSince = now;
    this.#countedUntil = now;
    this.#savedAt = now;
  }

  /** Moves what is in the book to the settings. */
  async save(now: number): Promise<void> {
    const { byDay, seconds } = this.#book.take();
    this.#savedAt = now;
    const days = seconds === 0 ? this.#daily.value : formatDaily(addRuntime(parseDaily(this.#daily.value), byDay));
    const total = this.#total.value + (this.#counter === null ? seconds : 0);
    await Promise.all([this.#daily.save(days), this.#total.save(total)]);
  }

  /** A setting was changed by somebody. */
  heard(key: SettingKey, value: number | string): void {
    if (key === 'AccumulatedDaily') this.#daily.heard(String(value));
    if (key === 'AccumulatedTotal') this.#total.heard(Number(value));
  }

  /** @param day local day */
  values(day: number): AccountValues {
    const days = parseDaily(this.#daily.value);
    const accumulated = this.#counter ?? this.#total.value;
    const interval = this.#settings.number('ServiceInterval');
    return {
      runtime: this.#runtime,
      today: runtimeOver(days, day, 0),
      testRunInterval: runtimeOver(days, day, this.#settings.number('TestRun/Interval')),
      accumulated,
      untilService: interval > 0 ? this.#settings.number('LastServiceReset') + interval - accumulated : null,
    };
  }

  /** The engine was serviced. */
  serviced(): void {
    const accumulated = this.#counter ?? this.#total.value;
    if (accumulated > 0) void this.#settings.set('LastServiceReset', accumulated);
  }

  /** Every second in the first minute, then once a minute: a running engine is no reason for a message every second. */
  #showRuntime(now: number): void {
    if (this.#runningSince === null) this.#runtime = 0;
    else if (now === this.#savedAt || wholeSeconds(this.#runningSince, now) < SAVE_MS / 1000)
      this.#runtime = wholeSeconds(this.#runningSince, now);
  }

  /** The total in the settings is that of the engine. */
  #follow(seconds: number, now: number): void {
    if (seconds === this.#total.value) return;
    if (this.#followedAt !== null && !passed(this.#followedAt, now, SAVE_MS)) return;
    this.#followedAt = now;
    void this.#total.save(seconds);
    if (this.#settings.number('AccumulatedTotalOffset') !== 0) void this.#settings.set('AccumulatedTotalOffset', 0);
  }
}
