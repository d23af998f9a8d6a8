/** Rows of the poll plan: settings, serial numbers and assistants of each device. */
import {
  ASSISTANT,
  type AssistantRecord,
  decodeHead,
  decodeSensorInfo,
  ESS_WORD,
  nextHead,
  SENSOR_WORD,
  sensorAmperes,
} from '../../protocols/mk2/assistants.ts';
import { toSigned } from '../../protocols/mk2/octets.ts';
import { ASSISTANT_RAM } from '../../protocols/mk2/ram.ts';
import {
  answered,
  askConfig,
  askDeviceVersion,
  askSerialNumber,
  askSettingInfo,
  readRam,
  readSetting,
} from '../../protocols/mk2/requests.ts';
import { settingValue } from '../../protocols/mk2/scaling.ts';
import { FLAG0, hasFlag, SETTING, type SettingName } from '../../protocols/mk2/settings.ts';
import { SERIAL_NUMBER_FIRMWARE } from '../../protocols/mk2/versions.ts';
import { RollingEnergy } from './energy.ts';
import { product, sum } from './measurement.ts';
import type { Poll, Shown } from './poll.ts';
import { PHASES, type Phase, type VebusSystem } from './system.ts';
import type { Unit } from './units.ts';

const SECOND = 1_000;

/** Settings that are shown; the limits of the inputs stand in for those of an input that is not active. */
const SHOWN_SETTINGS: readonly SettingName[] = [
  'chargeCurrent',
  'flags0',
  'inverterVoltage',
  'assistBoost',
  'acInput1Limit',
  'acInput2Limit',
];

/** Reads a setting of a device. False: no answer. */
export async function readKnownSetting(system: VebusSystem, unit: Unit, name: SettingName): Promise<boolean> {
  const options = { address: unit.address, tries: 2 };
  // Devices that work together are alike.
  let info = (unit.settings.get(name) ?? system.master.settings.get(name))?.info;
  if (info === undefined) {
    const answer = await system.line.ask(askSettingInfo(SETTING[name]), options);
    if (answer === undefined) return false;
    info = answered(answer);
  }
  if (info === undefined || info.scale === 0) return true;
  const answer = await system.line.ask(readSetting(SETTING[name]), options);
  if (answer === undefined) return false;
  const raw = answered(answer);
  if (raw !== undefined) unit.settings.set(name, { info, raw });
  return true;
}

/** Settings read at a time. */
const SETTINGS_PER_TURN = 3;

async function readSettings(system: VebusSystem): Promise<Shown | undefined> {
  const all = SHOWN_SETTINGS.flatMap(name => system.units.map(unit => ({ unit, name })));
  for (const { unit, name } of all.slice(system.nextSetting, system.nextSetting + SETTINGS_PER_TURN)) {
    if (!(await readKnownSetting(system, unit, name))) return undefined;
    system.nextSetting = (system.nextSetting + 1) % all.length;
  }
  return shownSettings(system);
}

function valueOfSetting(unit: Unit, name: SettingName): number | null {
  const known = unit.settings.get(name);
  return known === undefined ? null : (settingValue(known.info, known.raw) ?? null);
}

function flag(unit: Unit, bit: number, inverse = false): number | null {
  const flags = unit.settings.get('flags0')?.raw;
  return flags === undefined ? null : hasFlag(flags, bit) !== inverse ? 1 : 0;
}

/** What stands on the paths of settings, from what was read. */
export function shownSettings(system: VebusSystem): Shown {
  const { master, units } = system;
  return [
    ['/Settings/AssistCurrentBoostFactor', valueOfSetting(master, 'assistBoost')],
    ['/Settings/InverterOutputVoltage', valueOfSetting(master, 'inverterVoltage')],
    ['/Settings/PowerAssistEnabled', flag(master, FLAG0.powerAssist)],
    ['/Settings/UpsFunction', flag(master, FLAG0.disableWaveCheck, true)],
    // Of all devices together, as the limits of a battery are (inferred).
    ['/Dc/0/MaxChargeCurrent', sum(units.map(unit => valueOfSetting(unit, 'chargeCurrent')))],
    ...units.flatMap(
      (unit): Shown => [
        [`/Devices/${unit.index}/Settings/AssistCurrentBoostFactor`, valueOfSetting(unit, 'assistBoost')],
        [`/Devices/${unit.index}/Settings/InverterOutputVoltage`, valueOfSetting(unit, 'inverterVoltage')],
        [`/Devices/${unit.index}/Settings/PowerAssistEnabled`, flag(unit, FLAG0.powerAssist)],
        [`/Devices/${unit.index}/Settings/UpsFunction`, flag(unit, FLAG0.disableWaveCheck, true)],
        [`/Devices/${unit.index}/Settings/ResetRequired`, unit.resetRequired ? 1 : 0],
      ],
    ),
    ...inactiveLimits(system),
  ];
}

