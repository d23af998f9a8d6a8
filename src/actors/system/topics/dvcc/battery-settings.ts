import type { Picture } from '../../picture.ts';
import { defineTopic } from '../../topic.ts';
import { bmsChoice } from '../bms-choice.ts';

const DVCC = '/Settings/Services/Bol';
const VOLTAGE_SENSE = '/Settings/SystemSetup/SharedVoltageSense';
const TEMPERATURE_SENSE = '/Settings/SystemSetup/SharedTemperatureSense';
const SETTINGS = [DVCC, VOLTAGE_SENSE, TEMPERATURE_SENSE] as const;

/** Values of these settings: bit 0 on, bit 1 forced. */
const FORCED_OFF = 2;
const FORCED_ON = 3;
const FORCED_BIT = 2;
const ON_BIT = 1;

interface Needs {
  /** `user`: left to the user. */
  readonly voltageSense: typeof FORCED_OFF | typeof FORCED_ON | 'user';
  readonly products: readonly number[];
}

/** Batteries that need DVCC, measure their own temperature, and differ in whose voltage the chargers shall go by. */
const NEEDS: readonly Needs[] = [
  {
    voltageSense: FORCED_OFF,
    products: [
      0xb005, // BMZ
      0xb009, // Pylontech
      0xb00a, // BYD B-Box
      0xb015, // BYD B-Box L
      0xb019, // BYD Premium
      0xb016, // Discover AES
      0xb021, // BSLBATT
      0xb028, // Cegasa
      0xb029, // Pylontech Pelio
      0xb01a, // ZYC
      0xb01b, // Pytes
      0xb01d, // Leoch
      0xb01e, // LBSA
      0xb01f, // Sunwoda
      0xb052, // TAB
    ],
  },
  {
    voltageSense: 'user',
    products: [
      0xb014, // Freedom WON
      0xb024, // eTower
      0xb051, // Hubble
      0xb02b, // FinDreams
      0xb02a, // WeCo
      0xb020, // BlueNova
    ],
  },
  {
    voltageSense: FORCED_ON,
    products: [
      0xa3e3, // Parallel BMS
      0xa3e4, // Lynx Smart BMS NG 500
      0xa3e5, // Lynx Smart BMS 500
      0xa3e6, // Lynx Smart BMS 1000
      0xa3e7, // Lynx Smart BMS NG 1000
      0xb02e, // Meterboost
      0xb038, // Batrium
      0xb02f, // Soluna
      0xb054, // SSS
      0xb055, // Volt
    ],
  },
];

/** Settings that a battery needs. */
export const batterySettings = defineTopic({
  name: 'battery-settings',
  about:
    'Sets DVCC and the shared sensing as the battery that steers needs it, and marks them as forced. When that battery is gone the user has them back as they stand.',
  reads: { devices: { battery: ['/ProductId'] }, settings: SETTINGS, topics: [bmsChoice] },
  publishes: {},
  compute(look, out) {
    const product = look.device(look.result(bmsChoice).bms)?.number('/ProductId') ?? null;
    const needs = product === null ? undefined : NEEDS.find(({ products }) => products.includes(product));
    const free = (setting: string): void => out.setting(setting, withoutForce(look, setting));
    if (needs === undefined) {
      for (const setting of SETTINGS) free(setting);
      return;
    }
    out.setting(DVCC, FORCED_ON);
    out.setting(TEMPERATURE_SENSE, FORCED_OFF);
    if (needs.voltageSense === 'user') free(VOLTAGE_SENSE);
    else out.setting(VOLTAGE_SENSE, needs.voltageSense);
  },
});

function withoutForce(look: Picture, setting: string): number {
  const value = look.setting(setting) ?? 0;
  return (value & FORCED_BIT) === 0 ? value : value & ON_BIT;
}
