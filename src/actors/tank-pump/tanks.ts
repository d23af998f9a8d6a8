/** The tanks to choose from, and the one that is chosen: `com.victronenergy.tank/20` is the one of instance 20. */
import type { ActorWorld } from '../../bus/gateway-context.ts';
import type { ServiceView } from '../../bus/service-view.ts';
import { FLUIDS } from '../../schema/enums.ts';

/** `/Settings/Pump0/TankService` when there is none. */
export const NO_TANK = 'notanksensor';
/** Tanks shown at most. */
const TANK_LIMIT = 64;
const PREFIX = 'com.victronenergy.tank';

/** `/FluidType`, in words; gases in more of them. */
const FLUID_NAMES: Readonly<Record<number, string>> = {
  ...FLUIDS,
  8: 'Liquid Petroleum Gas (LPG)',
  9: 'Liquid Natural Gas (LNG)',
};

/** What a tank is chosen by → what a person calls it. */
export function availableTanks(world: ActorWorld): Record<string, string> {
  const tanks = world.ofType('tank').slice(0, TANK_LIMIT);
  return Object.fromEntries([[NO_TANK, 'No tank sensor'], ...tanks.flatMap(entryOf)]);
}

/** @returns undefined when it is not there: it may come back, and no other one is taken for it */
export function chosenTank(world: ActorWorld, setting: string): ServiceView | undefined {
  return world.ofType('tank').find(tank => keyOf(tank) === setting);
}

function entryOf(tank: ServiceView): [string, string][] {
  const key = keyOf(tank);
  return key === undefined ? [] : [[key, nameOf(tank)]];
}

function keyOf(tank: ServiceView): string | undefined {
  const instance = tank.get('/DeviceInstance');
  return typeof instance === 'number' ? `${PREFIX}/${instance}` : undefined;
}

function nameOf(tank: ServiceView): string {
  const names = [tank.get('/CustomName'), tank.get('/DeviceName'), tank.get('/Mgmt/Connection')];
  const name = names.find(one => typeof one === 'string' && one !== '') ?? tank.name;
  const fluid = FLUID_NAMES[Number(tank.get('/FluidType') ?? Number.NaN)];
  return fluid === undefined ? String(name) : `${fluid} on ${name}`;
}
