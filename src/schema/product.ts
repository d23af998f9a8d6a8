/** What every product service says about itself. Who publishes one gives a ProductIdentity, so none can be forgotten. */
import { connected } from './enums.ts';
import type { Row, Schema } from './row.ts';
import { firmware, int, labelled, mixed, productId, text, writable } from './units.ts';

/** The mandatory values of a product service; `null` where the device does not tell (fact sheet dbus-paths, section 3). */
export interface ProductIdentity {
  /** The program: `gxd`. */
  readonly processName: string;
  readonly processVersion: string;
  /** Where the device hangs: `VE.Direct`, `/dev/ttyUSB0`, `VE.Can`. */
  readonly connection: string;
  /** VRM device instance, unique in its class. */
  readonly deviceInstance: number | null;
  readonly productId: number | null;
  readonly productName: string | null;
  /** As the device has it: a number whose hexadecimal digits are read, or a string. */
  readonly firmwareVersion: number | string | null;
  readonly hardwareVersion: number | string | null;
  /** 1, or 0 while the device is silent. */
  readonly connected: 0 | 1;
  /** Given by the user; an empty one shows the product name. */
  readonly customName?: string;
  readonly serial?: string | null;
}

/** The common rows, for the schema of every product service. */
export const productRows = {
  '/Mgmt/ProcessName': text,
  '/Mgmt/ProcessVersion': text,
  '/Mgmt/Connection': labelled('Connection', text),
  '/DeviceInstance': labelled('VRM instance', int),
  '/ProductId': productId,
  '/ProductName': labelled('Product', text),
  '/FirmwareVersion': firmware,
  '/HardwareVersion': labelled('Hardware version', mixed),
  '/Connected': connected,
  '/CustomName': writable(labelled('Name', text)),
  '/Serial': labelled('Serial number', text),
} as const satisfies Schema;

/** Where each value of the identity stands. */
export const IDENTITY_PATHS = {
  processName: '/Mgmt/ProcessName',
  processVersion: '/Mgmt/ProcessVersion',
  connection: '/Mgmt/Connection',
  deviceInstance: '/DeviceInstance',
  productId: '/ProductId',
  productName: '/ProductName',
  firmwareVersion: '/FirmwareVersion',
  hardwareVersion: '/HardwareVersion',
  connected: '/Connected',
  customName: '/CustomName',
  serial: '/Serial',
} as const satisfies Record<keyof ProductIdentity, keyof typeof productRows>;

/** The paths, rows and values of an identity, in the order of the table. Optional values that are not given are left out. */
export function productValues(
  identity: ProductIdentity,
): (readonly [path: string, row: Row, value: number | string | null])[] {
  const keys = Object.keys(IDENTITY_PATHS) as (keyof ProductIdentity)[]; // the keys of a record of them
  return keys.flatMap(key => {
    const value = identity[key];
    const path = IDENTITY_PATHS[key];
    return value === undefined ? [] : [[path, productRows[path], value] as const];
  });
}
