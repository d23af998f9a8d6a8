/** What a BMS asks for, and what is made of it: some batteries are known to need something else than they say. */
import type { Maybe } from '../../arithmetic.ts';
import type { SeenDevice } from '../../picture.ts';
import { roundTo } from '../../rounding.ts';

/** Paths of a battery that DVCC reads. */
export const BMS_PATHS = [
  '/ProductId',
  '/Info/MaxChargeVoltage',
  '/Info/MaxChargeCurrent',
  '/Info/MaxDischargeCurrent',
  '/Info/BatteryLowVoltage',
  '/InstalledCapacity',
  '/Dc/0/Voltage',
  '/System/MinCellVoltage',
  '/System/MaxCellVoltage',
  '/Capabilities/ChargeVoltageControl',
] as const;

export interface Bms {
  readonly productId: Maybe;
  /** Charge voltage limit. Volts. */
  readonly chargeVoltage: number;
  /** Charge current limit. Amperes. */
  readonly chargeCurrent: Maybe;
  /** Ampere hours. */
  readonly capacity: Maybe;
  readonly volts: Maybe;
  readonly minCell: Maybe;
  readonly maxCell: Maybe;
  /** The BMS lowers its charge voltage by itself when cells differ. */
  readonly controlsVoltage: boolean;
}

/** @returns undefined when the battery does not tell a charge voltage: it has no BMS, or lost it */
export function bmsOf(battery: SeenDevice): Bms | undefined {
  const chargeVoltage = battery.number('/Info/MaxChargeVoltage');
  if (chargeVoltage === null) return undefined;
  return {
    productId: battery.number('/ProductId'),
    chargeVoltage,
    chargeCurrent: battery.number('/Info/MaxChargeCurrent'),
    capacity: battery.number('/InstalledCapacity'),
    volts: battery.number('/Dc/0/Voltage'),
    minCell: battery.number('/System/MinCellVoltage'),
    maxCell: battery.number('/System/MaxCellVoltage'),
    controlsVoltage: battery.number('/Capabilities/ChargeVoltageControl') === 1,
  };
}

/** What a behaviour remembers from step to step. */
export interface BmsMemory {
  /** Filtered charge voltage of Pylontech batteries of 15 cells. Volts. */
  cellVolts: number;
}

export const startBmsMemory = (): BmsMemory => ({ cellVolts: PYLONTECH_15.start });

/** How a product is treated. What is left out is taken as the BMS says. */
export interface Behaviour {
  /** In words, for who asks why. */
  readonly about: string;
  readonly chargeVoltage?: (bms: Bms, memory: BmsMemory) => number;
  readonly chargeCurrent?: (bms: Bms, limit: number) => number;
  /** A charge current of 0 means that all chargers must stop, whatever feeds the loads. */
  readonly stopsAtZero?: true;
  /** A changed charge voltage goes to the chargers at once. */
  readonly isQuick?: true;
}

const AS_IT_SAYS: Behaviour = { about: 'limits as the BMS says' };

const LG_MAX = 57.3;
const lg: Behaviour = {
  about: `LG: at most ${LG_MAX} V, as it trips at 58 V and feeding in adds up to 0.4 V`,
  chargeVoltage: bms => Math.min(bms.chargeVoltage, LG_MAX),
};

const BYD_FLOAT = { volts: 55, amperes: 40 };
const byd: Behaviour = {
  about: `BYD: asks for 0 A when full; it is held at ${BYD_FLOAT.volts} V with ${BYD_FLOAT.amperes} A then`,
  chargeVoltage: bms => (bms.chargeCurrent === 0 ? Math.min(BYD_FLOAT.volts, bms.chargeVoltage) : bms.chargeVoltage),
  chargeCurrent: (_, limit) => (limit === 0 ? BYD_FLOAT.amperes : limit),
};

/** Pylontech batteries tell their kind by the charge voltage: up to 20 V unknown, up to 30 V 8 cells, up to 54 V 15. */
const PYLONTECH_KIND = { unknown: 20, cells8: 30, cells15: 54, cells15Current: 55 };
const PYLONTECH_8 = { volts: 27.8, voltsWhenFull: 27.6, capacity: 55 };
const PYLONTECH_15 = {
  cells: 15,
  start: 52.5,
  min: 47,
  max: 52.8,
  /** What the highest cell is driven to. */
  maxCell: 3.52,
  /** Volts of the battery for each volt that the highest cell is below that. */
  gain: 16,
  /** Part of the filtered voltage that stays in each step. */
  keep: 0.95,
  /** Without cell voltages. */
  plain: 52.4,
  capacity: 25,
};
/** The least charge current, as part of the capacity: the batteries ask for 0 A when full. */
const PYLONTECH_MIN_RATE = 1 / 4;
/** Below this a charge current counts as 0. */
const NO_CURRENT = 0.1;

