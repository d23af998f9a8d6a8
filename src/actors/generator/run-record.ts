/**
 * What runs the engine, kept in a setting: when the program is started again and finds the engine switched on, it goes
 * on where it was instead of stopping an engine that is wanted. Without such a record an engine that is found switched
 * on is not ours and is stopped, unless something wants it to run.
 *
 * Times are monotonic. They are worth something as long as the machine was not started again: until then the engine has
 * run on while nobody looked, and its times and hours go on as if somebody had.
 */
import type { Booked } from './accounts.ts';
import { CONDITION_AT_REST, type ConditionState } from './condition.ts';
import { CONDITIONS, type ConditionName } from './conditions.ts';
import { type Memory, NEW_MEMORY } from './decision.ts';
import { ENGINE_STOPPED, type EngineState } from './engine.ts';
import { MANUAL_OFF, type ManualState } from './manual.ts';
import { engineWanted, isReason, type Reason, STATE, type State } from './terms.ts';
import { LOSS_MS } from './timing.ts';

/** When things were, on the monotonic clock. */
interface RecordedTimes {
  /** Which start of the machine that clock began with. */
  readonly boot: string;
  /** When the record was made. */
  readonly at: number;
  /** As in EngineState. */
  readonly since: number;
  readonly onSince: number;
  readonly coolSince: number;
}

export interface RunRecord {
  readonly state: State;
  readonly by: Reason;
  /** Conditions that were reached, and so hold until their stop value. */
  readonly reached: readonly ConditionName[];
  /** What was left of a start by hand: milliseconds, 0: no end; null: not started by hand. */
  readonly manualLeftMs: number | null;
  /** The test run under way. */
  readonly testRun: { readonly occasion: string; readonly leftMs: number } | null;
  /** null in the records of machines that do not know their boot. */
  readonly times: RecordedTimes | null;
  /** Up to where its runtime was in the settings; null while it stands still. */
  readonly booked: Booked | null;
}

const TEXT_LIMIT = 1_000;
const DAY_MS = 86_400_000;

/**
 * @param boot which start of the machine this is; empty when unknown
 * @returns the text for the setting; empty when the engine is not meant to run
 */
export function recordOf(
  { engine, conditions, manual, testRun, at }: Memory,
  boot: string,
  booked: Booked | null,
): string {
  if (engine.by === null || !engineWanted(engine.state)) return '';
  const now = at?.now ?? 0;
  const { since, coolSince } = engine;
  const record: RunRecord = {
    state: engine.state,
    by: engine.by,
    reached: CONDITIONS.filter(({ name }) => conditions[name].reached).map(({ name }) => name),
    manualLeftMs: manual.on ? Math.round(manual.leftMs) : null,
    testRun:
      testRun.run === null
        ? null
        : { occasion: testRun.run.occasion, leftMs: Math.max(0, Math.round(testRun.run.endsAt - now)) },
    times: boot === '' ? null : { boot, at: now, since, onSince: engine.onSince ?? now, coolSince },
    booked: boot === '' ? null : booked,
  };
  return JSON.stringify(record);
}

/** Two texts that differ in nothing but times that pass. */
export function sameRun(a: string, b: string): boolean {
  const withoutTimes = (text: string): string =>
    text.replaceAll(/"(manualLeftMs|leftMs|at)":\d+(\.\d+)?/g, '').replace(/"booked":\{[^}]*\}/, '"booked":{}');
  return a === b || withoutTimes(a) === withoutTimes(b);
}

/** @returns undefined for an empty text, and for one that is not a record */
export function parseRecord(text: string): RunRecord | undefined {
  if (text === '' || text.length > TEXT_LIMIT) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Written by somebody else: as good as none.
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { state, by, reached, manualLeftMs, testRun, times, booked } = parsed as Record<string, unknown>; // any object by its keys
  const known = Object.values(STATE).find(one => one === state);
  if (known === undefined || !engineWanted(known) || !isReason(by) || !Array.isArray(reached)) return undefined;
  return {
    state: known,
    by,
    reached: CONDITIONS.map(({ name }) => name).filter(name => reached.includes(name)),
    manualLeftMs: isDuration(manualLeftMs) ? manualLeftMs : null,
    testRun: parseTestRun(testRun),
    times: parseTimes(times),
    booked: numbersOf(booked, ['until', 'total', 'history']),
  };
}

function parseTestRun(value: unknown): RunRecord['testRun'] {
  if (typeof value !== 'object' || value === null) return null;
  const { occasion, leftMs } = value as Record<string, unknown>; // any object by its keys
  return typeof occasion === 'string' && isDuration(leftMs) ? { occasion, leftMs } : null;
}

function parseTimes(value: unknown): RecordedTimes | null {
  const times = numbersOf(value, ['at', 'since', 'onSince', 'coolSince']);
  const { boot } = (value ?? {}) as Record<string, unknown>; // any object by its keys
  return times !== null && typeof boot === 'string' ? { boot, ...times } : null;
}

/** null when one of them is missing */
function numbersOf<K extends string>(value: unknown, keys: readonly K[]): Readonly<Record<K, number>> | null {
  if (typeof value !== 'object' || value === null) return null;
  const numbers: Partial<Record<K, number>> = {};
  for (const key of keys) {
    const number = (value as Record<string, unknown>)[key]; // any object by its keys
    if (typeof number !== 'number' || !Number.isFinite(number)) return null;
    numbers[key] = number;
  }
  return numbers as Record<K, number>; // one for each key
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 365 * DAY_MS;
}

/** How long ago the record was made; null when that cannot be told. @param now monotonic, milliseconds */
export function ageOf({ times }: RunRecord, now: number, boot: string): number | null {
  return times !== null && times.boot === boot && times.at <= now ? now - times.at : null;
}

/** The memory with which an engine that is found switched on goes on. @param now monotonic, milliseconds */
export function resume(record: RunRecord, now: number, boot: string): Memory {
  const age = ageOf(record, now, boot);
  const conditions: Partial<Record<ConditionName, ConditionState>> = {};
  // Communication that was lost is lost until a value arrives.
  const missingSince = record.by === 'lossofcommunication' ? -LOSS_MS : null;
  for (const { name } of CONDITIONS)
    conditions[name] = { ...CONDITION_AT_REST, reached: record.reached.includes(name), missingSince };
  return {
    ...NEW_MEMORY,
    conditions: conditions as Record<ConditionName, ConditionState>, // one for each row of the table
    manual: resumeManual(record, age ?? 0),
    testRun: {
      ...NEW_MEMORY.testRun,
      run:
        record.testRun === null
          ? null
          : { occasion: record.testRun.occasion, endsAt: now - (age ?? 0) + record.testRun.leftMs },
    },
    engine: resumeEngine(record, age === null ? null : record.times, now),
  };
}

function resumeManual({ manualLeftMs }: RunRecord, age: number): ManualState {
  if (manualLeftMs === null) return MANUAL_OFF;
  if (manualLeftMs === 0) return { on: true, leftMs: 0, counting: false };
  const leftMs = manualLeftMs - age;
  return leftMs > 0 ? { on: true, leftMs, counting: true } : MANUAL_OFF;
}

function resumeEngine({ state, by }: RunRecord, times: RecordedTimes | null, now: number): EngineState {
  const { since, onSince, coolSince } = times ?? { since: now, onSince: now, coolSince: now };
  return { ...ENGINE_STOPPED, state, by, since, onSince, coolSince, seenOn: true };
}
