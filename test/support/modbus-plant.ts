/** A plant of twenty devices, each with every path that has a register. */
import { kindAndSize } from '../../src/schema/modbus/register.ts';
import { REGISTER_TABLES } from '../../src/schema/modbus/tables/all.ts';
import { unitIdOf } from '../../src/schema/modbus/unit-id.ts';
import type { Value } from '../../src/schema/row.ts';
import { SimulatedService } from './memory-bus.ts';

const DEVICES: readonly (readonly [type: string, name: string, instance: number])[] = [
  ['system', '', 0],
  ['settings', '', 0],
  ['hub4', '', 0],
  ['vebus', 'ttyO1', 288],
  ['battery', 'socketcan_can0', 512],
  ['battery', 'ttyUSB0', 289],
  ['battery', 'ttyUSB1', 290],
  ['solarcharger', 'ttyUSB2', 291],
  ['solarcharger', 'ttyUSB3', 292],
  ['solarcharger', 'ttyUSB4', 293],
  ['pvinverter', 'pv_1', 20],
  ['pvinverter', 'pv_2', 21],
  ['grid', 'cgwacs_ttyUSB5_mb1', 30],
  ['genset', 'socketcan_can0', 40],
  ['generator', 'startstop0', 0],
  ['tank', 'builtin_0', 50],
  ['tank', 'builtin_1', 51],
  ['temperature', 'adc_0', 60],
  ['evcharger', 'evc_1', 70],
  ['inverter', 'ttyUSB6', 278],
];

export interface PlantDevice {
  readonly service: SimulatedService;
  readonly type: string;
  readonly unit: number;
}

export function plant(): PlantDevice[] {
  return DEVICES.map(([type, name, instance], device) => {
    const values: Record<string, Value> = { '/DeviceInstance': instance };
    for (const [register, kind, scale = 1, path = ''] of rowsOf(type)) {
      // Numbers that fit their registers.
      const number = Math.sign(scale) * ((register * 7 + device) % (Math.abs(scale) < 1000 ? 100 : 3));
      if (path !== '') values[path] = kind.startsWith('string') ? `t${register}` : number;
    }
    values['/DeviceInstance'] = instance;
    const service = new SimulatedService(`com.victronenergy.${type}${name === '' ? '' : `.${name}`}`, values);
    return { service, type, unit: unitIdOf(instance) ?? 0 };
  });
}

/** The blocks of registers without gaps that hold all registers of a type, as clients read them. */
export function blocksOf(type: string): { readonly first: number; readonly count: number }[] {
  const blocks: { first: number; count: number }[] = [];
  for (const [register, kind] of rowsOf(type)) {
    const { size } = kindAndSize(kind);
    const block = blocks.at(-1);
    if (block !== undefined && block.first + block.count === register && block.count + size <= 125) block.count += size;
    else blocks.push({ first: register, count: size });
  }
  return blocks;
}

function rowsOf(type: string): (typeof REGISTER_TABLES)[number]['rows'] {
  return REGISTER_TABLES.find(table => table.service === type)?.rows ?? [];
}
