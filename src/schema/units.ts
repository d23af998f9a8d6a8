/**
 * Rows that many paths share, one per quantity and its decimals: `volts2` prints 53.20V. A table names the constant
 * itself where nothing is to be added, so thousands of paths need few objects.
 */
import type { Row } from './row.ts';

export const text = { type: 'string' } as const satisfies Row;
/** A number without unit: a count, a state, a bit field. */
export const int = { type: 'int' } as const satisfies Row;
/** A number without unit that may need all 32 bits: a serial number, a raw status word, Unix seconds. */
export const uint = { type: 'uint' } as const satisfies Row;
/** A number with a fraction, printed as it is. */
export const float = { type: 'float' } as const satisfies Row;
export const float0 = { type: 'float', decimals: 0 } as const satisfies Row;
export const mixed = { type: 'mixed' } as const satisfies Row;
export const list = { type: 'list' } as const satisfies Row;
export const dict = { type: 'dict' } as const satisfies Row;
export const bytes = { type: 'bytes' } as const satisfies Row;

export const volts0 = { type: 'float', unit: 'V', decimals: 0 } as const satisfies Row;
export const volts1 = { type: 'float', unit: 'V', decimals: 1 } as const satisfies Row;
export const volts2 = { type: 'float', unit: 'V', decimals: 2 } as const satisfies Row;
export const amperes0 = { type: 'float', unit: 'A', decimals: 0 } as const satisfies Row;
export const amperes1 = { type: 'float', unit: 'A', decimals: 1 } as const satisfies Row;
export const watts0 = { type: 'float', unit: 'W', decimals: 0 } as const satisfies Row;
export const voltAmperes0 = { type: 'float', unit: 'VA', decimals: 0 } as const satisfies Row;
export const kilowattHours1 = { type: 'float', unit: 'kWh', decimals: 1 } as const satisfies Row;
export const kilowattHours2 = { type: 'float', unit: 'kWh', decimals: 2 } as const satisfies Row;
export const ampereHours1 = { type: 'float', unit: 'Ah', decimals: 1 } as const satisfies Row;
export const ampereHours0 = { type: 'float', unit: 'Ah', decimals: 0 } as const satisfies Row;
export const hertz0 = { type: 'float', unit: 'Hz', decimals: 0 } as const satisfies Row;
export const hertz1 = { type: 'float', unit: 'Hz', decimals: 1 } as const satisfies Row;
export const percent0 = { type: 'float', unit: '%', decimals: 0 } as const satisfies Row;
export const percent1 = { type: 'float', unit: '%', decimals: 1 } as const satisfies Row;
export const ratio2 = { type: 'float', decimals: 2 } as const satisfies Row;
export const celsius0 = { type: 'float', unit: '°C', decimals: 0 } as const satisfies Row;
export const celsius1 = { type: 'float', unit: '°C', decimals: 1 } as const satisfies Row;
export const celsius2 = { type: 'float', unit: '°C', decimals: 2 } as const satisfies Row;
/** Temperatures of battery monitors and sensor inputs: 30C. */
export const celsiusC0 = { type: 'float', unit: '°C', suffix: 'C', decimals: 0 } as const satisfies Row;
/** Temperatures of the cells and the history of CAN batteries: 23 degrees. */
export const celsiusWord0 = { type: 'float', unit: '°C', suffix: ' degrees', decimals: 0 } as const satisfies Row;
/** Temperatures of engines: 73degrees. */
export const celsiusDegrees0 = { type: 'float', unit: '°C', suffix: 'degrees', decimals: 0 } as const satisfies Row;
export const rpm0 = { type: 'float', unit: 'rpm', decimals: 0 } as const satisfies Row;
export const kilopascal0 = { type: 'float', unit: 'kPa', decimals: 0 } as const satisfies Row;
export const metersPerSecond2 = { type: 'float', unit: 'm/s', decimals: 2 } as const satisfies Row;
export const cubicMeters4 = { type: 'float', unit: 'm3', decimals: 4 } as const satisfies Row;
export const seconds0 = { type: 'float', unit: 's', decimals: 0 } as const satisfies Row;
export const seconds = { type: 'int', unit: 's' } as const satisfies Row;
export const minutes0 = { type: 'float', unit: 'min', decimals: 0 } as const satisfies Row;

/** 0x204 */
export const productId = { type: 'uint', text: 'hex', label: 'Product id' } as const satisfies Row;
/** v1.59 from a number, a string as it is. */
export const firmware = { type: 'mixed', text: 'firmware', label: 'Firmware version' } as const satisfies Row;

/** The same row, but to be written by clients. */
export function writable<const R extends Row>(row: R): R & { readonly writable: true } {
  return { ...row, writable: true };
}

/** The same row with a label. */
export function labelled<const R extends Row>(label: string, row: R): R & { readonly label: string } {
  return { ...row, label };
}

/** A number that stands for a meaning; its text is the number. */
export function choice<const E extends Readonly<Record<number, string>>>(
  meanings: E,
): { readonly type: 'int'; readonly enum: E } {
  return { type: 'int', enum: meanings };
}

/** A number that stands for a meaning; its text is the meaning. */
export function spoken<const E extends Readonly<Record<number, string>>>(
  meanings: E,
): { readonly type: 'int'; readonly enum: E; readonly enumText: true } {
  return { type: 'int', enum: meanings, enumText: true };
}
