/** Why a relay stands as it does: what it is for, who switches it, and what would have to change. */
import { activeAlarms } from '../../../bus/active-alarms.ts';
import { type Explanation, explainedInputs } from '../../../bus/explain.ts';
import type { ActorWorld } from '../../../bus/gateway-context.ts';
import type { ServiceView } from '../../../bus/service-view.ts';
import { SETTINGS_SERVICE } from '../../../bus/settings-client.ts';
import {
  functionSetting,
  polaritySetting,
  RELAY_FUNCTION,
  type RelayFunction,
} from '../../../schema/settings/relay.ts';

/** What each function is, and what switches the relay then. */
const FUNCTIONS: Readonly<Record<RelayFunction, readonly [what: string, how: string]>> = {
  disabled: ['not used', 'It is off, and writes to it are refused.'],
  alarm: ['for alarms', 'It is on while there is an alarm; with a polarity of "normally closed", while there is none.'],
  generator: ['for generator start/stop', 'It is on while the engine is to run: see generator.startstop0 /State.'],
  manual: ['switched by hand', 'It is as it was last written, here or as an output, also after a start.'],
  pump: ['for the tank pump', 'It is on while the pump is to run: see pump.startstop0 /State.'],
  temperature: ['for temperatures', 'It is on while a condition of a sensor wants it: see temprelay /State.'],
  opportunityLoad: [
    'for an opportunity load',
    'It is on while the program for such loads wants it; none is part of gxd.',
  ],
  gensetHelper: ['helping a connected genset', 'It is on while that is to run: see generator.startstop1 /State.'],
};

/** What drives the relay of each function, for the inputs of an explanation. */
const DRIVERS: Partial<Readonly<Record<RelayFunction, readonly [service: string, path: string]>>> = {
  generator: ['com.victronenergy.generator.startstop0', '/State'],
  gensetHelper: ['com.victronenergy.generator.startstop1', '/State'],
  pump: ['com.victronenergy.pump.startstop0', '/State'],
  temperature: ['com.victronenergy.temprelay', '/State'],
  alarm: ['com.victronenergy.platform', '/Notifications/Alarm'],
};

export interface RelayFacts {
  /** From 0. */
  readonly number: number;
  /** `/dev/gpio/relay_1` */
  readonly line: string;
  readonly duty: number;
  /** null when disabled, or when the line cannot be read. */
  readonly on: boolean | null;
  readonly inverted: boolean;
}

export function explainRelay(
  path: string,
  service: ServiceView,
  relay: RelayFacts,
  world: ActorWorld,
  now: number,
): Explanation {
  const { number, line, duty, on, inverted } = relay;
  const name = nameOf(duty);
  const [what, how] = name === undefined ? ['unknown', 'Nobody here switches it.'] : FUNCTIONS[name];
  const settings = [functionSetting(number), polaritySetting(number), `/Settings/Relay/${number}/InitialState`];
  const driver = name === undefined ? undefined : DRIVERS[name];
  const items = settings.map(setting => [SETTINGS_SERVICE, setting] as const);
  const state = on === null ? 'has no state' : on ? 'is on' : 'is off';
  const level = on === null ? '' : `; the line ${line} is ${on === inverted ? 'low' : 'high'}`;
  return {
    service: service.name,
    path,
    value: service.get(path),
    topic: 'relays',
    about: `relay ${number + 1} of the board`,
    rule: how,
    computedMsAgo: 0,
    inputs: explainedInputs(world, [...items, ...(driver === undefined ? [] : [driver])], now),
    choices: [],
    notes: [
      `It is ${what}, and ${state}${level}.`,
      ...(inverted ? ['Its polarity is "normally closed".'] : []),
      ...(name === 'alarm'
        ? activeAlarms(world).map(alarm => `Alarm: ${alarm.service} ${alarm.path} = ${alarm.value}.`)
        : []),
    ],
    changes:
      name === 'manual'
        ? [`It is switched by a write to /Relay/${number}/State.`]
        : [`It is for something else when ${functionSetting(number)} is changed.`],
  };
}

function nameOf(duty: number): RelayFunction | undefined {
  const names = Object.keys(RELAY_FUNCTION) as RelayFunction[]; // the keys of that very table
  return names.find(name => RELAY_FUNCTION[name] === duty);
}