/** The limit of an input that is not active, as configured. The interface tells that of the active one only. */
function inactiveLimits(system: VebusSystem): Shown {
  const names = { 1: 'acInput1Limit', 2: 'acInput2Limit' } as const;
  return ([1, 2] as const).flatMap((n): Shown => {
    if (n > system.acInputs || system.input?.active === n - 1) return [];
    return [
      [`/Ac/In/${n}/CurrentLimit`, valueOfSetting(system.master, names[n])],
      [`/Ac/In/${n}/CurrentLimitIsAdjustable`, 0],
    ];
  });
}

async function readSerials(system: VebusSystem): Promise<Shown | undefined> {
  for (const unit of system.units) {
    if (unit.serial !== undefined || unit.version.firmware < SERIAL_NUMBER_FIRMWARE) continue;
    const answer = await system.line.ask(askSerialNumber, { address: unit.address, tries: 2 });
    if (answer === undefined) return undefined;
    unit.serial = answered(answer);
  }
  return system.units.map(unit => [`/Devices/${unit.index}/SerialNumber`, unit.serial ?? null]);
}

/** Whether the devices are still those that were found. A difference must show twice. */
async function lookWhoIsThere(system: VebusSystem): Promise<Shown | undefined> {
  for (let look = 0; look < 2; look++) {
    const version = answered(await system.line.ask(askDeviceVersion, { address: system.master.address }));
    const config = answered(await system.line.ask(askConfig(system.master.address)));
    if (version === undefined) return undefined;
    const found = system.master.version.number;
    const sameMaster = version.number === (version.whole ? found : found & 0xffff);
    const sameDevices = config === undefined || system.config === undefined || config.present === system.config.present;
    if (sameMaster && sameDevices) return [];
  }
  system.changed = true;
  return [];
}

/** Walks the records from head to head. Undefined: no answer. */
async function readRecords(system: VebusSystem, unit: Unit): Promise<AssistantRecord[] | undefined> {
  const records: AssistantRecord[] = [];
  for (let ram: number | undefined = ASSISTANT_RAM; ram !== undefined; ) {
    const answer = await system.line.ask(readRam(ram), { address: unit.address, tries: 2 });
    if (answer === undefined) return undefined;
    const record = decodeHead(answered(answer) ?? 0, ram);
    if (record === null) break;
    records.push(record);
    ram = nextHead(record);
  }
  return records;
}

async function readAssistants(system: VebusSystem): Promise<Shown | undefined> {
  for (const unit of system.units) {
    const records = await readRecords(system, unit);
    if (records === undefined) return undefined;
    unit.assistants = records;
  }
  const ess = system.units.some(unit => recordOf(unit, ASSISTANT.ess) !== undefined);
  return [
    ['/Hub4/AssistantId', ess ? ASSISTANT.ess : null],
    ...system.units.map(unit => [`/Devices/${unit.index}/Assistants`, assistantList(unit)] as const),
  ];
}

const ASSISTANT_LIST_OCTETS = 56;

/** Of sensors, a Hub-1 and an ESS it is known that they do not keep the state of charge. */
const HARMLESS: ReadonlySet<number> = new Set([ASSISTANT.acSensor, ASSISTANT.hub1, ASSISTANT.ess]);

/**
 * Two octets each, as clients read it who want to know whether an assistant keeps the state of charge for itself. The
 * numbers are those of the records in RAM: the ones of the configuration are not told. Null where there are records
 * that nobody knows, and no ESS, which would not stand beside one that keeps the state of charge.
 */
function assistantList({ assistants = [] }: Unit): readonly number[] | null {
  const isKnown =
    assistants.some(({ assistant }) => assistant === ASSISTANT.ess) ||
    assistants.every(({ assistant }) => HARMLESS.has(assistant));
  if (!isKnown) return null;
  const octets = assistants.flatMap(({ assistant }) => [assistant & 0xff, assistant >> 8]);
  return Array.from({ length: ASSISTANT_LIST_OCTETS }, (_, i) => octets[i] ?? 0);
}

export function recordOf(unit: Unit, assistant: number): AssistantRecord | undefined {
  return unit.assistants?.find(record => record.assistant === assistant);
}

/** The devices of a phase that take set-points; none until all devices have told. */
export function essUnits(system: VebusSystem, phase: Phase): readonly Unit[] {
  if (system.units.some(unit => unit.assistants === undefined)) return [];
  return system.unitsOf(phase).filter(unit => recordOf(unit, ASSISTANT.ess) !== undefined);
}

/** Undefined: no answer. */
async function readWord(system: VebusSystem, unit: Unit, ram: number): Promise<number | undefined> {
  return answered(await system.line.ask(readRam(ram), { address: unit.address }));
}

