/** Why a value of a start/stop instance is what it is: by its path, from the last decision and what came of it. */
import { type Explanation, explainedInputs } from '../../bus/explain.ts';
import type { ActorWorld } from '../../bus/gateway-context.ts';
import type { AlarmInputs, AlarmState } from './alarms.ts';
import type { Decision } from './decision.ts';
import { ALARM_TEXTS, explainAlarm } from './explain-alarms.ts';
import { explainQuietHours, explainTestRun } from './explain-calendar.ts';
import { explainEngine } from './explain-engine.ts';
import { GENSET_PATHS, GENSET_RULE, gensetChoice } from './explain-genset.ts';
import { explainHours, HOUR_PATHS, type Hours } from './explain-hours.ts';
import { inputsOf } from './plant.ts';
import { type GeneratorService, TYPE_GENSET } from './publication.ts';

/** What is said of a value. */
export type Account = Required<Pick<Explanation, 'rule' | 'notes' | 'changes'>>;

/** What a start/stop instance knows of itself. */
export interface Knowledge {
  readonly decision: Decision;
  readonly hours: Hours;
  readonly alarms: AlarmState;
  readonly alarmInputs: AlarmInputs;
  readonly service: GeneratorService;
  readonly world: ActorWorld;
  /** Settings BatteryService and TankLevel/TankService. */
  readonly battery: string;
  readonly tank: string;
  /** The service that is switched. */
  readonly switched: string;
  /** Monotonic, milliseconds. */
  readonly now: number;
}

/** @returns undefined for a path that there is not */
export function explain(path: string, knowledge: Knowledge): Explanation | undefined {
  const { service, decision, world, now, battery, tank, switched } = knowledge;
  if (!service.has(path)) return undefined;
  return {
    service: service.name,
    path,
    value: service.get(path),
    topic: 'generator',
    about: `start/stop of ${switched}`,
    computedMsAgo: now - decision.inputs.now,
    inputs: explainedInputs(world, inputsOf(world, battery, tank), now),
    choices: isAboutGenset(path, knowledge) ? [gensetChoice(world, String(service.get('/GensetService')))] : [],
    ...accountOf(path, knowledge),
  };
}

/** The relay is no choice. */
function isAboutGenset(path: string, { service }: Knowledge): boolean {
  return GENSET_PATHS.includes(path) && service.get('/Type') === TYPE_GENSET;
}

function accountOf(path: string, knowledge: Knowledge): Account {
  const { decision, hours, alarms, alarmInputs } = knowledge;
  if (isAboutGenset(path, knowledge)) return { rule: GENSET_RULE, notes: [], changes: [] };
  const alarm = ALARM_TEXTS[path];
  if (alarm !== undefined) return explainAlarm(alarm, alarms, alarmInputs);
  if (HOUR_PATHS.includes(path)) return explainHours(hours);
  switch (path) {
    case '/NextTestRun':
    case '/SkipTestRun':
      return explainTestRun(decision);
    case '/QuietHours':
      return explainQuietHours(decision);
    case '/Capabilities':
      return {
        rule: 'Bit 0: the inverter can be told to ignore its AC inputs, for warm-up and cool-down without load.',
        notes: [],
        changes: [],
      };
    default:
      return explainEngine(decision);
  }
}
