/**
 * The CAN-bus battery on one interface: on the bus once it has told what makes a battery, with invalid values when it
 * falls silent, gone when it stays silent. The socket stays open for the next one.
 */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { PublishedService } from '../../bus/published-service.ts';
import type { Owned } from '../../kernel/actor.ts';
import type { Timer } from '../../kernel/clock.ts';
import { describe, Fault } from '../../kernel/fault.ts';
import { VERSION } from '../../kernel/version.ts';
import type { CanFilter, CanFrame, CanSocket } from '../../ports/can.ts';
import { BATTERY_LOST_MS, KEEP_ALIVE, KEEP_ALIVE_MS, SYSTEM_IDENTITY } from '../../protocols/can-bms/control.ts';
import { batterySchema } from '../../schema/battery.ts';
import type { ProductIdentity } from '../../schema/product.ts';
import { type DeviceInstance, deviceInstance, letRename } from '../device-instance.ts';
import type { CanSession } from '../driver.ts';
import { BatteryPicture } from './battery-picture.ts';
import { FIRST_PATHS } from './paths.ts';
import { SensedValues } from './sensed-values.ts';

/** What a socket for batteries listens to: 0x350 to 0x35F, 0x370 to 0x37F, 0x380 to 0x383. */
export const BATTERY_FILTERS: readonly CanFilter[] = [
  { id: 0x350, mask: 0x7f0, extended: false },
  { id: 0x370, mask: 0x7f0, extended: false },
  { id: 0x380, mask: 0x7fc, extended: false },
];
/** All frames come once in so long, so that what did not come by then will not come. */
export const IDENTIFY_MS = 2500;
/** A battery that is silent for so long is no longer shown as one that will come back. */
export const GONE_MS = 60_000;
/** The battery is shown by another program: tried again after so long. */
const NAME_TAKEN_MS = 10_000;
const CHECK_MS = 250;
const FIRST_INSTANCE = 512;

type BatteryService = PublishedService<typeof batterySchema>;

export class CanBmsSession implements CanSession {
  /** Settles with the reason when the interface is gone. */
  readonly ended: Promise<Error>;
  readonly #socket: CanSocket;
  readonly #name: string;
  readonly #context: GatewayContext;
  readonly #timers: readonly Timer[];
  #picture = new BatteryPicture();
  #firstAt: number | undefined;
  #lastAt = 0;
  #service: BatteryService | undefined;
  #instanceWatch: Owned | undefined;
  #sensed: SensedValues | undefined;
  #changing = false;
  #notBefore = 0;
  #obstacle = '';
  #stopped = false;
  #unheard = false;