const pylontech: Behaviour = {
  about:
    'Pylontech: lowers its charge current to 0 when full; held a little below its charge voltage, led by the highest cell, with at least a quarter of its capacity as current',
  chargeVoltage: (bms, memory) => {
    const volts = bms.chargeVoltage;
    if (bms.controlsVoltage || volts > PYLONTECH_KIND.cells15 || volts <= PYLONTECH_KIND.unknown) return volts;
    if (volts >= PYLONTECH_KIND.cells8) return Math.min(volts, pylontechByCells(bms, memory));
    const isFull = bms.chargeCurrent !== null && bms.chargeCurrent < NO_CURRENT;
    return Math.min(volts, isFull ? PYLONTECH_8.voltsWhenFull : PYLONTECH_8.volts);
  },
  chargeCurrent: (bms, limit) => {
    const volts = bms.chargeVoltage;
    if (bms.controlsVoltage || volts > PYLONTECH_KIND.cells15Current || volts <= PYLONTECH_KIND.unknown) return limit;
    const usual = volts < PYLONTECH_KIND.cells8 ? PYLONTECH_8.capacity : PYLONTECH_15.capacity;
    return Math.max(limit, roundTo((bms.capacity || usual) * PYLONTECH_MIN_RATE));
  },
};

/** Leads the highest of 15 cells to its voltage, with less when the cells lean to one side, and slowly. */
function pylontechByCells({ volts, minCell, maxCell }: Bms, memory: BmsMemory): number {
  if (volts === null || minCell === null || maxCell === null) return PYLONTECH_15.plain;
  const spread = Math.max(0, maxCell - minCell);
  const lean = spread === 0 ? 0 : (volts / PYLONTECH_15.cells - spread / 2) / spread;
  const skew = Math.min(0.5, Math.max(-0.5, lean));
  const target = volts + PYLONTECH_15.gain * (PYLONTECH_15.maxCell - maxCell) - skew * spread;
  const bounded = Math.max(PYLONTECH_15.min, Math.min(PYLONTECH_15.max, target));
  memory.cellVolts = PYLONTECH_15.keep * memory.cellVolts + (1 - PYLONTECH_15.keep) * bounded;
  return roundTo(memory.cellVolts, 2);
}

const PELIO = { volts: 56, voltsWhenFull: 55.2, capacity: 100, minRate: 1 / 5 };
const pelio: Behaviour = {
  about: `Pylontech Pelio: at most ${PELIO.volts} V, ${PELIO.voltsWhenFull} V when it asks for 0 A, with at least a fifth of its capacity as current`,
  chargeVoltage: bms => {
    const isFull = bms.chargeCurrent !== null && bms.chargeCurrent < NO_CURRENT;
    return Math.min(bms.chargeVoltage, isFull ? PELIO.voltsWhenFull : PELIO.volts);
  },
  chargeCurrent: (bms, limit) => Math.max(limit, roundTo((bms.capacity || PELIO.capacity) * PELIO.minRate)),
};

const lynx: Behaviour = {
  about: 'Lynx Smart BMS: all chargers stop at 0 A, a changed charge voltage goes out at once',
  stopsAtZero: true,
  isQuick: true,
};

/** Product of the battery → how it is treated. Source: behaviour of the stock program, fact sheet canbms. */
const BEHAVIOURS: ReadonlyMap<number, Behaviour> = new Map([
  [0xb004, lg],
  [0xb009, pylontech],
  [0xb00a, byd],
  [0xb015, byd],
  [0xb019, byd],
  [0xb029, pelio],
  // A parallel system, Smart BMS NG 500, 500, 1000, NG 1000.
  [0xa3e3, lynx],
  [0xa3e4, lynx],
  [0xa3e5, lynx],
  [0xa3e6, lynx],
  [0xa3e7, lynx],
]);

export function behaviourOf(bms: Pick<Bms, 'productId'>): Behaviour {
  return (bms.productId === null ? undefined : BEHAVIOURS.get(bms.productId)) ?? AS_IT_SAYS;
}
