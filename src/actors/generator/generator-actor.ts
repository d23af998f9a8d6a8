/**
 * Start and stop of generators: com.victronenergy.generator.startstop0 while the relay is set to it, and startstop1
 * while there is a genset that can be started from afar.
 */
import { BoardRelay, SYSTEM_SERVICE } from '../../bus/board-relay.ts';
import type { GatewayActor, GatewayContext } from '../../bus/gateway-context.ts';
import { SETTINGS_SERVICE, type SettingsOf } from '../../bus/settings-client.ts';
import type { Timer } from '../../kernel/clock.ts';
import { Fault } from '../../kernel/fault.ts';
import { TimeZone } from '../../kernel/time-zone.ts';
import { VERSION } from '../../kernel/version.ts';
import { generatorSchema } from '../../schema/generator.ts';
import type { ProductIdentity } from '../../schema/product.ts';
import type { Value } from '../../schema/row.ts';
import { RELAY_FUNCTION } from '../../schema/settings/relay.ts';
import { isUsableGenset } from './genset.ts';
import { type Candidate, chooseGenset, type GensetChoice } from './genset-choice.ts';
import { GensetInstance, gensetAppearance } from './genset-instance.ts';
import { type Appearance, type GeneratorService, prepare, TYPE_RELAY } from './publication.ts';
import { RelaySwitch } from './relay-switch.ts';
import { type DcSettingKey, dcSettingRows, type SettingKey, settingRows } from './settings.ts';
import { StartStop } from './start-stop.ts';
import { LOSS_MS, TICK_MS } from './timing.ts';

const TIME_ZONE = '/Settings/System/TimeZone';
/** Number of the instance, of its settings, and of its service. */
const RELAY = 0;
const GENSET = 1;
const GENSET_TYPES = ['genset', 'dcgenset'];
const GENSET_PATHS = ['/Connected', '/DeviceInstance', '/RemoteStartModeEnabled'];

/** @param boot which start of the machine this is; empty when unknown */
export function generatorActor(boot = ''): GatewayActor {
  return {
    name: 'generator',
    start: context => new Generators(context, boot).start(),
  };
}

class Generators {
  readonly #context: GatewayContext;
  readonly #boot: string;
  readonly #boardRelay: BoardRelay;
  #relaySettings: SettingsOf<SettingKey> | undefined;
  #gensetSettings: SettingsOf<SettingKey> | undefined;
  #dcSettings: SettingsOf<DcSettingKey> | undefined;
  #relay: { readonly service: GeneratorService; readonly startStop: StartStop } | undefined;
  #genset: { readonly service: GeneratorService; readonly instance: GensetInstance; choice: GensetChoice } | undefined;
  #zone = new TimeZone('');
  /** When the last tick was due, monotonic milliseconds. */
  #now = 0;
  #gensetLost: Timer | undefined;
  /** Instances come and go one after the other. */
  #arranging = false;
  #arrangeAgain = false;

  constructor(context: GatewayContext, boot: string) {
    this.#context = context;
    this.#boot = boot;
    this.#boardRelay = new BoardRelay(context.world, context.log, RELAY);
  }

  start(): void {
    const context = this.#context;
    context.own({ release: () => this.#leave() });
    this.#now = Math.round(context.clock.monotonic());
    context.clock.every(TICK_MS, beats => this.#tick(beats));
    context.spawn(this.#declare());
    this.#boardRelay.watchSettings(() => this.#arrange());
    for (const type of GENSET_TYPES)
      for (const path of GENSET_PATHS) context.world.watch({ type, path }, () => this.#arrange());
    for (const type of ['vebus', 'acsystem', 'system'])
      for (const path of ['/Ac/State/AcIn1Available', '/Ac/Control/IgnoreAcIn1', '/VebusService'])
        context.world.watch({ type, path }, () => this.#showCapabilities());
    context.world.watchServices({
      added: () => {
        this.#arrange();
        this.#showCapabilities();
      },
      removed: () => this.#arrange(),
    });
  }

  async #declare(): Promise<void> {
    const { settings } = this.#context;
    [this.#relaySettings, this.#gensetSettings] = await Promise.all([
      settings.declare(settingRows(RELAY)),
      settings.declare(settingRows(GENSET)),
    ]);
    this.#arrange();
  }

  #tick(beats: number): void {
    const zone = this.#timeZone();
    this.#now += beats * TICK_MS;
    this.#relay?.startStop.tick(zone, beats, this.#now);
    this.#genset?.instance.tick(zone, beats, this.#now);
    // What was put off while an engine ran.
    if (this.#genset !== undefined && this.#choose()?.main.service !== this.#genset.choice.main.service)
      this.#arrange();
  }

  #showCapabilities(): void {
    this.#relay?.startStop.showCapabilities();
    this.#genset?.instance.startStop.showCapabilities();
  }

  /** Brings the instances in line with the settings and the gensets that are there. */
  #arrange(): void {
    this.#arrangeAgain = true;
    if (!this.#arranging) this.#context.spawn(this.#arrangeAll());
  }

  async #arrangeAll(): Promise<void> {
    this.#arranging = true;
    try {
      while (this.#arrangeAgain && !this.#context.signal.aborted) {
        this.#arrangeAgain = false;
        await this.#arrangeRelay();
        await this.#arrangeGenset();
        if (this.#relay !== undefined || (this.#genset !== undefined && this.#relayHelps))
          this.#boardRelay.keepNormallyOpen();
      }
    } finally {
      this.#arranging = false;
    }
  }

  async #arrangeRelay(): Promise<void> {
    const settings = this.#relaySettings;
    const wanted = this.#boardRelay.isFor(RELAY_FUNCTION.generator);
    // Settings that are away have not been changed.
    if (settings === undefined || wanted === null) return;
    if (wanted === (this.#relay !== undefined)) return;
    if (this.#relay !== undefined) {
      const { service, startStop } = this.#relay;
      this.#relay = undefined;
      await startStop.end();
      await this.#context.withdraw(service);
      return;
    }
    const context = this.#context;
    const engineSwitch = new RelaySwitch(this.#boardRelay);
    this.#relay = await this.#publish(RELAY, this.#relayAppearance(), service => ({
      service,
      startStop: new StartStop({ context, service, settings, engineSwitch, boot: this.#boot }),
    }));
    this.#showCapabilities();
  }

  async #arrangeGenset(): Promise<void> {
    const settings = this.#gensetSettings;
    if (settings === undefined) return;
    const choice = this.#choose();
    if (this.#genset !== undefined) {
      if (choice?.main.service === this.#genset.choice.main.service) {
        this.#genset.choice = choice;
        this.#genset.instance.update(choice);
        return;
      }
      await this.#removeGenset();
    }
    if (choice === undefined) return;
    if (choice.main.type === 'dcgenset')
      this.#dcSettings ??= await this.#context.settings.declare(dcSettingRows(GENSET));
    const context = this.#context;
    const made = await this.#publish(GENSET, gensetAppearance(context, choice), service => ({
      service,
      instance: new GensetInstance(service, {
        context,
        boot: this.#boot,
        choice,
        settings,
        dcSettings: this.#dcSettings,
        relayHelps: () => this.#relayHelps,
      }),
    }));
    this.#gensetLost?.cancel();
    this.#genset = { ...made, choice };
    this.#showCapabilities();
  }

