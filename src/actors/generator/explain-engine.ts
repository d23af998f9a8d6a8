/** Why the engine runs or does not, and what would have to change: in words, from the decision itself. */
import { isLost, startsHigh } from './condition.ts';
import { CONDITIONS, type Condition, limitsOf } from './conditions.ts';
import { AC_INPUTS, type Decision, type Inputs } from './decision.ts';
import type { NumberKey } from './settings.ts';
import { tankLimits } from './tank.ts';
import { ERROR, engineWanted, type Reason, STATE } from './terms.ts';
import { wholeSeconds } from './timing.ts';
import type { Account } from './why.ts';

const RULE =
  'By hand and test run go first; mains on an AC input overrule the conditions; the first condition that is reached ' +
  'starts the engine; a low tank and errors of the genset overrule all.';

export function explainEngine(decision: Decision): Account {
  return { rule: RULE, notes: [headline(decision), ...conditionNotes(decision)], changes: changesFor(decision) };
}

/** One sentence on what the engine does. */
function headline(decision: Decision): string {
  const { inputs, memory } = decision;
  const { engine } = memory;
  const since = `${wholeSeconds(engine.since, inputs.now)} s ago`;
  if (engine.state === STATE.error) return `Not controlled since ${since}: ${errorText(inputs.error)}.`;
  if (engine.state === STATE.stoppedByTankLevel)
    return `Must not run: the tank is at ${shown(inputs.tankLevel, ' %')}.`;
  if (!engineWanted(engine.state)) return stoppedBecause(decision, since);
  const by = engine.by === null ? 'nothing' : reasonText(engine.by);
  if (engine.state === STATE.coolDown) return `Cools down since ${since}; it ran because of ${by}.`;
  if (decision.demand === null)
    return `Runs since ${since} because of ${by}, which is over: the minimum runtime is not.`;
  return `Runs since ${since} because of ${by}.`;
}

function stoppedBecause({ inputs, overruledBy }: Decision, since: string): string {
  if (!inputs.enabled) return 'Stopped: the genset cannot be started from here, and no relay helps it.';
  if (inputs.setting('AutoStartEnabled') !== 1) return `Stopped since ${since}: automatic start is off.`;
  if (overruledBy !== null) {
    const input = AC_INPUTS.find(({ name }) => name === overruledBy);
    return `Stopped since ${since}: there is mains on ${input?.about}.`;
  }
  return `Stopped since ${since}: no condition is reached.`;
}

function conditionNotes(decision: Decision): string[] {
  return enabledConditions(decision).map(condition => {
    const state = decision.memory.conditions[condition.name];
    const value = decision.inputs.values[condition.name];
    if (value === null) {
      const missing = wholeSeconds(state.missingSince ?? decision.memory.seenNow, decision.memory.seenNow);
      const lost = isLost(state, decision.memory.seenNow) ? ', communication is lost' : '';
      return `${condition.about}: not known for ${missing} s${lost}${state.reached ? '; still counts as reached' : ''}.`;
    }
    const reached = state.reached ? 'reached' : 'not reached';
    return `${condition.about}: ${shown(value, condition.unit)}, ${reached}${pastNote(decision, condition)}${quietNote(decision, condition)}.`;
  });
}

/** A timer that runs. */
function pastNote({ memory }: Decision, { name }: Condition): string {
  const { startSince, stopSince } = memory.conditions[name];
  if (startSince !== null) return `, past its start value since ${wholeSeconds(startSince, memory.seenNow)} s`;
  return stopSince === null ? '' : `, past its stop value since ${wholeSeconds(stopSince, memory.seenNow)} s`;
}

function quietNote({ quiet }: Decision, { kind }: Condition): string {
  return quiet && kind === 'value' ? ' (limits of quiet hours)' : '';
}

