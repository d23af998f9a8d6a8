/** Why an alarm of a start/stop instance is raised or not. */
import { type AlarmInputs, type AlarmState, DISABLED_MS } from './alarms.ts';
import type { NumberKey } from './settings.ts';
import { STATE } from './terms.ts';
import { LOSS_MS, wholeSeconds } from './timing.ts';
import type { Account } from './why.ts';

interface AlarmText {
  readonly rule: string;
  /** Of an alarm that can be switched off. */
  readonly enabled?: NumberKey;
  /** What is wrong, and since when, on which clock; null: nothing. */
  readonly wrong: (state: AlarmState, inputs: AlarmInputs) => readonly [what: string, seconds: number] | null;
  readonly after: number;
}

const since = (at: number | null, now: number): number | null => (at === null ? null : wholeSeconds(at, now));
const when = (what: string, seconds: number | null): readonly [string, number] | null =>
  seconds === null ? null : [what, seconds];

export const ALARM_TEXTS: Readonly<Record<string, AlarmText>> = {
  '/Alarms/NoGeneratorAtAcIn': {
    rule: 'The engine runs, and the active AC input is no generator, or is not connected.',
    enabled: 'Alarms/NoGeneratorAtAcIn',
    wrong: ({ noAcSince }, { seenNow }) => when('The engine does not arrive', since(noAcSince, seenNow)),
    after: LOSS_MS / 1000,
  },
  '/Alarms/NoGeneratorAtDcIn': {
    rule: 'The engine runs, and has not delivered current since.',
    wrong: ({ noDcSince }, { seenNow }) => when('It does not deliver', since(noDcSince, seenNow)),
    after: LOSS_MS / 1000,
  },
  '/Alarms/AutoStartDisabled': {
    rule: 'Automatic start is off.',
    enabled: 'Alarms/AutoStartDisabled',
    wrong: ({ autoStartOffSince }, { now }) => when('Automatic start is off', since(autoStartOffSince, now)),
    after: DISABLED_MS / 1000,
  },
  '/Alarms/RemoteStartModeDisabled': {
    rule: 'Remote start is switched off at the genset.',
    enabled: 'Alarms/AutoStartDisabled',
    wrong: ({ remoteOffSince }, { now }) => when('Remote start is off', since(remoteOffSince, now)),
    after: DISABLED_MS / 1000,
  },
  '/Alarms/StoppedByTankLevelCondition': {
    rule: 'The engine must not run because of a low tank.',
    enabled: 'TankLevel/WarningEnabled',
    wrong: (_state, { tankLow, state }) =>
      tankLow && state === STATE.stoppedByTankLevel ? ['The tank is low', 0] : null,
    after: 0,
  },
};

export function explainAlarm(text: AlarmText, state: AlarmState, inputs: AlarmInputs): Account {
  const { enabled, after } = text;
  const off = enabled !== undefined && inputs.setting(enabled) !== 1;
  const wrong = text.wrong(state, inputs);
  const rule = after === 0 ? text.rule : `${text.rule} The alarm comes after ${after} s of it.`;
  if (off)
    return { rule, notes: ['The alarm is switched off.'], changes: [`It counts when the setting ${enabled} is 1.`] };
  return wrong === null
    ? { rule, notes: ['Nothing is wrong.'], changes: [] }
    : { rule, notes: [`${wrong[0]} since ${wrong[1]} s.`], changes: ['It goes with its cause.'] };
}
