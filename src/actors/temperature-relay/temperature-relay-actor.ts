/**
 * Relays that follow temperatures: com.victronenergy.temprelay while one of the two relays is set to it. A relay is on
 * while any condition of any sensor wants it.
 */
import { BoardRelay } from '../../bus/board-relay.ts';
import type { GatewayActor, GatewayContext } from '../../bus/gateway-context.ts';
import { SETTINGS_SERVICE, type SettingsOf } from '../../bus/settings-client.ts';
import { answerWhy } from '../../bus/why-call.ts';
import { VERSION } from '../../kernel/version.ts';
import { RELAY_FUNCTION } from '../../schema/settings/relay.ts';
import { tempRelayOwnSettings, tempRelaySettings } from '../../schema/settings/temprelay.ts';
import { temprelaySchema } from '../../schema/temprelay.ts';
import { Sensor, TEMPERATURE_PATHS, type TempRelayService, temperatureOf } from './sensor.ts';
import { explainTemperatures } from './why.ts';

/** The relays that can be set to it. */
const RELAYS = [0, 1];
const STOP_AT_SHUTDOWN = '/Settings/TempSensorRelay/StopAtShutdown';
const CONDITION_RELAY = /^\/Settings\/TempSensorRelay\/([^/]+)\/[01]\/Relay$/;
const TICK_MS = 1_000;
/** After a restart a relay that is on waits so long for the sensors that it is on for. Milliseconds. */
const SENSORS_COME_MS = 30_000;
/** Sensors at most; those beyond are said, and left out. */
const SENSOR_LIMIT = 64;

export function temperatureRelayActor(): GatewayActor {
  return { name: 'temperature-relay', start: context => new TemperatureRelay(context).start() };
}

class TemperatureRelay {
  readonly #context: GatewayContext;
  readonly #relays: readonly BoardRelay[];
  /** By the name of their service. */
  readonly #sensors = new Map<string, Sensor>();
  /** All that were ever seen; undefined while its settings are not known. */
  readonly #declared = new Map<string, Sensor | undefined>();
  /** Relays that were on, and ours, when we began → until when they stay so, monotonic milliseconds. */
  readonly #kept = new Map<number, number>();
  #settings: SettingsOf<string> | undefined;
  #service: TempRelayService | undefined;
  /** Which relays are ours; undefined until the settings are known. */
  #ours: boolean[] | undefined;
  #arranging = false;
  #complained = false;

  constructor(context: GatewayContext) {
    this.#context = context;
    this.#relays = RELAYS.map(n => new BoardRelay(context.world, context.log, n));
  }

