/** Seven devices of somebody else for measuring the system calculation: every plain path of their types, ten that change. */
import { schemaOf } from '../../src/schema/registry.ts';
import type { Value } from '../../src/schema/row.ts';

export const BATTERY = 'com.victronenergy.battery.ttyUSB0';
export const VEBUS = 'com.victronenergy.vebus.ttyS4';
export const SOLAR_CHARGER = 'com.victronenergy.solarcharger.ttyUSB1';

/** Service → the values that count; all other paths of its type stand there too, invalid. */
const DEVICES: Readonly<Record<string, Readonly<Record<string, Value>>>> = {
  [BATTERY]: {
    '/DeviceInstance': 289,
    '/ProductName': 'SmartShunt',
    '/Dc/0/Voltage': 52.1,
    '/Dc/0/Current': -12,
    '/Dc/0/Power': -625,
    '/Dc/0/Temperature': 21,
    '/Soc': 71,
    '/ConsumedAmphours': -40,
    '/TimeToGo': 36_000,
  },
  [VEBUS]: {
    '/DeviceInstance': 276,
    '/ProductName': 'MultiPlus-II',
    '/State': 3,
    '/Mode': 3,
    '/Dc/0/Voltage': 52,
    '/Dc/0/Current': 4,
    '/Dc/0/Power': 208,
    '/Soc': 71,
    '/Ac/NumberOfPhases': 1,
    '/Ac/NumberOfAcInputs': 1,
    '/Ac/ActiveIn/ActiveInput': 0,
    '/Ac/ActiveIn/Connected': 1,
    '/Ac/ActiveIn/L1/P': 410,
    '/Ac/ActiveIn/L1/I': 1.8,
    '/Ac/Out/L1/P': 200,
    '/Ac/Out/L1/I': 0.9,
  },
  [SOLAR_CHARGER]: {
    '/DeviceInstance': 290,
    '/ProductName': 'SmartSolar',
    '/State': 3,
    '/Dc/0/Voltage': 52.2,
    '/Dc/0/Current': 10,
    '/Load/I': 0,
  },
  'com.victronenergy.grid.cgwacs_ttyUSB2_mb1': {
    '/DeviceInstance': 30,
    '/ProductName': 'EM24',
    '/DeviceType': 345,
    '/Ac/L1/Power': 410,
    '/Ac/L1/Current': 1.8,
  },
  'com.victronenergy.pvinverter.cgwacs_ttyUSB2_mb2': {
    '/DeviceInstance': 31,
    '/ProductName': 'ET112',
    '/Position': 1,
    '/StatusCode': 7,
    '/Ac/L1/Power': 900,
    '/Ac/L1/Current': 3.9,
  },
  'com.victronenergy.tank.builtin_0': { '/DeviceInstance': 20, '/ProductName': 'Tank', '/Level': 40 },
  'com.victronenergy.temperature.adc_0': { '/DeviceInstance': 24, '/ProductName': 'Sensor', '/Temperature': 20 },
};

/** What changes, one after the other: ten paths of six services. */
export const CHANGING: readonly (readonly [service: string, path: string, around: number])[] = [
  [BATTERY, '/Dc/0/Voltage', 52],
  ['com.victronenergy.grid.cgwacs_ttyUSB2_mb1', '/Ac/L1/Power', 400],
  [BATTERY, '/Dc/0/Current', -12],
  [VEBUS, '/Ac/Out/L1/P', 200],
  [SOLAR_CHARGER, '/Dc/0/Current', 10],
  [BATTERY, '/Dc/0/Power', -600],
  [VEBUS, '/Dc/0/Voltage', 52],
  ['com.victronenergy.pvinverter.cgwacs_ttyUSB2_mb2', '/Ac/L1/Power', 900],
  [BATTERY, '/Soc', 71],
  ['com.victronenergy.tank.builtin_0', '/Level', 40],
];

/** Name and values of each device. */
export function systemDevices(): (readonly [name: string, values: Record<string, Value>])[] {
  return Object.entries(DEVICES).map(([name, values]) => {
    const plain = Object.keys(schemaOf(name.split('.')[2] ?? '') ?? {}).filter(path => !path.includes('{'));
    return [
      name,
      {
        ...Object.fromEntries(plain.map(path => [path, null])),
        '/Connected': 1,
        '/Mgmt/Connection': 'VE.Direct',
        ...values,
      },
    ];
  });
}
