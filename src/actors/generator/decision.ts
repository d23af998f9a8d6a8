/**
 * Whether the engine is to run, and why: one pure step from a picture of the world. Conditions are judged over what was
 * seen, engine and start by hand over the time that has gone by, quiet hours and the begin of a test run by the wall
 * clock; setting the wall clock moves nothing else.
 */
import type { TimeZone } from '../../kernel/time-zone.ts';
import { CONDITION_AT_REST, type ConditionState, isLost, stepCondition } from './condition.ts';
import { CONDITIONS, type Condition, type ConditionName, type ConditionValues, limitsOf } from './conditions.ts';
import { ENGINE_STOPPED, type EngineState, stepEngine } from './engine.ts';
import { MANUAL_OFF, type ManualState, stepManual } from './manual.ts';
import { isQuiet } from './quiet-hours.ts';
import type { NumberKey, ReadNumber } from './settings.ts';
import { stepTank } from './tank.ts';
import { type ErrorCode, engineWanted, type Reason, STATE } from './terms.ts';
import { NO_TEST_RUN, planTestRun, stepTestRun, type TestRunPlan, type TestRunState } from './test-run.ts';
import { seen } from './timing.ts';

/** The AC inputs of the inverter on which there may be mains. */
export const AC_INPUTS = [
  { name: 'ac1', enabled: 'StopWhenAc1Available', about: 'AC input 1' },
  { name: 'ac2', enabled: 'StopWhenAc2Available', about: 'AC input 2' },
] as const satisfies readonly { name: string; enabled: NumberKey; about: string }[];
export type AcInput = (typeof AC_INPUTS)[number]['name'];

/** The picture of the world at one tick. */
export interface Inputs {
  /** Monotonic, milliseconds. */
  readonly now: number;
  readonly wallMs: number;
  readonly zone: TimeZone;
  readonly setting: ReadNumber;
  /** What the conditions look at; null when it cannot be read. */
  readonly values: ConditionValues;
  /** Conditions of the battery count: a battery monitor is selected. */
  readonly batteryUsed: boolean;
  /** 1 when there is power on the input. */
  readonly acAvailable: Readonly<Record<AcInput, number | null>>;
  /** % */
  readonly tankLevel: number | null;
  /** % */
  readonly soc: number | null;
  /** Runtime within the test run interval, seconds. */
  readonly intervalRuntime: number;
  readonly error: ErrorCode;
  /** Whether there is a switch for the engine at all. */
  readonly enabled: boolean;
  /** The switch as it reads back. */
  readonly switchOn: boolean | null;
}

/** All that is remembered from tick to tick. */
export interface Memory {
  readonly at: { readonly now: number; readonly wallMs: number } | null;
  /** The clock of what was seen, milliseconds. */
  readonly seenNow: number;
  readonly conditions: Readonly<Record<ConditionName, ConditionState>>;
  readonly ac: Readonly<Record<AcInput, ConditionState>>;
  readonly tank: ConditionState;
  readonly testRun: TestRunState;
  readonly manual: ManualState;
  readonly engine: EngineState;
}

export const NEW_MEMORY: Memory = {
  at: null,
  seenNow: 0,
  conditions: mapConditions(() => CONDITION_AT_REST),
  ac: { ac1: CONDITION_AT_REST, ac2: CONDITION_AT_REST },
  tank: CONDITION_AT_REST,
  testRun: NO_TEST_RUN,
  manual: MANUAL_OFF,
  engine: ENGINE_STOPPED,
};

/** What came of one tick, with all that is needed to explain it. */
export interface Decision {
  readonly inputs: Inputs;
  readonly memory: Memory;
  readonly quiet: boolean;
  readonly plan: TestRunPlan;
  /** What wants the engine to run. */
  readonly demand: Reason | null;
  /** Mains that overrule the conditions. */
  readonly overruledBy: AcInput | null;
  /** Communication is lost to what a condition looks at. */
  readonly lost: boolean;
}

/** How far wall and monotonic clock may part between two ticks before somebody has set the clock. Milliseconds. */
const CLOCK_SET_MS = 3_000;
const ON_LOSS_START = 1;
const ON_LOSS_KEEP_RUNNING = 2;
const AC_LIMITS = { startAt: 1, stopAt: 0, startTimerMs: 0, stopTimerMs: 0 };