  async #removeGenset(): Promise<void> {
    if (this.#genset === undefined) return;
    const { service, instance, choice } = this.#genset;
    this.#genset = undefined;
    const main = this.#context.world.service(choice.main.service);
    if (main !== undefined && isUsableGenset(main)) {
      await instance.end();
    } else {
      // It may only have been out of reach for a moment: its engine goes on when it is back in time.
      await instance.leave(false);
      this.#gensetLost?.cancel();
      this.#gensetLost = this.#context.clock.after(LOSS_MS, () => this.#forgetGenset());
    }
    await this.#context.withdraw(service);
  }

  /** A genset that stays away is no reason for its relay to be on. */
  #forgetGenset(): void {
    if (this.#genset !== undefined) return;
    if (this.#relayHelps) this.#boardRelay.set(false);
    void this.#gensetSettings?.set('RunRecord', '');
  }

  #choose(): GensetChoice | undefined {
    const candidates: Candidate[] = [];
    for (const service of this.#context.world.services()) {
      const instance = service.get('/DeviceInstance');
      if (isUsableGenset(service) && typeof instance === 'number')
        candidates.push({ service: service.name, type: service.type, instance });
    }
    return chooseGenset(candidates, this.#genset?.choice, this.#genset?.instance.startStop.busy === true);
  }

  /** @param make takes the service in hand, before anybody can write to it */
  async #publish<T>(number: number, appearance: Appearance, make: (service: GeneratorService) => T): Promise<T> {
    const identity: ProductIdentity = {
      processName: 'gxd',
      processVersion: VERSION,
      connection: 'generator',
      deviceInstance: number,
      productId: null,
      productName: 'Generator start/stop',
      firmwareVersion: null,
      hardwareVersion: null,
      connected: 1,
    };
    const made: T[] = [];
    const service = await this.#context.publish({
      name: `com.victronenergy.generator.startstop${number}`,
      schema: generatorSchema,
      identity,
      prepare: service => {
        prepare(service, appearance);
        made.push(make(service));
      },
    });
    const [one] = made;
    if (one === undefined) throw new Fault('bug', `${service.name} was not prepared`);
    return one;
  }

  #relayAppearance(): Appearance {
    const instance = this.#context.world.value(SYSTEM_SERVICE, '/DeviceInstance');
    return {
      type: TYPE_RELAY,
      service: SYSTEM_SERVICE,
      serviceType: 'system',
      instance: typeof instance === 'number' ? instance : null,
      productId: null,
    };
  }

  get #relayHelps(): boolean {
    return this.#boardRelay.isFor(RELAY_FUNCTION.gensetHelper) === true;
  }

  #timeZone(): TimeZone {
    const setting = this.#setting(TIME_ZONE);
    const name = typeof setting === 'string' ? setting.replace(/^\//, '') : '';
    if (name === this.#zone.name) return this.#zone;
    this.#zone = new TimeZone(name);
    if (!this.#zone.known) this.#context.log.warn('unknown time zone, using UTC', { name });
    return this.#zone;
  }

  async #leave(): Promise<void> {
    const { shuttingDown } = this.#context;
    await this.#relay?.startStop.leave(shuttingDown);
    await this.#genset?.instance.leave(shuttingDown);
  }

  #setting(path: string): Value {
    return this.#context.world.value(SETTINGS_SERVICE, path);
  }
}