  start(): void {
    const { clock, world } = this.#context;
    this.#context.own({ release: () => this.#leave() });
    this.#context.spawn(this.#declare());
    clock.every(TICK_MS, () => this.#tick());
    for (const relay of this.#relays) relay.watchSettings(() => this.#arrange());
    world.watchServices({ removed: view => this.#removeSensor(view.name) });
  }

  async #declare(): Promise<void> {
    const rows = [...tempRelaySettings, ...tempRelayOwnSettings];
    this.#settings = await this.#context.settings.declare(Object.fromEntries(rows.map(row => [row.path, row])));
    this.#arrange();
  }

  #arrange(): void {
    if (!this.#arranging) this.#context.spawn(this.#arrangeAll());
  }

  /** Brings relays and service in line with the settings; again when these have changed meanwhile. */
  async #arrangeAll(): Promise<void> {
    this.#arranging = true;
    try {
      while (!this.#context.signal.aborted && (await this.#arrangeOnce()));
    } finally {
      this.#arranging = false;
    }
  }

  /** @returns whether something was to be done */
  async #arrangeOnce(): Promise<boolean> {
    const { clock } = this.#context;
    const duties = this.#relays.map(relay => relay.isFor(RELAY_FUNCTION.temperature));
    // Settings that are away have not been changed.
    if (this.#settings === undefined || duties.every(one => one === null)) return false;
    const ours = duties.map(one => one === true);
    if (this.#ours === undefined)
      for (const n of ours.keys()) if (ours[n]) this.#kept.set(n, clock.monotonic() + SENSORS_COME_MS);
    const before = this.#ours ?? ours;
    this.#ours = ours;
    // What is ours no longer, and what was on for somebody else, is opened.
    const others = ours.flatMap((one, n) => (one === before[n] ? [] : [n]));
    for (const n of others) {
      this.#kept.delete(n);
      await this.#relays[n]?.move(false);
    }
    const wanted = ours.some(Boolean);
    if (wanted === (this.#service !== undefined)) return others.length > 0;
    if (wanted) await this.#publish();
    else await this.#withdraw();
    return true;
  }

  async #publish(): Promise<void> {
    this.#service = await this.#context.publish({
      name: 'com.victronenergy.temprelay',
      schema: temprelaySchema,
      identity: {
        processName: 'gxd',
        processVersion: VERSION,
        connection: 'temprelay',
        deviceInstance: 0,
        productId: null,
        productName: 'Temperature relay',
        firmwareVersion: null,
        hardwareVersion: null,
        connected: 1,
      },
      prepare: service => {
        service.set('/State', 0);
        service.set('/AvailableTemperatureServices', null);
        service.onCall(call =>
          answerWhy(call, service.name, path => {
            const { world, clock } = this.#context;
            return explainTemperatures(path, service, [...this.#sensors.values()], world, clock.monotonic());
          }),
        );
      },
    });
  }

  async #withdraw(): Promise<void> {
    const service = this.#service;
    this.#service = undefined;
    for (const sensor of this.#sensors.values()) sensor.forget();
    this.#sensors.clear();
    if (service !== undefined) await this.#context.withdraw(service);
  }

  #tick(): void {
    const service = this.#service;
    const ours = this.#ours;
    if (service === undefined || ours === undefined) return;
    this.#findSensors();
    const isOn = (relay: number): boolean => this.#relays[relay]?.isOn() === true;
    const isOurs = (relay: number): boolean => ours[relay] === true;
    const wanted = new Set<number>();
    for (const sensor of this.#sensors.values()) {
      sensor.look(TICK_MS, isOn, isOurs);
      for (const relay of sensor.wants()) wanted.add(relay);
      sensor.showStates(service);
    }
    service.set('/State', Number(wanted.size > 0));
    const now = this.#context.clock.monotonic();
    for (const [n, relay] of this.#relays.entries()) {
      const keptUntil = this.#kept.get(n);
      if (keptUntil !== undefined && (now >= keptUntil || !this.#awaitsSensor(n))) this.#kept.delete(n);
      if (isOurs(n) && (wanted.has(n) || !this.#kept.has(n))) relay.set(wanted.has(n));
    }
  }

  /** Whether the settings have a sensor for this relay that has not told its temperature yet. */
  #awaitsSensor(relay: number): boolean {
    const settings = this.#context.world.service(SETTINGS_SERVICE);
    const judged = new Set([...this.#sensors.values()].filter(sensor => sensor.judged).map(({ id }) => id));
    for (const path of settings?.paths() ?? []) {
      const id = CONDITION_RELAY.exec(path)?.[1];
      if (id === undefined || judged.has(id) || settings?.get(path) !== relay) continue;
      if (settings.get(`/Settings/TempSensorRelay/${id}/Enabled`) === 1) return true;
    }
    return false;
  }

  #findSensors(): void {
    for (const type of Object.keys(TEMPERATURE_PATHS)) {
      for (const view of this.#context.world.ofType(type)) {
        const isSensor = type === 'temperature' || temperatureOf(view) !== null;
        if (isSensor && !this.#sensors.has(view.name)) this.#addSensor(view.name);
      }
    }
  }

  #addSensor(name: string): void {
    if (this.#declared.has(name)) {
      const sensor = this.#declared.get(name);
      if (sensor !== undefined) this.#takeSensor(sensor);
    } else if (this.#declared.size < SENSOR_LIMIT) {
      this.#declared.set(name, undefined);
      this.#context.spawn(
        Sensor.declare(this.#context, name).then(sensor => {
          this.#declared.set(name, sensor);
          this.#takeSensor(sensor);
        }),
      );
    } else if (!this.#complained) {
      this.#complained = true;
      this.#context.log.warn(`more than ${SENSOR_LIMIT} sensors: not used`, { sensor: name });
    }
  }

  #takeSensor(sensor: Sensor): void {
    if (this.#service === undefined || this.#context.world.service(sensor.service) === undefined) return;
    const namesake = [...this.#sensors.values()].some(other => other.id === sensor.id);
    if (this.#sensors.has(sensor.service) || namesake) return;
    this.#sensors.set(sensor.service, sensor);
    sensor.show(this.#service);
  }

  #removeSensor(name: string): void {
    const sensor = this.#sensors.get(name);
    if (sensor === undefined) return;
    this.#sensors.delete(name);
    if (this.#service !== undefined) sensor.hide(this.#service);
  }

  /** After a failure the relays stay: we are back in a moment. When the program ends, nobody watches the temperature. */
  async #leave(): Promise<void> {
    if (!this.#context.shuttingDown || this.#settings?.number(STOP_AT_SHUTDOWN) !== 1) return;
    for (const [n, relay] of this.#relays.entries()) if (this.#ours?.[n] === true) await relay.move(false);
  }
}