export function decide(before: Memory, inputs: Inputs): Decision {
  const { now, wallMs, setting, zone } = inputs;
  const elapsed = before.at === null ? 0 : now - before.at.now;
  const seenNow = before.seenNow + seen(elapsed);
  const clockSet = before.at !== null && Math.abs(wallMs - before.at.wallMs - elapsed) > CLOCK_SET_MS;
  const quiet = isQuiet(setting, zone.local(wallMs).secondOfDay);
  const automatic = setting('AutoStartEnabled') === 1;

  const tank = stepTank(before.tank, setting, inputs.tankLevel, seenNow);
  // A start by hand that the tank has ended does not come back when the tank is filled.
  const manual = tank.reached ? MANUAL_OFF : stepManual(before.manual, elapsed);
  const testRunInputs = { wallMs, clockSet, zone, soc: inputs.soc, intervalRuntime: inputs.intervalRuntime };
  const plan = planTestRun(setting, testRunInputs);
  const testRun =
    automatic && !tank.reached
      ? stepTestRun(before.testRun, setting, plan, testRunInputs, now, seenNow)
      : { ...NO_TEST_RUN, spent: before.testRun.spent, within: before.testRun.within };
  const byRequest: Reason | null = testRun.run !== null ? 'testrun' : manual.on ? 'manual' : null;

  const ac = automatic ? stepAc(before.ac, inputs, seenNow) : NEW_MEMORY.ac;
  const mains = AC_INPUTS.find(({ name }) => ac[name].reached)?.name ?? null;
  const overruledBy = byRequest === null ? mains : null;
  const conditions = automatic
    ? mapConditions(condition =>
        judge(before.conditions[condition.name], condition, inputs, quiet, seenNow, overruledBy),
      )
    : NEW_MEMORY.conditions;
  const lost = [...Object.values(conditions), ...Object.values(ac)].some(one => isLost(one, seenNow));
  const demand = inputs.enabled
    ? (byRequest ??
      (overruledBy !== null ? null : (firstReached(conditions) ?? demandOnLoss(before.engine, setting, lost))))
    : null;

  const engine = stepEngine(
    before.engine,
    {
      demand,
      error: inputs.error,
      tankLow: tank.reached,
      switchOn: inputs.switchOn,
      minimumRunMs: setting('MinimumRuntime') * 60_000,
      warmUpMs:
        demand === 'inverteroverload' && setting('InverterOverload/SkipWarmup') === 1
          ? 0
          : setting('WarmUpTime') * 1000,
      coolDownMs: setting('CoolDownTime') * 1000,
      stopMs: setting('GeneratorStopTime') * 1000,
    },
    now,
  );
  const memory: Memory = {
    at: { now, wallMs },
    seenNow,
    conditions,
    ac,
    tank,
    testRun,
    manual: afterStop(manual, before.engine, engine),
    engine,
  };
  return { inputs, memory, quiet, plan, demand, overruledBy, lost };
}

function judge(
  state: ConditionState,
  condition: Condition,
  inputs: Inputs,
  quiet: boolean,
  seenNow: number,
  overruledBy: AcInput | null,
): ConditionState {
  const { setting } = inputs;
  if (setting(condition.enabled) !== 1) return CONDITION_AT_REST;
  if (condition.from === 'battery' && !inputs.batteryUsed) return CONDITION_AT_REST;
  // While there is mains nothing is judged: after it everything starts afresh.
  if (overruledBy !== null) return { ...CONDITION_AT_REST, missingSince: state.missingSince };
  return stepCondition(state, inputs.values[condition.name], limitsOf(condition, setting, quiet), seenNow);
}

function stepAc(before: Memory['ac'], { setting, acAvailable }: Inputs, seenNow: number): Memory['ac'] {
  const step = (name: AcInput, enabled: NumberKey): ConditionState =>
    setting(enabled) === 0 ? CONDITION_AT_REST : stepCondition(before[name], acAvailable[name], AC_LIMITS, seenNow);
  return { ac1: step('ac1', AC_INPUTS[0].enabled), ac2: step('ac2', AC_INPUTS[1].enabled) };
}

function firstReached(conditions: Memory['conditions']): ConditionName | null {
  return CONDITIONS.find(({ name }) => conditions[name].reached)?.name ?? null;
}

function demandOnLoss(engine: EngineState, setting: ReadNumber, lost: boolean): Reason | null {
  if (!lost) return null;
  const running = engine.state === STATE.running || engine.state === STATE.warmUp;
  const what = setting('OnLossCommunication');
  return what === ON_LOSS_START || (what === ON_LOSS_KEEP_RUNNING && running) ? 'lossofcommunication' : null;
}

/** When the engine has stopped, or is no longer started by hand, what was left of the time is void. */
function afterStop(manual: ManualState, before: EngineState, after: EngineState): ManualState {
  const stopped = engineWanted(before.state) && !engineWanted(after.state);
  const ended = before.by === 'manual' && !manual.on;
  return manual.leftMs > 0 && (stopped || ended) ? { ...manual, leftMs: 0, counting: false } : manual;
}

/** Values that come from elsewhere now have not been missing yet. */
export function withoutMisses(memory: Memory): Memory {
  return {
    ...memory,
    conditions: mapConditions(({ name }) => ({ ...memory.conditions[name], missingSince: null })),
  };
}

function mapConditions(make: (condition: Condition) => ConditionState): Memory['conditions'] {
  const states: Partial<Record<ConditionName, ConditionState>> = {};
  for (const condition of CONDITIONS) states[condition.name] = make(condition);
  return states as Record<ConditionName, ConditionState>; // one for each row of the table
}
