/** The limits that hold for the whole system: of the BMS, of a VE.Bus BMS, and of the user. The lowest counts. */
import type { Maybe } from '../../arithmetic.ts';
import type { Picture, SeenDevice } from '../../picture.ts';
import { type BmsMemory, behaviourOf, bmsOf } from './bms.ts';
import { hasVebusBms, hasVebusBmsV2 } from './vebus.ts';

export const MAX_CHARGE_CURRENT = '/Settings/SystemSetup/MaxChargeCurrent';
export const MAX_CHARGE_VOLTAGE = '/Settings/SystemSetup/MaxChargeVoltage';
export const ACCESS_LEVEL = '/Settings/System/AccessLevel';

/** Offsets for developers: written by clients, heeded from this access level on. */
const DEVELOPER = 3;
export const CURRENT_OFFSET = '/Debug/BatteryOperationalLimits/CurrentOffset';
export const SOLAR_VOLTAGE_OFFSET = '/Debug/BatteryOperationalLimits/SolarVoltageOffset';
export const VEBUS_VOLTAGE_OFFSET = '/Debug/BatteryOperationalLimits/VebusVoltageOffset';

/** What a VE.Bus BMS that allows charging stands for: it knows no limit. Amperes. */
const UNLIMITED = 10_000;

export interface Limits {
  /** Chargers are to expect a BMS from now on. */
  readonly hasBms: boolean;
  /** Charge voltage of the battery. Volts. */
  readonly volts: Maybe;
  /** Charge current of the battery. Amperes. */
  readonly amperes: Maybe;
  /** At 0 A all chargers stop, also those that feed loads. */
  readonly stopsAtZero: boolean;
}

/**
 * @param battery the BMS that steers
 * @param vebus the main VE.Bus system
 */
export function limitsOf(
  look: Picture,
  battery: SeenDevice | undefined,
  vebus: SeenDevice | undefined,
  memory: BmsMemory,
): Limits {
  const volts = chargeVoltageOf(look, battery, memory);
  const ofBms = chargeCurrentOf(look, battery);
  if (!hasVebusBms(vebus)) {
    const stopsAtZero = battery !== undefined && behaviourOf({ productId: battery.number('/ProductId') }).stopsAtZero;
    return {
      hasBms: battery !== undefined,
      volts,
      amperes: lower(ofBms, userCurrent(look)),
      stopsAtZero: stopsAtZero === true,
    };
  }
  const allowed = vebus.number('/Bms/AllowToCharge') !== 0;
  look.note(() => `the VE.Bus BMS ${allowed ? 'allows' : 'does not allow'} charging`);
  return {
    hasBms: battery !== undefined || hasVebusBmsV2(vebus),
    volts,
    amperes: lower(allowed ? UNLIMITED : 0, userCurrent(look)),
    stopsAtZero: true,
  };
}

/** The charge voltage of the BMS as its product wants it, no more than the user allows; null without a BMS. */
export function chargeVoltageOf(look: Picture, battery: SeenDevice | undefined, memory: BmsMemory): Maybe {
  const bms = battery === undefined ? undefined : bmsOf(battery);
  if (bms === undefined) return null;
  const behaviour = behaviourOf(bms);
  look.note(() => behaviour.about);
  const asked = behaviour.chargeVoltage?.(bms, memory) ?? bms.chargeVoltage;
  // Only of what a BMS tells: a voltage of the user alone would have a VE.Bus system wait for a BMS for ever.
  const user = look.setting(MAX_CHARGE_VOLTAGE) ?? 0;
  if (user > 0 && user < asked) look.note(() => `the user allows ${user} V`);
  return (user > 0 ? Math.min(asked, user) : asked) + offset(look, VEBUS_VOLTAGE_OFFSET);
}

function chargeCurrentOf(look: Picture, battery: SeenDevice | undefined): Maybe {
  const bms = battery === undefined ? undefined : bmsOf(battery);
  if (bms === undefined || bms.chargeCurrent === null) return null;
  const asked = behaviourOf(bms).chargeCurrent?.(bms, bms.chargeCurrent) ?? bms.chargeCurrent;
  return asked + offset(look, CURRENT_OFFSET);
}

/** Null when the user sets none. */
function userCurrent(look: Picture): Maybe {
  const amperes = look.setting(MAX_CHARGE_CURRENT);
  if (amperes === null || amperes < 0) return null;
  look.note(() => `the user allows ${amperes} A`);
  return amperes;
}

/** What a developer adds. 0 for everybody else. */
export function offset(look: Picture, path: string): number {
  if ((look.setting(ACCESS_LEVEL) ?? 0) < DEVELOPER) return 0;
  return look.ownNumber(path) ?? 0;
}

function lower(a: Maybe, b: Maybe): Maybe {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
