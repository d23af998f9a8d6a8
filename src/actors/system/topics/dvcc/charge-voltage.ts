/** Which voltage the solar chargers get: they may have to go above that of the BMS, for the excess to be fed in. */
import { add, type Maybe } from '../../arithmetic.ts';
import type { Picture, SeenDevice } from '../../picture.ts';
import { mayFeedIn } from '../ess/assistant.ts';
import type { Charger } from './chargers.ts';

/** How far a VE.Bus system may have its solar chargers above the voltage of the BMS. Volts. */
const OFFSET_LIMIT = 0.4;
/** What is added in the charge states while feeding in: chargers that measure a little low would stop else. Volts. */
const FEED_IN_OFFSET = 0.1;
/** Bulk, absorption, float. */
const CHARGE_STATES: readonly Maybe[] = [3, 4, 5];

export interface ChargeVoltage {
  /** For the chargers. Volts. */
  readonly chargers: Maybe;
  /** For the VE.Can interfaces, whose devices add their own offset. Volts. */
  readonly vecan: Maybe;
}

/**
 * @param vebus the main VE.Bus system
 * @param bmsVolts charge voltage of the BMS, after its behaviour and the limit of the user
 * @param debugOffset what a developer adds. Volts
 */
export function chargeVoltage(
  look: Picture,
  vebus: SeenDevice | undefined,
  inverters: readonly Charger[],
  bmsVolts: Maybe,
  debugOffset: number,
): ChargeVoltage {
  const { chargers, vecan } = withoutOffset(look, vebus, inverters, bmsVolts);
  return {
    chargers: chargers === null ? null : chargers + debugOffset,
    vecan: vecan === null ? null : vecan + debugOffset,
  };
}

function withoutOffset(
  look: Picture,
  vebus: SeenDevice | undefined,
  inverters: readonly Charger[],
  bmsVolts: Maybe,
): ChargeVoltage {
  const hubVolts = vebus?.number('/Hub/ChargeVoltage') ?? null;
  if (vebus !== undefined && hubVolts !== null) {
    const volts = ofVebus(look, vebus, hubVolts, bmsVolts);
    return { chargers: volts, vecan: volts };
  }
  if (bmsVolts === null) {
    look.note(() => 'no BMS and no VE.Bus system tells a charge voltage: that of a Multi RS, when there is one');
    return { chargers: setpointOf(inverters), vecan: null };
  }
  look.note(() => `${bmsVolts} V of the BMS, and the solar offset of a Multi RS when there is one`);
  return { chargers: add(bmsVolts, lowest(inverters, solarOffset)), vecan: bmsVolts };
}

function ofVebus(look: Picture, vebus: SeenDevice, hubVolts: number, bmsVolts: Maybe): number {
  const told = vebus.number('/BatteryOperationalLimits/MaxChargeVoltage');
  let offset = told === null ? 0 : Math.max(0, Math.min(hubVolts - told, OFFSET_LIMIT));
  let above = 0;
  if (CHARGE_STATES.includes(vebus.number('/State')) && mayFeedIn(look, vebus)) {
    offset = Math.max(offset, FEED_IN_OFFSET);
    above = FEED_IN_OFFSET;
  }
  look.note(() => `the VE.Bus system asks for ${hubVolts} V, ${offset} V above the BMS are allowed`);
  // The limit follows a voltage that the BMS lowers at once; by way of the VE.Bus system it takes seconds.
  return bmsVolts === null ? hubVolts + above : Math.min(bmsVolts + offset, hubVolts + above);
}

/** Of several Multi RS in a network, the one with instance 0 speaks for the battery bank. */
function setpointOf(inverters: readonly Charger[]): Maybe {
  return lowest(inverters, device => {
    const setpoint = device.number('/Link/ChargeVoltageSetpoint');
    return setpoint === null ? null : add(setpoint, solarOffset(device));
  });
}

function solarOffset(device: SeenDevice): Maybe {
  return device.number('/Link/ChargeVoltageSolarOffset');
}

function lowest(inverters: readonly Charger[], value: (device: SeenDevice) => Maybe): Maybe {
  const values = inverters
    .filter(({ device }) => device.number('/N2kDeviceInstance') === 0)
    .flatMap(({ device }) => value(device) ?? []);
  return values.length === 0 ? null : Math.min(...values);
}
