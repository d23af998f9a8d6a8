import type { Value } from '../../../../schema/row.ts';
import type { Maybe } from '../../arithmetic.ts';
import type { Outcome } from '../../outcome.ts';
import type { Picture, SeenDevice } from '../../picture.ts';
import { roundTo } from '../../rounding.ts';
import { defineTopic } from '../../topic.ts';
import { bmsChoice } from '../bms-choice.ts';
import { dynamicEss } from '../dynamic-ess/dynamic-ess.ts';
import { FEED_IN_SETTINGS, mayFeedIn } from '../ess/assistant.ts';
import { periodEnds } from '../ess/seconds-on.ts';
import { pvControl } from '../pv-control.ts';
import { vebusChoice } from '../vebus-choice.ts';
import { BMS_PATHS, type BmsMemory, startBmsMemory } from './bms.ts';
import { bmsLimits, type LimitsMemory, startLimitsMemory, stepTaken, waitForStep } from './bms-limits.ts';
import { chargeVoltage } from './charge-voltage.ts';
import { CHARGER_READS, type Chargers, chargersOf, wantsBms } from './chargers.ts';
import { type Filters, loadCurrent, startFilters, stepFilters } from './filters.ts';
import { type FirmwareMemory, isTooOld, startFirmwareMemory } from './firmware.ts';
import { steerWithoutDvcc } from './legacy.ts';
import {
  ACCESS_LEVEL,
  CURRENT_OFFSET,
  limitsOf,
  MAX_CHARGE_CURRENT,
  MAX_CHARGE_VOLTAGE,
  offset,
  SOLAR_VOLTAGE_OFFSET,
  VEBUS_VOLTAGE_OFFSET,
} from './limits.ts';
import { ACSYSTEM_READS, setCurrent, setNetworkMode, setVoltage, sumOf, VECAN_READS } from './steering.ts';
import {
  hasVebusBmsV2,
  limitWithoutBms,
  type MultiMemory,
  VEBUS_READS,
  writeCurrents,
  writeDischarge,
  writeVoltage,
} from './vebus.ts';

export const DVCC_SETTING = '/Settings/Services/Bol';
export const CONTROL_ALL_MULTIS = '/Settings/SystemSetup/DvccControlAllMultis';

/** Limits go out this often: chargers on VE.Direct must not be asked more often. Seconds. */
const PERIOD_S = 3;

/** Dynamic ESS repeats itself every 5 s; what it said is forgotten after this. Milliseconds. */
const PLAN_EXPIRY_MS = 9_000;

interface Memory {
  /** Seconds since there is something to steer. */
  seconds: number;
  readonly filters: Filters;
  readonly bms: BmsMemory;
  readonly limits: LimitsMemory;
  readonly multi: MultiMemory;
  readonly firmware: FirmwareMemory;
  /** As of the last step: other programs go by it. */
  isOn?: boolean;
}

