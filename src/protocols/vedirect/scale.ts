/** Between raw numbers on the wire and units. */

/**
 * `raw` × `scale`, as the double nearest to the decimal number: 1440 × 0.01 is 14.4, not 14.400000000000002.
 *
 * @param scale a power of ten below 1, or a whole number
 */
export function fromRaw(raw: number, scale: number): number {
  return scale < 1 ? raw / Math.round(1 / scale) : raw * scale;
}

/** The raw number nearest to `value` in units of `scale`. */
export function toRaw(value: number, scale: number): number {
  return Math.round(scale < 1 ? value * Math.round(1 / scale) : value / scale);
}

/** Kelvin, as battery temperatures stand in registers, to degrees Celsius, both in hundredths. */
export function celsius(kelvin: number): number {
  return (Math.round(kelvin * 100) - 27315) / 100;
}
