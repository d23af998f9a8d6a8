/** All drivers, for the scanners that find them a device. */
import type { SerialDriver } from './driver.ts';
import { veDirectDriver } from './vedirect/vedirect-driver.ts';

export const SERIAL_DRIVERS: readonly SerialDriver[] = [veDirectDriver];