/** Distributed voltage and current control. */
export const dvcc = defineTopic<undefined, Memory>({
  name: 'dvcc',
  about: `Leads all chargers by the limits of the BMS and of the user, every ${PERIOD_S} s, and at once when the BMS changes its own: the charge voltage to each, the charge current divided among them, solar first, then alternators, and what is left to the inverter/charger. Without DVCC solar chargers only follow the voltage of the VE.Bus system.`,
  reads: {
    devices: {
      ...CHARGER_READS,
      vebus: VEBUS_READS,
      battery: BMS_PATHS,
      vecan: VECAN_READS,
      acsystem: ACSYSTEM_READS,
    },
    settings: [
      DVCC_SETTING,
      CONTROL_ALL_MULTIS,
      MAX_CHARGE_CURRENT,
      MAX_CHARGE_VOLTAGE,
      ACCESS_LEVEL,
      ...FEED_IN_SETTINGS,
    ],
    own: [
      '/Dc/Battery/Voltage',
      '/Dc/System/Power',
      '/Dc/System/MeasurementType',
      CURRENT_OFFSET,
      SOLAR_VOLTAGE_OFFSET,
      VEBUS_VOLTAGE_OFFSET,
    ],
    topics: [vebusChoice, bmsChoice, bmsLimits, dynamicEss, pvControl],
  },
  publishes: {
    '/Control/Dvcc': 'DVCC is on, by the user or because the battery needs it',
    '/Control/EffectiveChargeVoltage':
      'charge voltage that the solar chargers got: that of the VE.Bus system as long as it is not too far above the BMS; without it that of the BMS, or of a Multi RS',
    '/Control/SolarChargeVoltage': 'chargers or VE.Can interfaces got a charge voltage',
    '/Control/SolarChargeCurrent': 'chargers got a charge current',
    '/Control/BmsParameters': 'the limits of the BMS went on to inverter/chargers or chargers',
    '/Control/MaxChargeCurrent': 'the charge current can be limited: there is no VE.Bus system, or it takes limits',
    '/Dc/Battery/ChargeVoltage': 'charge voltage of the BMS as its product wants it, no more than the user allows',
    '/Dvcc/Alarms/FirmwareInsufficient': 'a solar charger or the VE.Bus system is too old to be led',
    '/Dvcc/Alarms/MultipleBatteries': 'there is more than one battery with a BMS',
  },
  accepts: Object.fromEntries(
    [CURRENT_OFFSET, SOLAR_VOLTAGE_OFFSET, VEBUS_VOLTAGE_OFFSET].map(path => [path, { initial: 0, take: asNumber }]),
  ),
  everyMs: 1_000,
  onBeatOnly: true,
  wokenBy: [bmsLimits],
  start: () => ({
    seconds: 0,
    filters: startFilters(),
    bms: startBmsMemory(),
    limits: startLimitsMemory(),
    multi: {},
    firmware: startFirmwareMemory(),
  }),
  compute(look, out, memory) {
    const chargers = chargersOf(look);
    const vebus = look.device(look.result(vebusChoice).service);
    const isOn = ((look.setting(DVCC_SETTING) ?? 0) & 1) === 1;
    memory.isOn ??= isOn;
    const led = chargers.all.length + look.devices('vecan').length + look.devices('battery').length;
    if (led === 0) {
      look.note(() => 'there is neither a charger nor a battery nor a VE.Can interface to lead');
      show(out, NOTHING);
      out.set('/Control/Dvcc', Number(memory.isOn));
      return undefined;
    }
    const isInTurn = periodEnds(memory, look.beats, PERIOD_S);
    const wait = isOn ? waitForStep(look, memory.limits) : undefined;
    if (wait !== undefined && wait > 0) out.again(wait);
    const acts = isInTurn || wait === 0;
    if (isOn) stepFilters(memory.filters, chargers, vebus, look.beats);
    if (!acts && !look.isExplaining) {
      if (memory.seconds < PERIOD_S) show(out, NOTHING);
      else out.keep(...SHOWN);
      out.set('/Control/Dvcc', Number(memory.isOn));
      return undefined;
    }
    memory.isOn = isOn;
    stepTaken(look, memory.limits, isInTurn ? undefined : look.monotonicMs);
    out.set('/Control/Dvcc', Number(isOn));
    if (isOn) lead(look, out, chargers, vebus, memory);
    else {
      look.note(() => 'DVCC is off');
      const { voltage, current } = steerWithoutDvcc(look, out, chargers, vebus);
      show(out, { ...NOTHING, solarVoltage: voltage, solarCurrent: current });
    }
    return undefined;
  },
});

/** What came of one step. */
interface Shown {
  readonly effectiveVoltage: Maybe;
  readonly batteryVoltage: Maybe;
  readonly solarVoltage: boolean;
  readonly solarCurrent: boolean;
  readonly bmsParameters: boolean;
  readonly maxChargeCurrent: boolean;
  readonly oldFirmware: boolean;
  readonly severalBms: boolean;
}
const NOTHING: Shown = {
  effectiveVoltage: null,
  batteryVoltage: null,
  solarVoltage: false,
  solarCurrent: false,
  bmsParameters: false,
  maxChargeCurrent: false,
  oldFirmware: false,
  severalBms: false,
};
const SHOWN = [
  '/Control/EffectiveChargeVoltage',
  '/Control/SolarChargeVoltage',
  '/Control/SolarChargeCurrent',
  '/Control/BmsParameters',
  '/Control/MaxChargeCurrent',
  '/Dc/Battery/ChargeVoltage',
  '/Dvcc/Alarms/FirmwareInsufficient',
  '/Dvcc/Alarms/MultipleBatteries',
] as const;

function show(out: Outcome, shown: Shown): void {
  out.set('/Control/EffectiveChargeVoltage', shown.effectiveVoltage);
  out.set('/Control/SolarChargeVoltage', Number(shown.solarVoltage));
  out.set('/Control/SolarChargeCurrent', Number(shown.solarCurrent));
  out.set('/Control/BmsParameters', Number(shown.bmsParameters));
  out.set('/Control/MaxChargeCurrent', Number(shown.maxChargeCurrent));
  out.set('/Dc/Battery/ChargeVoltage', shown.batteryVoltage);
  out.set('/Dvcc/Alarms/FirmwareInsufficient', Number(shown.oldFirmware));
  out.set('/Dvcc/Alarms/MultipleBatteries', Number(shown.severalBms));
}

