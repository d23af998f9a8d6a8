/** Which system follows the plan, and whether it can. */
import type { Maybe } from '../../arithmetic.ts';
import type { Outcome } from '../../outcome.ts';
import type { Picture, SeenDevice } from '../../picture.ts';
import { bmsChoice } from '../bms-choice.ts';
import { hasEss } from '../ess/assistant.ts';
import { LIFE, LIFE_STATE } from '../ess/battery-life.ts';
import { vebusChoice } from '../vebus-choice.ts';
import { ERROR, type Memory } from './memory.ts';
import { type Orders, vebusOrders } from './orders.ts';
import type { Plant } from './plant.ts';
import { rsOrders } from './rs-orders.ts';

export const HUB4_MODE = '/Settings/CGwacs/Hub4Mode';
const EXTERNAL_CONTROL = 3;
const RS_OPTIMIZED: readonly (number | null)[] = [0, 1];

/** The one of the lowest instance that is connected, where 0 counts as the highest: it favours Multi RS. */
export function essOf(look: Picture): SeenDevice | undefined {
  return look.choose([...look.devices('vebus'), ...look.devices('acsystem')], {
    what: 'ESS that follows the plan',
    name: device => device.name,
    objections: [device => (device.number('/Connected') === 1 ? undefined : 'it is not connected')],
    rank: device => [device.instance === 0 ? 0xff : device.instance],
    because: 'the lowest device instance, 0 last',
  });
}

export function isAvailable(look: Picture, ess: SeenDevice | undefined): boolean {
  if (ess?.type === 'vebus') return hasEss(look.device(look.result(vebusChoice).service));
  return ess?.number('/Capabilities/HasDynamicEssSupport') === 1;
}

export function ordersFor(look: Picture, out: Outcome, ess: SeenDevice, plant: Plant, memory: Memory): Orders {
  if (ess.type === 'vebus') return vebusOrders(look, out, plant, bmsPower(look), memory.power);
  const solarChargers = look
    .devices('solarcharger')
    .reduce((sum, charger) => sum + (charger.number('/Yield/Power') ?? 0), 0);
  return rsOrders(out, ess, plant, solarChargers);
}

/** What the BMS lets the battery be charged with. Watts. */
function bmsPower(look: Picture): Maybe {
  const bms = look.device(look.result(bmsChoice).bms);
  const amperes = bms?.number('/Info/MaxChargeCurrent') ?? null;
  const volts = bms?.number('/Info/MaxChargeVoltage') ?? null;
  return amperes === null || volts === null ? null : amperes * volts;
}

/** Why no plan can be followed; ERROR.none when it can. */
export function errorOf(look: Picture, ess: SeenDevice | undefined, plant: Plant): number {
  if (plant.capacity <= 0) return ERROR.noCapacity;
  if (ess === undefined) return ERROR.noEss;
  if (look.ownNumber('/Dc/Battery/Soc') === null) return ERROR.socLow;
  if (ess.type === 'vebus') {
    if (!isAvailable(look, ess)) return ERROR.noEss;
    if (look.setting(LIFE_STATE) === LIFE.keepCharged || look.setting(HUB4_MODE) === EXTERNAL_CONTROL)
      return ERROR.essMode;
  } else if (!RS_OPTIMIZED.includes(ess.number('/Settings/Ess/Mode'))) return ERROR.essMode;
  return minimumSoc(look, ess) === null ? ERROR.socLow : ERROR.none;
}

/** The state of charge down to which ESS discharges. Percent. */
export function minimumSoc(look: Picture, ess: SeenDevice): Maybe {
  return ess.type === 'vebus' ? look.ownNumber('/Control/ActiveSocLimit') : ess.number('/Settings/Ess/MinimumSocLimit');
}