/** Set-points are shared among the devices of a phase, and below 0 on the wire when taken from the grid (section 5.4). */
async function readEss(system: VebusSystem): Promise<Shown | undefined> {
  const shown: Shown[number][] = [];
  let noCharge = 0;
  let noFeedIn = 0;
  for (const phase of PHASES) {
    const units = essUnits(system, phase);
    const [first] = units;
    const record = first === undefined ? undefined : recordOf(first, ASSISTANT.ess);
    if (first === undefined || record === undefined) {
      shown.push([`/Hub4/L${phase}/AcPowerSetpoint`, null]);
      continue;
    }
    // The others of the phase were told the same.
    const setpoint = await readWord(system, first, record.ram + ESS_WORD.setpoint);
    const charge = await readWord(system, first, record.ram + ESS_WORD.disableCharge);
    const feedIn = await readWord(system, first, record.ram + ESS_WORD.disableFeedIn);
    if (setpoint === undefined || charge === undefined || feedIn === undefined) return undefined;
    shown.push([`/Hub4/L${phase}/AcPowerSetpoint`, 0 - toSigned(setpoint) * units.length]);
    if (charge !== 0) noCharge = 1;
    if (feedIn !== 0) noFeedIn = 1;
  }
  return [...shown, ['/Hub4/DisableCharge', noCharge], ['/Hub4/DisableFeedIn', noFeedIn]];
}

const SENSORS = 9;
const SENSOR_ENERGY_RANGE = 0x1_0000;

/** Counters of sensors, by the place of their words: they roll over too. */
const sensorEnergies = new WeakMap<Unit, Map<number, RollingEnergy>>();

async function readSensors(system: VebusSystem): Promise<Shown | undefined> {
  const shown: Shown[number][] = [];
  let count = 0;
  for (const unit of system.units) {
    for (const { assistant, ram } of unit.assistants ?? []) {
      if (assistant !== ASSISTANT.acSensor || count === SENSORS) continue;
      const words: number[] = [];
      for (const word of [SENSOR_WORD.info, SENSOR_WORD.current, SENSOR_WORD.power, SENSOR_WORD.energy]) {
        const value = await readWord(system, unit, ram + word);
        if (value === undefined) return undefined;
        words.push(value);
      }
      shown.push(...shownSensor(system, count++, words, energyOf(unit, ram, words[SENSOR_WORD.energy] ?? 0)));
    }
  }
  return [['/AcSensor/Count', count], ...shown];
}

function energyOf(unit: Unit, ram: number, counter: number): number {
  const energies = sensorEnergies.get(unit) ?? new Map<number, RollingEnergy>();
  sensorEnergies.set(unit, energies);
  const energy = energies.get(ram) ?? new RollingEnergy(SENSOR_ENERGY_RANGE, counter);
  energies.set(ram, energy);
  energy.count(counter);
  return energy.kilowattHours;
}

function shownSensor(system: VebusSystem, n: number, words: readonly number[], kilowattHours: number): Shown {
  const { location, phase } = decodeSensorInfo(words[SENSOR_WORD.info] ?? 0);
  const ac = system.ac.get(PHASES[phase] ?? 1);
  const amperes = sensorAmperes(words[SENSOR_WORD.current] ?? 0);
  const watts = words[SENSOR_WORD.power];
  const volts = location === 1 ? ac?.outVolts : ac?.inVolts;
  return [
    [`/AcSensor/${n}/Location`, location],
    [`/AcSensor/${n}/Phase`, phase],
    [`/AcSensor/${n}/Voltage`, volts ?? null],
    [`/AcSensor/${n}/Current`, amperes],
    [`/AcSensor/${n}/Power`, watts ?? product(volts, amperes)],
    [`/AcSensor/${n}/Energy`, kilowattHours],
  ];
}

function has(assistant: number): (system: VebusSystem) => boolean {
  return ({ units }) =>
    units.every(unit => unit.assistants !== undefined) && units.some(unit => recordOf(unit, assistant) !== undefined);
}

export const SETTINGS: Poll = {
  name: 'settings',
  everyMs: 60 * SECOND,
  background: true,
  goesOn: system => system.nextSetting !== 0,
  read: readSettings,
};
export const WHO_IS_THERE: Poll = {
  name: 'who is there',
  everyMs: 20 * SECOND,
  background: true,
  read: lookWhoIsThere,
};
export const SERIALS: Poll = {
  name: 'serial numbers',
  everyMs: SECOND,
  once: true,
  background: true,
  read: readSerials,
};
export const ASSISTANTS: Poll = {
  name: 'assistants',
  everyMs: SECOND,
  once: true,
  background: true,
  read: readAssistants,
};
export const ESS: Poll = {
  name: 'ESS',
  everyMs: 5 * SECOND,
  background: true,
  when: has(ASSISTANT.ess),
  read: readEss,
};
export const AC_SENSORS: Poll = {
  name: 'AC sensors',
  everyMs: 3 * SECOND,
  background: true,
  when: has(ASSISTANT.acSensor),
  read: readSensors,
};
