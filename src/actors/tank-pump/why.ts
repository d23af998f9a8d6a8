/** Why the pump runs or stands still, and what would have to change. */
import { type Explanation, explainedInputs } from '../../bus/explain.ts';
import type { ActorWorld } from '../../bus/gateway-context.ts';
import type { ServiceView } from '../../bus/service-view.ts';
import { SETTINGS_SERVICE } from '../../bus/settings-client.ts';
import { LOSS_MS, MODE, type PumpInputs, type PumpState } from './pump-decision.ts';

export interface PumpKnowledge {
  readonly service: ServiceView;
  readonly world: ActorWorld;
  readonly inputs: PumpInputs;
  /** Undefined until the relay has told how it stands. */
  readonly state: PumpState | undefined;
  /** Service of the tank; undefined when it is not there. */
  readonly tank: string | undefined;
  /** Monotonic, milliseconds. */
  readonly now: number;
}

/** @returns undefined for a path that there is not */
export function explainPump(path: string, knowledge: PumpKnowledge): Explanation | undefined {
  const { service, world, inputs, tank, now } = knowledge;
  if (!service.has(path)) return undefined;
  const settings = ['Mode', 'StartValue', 'StopValue', 'TankService'].map(
    name => [SETTINGS_SERVICE, `/Settings/Pump0/${name}`] as const,
  );
  const { startLevel, stopLevel } = inputs;
  return {
    service: service.name,
    path,
    value: service.get(path),
    topic: 'tank-pump',
    about: startLevel > stopLevel ? 'a pump that empties a tank' : 'a pump that fills a tank',
    rule:
      `By hand as the mode says; else it starts at ${startLevel} % and stops at ${stopLevel} %. ` +
      `Without a level a running pump goes on for ${LOSS_MS / 1000} s. Without a tank it stands still.`,
    computedMsAgo: 0,
    inputs: explainedInputs(world, [...settings, ...(tank === undefined ? [] : [[tank, '/Level'] as const])], now),
    choices: [],
    notes: [situation(knowledge)],
    changes: [change(knowledge)],
  };
}

function situation({ inputs, state }: PumpKnowledge): string {
  const does = state === undefined ? 'Nothing is known of its relay' : state.running ? 'It runs' : 'It stands still';
  if (!inputs.hasTank) return `${does}: no tank is chosen.`;
  if (inputs.mode === MODE.on) return `${does}: it is switched on by hand.`;
  if (inputs.mode === MODE.off) return `${does}: it is switched off by hand.`;
  if (inputs.level !== null) return `${does}: the tank is at ${inputs.level} %.`;
  const missing = Math.floor((state?.missingMs ?? 0) / 1000);
  return state?.running ? `${does}, without a level for ${missing} s.` : `${does}: the tank does not tell its level.`;
}

function change({ inputs, state }: PumpKnowledge): string {
  if (!inputs.hasTank) return 'It works when the setting TankService names a tank.';
  if (inputs.mode !== MODE.auto) return 'It goes by the level when the setting Mode is 0.';
  const running = state?.running === true;
  const limit = running ? inputs.stopLevel : inputs.startLevel;
  const rises = inputs.startLevel > inputs.stopLevel !== running;
  return `It ${running ? 'stops' : 'starts'} when the tank ${rises ? 'rises' : 'falls'} to ${limit} %.`;
}
