/**
 * What runs the engine, kept in a setting: when the program is started again and finds the engine switched on, it goes
 * on where it was instead of stopping an engine that is wanted. Without such a record an engine that is found switched
 * on is not ours and is stopped, unless something wants it to run.
 */
import { CONDITION_AT_REST, type ConditionState } from './condition.ts';
import { CONDITIONS, type ConditionName } from './conditions.ts';
import { type Memory, NEW_MEMORY } from './decision.ts';
import { ENGINE_STOPPED } from './engine.ts';
import { engineWanted, isReason, type Reason, STATE, type State } from './terms.ts';
import { LOSS_MS } from './timing.ts';

export interface RunRecord {
  readonly state: State;
  readonly by: Reason;
  /** Conditions that were reached, and so hold until their stop value. */
  readonly reached: readonly ConditionName[];
  /** What was left of a start by hand: milliseconds, 0: no end; null: not started by hand. */
  readonly manualLeftMs: number | null;
  /** The test run under way. */
  readonly testRun: { readonly occasion: string; readonly leftMs: number } | null;
}

const TEXT_LIMIT = 1_000;
const DAY_MS = 86_400_000;

/** @returns the text for the setting; empty when the engine is not meant to run */
export function recordOf({ engine, conditions, manual, testRun, at }: Memory): string {
  if (engine.by === null || !engineWanted(engine.state)) return '';
  const record: RunRecord = {
    state: engine.state,
    by: engine.by,
    reached: CONDITIONS.filter(({ name }) => conditions[name].reached).map(({ name }) => name),
    manualLeftMs: manual.on ? Math.round(manual.leftMs) : null,
    testRun:
      testRun.run === null
        ? null
        : { occasion: testRun.run.occasion, leftMs: Math.max(0, Math.round(testRun.run.endsAt - (at?.now ?? 0))) },
  };
  return JSON.stringify(record);
}

/** Two texts that differ in nothing but the time that is left. */
export function sameRun(a: string, b: string): boolean {
  const withoutTimes = (text: string): string => text.replaceAll(/LeftMs":\d+|leftMs":-?\d+/g, '');
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
  const { state, by, reached, manualLeftMs, testRun } = parsed as Record<string, unknown>; // any object by its keys
  const known = Object.values(STATE).find(one => one === state);
  if (known === undefined || !engineWanted(known) || !isReason(by) || !Array.isArray(reached)) return undefined;
  return {
    state: known,
    by,
    reached: CONDITIONS.map(({ name }) => name).filter(name => reached.includes(name)),
    manualLeftMs: isDuration(manualLeftMs) ? manualLeftMs : null,
    testRun: parseTestRun(testRun),
  };
}

function parseTestRun(value: unknown): RunRecord['testRun'] {
  if (typeof value !== 'object' || value === null) return null;
  const { occasion, leftMs } = value as Record<string, unknown>; // any object by its keys
  return typeof occasion === 'string' && isDuration(leftMs) ? { occasion, leftMs } : null;
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 365 * DAY_MS;
}

/** The memory with which an engine that is found switched on goes on. @param now monotonic, milliseconds */
export function resume(record: RunRecord, now: number): Memory {
  const conditions: Partial<Record<ConditionName, ConditionState>> = {};
  // Communication that was lost is lost until a value arrives.
  const missingSince = record.by === 'lossofcommunication' ? -LOSS_MS : null;
  for (const { name } of CONDITIONS)
    conditions[name] = { ...CONDITION_AT_REST, reached: record.reached.includes(name), missingSince };
  return {
    ...NEW_MEMORY,
    conditions: conditions as Record<ConditionName, ConditionState>, // one for each row of the table
    manual: {
      on: record.manualLeftMs !== null,
      leftMs: record.manualLeftMs ?? 0,
      counting: (record.manualLeftMs ?? 0) > 0,
    },
    testRun: {
      ...NEW_MEMORY.testRun,
      run: record.testRun === null ? null : { occasion: record.testRun.occasion, endsAt: now + record.testRun.leftMs },
    },
    engine: {
      ...ENGINE_STOPPED,
      state: record.state,
      by: record.by,
      since: now,
      onSince: now,
      coolSince: now,
      seenOn: true,
    },
  };
}
