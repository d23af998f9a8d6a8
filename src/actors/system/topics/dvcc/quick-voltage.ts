import type { Picture } from '../../picture.ts';
import { defineTopic } from '../../topic.ts';
import { bmsChoice } from '../bms-choice.ts';
import { FEED_IN_SETTINGS } from '../ess/assistant.ts';
import { vebusChoice } from '../vebus-choice.ts';
import { BMS_PATHS, behaviourOf, startBmsMemory } from './bms.ts';
import { chargeVoltage } from './charge-voltage.ts';
import { CHARGER_READS, chargersOf } from './chargers.ts';
import { CONTROL_ALL_MULTIS, DVCC_SETTING } from './dvcc.ts';
import {
  ACCESS_LEVEL,
  chargeVoltageOf,
  MAX_CHARGE_VOLTAGE,
  offset,
  SOLAR_VOLTAGE_OFFSET,
  VEBUS_VOLTAGE_OFFSET,
} from './limits.ts';
import { setVoltage, VECAN_READS } from './steering.ts';
import { VEBUS_READS, writeVoltage } from './vebus.ts';

/** However often the BMS changes its mind. Milliseconds. */
const LEAST_MS = 1_000;

interface Memory {
  /** The charge voltage that was last told, of which battery, and when on the monotonic clock. */
  battery: string | null;
  volts: number | null;
  at: number;
}

/** A charge voltage that must not wait for the next step of DVCC. */
export const quickVoltage = defineTopic<undefined, Memory>({
  name: 'quick-voltage',
  about: `Some BMS lower their charge voltage to protect a cell: it goes to all chargers at once, at most once in ${LEAST_MS / 1000} s. DVCC repeats it.`,
  reads: {
    devices: { battery: ['/ProductId', '/Info/MaxChargeVoltage'] },
    besides: { ...CHARGER_READS, vebus: VEBUS_READS, battery: BMS_PATHS, vecan: VECAN_READS },
    settings: [DVCC_SETTING, CONTROL_ALL_MULTIS, MAX_CHARGE_VOLTAGE, ACCESS_LEVEL, ...FEED_IN_SETTINGS],
    own: [SOLAR_VOLTAGE_OFFSET, VEBUS_VOLTAGE_OFFSET],
    topics: [vebusChoice, bmsChoice],
  },
  publishes: {},
  start: () => ({ battery: null, volts: null, at: Number.NEGATIVE_INFINITY }),
  compute(look, out, memory) {
    const battery = quickBms(look);
    const told = battery?.number('/Info/MaxChargeVoltage') ?? null;
    const isNew = (battery?.name ?? null) !== memory.battery;
    if (isNew || told === memory.volts || battery === undefined) {
      // A battery that appears is for DVCC to take up.
      memory.battery = battery?.name ?? null;
      memory.volts = told;
      return undefined;
    }
    const wait = memory.at + LEAST_MS - look.monotonicMs;
    if (wait > 0) {
      out.again(wait);
      return undefined;
    }
    memory.volts = told;
    memory.at = look.monotonicMs;
    const vebus = look.device(look.result(vebusChoice).service);
    const chargers = chargersOf(look);
    const volts = chargeVoltageOf(look, battery, startBmsMemory());
    const voltage = chargeVoltage(look, vebus, chargers.inverters, volts, offset(look, SOLAR_VOLTAGE_OFFSET));
    setVoltage(look, out, chargers, volts, voltage);
    if (volts !== null) writeVoltage(look, out, volts, look.setting(CONTROL_ALL_MULTIS) === 1);
    return undefined;
  },
});

/** The BMS that steers, when DVCC is on and it is one of those. */
function quickBms(look: Picture): ReturnType<Picture['device']> {
  if (((look.setting(DVCC_SETTING) ?? 0) & 1) === 0) return undefined;
  const battery = look.device(look.result(bmsChoice).bms);
  if (battery === undefined) return undefined;
  return behaviourOf({ productId: battery.number('/ProductId') }).isQuick === true ? battery : undefined;
}
