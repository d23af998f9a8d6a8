/** A VE.Bus system on the bus: published, asked by the poll plan, written to by clients, until it falls silent. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import { type PublishedService, SET_DONE, SET_REFUSED } from '../../bus/published-service.ts';
import type { Owned } from '../../kernel/actor.ts';
import { Fault } from '../../kernel/fault.ts';
import { VERSION } from '../../kernel/version.ts';
import type { ProductIdentity } from '../../schema/product.ts';
import type { Value } from '../../schema/row.ts';
import { vebusSchema } from '../../schema/vebus.ts';
import { type DeviceInstance, deviceInstance, letRename } from '../device-instance.ts';
import { deviceInstanceOf, type SerialPort } from '../driver.ts';
import { AcSensorServices, sensorsOf } from './ac-sensors.ts';
import { type ControlRow, controlsOf } from './controls.ts';
import { AC_SENSORS } from './device-polls.ts';
import { faultValues, firmwareOnBus, firstValues } from './first-values.ts';
import { AC } from './measurement-polls.ts';
import type { Poll, Shown } from './poll.ts';
import { POLL_PLAN } from './poll-plan.ts';
import { PollRunner } from './poll-runner.ts';
import type { VebusSystem } from './system.ts';

/** Without an answer from a device for so long the system is gone. */
const DEVICE_SILENT_MS = 10_000;
/** So often in a row another device than the selected one was confirmed: it is not ours that answers. */
const OTHERS_CONFIRMED = 4;
const LOOK_MS = 1_000;

/** How serving ended. */
export type ServiceEnd = 'silent' | 'name taken' | 'redetect' | 'stopped';

export class VebusService {
  readonly #system: VebusSystem;
  readonly #port: SerialPort;
  readonly #context: GatewayContext;
  readonly #baudRate: number | null;
  readonly #sensors: AcSensorServices;
  readonly #runner: PollRunner;
  #published: PublishedService<typeof vebusSchema> | undefined;
  #entering: Promise<boolean> | undefined;
  #instanceWatch: Owned | undefined;
  /** Path → value that was read while the service was on its way onto the bus. */
  readonly #early = new Map<string, Value>();
  #end: ServiceEnd | undefined;

  /** @param baudRate of the line to the interface; null where it is not known */
  constructor(system: VebusSystem, port: SerialPort, context: GatewayContext, baudRate: number | null) {
    this.#baudRate = baudRate;
    this.#system = system;
    this.#port = port;
    this.#context = context;
    this.#sensors = new AcSensorServices(context, port.path);
    this.#runner = new PollRunner(POLL_PLAN, system, context.clock, (poll, shown, gone) =>
      this.#show(poll, shown, gone),
    );
  }

  /** Puts the system on the bus and keeps it there while it answers. */
  async serve(): Promise<ServiceEnd> {
    // The first values are asked for while the service is on its way.
    const running = this.#runner.run();
    const { tty } = this.#port;
    const known = await deviceInstance(this.#context, `vebus_${tty}`, 'vebus', deviceInstanceOf(tty));
    if (this.#end === undefined) this.#entering = this.#enter(known);
    if ((await this.#entering) === false) this.#over('name taken');
    const look = this.#context.clock.every(LOOK_MS, () => this.#look());
    await running;
    look.cancel();
    return this.#end ?? 'stopped';
  }

  /** @returns false when the name is another's */
  async #enter(known: DeviceInstance): Promise<boolean> {
    let service: PublishedService<typeof vebusSchema>;
    try {
      service = await this.#publish(known);
    } catch (error) {
      if (!(error instanceof Fault) || error.whose !== 'bus') throw error;
      return false;
    }
    this.#published = service;
    this.#instanceWatch = known.onChange(instance => service.set('/DeviceInstance', instance));
    for (const [path, value] of this.#early) service.setAny(path, value);
    this.#early.clear();
    this.#context.log.info(`${this.#system.productName} is on the bus`, { service: service.name });
    return true;
  }

  async withdraw(): Promise<void> {
    this.#over('stopped');
    // The name must be free when this is done. What fails is heard of where it was begun.
    await Promise.allSettled([this.#entering]);
    const published = this.#published;
    this.#published = undefined;
    void this.#instanceWatch?.release();
    await this.#sensors.withdraw();
    if (published !== undefined) await this.#context.withdraw(published);
  }

  #over(how: ServiceEnd): void {
    this.#end ??= how;
    this.#runner.stop();
  }

  async #publish(known: DeviceInstance): Promise<PublishedService<typeof vebusSchema>> {
    return this.#context.publish({
      name: `com.victronenergy.vebus.${this.#port.tty}`,
      schema: vebusSchema,
      identity: this.#identity(known),
      prepare: service => {
        const first = [...firstValues(this.#system, this.#port), ...faultValues(this.#system.line.faults)];
        for (const [path, value] of first) service.setAny(path, value);
        service.set('/Interfaces/Mk2/Status/Baudrate', this.#baudRate);
        for (const row of controlsOf(this.#system.units)) {
          service.onWriteAny(row.path, value => this.#write(row, value));
          if (row.expires) service.hearsEveryWrite(row.path);
        }
        letRename(service, known);
        service.onWrite('/RedetectSystem', value => {
          if (value === 1) this.#over('redetect');
          return value === 1 ? SET_DONE : SET_REFUSED;
        });
      },
    });
  }

  #identity(known: DeviceInstance): ProductIdentity {
    const { master, productName } = this.#system;
    return {
      processName: 'gxd',
      processVersion: VERSION,
      connection: 'VE.Bus',
      deviceInstance: known.instance,
      productId: master.version.productId,
      productName,
      firmwareVersion: firmwareOnBus(master.version.firmware),
      hardwareVersion: null,
      connected: 1,
      customName: known.customName,
    };
  }

  async #write(row: ControlRow, value: Value): Promise<number> {
    const code = await row.control(this.#system, value, this.#context.clock.monotonic());
    if (code !== SET_DONE || this.#end !== undefined) return code;
    if (!row.order) this.#published?.setAny(row.path, value);
    this.#runner.ask(row.next);
    return code;
  }

  #set(path: string, value: Value): void {
    if (this.#published === undefined) this.#early.set(path, value);
    else this.#published.setAny(path, value);
  }

  #show(poll: Poll, shown: Shown, gone: Iterable<string>): void {
    for (const [path, value] of shown) this.#set(path, value);
    for (const path of gone) this.#set(path, null);
    if (this.#system.changed) this.#over('redetect');
    if (poll === AC_SENSORS) this.#sensors.show(sensorsOf(shown));
    if (poll === AC[0]) this.#set('/Quirks', this.#system.quirks);
  }

  /** Values that do not come any more become invalid; a system that does not answer any more leaves. */
  #look(): void {
    const { line } = this.#system;
    const now = this.#context.clock.monotonic();
    const answeredAt = line.deviceAnsweredAt ?? now;
    if (now - answeredAt >= DEVICE_SILENT_MS || line.othersConfirmed >= OTHERS_CONFIRMED) {
      this.#context.log.info(`${this.#system.productName} does not answer any more`, { port: this.#port.tty });
      this.#over('silent');
      return;
    }
    for (const [path, value] of faultValues(line.faults)) this.#published?.setAny(path, value);
    for (const path of this.#runner.takeStale()) this.#published?.setAny(path, null);
  }
}
