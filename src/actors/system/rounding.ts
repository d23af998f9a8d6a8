/** Rounding as the program that clients know does it: halves go to the even neighbour. */

/** @param decimals digits behind the point to keep */
export function roundTo(value: number, decimals = 0): number {
  const scale = 10 ** decimals;
  // Only halves that binary numbers can hold are halves; what toFixed does to the others is right. No -0.
  if (!Number.isInteger(value * 2 ** (decimals + 1))) return Number(value.toFixed(decimals)) + 0;
  const below = Math.floor(value * scale);
  const isHalf = value * scale !== below;
  return (isHalf && below % 2 !== 0 ? below + 1 : below) / scale + 0;
}
