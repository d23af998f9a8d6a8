/** Why temperature relays are on or off: sensor by sensor, and what would have to change. */
import { type Explanation, explainedInputs } from '../../bus/explain.ts';
import type { ActorWorld } from '../../bus/gateway-context.ts';
import type { ServiceView } from '../../bus/service-view.ts';
import { LOSS_MS, type Sensor, TEMPERATURE_PATHS } from './sensor.ts';

/** @returns undefined for a path that there is not */
export function explainTemperatures(
  path: string,
  service: ServiceView,
  sensors: readonly Sensor[],
  world: ActorWorld,
  now: number,
): Explanation | undefined {
  if (!service.has(path)) return undefined;
  const id = /^\/Sensor\/([^/]+)\//.exec(path)?.[1];
  const asked = id === undefined ? sensors : sensors.filter(sensor => sensor.id === id);
  const items = asked.flatMap(sensor =>
    (TEMPERATURE_PATHS[world.service(sensor.service)?.type ?? ''] ?? []).map(one => [sensor.service, one] as const),
  );
  const told = asked.flatMap(sensor => sensor.tell());
  return {
    service: service.name,
    path,
    value: service.get(path),
    topic: 'temperature-relay',
    about: 'relays by temperatures',
    rule:
      'A relay is on while any condition of any sensor wants it: from one temperature on, until another one. Without a ' +
      `temperature conditions stay as they are for ${LOSS_MS / 1000} s.`,
    computedMsAgo: 0,
    inputs: explainedInputs(world, items, now),
    choices: [],
    notes: told.map(({ note }) => note),
    changes: told.flatMap(({ change }) => change ?? []),
  };
}
