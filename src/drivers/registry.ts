/** All drivers, for the scanners that find them a device. */
import type { CanDriver, SerialDriver } from './driver.ts';
import { et112Driver } from './et112/et112-driver.ts';
import { gpsDriver } from './gps/gps-driver.ts';
import { vebusDriver } from './vebus/vebus-driver.ts';
import { veDirectDriver } from './vedirect/vedirect-driver.ts';

export const SERIAL_DRIVERS: readonly SerialDriver[] = [veDirectDriver, gpsDriver, vebusDriver, et112Driver];

/** A driver of devices on CAN. Its code is loaded when an interface wants it: memory is scarce. */
export interface CanDriverRow {
  readonly name: string;
  readonly load: () => Promise<CanDriver>;
}

export const CAN_DRIVERS: readonly CanDriverRow[] = [
  { name: 'can-bms', load: async () => (await import('./can-bms/can-bms-driver.ts')).canBmsDriver },
  { name: 'vecan', load: async () => (await import('./vecan/vecan-driver.ts')).vecanDriver },
];
