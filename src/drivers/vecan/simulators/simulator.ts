/** Simulated devices for VE.Can, each a node on a CAN bus (fact sheet vecan-n2k). */
import type { Clock } from '../../../kernel/clock.ts';
import type { Random } from '../../../kernel/random.ts';
import type { CanSocket } from '../../../ports/can.ts';
import { batteryStatus, chargerStatus, dcDetailedStatus } from '../../../protocols/nmea2000/tables/dc.ts';
import { fluidLevel, temperatureExtended } from '../../../protocols/nmea2000/tables/environment.ts';
import { courseRapid, gnssPosition, positionRapid } from '../../../protocols/nmea2000/tables/navigation.ts';
import { decodeVregValue } from '../../../protocols/nmea2000/vreg.ts';
import { product } from '../../../protocols/vedirect/products.ts';
import { encodeRegister, type Register } from '../../../protocols/vedirect/register.ts';
import {
  CHARGER_REGISTERS as C,
  COMMON_REGISTERS,
  LINK_REGISTERS as L,
  MONITOR_REGISTERS as M,
} from '../../../protocols/vedirect/registers.ts';
import { type RegisterSource, type SimulatedMessage, SimulatedNode, says } from './simulated-node.ts';

/** Where a simulated device hangs. */
export interface Wire {
  /** Open, with 29-bit identifiers; it stays its owner's. One device each. */
  readonly socket: CanSocket;
  readonly clock: Clock;
  readonly random: Random;
}

/** What a device with registers is, apart from its bus: a simulated MPPT or shunt of VE.Direct is one. */
export interface RegisterDevice {
  readonly productId: number;
  readonly registers: RegisterSource;
  /** What it shows without being asked, by the labels of VE.Direct TEXT. */
  text(): readonly Readonly<Record<string, string | number>>[];
  step(seconds: number): void;
}

export interface DeviceOptions {
  readonly uniqueNumber?: number;
  readonly instance?: number;
  readonly preferredAddress?: number;
}

const GENERATION_CLASS = 35;
const SENSOR_CLASS = 75;
const NAVIGATION_CLASS = 60;
const FUNCTION = { charger: 160, battery: 170, fluid: 150, position: 145 } as const;
/** v1.15 */
const FIRMWARE = 0x0115ff;
/** A maker that is not Victron. */
const OTHER_MAKER = 717;
/** A device tells a register at most once in so long. */
const TELL_MS = 1_000;
const KELVIN = 273.15;
const DC_TYPE = { battery: 0, solar: 3 } as const;
/** `/State` of chargers as PGN 127507 has it. */
const CHARGER_STATE: Readonly<Record<number, number>> = { 0: 0, 2: 9, 3: 1, 4: 2, 5: 5, 7: 4, 252: 7 };

const SOLAR_TOLD: readonly Register[] = [
  COMMON_REGISTERS.deviceState,
  C.panelVoltage,
  C.panelPower,
  C.chargerVoltage,
  C.chargerCurrent,
  C.chargerError,
  C.yieldToday,
  L.linkNetworkStatus,
];
const MONITOR_TOLD: readonly Register[] = [M.mainVoltage, M.mainCurrent, M.stateOfCharge, M.timeToGo, M.consumed];

/** Where a device shows a value by TEXT on VE.Direct, it has a register for it on VE.Can: label, register, unit of the label. */
type TextRegisters = readonly (readonly [label: string, register: Register, unit: number])[];

const SOLAR_TEXT: TextRegisters = [
  ['V', C.chargerVoltage, 0.001],
  ['I', C.chargerCurrent, 0.001],
  ['VPV', C.panelVoltage, 0.001],
  ['PPV', C.panelPower, 1],
  ['MPPT', C.trackerMode, 1],
  ['ERR', C.chargerError, 1],
  ['H19', C.userYield, 0.01],
  ['H20', C.yieldToday, 0.01],
  ['H21', C.maximumPowerToday, 1],
];
const MONITOR_TEXT: TextRegisters = [
  ['V', M.mainVoltage, 0.001],
  ['I', M.mainCurrentFine, 0.001],
  ['I', M.mainCurrent, 0.001],
  ['P', M.mainPower, 1],
  ['CE', M.consumed, 0.001],
  ['SOC', M.stateOfCharge, 0.1],
  ['TTG', M.timeToGo, 60],
  ['T', M.monitorTemperature, 1],
];

/** The registers of a device, with those of its TEXT. */
function withText(device: RegisterDevice, table: TextRegisters): RegisterSource {
  const read = (id: number): Uint8Array | undefined => {
    const row = table.find(([, register]) => register.id === id);
    if (row === undefined) return undefined;
    const [label, register, unit] = row;
    const shown = device.text().find(fields => fields[label] !== undefined)?.[label];
    const isKnown = typeof shown === 'number' && !(label === 'TTG' && shown < 0);
    const value = isKnown ? shown * unit + (register.unit === 'K' ? KELVIN : 0) : null;
    return encodeRegister(register, value);
  };
  return {
    get: id => {
      const value = read(id);
      return value === undefined ? device.registers.get(id) : { flags: 0, value };
    },
    set: (id, value) => device.registers.set(id, value),
  };
}

/** An MPPT that follows its link registers. @param device a simulated solar charger */
export function simulateSolarCharger(wire: Wire, device: RegisterDevice, options: DeviceOptions = {}): SimulatedNode {
  const registers = withText(device, SOLAR_TEXT);
  const read = reader(registers);
  return registerNode(wire, { device, registers }, { uniqueNumber: 30_688, ...options }, FUNCTION.charger, SOLAR_TOLD, [
    says(batteryStatus, () => ({ instance: 0, voltage: read(C.chargerVoltage), current: read(C.chargerCurrent) })),
    says(dcDetailedStatus, () => ({ instance: 0, dcType: DC_TYPE.solar })),
    says(chargerStatus, () => ({
      instance: 0,
      batteryInstance: 0,
      operatingState: CHARGER_STATE[read(COMMON_REGISTERS.deviceState) ?? 0] ?? 0,
      chargeMode: 0,
      enabled: read(COMMON_REGISTERS.deviceMode) === 1 ? 1 : 0,
    })),
  ]);
}