function lead(look: Picture, out: Outcome, chargers: Chargers, vebus: SeenDevice | undefined, memory: Memory): void {
  const alarms = {
    oldFirmware: isTooOld(chargers, vebus, memory.firmware),
    severalBms: look.result(bmsChoice).all.length > 1,
  };
  const battery = look.device(look.result(bmsChoice).bms);
  if (battery === undefined && chargers.all.some(wantsBms) && !hasVebusBmsV2(vebus)) {
    look.note(() => 'chargers have been led by a BMS, and it is gone: they are told nothing, and will stop');
    out.keep('/Control/BmsParameters', '/Control/MaxChargeCurrent');
    const { effectiveVoltage, batteryVoltage } = NOTHING;
    out.set('/Control/EffectiveChargeVoltage', effectiveVoltage);
    out.set('/Control/SolarChargeVoltage', 0);
    out.set('/Control/SolarChargeCurrent', 0);
    out.set('/Dc/Battery/ChargeVoltage', batteryVoltage);
    out.set('/Dvcc/Alarms/FirmwareInsufficient', Number(alarms.oldFirmware));
    out.set('/Dvcc/Alarms/MultipleBatteries', Number(alarms.severalBms));
    return;
  }
  const limits = limitsOf(look, battery, vebus, memory.bms);
  const { volts, hasBms, stopsAtZero } = limits;
  const voltage = chargeVoltage(look, vebus, chargers.inverters, volts, offset(look, SOLAR_VOLTAGE_OFFSET));
  let { amperes } = limits;
  // Measured DC loads take nothing of what the battery may get.
  if (amperes !== null && amperes > 0 && !stopsAtZero)
    amperes = roundTo(amperes + loadCurrent(look, memory.filters), 1);
  const forChargers = withVebusLoad(amperes, stopsAtZero, memory.filters.vebus);
  const { isSolarOff } = look.result(pvControl);
  let solarVoltage = false;
  if (voltage.chargers !== null || forChargers !== null) {
    setNetworkMode(look, out, chargers, hasBms, voltage, forChargers !== null);
    solarVoltage = setVoltage(look, out, chargers, volts, voltage);
    setCurrent(look, out, chargers, memory.filters, {
      amperes: isSolarOff ? 0 : forChargers,
      stopsAtZero,
      mayFeedIn: mayFeedIn(look, vebus),
      isSolarOff,
    });
  }
  const made = sumOf(chargers.all, memory.filters);
  const left = amperes === null ? null : Math.max(0, roundTo(amperes - made));
  const forMulti = withinPlan(look, left);
  const wroteLimits = leadMulti(look, out, chargers, battery, volts, forMulti, memory.multi);
  show(out, {
    ...alarms,
    effectiveVoltage: voltage.chargers,
    batteryVoltage: volts,
    solarVoltage,
    solarCurrent: forChargers !== null && chargers.all.length > 0,
    bmsParameters: wroteLimits || (battery !== undefined && solarVoltage),
    maxChargeCurrent: vebus === undefined || vebus.number('/FirmwareFeatures/BolFrame') === 1,
  });
}

/** What a VE.Bus system takes out of the battery side, the chargers may make on top. */
function withVebusLoad(amperes: Maybe, stopsAtZero: boolean, vebusCurrent: number): Maybe {
  if (amperes === null || vebusCurrent >= 0 || (stopsAtZero && amperes <= 0)) return amperes;
  return Math.ceil(amperes - vebusCurrent);
}

/** What Dynamic ESS lets the inverter/charger charge with, as long as it has said so lately. */
function withinPlan(look: Picture, amperes: Maybe): Maybe {
  const { chargePower, at } = look.result(dynamicEss);
  const volts = look.ownNumber('/Dc/Battery/Voltage');
  if (chargePower === null || !volts || look.monotonicMs - at >= PLAN_EXPIRY_MS) return amperes;
  look.note(() => `Dynamic ESS charges with ${chargePower} W`);
  return Math.min(Math.ceil(chargePower / volts), amperes ?? Number.POSITIVE_INFINITY);
}

/** @returns whether limits of a BMS were written to an inverter/charger */
function leadMulti(
  look: Picture,
  out: Outcome,
  chargers: Chargers,
  battery: SeenDevice | undefined,
  volts: Maybe,
  amperes: Maybe,
  memory: MultiMemory,
): boolean {
  if (battery === undefined) {
    limitWithoutBms(look, out, amperes, memory);
    return false;
  }
  const all = look.setting(CONTROL_ALL_MULTIS) === 1;
  if (volts !== null) writeVoltage(look, out, volts, all);
  writeCurrents(look, out, battery, amperes, all, memory);
  writeDischarge(out, chargers, battery);
  return look.result(vebusChoice).service !== null || chargers.inverters.length > 0;
}

function asNumber(value: Value): Value | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return number === null || (typeof number === 'number' && Number.isFinite(number)) ? number : undefined;
}
