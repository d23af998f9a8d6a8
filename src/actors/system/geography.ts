/** Distances and courses on the globe. Degrees in, metres and degrees out. */

export interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

const EARTH_RADIUS_METRES = 6_371_000;

/** Great-circle distance. */
export function metresBetween(from: Coordinates, to: Coordinates): number {
  const northward = Math.sin(radians(to.latitude - from.latitude) / 2) ** 2;
  const eastward = Math.sin(radians(to.longitude - from.longitude) / 2) ** 2;
  const chord = northward + Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude)) * eastward;
  return 2 * EARTH_RADIUS_METRES * Math.atan2(Math.sqrt(chord), Math.sqrt(1 - chord));
}

/** Initial course, 0 … 360 from north over east. */
export function bearingBetween(from: Coordinates, to: Coordinates): number {
  const [a, b] = [radians(from.latitude), radians(to.latitude)];
  const east = radians(to.longitude - from.longitude);
  const y = Math.sin(east) * Math.cos(b);
  const x = Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(east);
  return ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360;
}

/** How far one course is from another, 0 … 180. */
export function turnBetween(one: number, other: number): number {
  return Math.abs(((other - one + 540) % 360) - 180);
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