/** A battery monitor. @param device a simulated shunt */
export function simulateBatteryMonitor(wire: Wire, device: RegisterDevice, options: DeviceOptions = {}): SimulatedNode {
  const registers = withText(device, MONITOR_TEXT);
  const read = reader(registers);
  return registerNode(
    wire,
    { device, registers },
    { uniqueNumber: 231_681, ...options },
    FUNCTION.battery,
    MONITOR_TOLD,
    [
      says(batteryStatus, () => ({
        instance: 0,
        voltage: read(M.mainVoltage),
        current: read(M.mainCurrentFine),
        temperature: read(M.monitorTemperature),
      })),
      says(dcDetailedStatus, () => ({
        instance: 0,
        dcType: DC_TYPE.battery,
        stateOfCharge: read(M.stateOfCharge),
        timeRemaining: read(M.timeToGo),
      })),
    ],
  );
}

/** A sensor with a fresh water tank and a temperature, of another maker: the tank is drawn from and filled again. */
export function simulateTankSensor(wire: Wire, options: DeviceOptions = {}): SimulatedNode {
  let level = 75;
  let rate = -0.05;
  let capacity = 200;
  let type = 1;
  let celsius = 18;
  return new SimulatedNode(wire.socket, wire.clock, wire.random, {
    uniqueNumber: 1_072,
    ...options,
    manufacturer: OTHER_MAKER,
    deviceClass: SENSOR_CLASS,
    deviceFunction: FUNCTION.fluid,
    model: 'Tank adapter',
    messages: [
      says(fluidLevel, () => ({ instance: 0, type, level, capacity })),
      says(temperatureExtended, () => ({ sid: null, instance: 0, source: 1, temperature: celsius + KELVIN })),
    ],
    take: (pgn, orders) => {
      const [newCapacity, newType] = [orders.get('capacity'), orders.get('type')];
      if (pgn !== fluidLevel.pgn || orders.get('instance') !== 0) return false;
      if (typeof newCapacity === 'number') capacity = newCapacity;
      if (typeof newType === 'number') type = newType;
      return typeof newCapacity === 'number' || typeof newType === 'number';
    },
    step: seconds => {
      level += rate * seconds;
      if (level <= 10) rate = 0.5;
      if (level >= 95) rate = -0.05;
      celsius = 18 + 4 * Math.sin(level / 10);
    },
  });
}

/** A GPS receiver on a boat that goes round in a circle. */
export function simulateGps(wire: Wire, options: DeviceOptions = {}): SimulatedNode {
  const knots = 6;
  const sog = knots * 0.514444;
  const centre = { latitude: 52.7, longitude: 5.3 };
  let angle = 0;
  const latitude = (): number => centre.latitude + 0.01 * Math.cos(angle);
  const longitude = (): number => centre.longitude + 0.016 * Math.sin(angle);
  return new SimulatedNode(wire.socket, wire.clock, wire.random, {
    uniqueNumber: 2_044,
    ...options,
    manufacturer: OTHER_MAKER,
    deviceClass: NAVIGATION_CLASS,
    deviceFunction: FUNCTION.position,
    model: 'GPS receiver',
    messages: [
      says(positionRapid, () => ({ latitude: latitude(), longitude: longitude() })),
      says(courseRapid, () => ({ sid: null, cogReference: 0, cog: (angle + Math.PI / 2) % (2 * Math.PI), sog })),
      says(gnssPosition, () => {
        const seconds = wire.clock.wall() / 1_000;
        return {
          sid: null,
          date: Math.floor(seconds / 86_400),
          time: seconds % 86_400,
          latitude: latitude(),
          longitude: longitude(),
          altitude: 2,
          gnssType: 0,
          method: 1,
          integrity: 0,
          numberOfSvs: 9,
          hdop: 0.9,
          referenceStations: 0,
        };
      }),
    ],
    step: seconds => {
      angle = (angle + 0.003 * seconds) % (2 * Math.PI);
    },
  });
}

/** A node of Victron: its messages, and registers told as they change. */
function registerNode(
  { socket, clock, random }: Wire,
  { device, registers }: { readonly device: RegisterDevice; readonly registers: RegisterSource },
  options: DeviceOptions & { readonly uniqueNumber: number },
  deviceFunction: number,
  told: readonly Register[],
  messages: readonly SimulatedMessage[],
): SimulatedNode {
  const last = new Map<number, string>();
  const changed = (): void => {
    for (const { id } of told) {
      const answer = registers.get(id);
      const octets = answer.value.join();
      if (answer.flags !== 0 || last.get(id) === octets) continue;
      last.set(id, octets);
      node.tell(id);
    }
  };
  const node: SimulatedNode = new SimulatedNode(socket, clock, random, {
    ...options,
    deviceClass: GENERATION_CLASS,
    deviceFunction,
    model: product(device.productId)?.name ?? 'Simulated device',
    registers,
    firmware: FIRMWARE,
    messages,
    step: seconds => {
      device.step(seconds);
      if (seconds * 1_000 >= TELL_MS) changed();
    },
  });
  return node;
}

function reader(registers: RegisterSource): (register: Register) => number | null {
  return register => {
    const { flags, value } = registers.get(register.id);
    const decoded = flags === 0 ? decodeVregValue(register, value) : null;
    return typeof decoded === 'number' ? decoded : null;
  };
}
