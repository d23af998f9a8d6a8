/** Which D-Bus service a device with registers becomes (fact sheet vedirect, sections 4.6 and 6). */
import { type MonitorService, monitorService } from '../../protocols/vedirect/codes.ts';
import { classOf, type ProductClass } from '../../protocols/vedirect/products.ts';
import { alternatorSchema } from '../../schema/alternator.ts';
import { batterySchema } from '../../schema/battery.ts';
import { chargerSchema } from '../../schema/charger.ts';
import { dcloadSchema } from '../../schema/dcload.ts';
import { dcsourceSchema } from '../../schema/dcsource.ts';
import { dcsystemSchema } from '../../schema/dcsystem.ts';
import { inverterSchema } from '../../schema/inverter.ts';
import { multiSchema } from '../../schema/multi.ts';
import type { Schema } from '../../schema/row.ts';
import { solarchargerSchema } from '../../schema/solarcharger.ts';

export type RegisterService = MonitorService | 'solarcharger' | 'inverter' | 'charger' | 'multi';

export const SERVICE_SCHEMAS: Readonly<Record<RegisterService, Schema>> = {
  battery: batterySchema,
  dcsource: dcsourceSchema,
  dcload: dcloadSchema,
  dcsystem: dcsystemSchema,
  alternator: alternatorSchema,
  solarcharger: solarchargerSchema,
  inverter: inverterSchema,
  charger: chargerSchema,
  multi: multiSchema,
};

export function isRegisterService(type: string): type is RegisterService {
  return Object.hasOwn(SERVICE_SCHEMAS, type);
}

const SERVICE_OF: Readonly<Record<Exclude<ProductClass, 'battery'>, RegisterService | undefined>> = {
  solarcharger: 'solarcharger',
  inverter: 'inverter',
  charger: 'charger',
  // As the clients in the field know DC-DC chargers.
  dcdc: 'alternator',
  multi: 'multi',
  vebus: undefined,
  other: undefined,
};

/**
 * @param monitorMode the field MON of battery monitors, undefined when the device has none
 * @returns undefined for a product that is no device we know what to do with
 */
export function serviceOf(productId: number, monitorMode: number | undefined): RegisterService | undefined {
  const productClass = classOf(productId);
  return productClass === 'battery' ? monitorService(monitorMode ?? 0) : SERVICE_OF[productClass];
}
