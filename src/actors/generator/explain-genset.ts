/** Which genset an instance is about, and why no other one. */
import type { ExplainedChoice } from '../../bus/explain.ts';
import type { ActorWorld } from '../../bus/gateway-context.ts';
import type { ServiceView } from '../../bus/service-view.ts';
import { isUsableGenset } from './genset.ts';

export const GENSET_PATHS: readonly string[] = [
  '/GensetService',
  '/GensetServiceType',
  '/GensetInstance',
  '/GensetProductId',
  '/MultipleGensets/GensetsDetected',
];

export const GENSET_RULE =
  'The genset of the lowest device instance that is connected and can be started from afar; one that runs is not left ' +
  'for another one, and DC gensets stay together.';

export function gensetChoice(world: ActorWorld, winner: string): ExplainedChoice {
  const others = ['genset', 'dcgenset'].flatMap(type => world.ofType(type)).filter(({ name }) => name !== winner);
  return {
    what: 'genset',
    winner,
    because: 'it has the lowest device instance of those that can be started, or was first and runs',
    losers: others.map(service => ({ candidate: service.name, reason: reasonOf(service) })),
  };
}

function reasonOf(service: ServiceView): string {
  if (service.get('/Connected') !== 1) return 'is not connected';
  if (!isUsableGenset(service)) return 'cannot be started from afar: it has no /RemoteStartModeEnabled';
  return `has device instance ${service.get('/DeviceInstance')}`;
}
