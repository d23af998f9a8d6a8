/** One GPS receiver on one port: on the bus from its first good sentence, gone when it falls silent. It is only heard. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import { decodeFix, type FixUpdate } from '../../protocols/nmea0183/fix.ts';
import { SentenceParser } from '../../protocols/nmea0183/sentence-parser.ts';
import { gpsSchema } from '../../schema/gps.ts';
import type { DriverSession, SerialPort } from '../driver.ts';
import { PortDevice } from '../port-device.ts';
import { PositionCheck } from './position-check.ts';

const TIMES = {
  /** A receiver speaks every second. */
  recogniseMs: 2_500,
  /** Fact sheet gps-nmea0183, section 1. */
  silentMs: 5_000,
  staleMs: 5_000,
};
/** NMEA 0183 receivers; those on NMEA 2000 have the next number. */
const PRODUCT_ID = 0xa163;
/** Instances are given from here; the settings service finds the next free one. */
const FIRST_INSTANCE = 0;

/** Where the values of a sentence stand. */
const PATHS = {
  utcTime: '/UtcTime',
  latitude: '/Position/Latitude',
  longitude: '/Position/Longitude',
  speed: '/Speed',
  course: '/Course',
  altitude: '/Altitude',
  satellites: '/NrOfSatellites',
} as const satisfies Record<Exclude<keyof FixUpdate, 'fix'>, string>;

export class GpsSession extends PortDevice<typeof gpsSchema> implements DriverSession {
  readonly #parser: SentenceParser;
  readonly #positions = new PositionCheck();
  #doubted = 0;

  constructor(port: SerialPort, context: GatewayContext) {
    super(context, port, TIMES);
    this.#parser = new SentenceParser(sentence => {
      this.#receiver();
      const update = decodeFix(sentence);
      if (update !== undefined) this.#update(update);
    });
  }

  get faults(): number {
    const { checksum, frame, tooLong } = this.#parser.faults;
    return checksum + frame + tooLong + this.#doubted;
  }

  receive(bytes: Uint8Array): void {
    if (this.stopped) return;
    this.#parser.push(bytes);
    this.expectText(bytes);
  }

  /** Any good sentence is that of a receiver. */
  #receiver(): void {
    const { tty, connection = 'USB' } = this.port;
    this.found({
      serviceName: `com.victronenergy.gps.${tty}`,
      schema: gpsSchema,
      type: 'gps',
      unique: `vegps_${tty}`,
      firstInstance: FIRST_INSTANCE,
      product: {
        productId: PRODUCT_ID,
        productName: `NMEA-0183 GPS (${tty.replace(/^tty/, '')})`,
        firmwareVersion: null,
        connection,
      },
      prepare: service => {
        for (const path of ['/Fix', ...Object.values(PATHS)] as const) service.set(path, null);
      },
    });
  }

  #isBelieved({ latitude, longitude }: FixUpdate): boolean {
    if (latitude === undefined || longitude === undefined) return true;
    if (!this.isFresh(PATHS.latitude)) this.#positions.forget();
    return this.#positions.accepts({ latitude, longitude });
  }

  /** Without a fix nothing but that is known; the other values grow old. */
  #update(update: FixUpdate): void {
    if (!this.#isBelieved(update)) {
      this.#doubted++;
      return;
    }
    if (update.fix !== undefined) this.show('/Fix', update.fix ? 1 : 0);
    for (const [key, path] of Object.entries(PATHS)) {
      const value = update[key as keyof typeof PATHS]; // the keys of the table
      if (value !== undefined) this.show(path, value);
    }
  }
}
