/** Who a VE.Direct device is. */
import { product } from '../../protocols/vedirect/products.ts';
import type { ProductIdentity } from '../../schema/product.ts';
import type { Value } from '../../schema/row.ts';
import type { SerialPort } from '../driver.ts';

/** A field of a TEXT block, decoded. */
export type Field = number | string | null;

export function productName(productId: number): string {
  return product(productId)?.name ?? `VE.Direct device 0x${productId.toString(16).toUpperCase()}`;
}

/** For `/Mgmt/Connection`. */
export function connectionOf({ connection, tty }: SerialPort): string {
  return connection ?? (tty.startsWith('ttyUSB') ? 'USB' : 'VE.Direct');
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
    ['/Devices/0/VregLink', null],
  ];
}
