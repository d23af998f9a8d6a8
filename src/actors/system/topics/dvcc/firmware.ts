/** Whether everything that DVCC leads is new enough to follow it. */
import type { SeenDevice } from '../../picture.ts';
import { type Charger, type Chargers, followsControl } from './chargers.ts';

/** Least firmware of a VE.Bus system that takes limits. */
const FIRMWARE_VEBUS = 0x422;

export interface FirmwareMemory {
  /** Arrivals of the solar chargers that have told a firmware that is new enough: it gets no older while they stay. */
  proven: readonly number[];
}

export const startFirmwareMemory = (): FirmwareMemory => ({ proven: [] });

/** @param vebus the main VE.Bus system */
export function isTooOld(chargers: Chargers, vebus: SeenDevice | undefined, memory: FirmwareMemory): boolean {
  const before = memory.proven;
  const isProven = ({ device }: Charger): boolean => before.includes(device.arrival);
  memory.proven = chargers.solar
    .filter(charger => isProven(charger) || (tellsFirmware(charger) && followsControl(charger)))
    .map(({ device }) => device.arrival);
  const firmware = vebus?.number('/FirmwareVersion') ?? null;
  if (firmware !== null && firmware < FIRMWARE_VEBUS) return true;
  return ![...chargers.solar, ...chargers.inverters].every(charger => isProven(charger) || followsControl(charger));
}

function tellsFirmware({ device }: Charger): boolean {
  return device.number('/FirmwareVersion') !== null;
}
