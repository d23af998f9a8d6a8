/** The chargers beside the VE.Bus system that DVCC steers, as one picture shows them. */
import type { Maybe } from '../../arithmetic.ts';
import type { Outcome } from '../../outcome.ts';
import type { Picture, SeenDevice } from '../../picture.ts';

const LINK_PATHS = [
  '/ProductId',
  '/FirmwareVersion',
  '/State',
  '/Mgmt/Connection',
  '/N2kDeviceInstance',
  '/Dc/0/Current',
  '/Link/NetworkMode',
  '/Link/ChargeVoltage',
  '/Link/ChargeCurrent',
  '/Settings/ChargeCurrentLimit',
  '/Settings/BmsPresent',
] as const;

const INVERTER_PATHS = [
  ...LINK_PATHS,
  '/IsInverterCharger',
  '/Dc/0/Voltage',
  '/Yield/Power',
  '/Link/DischargeCurrent',
  '/Link/ChargeVoltageSetpoint',
  '/Link/ChargeVoltageSolarOffset',
] as const;

/** What is read of chargers. */
export const CHARGER_READS = {
  solarcharger: LINK_PATHS,
  alternator: LINK_PATHS,
  dcgenset: LINK_PATHS,
  inverter: INVERTER_PATHS,
  multi: INVERTER_PATHS,
} as const;

/** Solar chargers that have always followed DVCC, whatever their firmware. */
const ALWAYS_CONTROLLABLE = { first: 0xa102, last: 0xa10e };
/** Least firmware of solar chargers on VE.Direct, and of those with versions of three bytes. */
const FIRMWARE_VEDIRECT = 0x129;
const FIRMWARE_VECAN = 0x10200;
const VECAN_VERSION = 0xff0000;

export type Kind = 'solar' | 'inverter' | 'alternator' | 'dcgenset';

export interface Charger {
  readonly device: SeenDevice;
  readonly kind: Kind;
  /** What it is set to make at most. Amperes. */
  readonly limit: Maybe;
  /** It gets its voltage by way of the VE.Can interface. */
  readonly isVecan: boolean;
}

export interface Chargers {
  readonly solar: readonly Charger[];
  /** Inverters that charge from their own solar inputs or from the grid. */
  readonly inverters: readonly Charger[];
  /** Alternators, DC-DC converters and DC generators. */
  readonly others: readonly Charger[];
  readonly all: readonly Charger[];
}

export function chargersOf(look: Picture): Chargers {
  const solar = look.devices('solarcharger').map(device => charger(device, 'solar'));
  const inverters = look
    .inArrivalOrder('inverter', 'multi')
    .filter(device => device.number('/IsInverterCharger') === 1)
    .map(device => charger(device, 'inverter'));
  const others = look
    .inArrivalOrder('alternator', 'dcgenset')
    .map(device => charger(device, device.type === 'alternator' ? 'alternator' : 'dcgenset'));
  return { solar, inverters, others, all: [...solar, ...inverters, ...others] };
}

function charger(device: SeenDevice, kind: Kind): Charger {
  return {
    device,
    kind,
    limit: device.number('/Settings/ChargeCurrentLimit'),
    isVecan: device.text('/Mgmt/Connection') === 'VE.Can',
  };
}

/** A charger whose current can be set. Of several in one NMEA 2000 network, instance 0 speaks for the battery bank. */
export function isControllable(one: Charger): one is Charger & { readonly limit: number } {
  if (one.limit === null) return false;
  const isActive = one.kind === 'inverter' ? one.limit > 0 : one.device.number('/State') !== 0;
  const network = one.device.number('/N2kDeviceInstance');
  return isActive && (network === null || network === 0);
}

/** Whether the charger follows what it is told. An unknown firmware is given the benefit of the doubt. */
export function followsControl({ device, kind }: Charger): boolean {
  if (kind === 'alternator') return device.has('/Link/ChargeCurrent');
  if (kind === 'dcgenset') return device.has('/Link/ChargeVoltage');
  if (kind === 'inverter') return true;
  const product = device.number('/ProductId') ?? 0;
  if (product >= ALWAYS_CONTROLLABLE.first && product <= ALWAYS_CONTROLLABLE.last) return true;
  const firmware = device.number('/FirmwareVersion');
  if (firmware === null) return true;
  return firmware >= ((firmware & VECAN_VERSION) !== 0 ? FIRMWARE_VECAN : FIRMWARE_VEDIRECT);
}

/** A BMS has steered it before: it stops when it hears of none any more. */
export function wantsBms({ device }: Charger): boolean {
  return device.number('/Settings/BmsPresent') === 1;
}

/**
 * Writes a value that the charger forgets when it is not repeated. What it does not have is not written.
 */
export function put(out: Outcome, device: SeenDevice, path: string, value: Maybe): void {
  if (device.has(path)) out.write(device.name, path, value, { repeat: true, type: 'float' });
}

/** As `put`, for modes and flags. */
export function putFlag(out: Outcome, device: SeenDevice, path: string, value: number): void {
  if (device.has(path)) out.write(device.name, path, value, { repeat: true, type: 'int' });
}

/** Has a charger make at most so many amperes, and never more than it is set to. */
export function limitCurrent(out: Outcome, { device, limit }: Charger, amperes: number): void {
  if (limit !== null) put(out, device, '/Link/ChargeCurrent', Math.max(0, Math.min(amperes, limit)));
}
