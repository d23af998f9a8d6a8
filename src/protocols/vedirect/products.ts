/** Product ids of Victron devices (fact sheet vedirect, section 6). */
import { PRODUCT_TABLE } from './product-table.ts';

/**
 * What a device is, as far as it decides what to do with it:
 * `battery` battery monitors and shunts, `dcdc` DC-DC converters and chargers, `multi` Multi RS, `vebus` what speaks
 * VE.Bus, `other` all the rest, from sensors to dongles.
 */
export type ProductClass = 'battery' | 'solarcharger' | 'inverter' | 'charger' | 'dcdc' | 'multi' | 'vebus' | 'other';

export interface Product {
  readonly id: number;
  readonly name: string;
  readonly class: ProductClass;
}

const CLASSES: Readonly<Record<string, ProductClass>> = {
  b: 'battery',
  s: 'solarcharger',
  i: 'inverter',
  c: 'charger',
  d: 'dcdc',
  m: 'multi',
  v: 'vebus',
  '-': 'other',
};

const ID_CHARS = 4;

/**
 * Looks the id up in the text of the table, which is not taken apart: it is asked for a few devices, and 25 kB of text
 * cost less than hundreds of objects.
 *
 * @returns undefined for an id that is not in the table
 */
export function product(id: number): Product | undefined {
  const key = `|${id.toString(16).toUpperCase().padStart(ID_CHARS, '0')}`;
  const at = key.length === 1 + ID_CHARS ? PRODUCT_TABLE.indexOf(key) : -1;
  if (at < 0) return undefined;
  const [entry = ''] = PRODUCT_TABLE.slice(at + 1, at + 200).split(/[|\n]/, 1);
  return { id, name: entry.slice(ID_CHARS + 1), class: CLASSES[entry.charAt(ID_CHARS)] ?? 'other' };
}

/** All ids of the table, ascending. */
export function productIds(): number[] {
  return [...PRODUCT_TABLE.matchAll(/\|([0-9A-F]{4})/g)].map(([, id]) => Number.parseInt(id ?? '', 16));
}

/**
 * The class of a device we know, or else the one its id's range stands for: new products appear in the ranges of
 * their kind.
 */
export function classOf(id: number): ProductClass {
  return product(id)?.class ?? RANGES.find(({ from, to }) => id >= from && id <= to)?.class ?? 'other';
}

const RANGES: readonly { readonly from: number; readonly to: number; readonly class: ProductClass }[] = [
  { from: 0x0203, to: 0x0205, class: 'battery' },
  { from: 0x0300, to: 0x0300, class: 'solarcharger' },
  { from: 0xa040, to: 0xa0bf, class: 'solarcharger' },
  { from: 0xa200, to: 0xa2ff, class: 'inverter' },
  { from: 0xa300, to: 0xa37f, class: 'charger' },
  { from: 0xa380, to: 0xa38e, class: 'battery' },
  { from: 0xa3c0, to: 0xa3df, class: 'dcdc' },
  { from: 0xa3f0, to: 0xa3ff, class: 'dcdc' },
  { from: 0xa441, to: 0xa444, class: 'multi' },
  { from: 0xc030, to: 0xc038, class: 'battery' },
];

/**
 * The product id in a word that some older devices send with its octets swapped.
 *
 * @param word 16 bits as read
 */
export function plausibleProductId(word: number): number {
  const swapped = ((word & 0xff) << 8) | (word >> 8);
  return product(word) === undefined && product(swapped) !== undefined ? swapped : word;
}
