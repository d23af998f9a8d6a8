/** com.victronenergy.vecan: a VE.Can port as a device. */
import { alarm } from './enums.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { sourced } from './table.ts';
import { amperes1, celsius1, int, percent1, text, uint, volts2, writable } from './units.ts';

export const vecanSchema = {
  ...productRows,
  ...sourced('systemcalc', {
    '/Link/BatteryCurrent': writable(amperes1),
    '/Link/ChargeVoltage': writable(volts2),
    '/Link/ExtraBatteryCurrent': writable(amperes1),
    '/Link/NetworkMode': writable(int),
    '/Link/Soc': writable(percent1),
    '/Link/TemperatureSense': writable(celsius1),
    '/Link/VoltageSense': writable(volts2),
  }),
  ...sourced('names', {
    '/Alarms/SameUniqueNameUsed': alarm,
    '/Devices/{name}/CustomName': writable(text),
    '/Devices/{name}/DeviceInstance': writable(int),
    '/Devices/{name}/FirmwareVersion': text,
    '/Devices/{name}/Manufacturer': int,
    '/Devices/{name}/ModelName': text,
    '/Devices/{name}/N2kUniqueNumber': uint,
    '/Devices/{name}/Nad': int,
    '/Devices/{name}/Serial': text,
    '/Identifier': text,
    '/Link/ChargeVoltageSolarOffset': writable(volts2),
  }),
} as const satisfies Schema;
