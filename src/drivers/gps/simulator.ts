/** The device's other end: a GPS receiver on board of something that sails in a circle. */
import type { Owned } from '../../kernel/actor.ts';
import type { Clock } from '../../kernel/clock.ts';
import { encodeSentence } from '../../protocols/nmea0183/sentence-parser.ts';

const PERIOD_MS = 1_000;
const KNOT = 1852 / 3600;
/** Metres of one minute of latitude. */
const MINUTE_METRES = 1852;
/** Lake IJssel. */
const CENTRE = { latitude: 52.72, longitude: 5.32 };
const RADIUS_METRES = 2_000;
const SPEED_KNOTS = 6;
const ALTITUDE_METRES = 1.5;

export class GpsSimulator implements Owned {
  /** Whether it sees enough satellites. */
  fix = true;
  silent = false;
  readonly #clock: Clock;
  readonly #write: (bytes: Uint8Array) => void;
  readonly #beat: Owned;
  #seconds = 0;

  /** @param write takes what the receiver sends */
  constructor(clock: Clock, write: (bytes: Uint8Array) => void) {
    this.#clock = clock;
    this.#write = write;
    const timer = clock.every(PERIOD_MS, () => this.#second());
    this.#beat = { release: () => timer.cancel() };
  }

  release(): void {
    void this.#beat.release();
  }

  /** Where it is now: degrees, and degrees from north. */
  get position(): { readonly latitude: number; readonly longitude: number; readonly course: number } {
    const turned = (this.#seconds * SPEED_KNOTS * KNOT) / RADIUS_METRES;
    const north = (RADIUS_METRES * Math.cos(turned)) / MINUTE_METRES / 60;
    const east = (RADIUS_METRES * Math.sin(turned)) / MINUTE_METRES / 60;
    return {
      latitude: CENTRE.latitude + north,
      longitude: CENTRE.longitude + east / Math.cos((CENTRE.latitude * Math.PI) / 180),
      course: ((turned * 180) / Math.PI + 90) % 360,
    };
  }

  #second(): void {
    this.#seconds += PERIOD_MS / 1000;
    if (this.silent) return;
    const text = this.#sentences().map(encodeSentence).join('');
    this.#write(new TextEncoder().encode(text));
  }

  #sentences(): string[] {
    const iso = new Date(this.#clock.wall()).toISOString();
    const time = `${iso.slice(11, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}.00`;
    const date = `${iso.slice(8, 10)}${iso.slice(5, 7)}${iso.slice(2, 4)}`;
    if (!this.fix) return [`GPRMC,${time},V,,,,,,,${date},,,N`, `GPGGA,${time},,,,,0,00,,,M,,M,,`];
    const { latitude, longitude, course } = this.position;
    const where = `${degrees(latitude, 2)},${latitude < 0 ? 'S' : 'N'},${degrees(longitude, 3)},${longitude < 0 ? 'W' : 'E'}`;
    return [
      `GPRMC,${time},A,${where},${SPEED_KNOTS.toFixed(2)},${course.toFixed(1)},${date},,,A`,
      `GPGGA,${time},${where},1,09,0.9,${ALTITUDE_METRES.toFixed(1)},M,45.0,M,,`,
      'GPGSV,1,1,00',
    ];
  }
}

/** `dddmm.mmmmm` */
function degrees(value: number, digits: number): string {
  const size = Math.abs(value);
  const whole = Math.floor(size);
  return `${String(whole).padStart(digits, '0')}${((size - whole) * 60).toFixed(5).padStart(8, '0')}`;
}
