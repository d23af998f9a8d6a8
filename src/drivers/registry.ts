/** All drivers, for the scanners that find them a device. */
import type { SerialDriver } from './driver.ts';
import { et112Driver } from './et112/et112-driver.ts';
import { gpsDriver } from './gps/gps-driver.ts';
import { vebusDriver } from './vebus/vebus-driver.ts';
import { veDirectDriver } from './vedirect/vedirect-driver.ts';

export const SERIAL_DRIVERS: readonly SerialDriver[] = [veDirectDriver, gpsDriver, vebusDriver, et112Driver];
