/** Registers that are calculated from other paths: kept for clients of former versions, or not on the bus as such. */
import type { DerivedRegister } from './register.ts';

const ERRORS = [0, 1, 2, 3, 4, 5, 6, 7].map(n => `/Error/${n}/Id`);

export const DERIVED_REGISTERS: readonly DerivedRegister[] = [
  {
    service: 'solarcharger',
    register: 777,
    type: 'int16',
    scale: 10,
    item: 'float',
    derivation: 'quotient',
    paths: ['/Yield/Power', '/Pv/V'],
  },
  { service: 'system', register: 830, type: 'uint64', scale: 1, item: 'uint', derivation: 'time', paths: [] },
  {
    service: 'system',
    register: 834,
    type: 'uint32',
    scale: 1,
    item: 'uint',
    derivation: 'firmware',
    paths: ['/FirmwareVersion'],
  },
  {
    service: 'genset',
    register: 3214,
    type: 'uint16',
    scale: 1,
    item: 'uint',
    derivation: 'error-summary',
    paths: ERRORS,
  },
  {
    service: 'dcgenset',
    register: 5202,
    type: 'uint16',
    scale: 1,
    item: 'uint',
    derivation: 'error-summary',
    paths: ERRORS,
  },
];

/** What each derived register means, for the printed map. */
export const DERIVED_LABELS: Readonly<Record<number, string>> = {
  777: 'PV current',
  830: 'Date and time, Unix seconds UTC',
  834: 'Firmware version',
  3214: 'Error summary: 0 none, 65280 an error',
  5202: 'Error summary: 0 none, 65280 an error',
};