/** What would stop a running engine, or start a standing one. */
function changesFor(decision: Decision): string[] {
  const { inputs, memory } = decision;
  const { setting } = inputs;
  if (memory.engine.state === STATE.error)
    return [`It is controlled again when this is over: ${errorText(inputs.error)}.`];
  if (memory.tank.reached) return [`It may run again when the tank is at ${tankLimits(setting).stopAt} % or above.`];
  if (engineWanted(memory.engine.state)) return stopChanges(decision);
  const changes = ['It starts by hand: /ManualStart = 1.'];
  if (setting('AutoStartEnabled') !== 1) return [...changes, 'It starts by itself only when /AutoStartEnabled = 1.'];
  if (decision.overruledBy !== null) return [...changes, 'Conditions count again when there is no mains.'];
  if (decision.plan.next !== null && decision.plan.skip !== 1)
    changes.push(`The next test run begins at ${new Date(decision.plan.next * 1000).toISOString()}.`);
  return [...changes, ...enabledConditions(decision).map(condition => limitText(decision, condition, 'start'))];
}

function stopChanges(decision: Decision): string[] {
  const { memory, inputs } = decision;
  const changes: string[] = [];
  if (memory.engine.state === STATE.coolDown) {
    const left = secondsLeft(memory.engine.coolSince, inputs, 'CoolDownTime', 1);
    return [`Its cool-down ends in ${left} s.`];
  }
  if (decision.demand === null && memory.engine.onSince !== null) {
    const left = secondsLeft(memory.engine.onSince, inputs, 'MinimumRuntime', 60);
    return [`Its minimum runtime ends in ${left} s.`];
  }
  if (memory.testRun.run !== null) changes.push('The test run would have to end.');
  if (memory.manual.on) {
    const left = memory.manual.leftMs > 0 ? `, or in ${Math.ceil(memory.manual.leftMs / 1000)} s by itself` : '';
    changes.push(`It stops by hand: /ManualStart = 0${left}.`);
  }
  for (const condition of enabledConditions(decision))
    if (memory.conditions[condition.name].reached) changes.push(limitText(decision, condition, 'stop'));
  if (decision.demand === 'lossofcommunication') changes.push('What is not known would have to be known again.');
  return changes;
}

/** Until a time that is set has passed. @param unit of the setting, seconds */
function secondsLeft(since: number, inputs: Inputs, setting: NumberKey, unit: number): number {
  return Math.max(0, inputs.setting(setting) * unit - wholeSeconds(since, inputs.now));
}

function enabledConditions({ inputs }: Decision): readonly Condition[] {
  return CONDITIONS.filter(
    ({ enabled, from }) => inputs.setting(enabled) === 1 && (from !== 'battery' || inputs.batteryUsed),
  );
}

function limitText({ inputs, quiet }: Decision, condition: Condition, what: 'start' | 'stop'): string {
  const limits = limitsOf(condition, inputs.setting, quiet);
  const seconds = (what === 'start' ? limits.startTimerMs : limits.stopTimerMs) / 1000;
  if (condition.kind === 'alarm')
    return `${condition.about} would have to ${what === 'start' ? 'come' : 'go'} and stay so for ${seconds} s.`;
  const limit = what === 'start' ? limits.startAt : limits.stopAt;
  const rise = startsHigh(limits) === (what === 'start');
  const value = shown(inputs.values[condition.name], '');
  return `${condition.about} would have to ${rise ? 'rise' : 'fall'} to ${limit}${condition.unit} (now ${value}) for ${seconds} s.`;
}

function reasonText(reason: Reason): string {
  switch (reason) {
    case 'manual':
      return 'a start by hand';
    case 'testrun':
      return 'the test run';
    case 'lossofcommunication':
      return 'lost communication';
    default:
      return CONDITIONS.find(({ name }) => name === reason)?.about ?? reason;
  }
}

function errorText(error: number): string {
  switch (error) {
    case ERROR.remoteDisabled:
      return 'remote start is switched off at the genset';
    case ERROR.remoteFault:
      return 'the genset has a fault';
    case ERROR.noGensetsEnabled:
      return 'no genset is chosen';
    default:
      return 'no error';
  }
}

function shown(value: number | null, unit: string): string {
  return value === null ? 'not known' : `${Math.round(value * 100) / 100}${unit}`;
}
