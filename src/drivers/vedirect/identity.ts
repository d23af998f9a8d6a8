/** Who a VE.Direct device is: what it says of itself, and what the settings know of it. */

import { VERSION } from '../../kernel/version.ts';
import { product } from '../../protocols/vedirect/products.ts';
import type { ProductIdentity } from '../../schema/product.ts';
import type { Value } from '../../schema/row.ts';
import type { SerialPort } from '../driver.ts';

/** A field of a TEXT block, decoded. */
export type Field = number | string | null;

export function productName(productId: number): string {
  return product(productId)?.name ?? `VE.Direct device 0x${productId.toString(16).toUpperCase()}`;
}

export interface Known {
  readonly productId: number;
  readonly serial: string | undefined;
  readonly instance: number;
  readonly customName: string;
}

/** @param fields the block that told the product id */
export function identityOf(port: SerialPort, known: Known, fields: ReadonlyMap<string, Field>): ProductIdentity {
  return {
    processName: 'gxd',
    processVersion: VERSION,
    connection: port.connection ?? (port.tty.startsWith('ttyUSB') ? 'USB' : 'VE.Direct'),
    deviceInstance: known.instance,
    productId: known.productId,
    productName: productName(known.productId),
    firmwareVersion: fields.get('FWE') ?? fields.get('FW') ?? null,
    hardwareVersion: null,
    connected: 1,
    customName: known.customName,
    ...(known.serial === undefined ? {} : { serial: known.serial }),
  };
}

/** The same once more, as clients for remote configuration look for it. The service is its own only device. */
export function deviceCopies(serviceName: string, identity: ProductIdentity): readonly (readonly [string, Value])[] {
  return [
    ['/Devices/0/CustomName', identity.customName ?? ''],
    ['/Devices/0/DeviceInstance', identity.deviceInstance],
    ['/Devices/0/FirmwareVersion', identity.firmwareVersion],
    ['/Devices/0/ProductId', identity.productId],
    ['/Devices/0/ProductName', identity.productName],
    ['/Devices/0/ServiceName', serviceName],
    // Raw access to registers past all checks is not given.
    ['/Devices/0/VregLink', null],
  ];
}
