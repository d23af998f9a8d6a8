/** How Dynamic ESS leads a system of Multi RS: by the power at its AC input. */
import type { Maybe } from '../../arithmetic.ts';
import type { Outcome } from '../../outcome.ts';
import type { SeenDevice } from '../../picture.ts';
import { put, putFlag } from '../dvcc/chargers.ts';
import type { Orders } from './orders.ts';
import type { Plant } from './plant.ts';

export const RS_READS = [
  '/Connected',
  '/Capabilities/HasDynamicEssSupport',
  '/Settings/Ess/Mode',
  '/Settings/Ess/MinimumSocLimit',
  '/Ess/AcPowerSetpoint',
  '/Ess/InverterPowerSetpoint',
  '/Ess/UseInverterPowerSetpoint',
  '/Ess/DisableCharge',
  '/Ess/DisableDischarge',
  '/Ess/DisableFeedIn',
] as const;

/** @param solarChargers what solar chargers outside of the Multi RS make. Watts */
export function rsOrders(out: Outcome, system: SeenDevice, plant: Plant, solarChargers: number): Orders {
  const { acSolar, dcSolar, consumption, efficiency } = plant;
  const lead = (mayFeedIn: boolean | null, setpoint: number, isHeld = false): void => {
    putFlag(out, system, '/Ess/DisableFeedIn', Number(mayFeedIn === false));
    putFlag(out, system, '/Ess/UseInverterPowerSetpoint', 0);
    putFlag(out, system, '/Ess/DisableDischarge', Number(isHeld));
    putFlag(out, system, '/Ess/DisableCharge', Number(isHeld));
    put(out, system, '/Ess/AcPowerSetpoint', setpoint);
  };
  const withinGrid = (setpoint: number): number =>
    setpoint < 0 ? -atMost(-setpoint, plant.exportLimit) : atMost(setpoint, plant.importLimit);
  const withoutFeedIn = (setpoint: number, mayFeedIn: boolean): number =>
    mayFeedIn ? setpoint : Math.max(0, setpoint);
  return {
    charge(window, power) {
      const fast = window.isFast && plant.chargeLimit !== null ? plant.chargeLimit : power;
      const wanted = atMost(fast, plant.chargeLimit);
      const rate = window.keepsGrid ? Math.min(wanted, dcSolar + acSolar * efficiency) : wanted;
      // What goes through the inverter loses on its way, in either direction.
      const setpoint = consumption - acSolar - dcSolar / efficiency + rate / efficiency;
      lead(window.mayFeedIn, withinGrid(withoutFeedIn(setpoint, window.mayFeedIn)));
    },
    discharge(window, power) {
      const wanted = window.keepsBattery ? Math.min(power, consumption / efficiency) : power;
      const rate = atMost(wanted, plant.dischargeLimit);
      const setpoint = consumption - acSolar - (dcSolar + rate) * efficiency;
      lead(window.mayFeedIn, withinGrid(withoutFeedIn(setpoint, window.mayFeedIn)));
    },
    idle(mayFeedIn) {
      // Without other chargers at the battery it can be held by force, which is steadier.
      lead(mayFeedIn, withinGrid(consumption - acSolar - dcSolar * efficiency), Math.ceil(solarChargers) === 0);
    },
    selfConsume(_, mayFeedIn) {
      lead(mayFeedIn, 0);
    },
    release() {
      lead(null, 0);
      put(out, system, '/Ess/InverterPowerSetpoint', 0);
    },
  };
}

function atMost(watts: number, limit: Maybe): number {
  return limit === null ? watts : Math.min(watts, limit);
}
