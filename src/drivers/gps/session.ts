/** One GPS receiver on one port: on the bus from its first good sentence, gone when it falls silent. It is only heard. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import { type PublishedService, SET_DONE, SET_REFUSED } from '../../bus/published-service.ts';
import type { Owned } from '../../kernel/actor.ts';
import type { Timer } from '../../kernel/clock.ts';
import { Fault } from '../../kernel/fault.ts';
import { VERSION } from '../../kernel/version.ts';
import { decodeFix, type FixUpdate } from '../../protocols/nmea0183/fix.ts';
import { type Sentence, SentenceParser } from '../../protocols/nmea0183/sentence-parser.ts';
import { gpsSchema } from '../../schema/gps.ts';
import type { ProductIdentity } from '../../schema/product.ts';
import { deviceInstance } from '../device-instance.ts';
import type { DriverSession, SerialPort, SessionEnd } from '../driver.ts';
import { TextLikeness } from '../listening.ts';

/** A receiver speaks every second. Without a good sentence for so long there is none on the port. */
const RECOGNISE_MS = 2_500;
/** Fact sheet gps-nmea0183, section 1: without a good sentence for so long the receiver is gone. */
const SILENT_MS = 5_000;
/** A value that has not come again for so long is invalid. */
const STALE_MS = 5_000;
const CHECK_MS = 500;
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

type GpsService = PublishedService<typeof gpsSchema>;

export class GpsSession implements DriverSession {
  readonly ended: Promise<SessionEnd>;
  readonly recognised: Promise<string>;
  readonly #port: SerialPort;
  readonly #context: GatewayContext;
  readonly #parser: SentenceParser;
  readonly #likeness = new TextLikeness();
  readonly #check: Timer;
  readonly #began: number;
  #end: (how: SessionEnd) => void = () => {};
  #found: (what: string) => void = () => {};
  #stopped = false;
  #lastSentence: number | undefined;
  #service: GpsService | undefined;
  /** What was said while the service was on its way onto the bus. */
  #early: FixUpdate = {};
  #instanceWatch: Owned | undefined;
  /** Path → when a value for it came last, monotonic milliseconds. */
  readonly #seen = new Map<string, number>();

  constructor(port: SerialPort, context: GatewayContext) {
    this.#port = port;
    this.#context = context;
    this.#began = context.clock.monotonic();
    this.#parser = new SentenceParser(sentence => this.#sentence(sentence));
    this.ended = new Promise(resolve => {
      this.#end = resolve;
    });
    this.recognised = new Promise(resolve => {
      this.#found = resolve;
    });
    this.#check = context.clock.every(CHECK_MS, () => this.#look());
  }

  receive(bytes: Uint8Array): void {
    if (this.#stopped) return;
    this.#parser.push(bytes);
    if (this.#lastSentence !== undefined) return;
    this.#likeness.push(bytes);
    if (this.#likeness.isNoText) this.#end('not recognised');
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#check.cancel();
    void this.#instanceWatch?.release();
    const service = this.#service;
    this.#service = undefined;
    if (service !== undefined) await this.#context.withdraw(service);
  }

  #sentence(sentence: Sentence): void {
    const isFirst = this.#lastSentence === undefined;
    this.#lastSentence = this.#context.clock.monotonic();
    if (isFirst) {
      this.#found(this.#productName());
      this.#context.spawn(this.#publish());
    }
    const update = decodeFix(sentence);
    if (update === undefined) return;
    if (this.#service === undefined) this.#early = { ...this.#early, ...update };
    else this.#show(this.#service, update);
  }

  async #publish(): Promise<void> {
    const { tty } = this.#port;
    const known = await deviceInstance(this.#context, `vegps_${tty}`, 'gps', FIRST_INSTANCE);
    if (this.#stopped) return;
    const identity: ProductIdentity = {
      processName: 'gxd',
      processVersion: VERSION,
      connection: this.#port.connection ?? 'USB',
      deviceInstance: known.instance,
      productId: PRODUCT_ID,
      productName: this.#productName(),
      firmwareVersion: null,
      hardwareVersion: null,
      connected: 1,
      customName: known.customName,
    };
    const prepare = (service: GpsService): void => {
      for (const path of ['/Fix', ...Object.values(PATHS)] as const) service.set(path, null);
      service.onWrite('/CustomName', async name => {
        if (typeof name !== 'string' || !(await known.rename(name))) return SET_REFUSED;
        service.set('/CustomName', name);
        return SET_DONE;
      });
    };
    let service: GpsService;
    try {
      service = await this.#context.publish({
        name: `com.victronenergy.gps.${tty}`,
        schema: gpsSchema,
        identity,
        prepare,
      });
    } catch (error) {
      if (!(error instanceof Fault) || error.whose !== 'bus') throw error;
      this.#end('name taken');
      return;
    }
    if (this.#stopped) {
      await this.#context.withdraw(service);
      return;
    }
    this.#context.log.info(`${identity.productName} is on the bus`, { service: service.name });
    this.#instanceWatch = known.onChange(instance => service.set('/DeviceInstance', instance));
    this.#service = service;
    this.#show(service, this.#early);
  }

  #productName(): string {
    return `NMEA-0183 GPS (${this.#port.tty.replace(/^tty/, '')})`;
  }

  /** Without a fix nothing but that is known; the other values grow old. */
  #show(service: GpsService, update: FixUpdate): void {
    const now = this.#context.clock.monotonic();
    if (update.fix !== undefined) {
      service.set('/Fix', update.fix ? 1 : 0);
      this.#seen.set('/Fix', now);
    }
    for (const [key, path] of Object.entries(PATHS)) {
      const value = update[key as keyof typeof PATHS]; // the keys of the table
      if (value === undefined) continue;
      service.set(path, value);
      this.#seen.set(path, now);
    }
  }

  #look(): void {
    const now = this.#context.clock.monotonic();
    if (this.#lastSentence === undefined) {
      if (now - this.#began >= RECOGNISE_MS) this.#end('not recognised');
      return;
    }
    if (now - this.#lastSentence >= SILENT_MS) {
      this.#end('device silent');
      return;
    }
    for (const [path, at] of this.#seen) {
      if (now - at < STALE_MS) continue;
      this.#seen.delete(path);
      this.#service?.setAny(path, null);
    }
  }
}
