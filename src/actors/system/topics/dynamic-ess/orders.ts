/** How Dynamic ESS gives its orders, to the kind of system that is there. */
import type { Maybe } from '../../arithmetic.ts';
import type { Outcome } from '../../outcome.ts';
import type { Picture } from '../../picture.ts';
import { feedInExcess, forceCharge, limitDischarge, NO_LIMIT, setPoint } from '../ess/overrides.ts';
import type { Plant } from './plant.ts';
import type { Window } from './windows.ts';

export const MAX_FEED_IN = '/Settings/CGwacs/MaxFeedInPower';

/** Stands for no limit of feeding in. Watts. */
const UNLIMITED_FEED_IN = 96_000;
/** Lets excess of the DC side through when nothing of the battery may go. Watts. */
const TRICKLE = 1;
/** Charge power below this is not asked for. Watts. */
const LEAST_CHARGE = 50;

/** What a system can be told. Powers in watts. */
export interface Orders {
  charge(window: Window, power: number): void;
  /** @param power positive */
  discharge(window: Window, power: number): void;
  /** Neither charge nor discharge. */
  idle(mayFeedIn: boolean): void;
  /** As an ESS without a plan. @param mayFeedIn null for the setting of the user */
  selfConsume(window: Window | undefined, mayFeedIn: boolean | null): void;
  /** Leaves the system to itself. */
  release(): void;
}

/** The charge power that the inverter/charger is limited to, for DVCC. Watts; null for no limit. */
export interface ChargePower {
  watts: Maybe;
}

/** Orders for a VE.Bus system, by com.victronenergy.hub4 and DVCC. */
export function vebusOrders(look: Picture, out: Outcome, plant: Plant, bmsPower: Maybe, dvcc: ChargePower): Orders {
  const limitCharge = (watts: Maybe): void => {
    dvcc.watts = watts === null ? null : Math.max(watts, LEAST_CHARGE);
  };
  const orders: Orders = {
    charge(window, power) {
      if (power < plant.dcSolar && !window.isFast) {
        // The sun alone makes more: what is too much goes out, as a discharge less than nothing.
        orders.discharge(window, -power);
        return;
      }
      feedInExcess(look, out, window.mayFeedIn);
      setPoint(look, out, null);
      forceCharge(look, out, true);
      limitDischarge(look, out, NO_LIMIT);
      const limit = plant.chargeLimit;
      // Full power is given when the battery itself keeps to the limit of the user.
      const isFree = window.isFast && (limit === null || bmsPower === null || bmsPower <= limit);
      const wanted = window.isFast && limit !== null ? limit : power;
      limitCharge(isFree ? null : Math.max(0, wanted - plant.dcSolar));
    },
    discharge(window, power) {
      feedInExcess(look, out, window.mayFeedIn);
      limitCharge(null);
      forceCharge(look, out, false);
      if (!window.mayFeedIn) {
        setPoint(look, out, null);
        limitDischarge(look, out, NO_LIMIT);
        return;
      }
      setPoint(look, out, -feedInLimit(look, plant));
      const withSun = Math.max(TRICKLE, power + plant.dcSolar);
      const forLoads = plant.dcSolar + plant.consumption + TRICKLE;
      if (window.isFast) limitDischarge(look, out, NO_LIMIT);
      else limitDischarge(look, out, window.keepsBattery ? Math.min(withSun, forLoads) : withSun);
    },
    idle(mayFeedIn) {
      feedInExcess(look, out, mayFeedIn);
      limitCharge(null);
      forceCharge(look, out, false);
      limitDischarge(look, out, Math.max(TRICKLE, plant.dcSolar));
      setPoint(look, out, mayFeedIn ? -feedInLimit(look, plant) : 0);
    },
    selfConsume(window, mayFeedIn) {
      feedInExcess(look, out, mayFeedIn);
      setPoint(look, out, null);
      forceCharge(look, out, false);
      limitCharge(window?.keepsGrid === true ? plant.acSolar : null);
      limitDischarge(look, out, NO_LIMIT);
    },
    release() {
      orders.selfConsume(undefined, null);
    },
  };
  return orders;
}

/** The lower limit counts, of the user for ESS and for Dynamic ESS. Watts. */
function feedInLimit(look: Picture, { exportLimit }: Plant): number {
  const ofEss = look.setting(MAX_FEED_IN) ?? -1;
  if (ofEss < 0) return exportLimit ?? UNLIMITED_FEED_IN;
  return exportLimit === null ? ofEss : Math.min(exportLimit, ofEss);
}