  /**
   * @param socket open, with BATTERY_FILTERS; closed by `stop`
   * @param name of the interface, as it stands in the name of the service: `can0`
   */
  constructor(socket: CanSocket, name: string, context: GatewayContext) {
    this.#socket = socket;
    this.#name = name;
    this.#context = context;
    this.ended = new Promise(resolve => socket.onClose(resolve));
    socket.onFrames(context.guard(frames => this.#frames(frames)));
    this.#timers = [
      context.clock.every(CHECK_MS, () => this.#look()),
      context.clock.every(KEEP_ALIVE_MS, () => context.spawn(this.#speak())),
    ];
    context.spawn(this.#speak());
  }

  /** Frames of the battery that could not be read. */
  get faults(): number {
    return this.#picture.faults;
  }

  /** Takes the battery off the bus and closes the socket. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const timer of this.#timers) timer.cancel();
    await this.#withdraw();
    await this.#socket.close();
  }

  #frames(frames: readonly CanFrame[]): void {
    if (this.#stopped) return;
    const now = this.#context.clock.monotonic();
    const heard = frames.filter(frame => !frame.extended && this.#picture.take(frame.id, frame.data, now));
    if (heard.length === 0) return;
    this.#firstAt ??= now;
    this.#lastAt = now;
    // What it allows must not wait for the next look.
    this.#show();
  }

  #look(): void {
    const now = this.#context.clock.monotonic();
    this.#picture.expire(now);
    this.#show();
    this.#sensed?.forget();
    if (this.#firstAt === undefined || this.#changing) return;
    if (now - this.#lastAt >= GONE_MS) {
      this.#firstAt = undefined;
      this.#picture = new BatteryPicture();
      this.#change(this.#withdraw());
    } else if (this.#service === undefined) {
      const isTime = now - this.#firstAt >= IDENTIFY_MS && now >= this.#notBefore;
      if (isTime && this.#picture.isComplete) this.#change(this.#publish());
    }
  }

  #change(change: Promise<void>): void {
    this.#changing = true;
    this.#context.spawn(
      change.finally(() => {
        this.#changing = false;
      }),
    );
  }

  #show(): void {
    const service = this.#service;
    if (service === undefined) return;
    const isSilent = this.#context.clock.monotonic() - this.#lastAt >= BATTERY_LOST_MS;
    const picture = this.#picture;
    service.set('/Connected', isSilent ? 0 : 1);
    for (const [path, value] of picture.paths()) service.setAny(path, value);
    const { productId, name } = picture.battery();
    service.set('/ProductId', productId);
    service.set('/ProductName', name);
    service.set('/FirmwareVersion', picture.firmware);
    service.set('/HardwareVersion', picture.hardware);
    service.set('/Serial', picture.serial === '' ? null : picture.serial);
  }

  async #publish(): Promise<void> {
    const name = this.#name;
    const stock = `com.victronenergy.battery.socketcan_${name}`;
    if (this.#context.world.service(stock) !== undefined) {
      this.#cannotBeShown(`${stock} shows it already`);
      return;
    }
    const known = await deviceInstance(this.#context, `can_${name}`, 'battery', FIRST_INSTANCE);
    if (this.#stopped) return;
    try {
      const service = await this.#context.publish({
        name: `com.victronenergy.battery.${name}`,
        schema: batterySchema,
        identity: this.#identity(known),
        prepare: service => this.#prepare(service, known),
      });
      this.#service = service;
      this.#instanceWatch = known.onChange(instance => service.set('/DeviceInstance', instance));
      if (this.#stopped) await this.#withdraw();
      else this.#context.log.info(`${this.#picture.battery().name} is on the bus`, { service: service.name });
    } catch (error) {
      if (!(error instanceof Fault) || error.whose !== 'bus') throw error;
      this.#cannotBeShown(describe(error));
    }
  }

  /** Said once, and tried again after a while. */
  #cannotBeShown(why: string): void {
    this.#notBefore = this.#context.clock.monotonic() + NAME_TAKEN_MS;
    if (why === this.#obstacle) return;
    this.#obstacle = why;
    this.#context.log.warn(`the battery on ${this.#name} cannot be shown: ${why}`);
  }

  #identity(known: DeviceInstance): ProductIdentity {
    const { productId, name } = this.#picture.battery();
    return {
      processName: 'gxd',
      processVersion: VERSION,
      connection: 'CAN-bus BMS',
      deviceInstance: known.instance,
      productId,
      productName: name,
      firmwareVersion: this.#picture.firmware,
      hardwareVersion: this.#picture.hardware,
      connected: 1,
      customName: known.customName,
      serial: this.#picture.serial === '' ? null : this.#picture.serial,
    };
  }

  #prepare(service: BatteryService, known: DeviceInstance): void {
    for (const path of FIRST_PATHS) service.setAny(path, null);
    for (const [path, value] of this.#picture.paths()) service.setAny(path, value);
    this.#sensed = new SensedValues(service, this.#context.clock);
    letRename(service, known);
  }

  async #withdraw(): Promise<void> {
    void this.#instanceWatch?.release();
    this.#instanceWatch = undefined;
    const service = this.#service;
    this.#service = undefined;
    this.#sensed = undefined;
    if (service !== undefined) await this.#context.withdraw(service);
  }

  /** Batteries want to hear that somebody is there. On a bus without a battery nobody takes the frames. */
  async #speak(): Promise<void> {
    if (this.#stopped || this.#socket.queued > 0) return;
    try {
      for (const frame of [KEEP_ALIVE, SYSTEM_IDENTITY]) await this.#socket.send({ ...frame, extended: false });
      this.#unheard = false;
    } catch (error) {
      if (this.#stopped || this.#unheard) return;
      this.#unheard = true;
      this.#context.log.warn(`${this.#socket.interface}: cannot send to the battery: ${describe(error)}`);
    }
  }
}
