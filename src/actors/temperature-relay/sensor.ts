/** One sensor with its two conditions: its settings, its temperature, and how it stands on the bus. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import { type PublishedService, SET_DONE, SET_NOT_WRITABLE, SET_REFUSED } from '../../bus/published-service.ts';
import type { ServiceView } from '../../bus/service-view.ts';
import type { SettingsOf } from '../../bus/settings-client.ts';
import type { Owned } from '../../kernel/actor.ts';
import type { Value } from '../../schema/row.ts';
import { tempSensorSettings } from '../../schema/settings/temprelay.ts';
import type { temprelaySchema } from '../../schema/temprelay.ts';
import { isActive } from './condition.ts';

export type TempRelayService = PublishedService<typeof temprelaySchema>;

/** Without a temperature its conditions stay as they are for so long (300 tries of a second). Milliseconds. */
export const LOSS_MS = 300_000;
const CONDITIONS = [0, 1] as const;
const CONDITION_SETTINGS = ['SetValue', 'ClearValue', 'Relay'] as const;
/** Where each type of service tells its temperature: the first that is valid counts. */
export const TEMPERATURE_PATHS: Readonly<Record<string, readonly string[]>> = {
  temperature: ['/Temperature'],
  battery: ['/System/MinCellTemperature', '/Dc/0/Temperature'],
};

export function temperatureOf(view: ServiceView): number | null {
  for (const path of TEMPERATURE_PATHS[view.type] ?? []) {
    const value = view.get(path);
    if (typeof value === 'number') return value;
  }
  return null;
}

/** `com.victronenergy.temperature.adc_builtin_5` → adc_builtin_5; what cannot stand in a path becomes an underscore. */
export function sensorId(service: string): string {
  return service.split('.').slice(3).join('_').replace(/[^\w]/g, '_');
}

export class Sensor {
  readonly id: string;
  readonly service: string;
  readonly #context: GatewayContext;
  readonly #settings: SettingsOf<string>;
  /** Undefined until the first temperature. */
  #active: [boolean, boolean] | undefined;
  #missingMs = 0;
  #listening: Owned | undefined;

  private constructor(context: GatewayContext, service: string, settings: SettingsOf<string>) {
    this.#context = context;
    this.id = sensorId(service);
    this.service = service;
    this.#settings = settings;
  }

  static async declare(context: GatewayContext, service: string): Promise<Sensor> {
    const rows = tempSensorSettings(sensorId(service));
    return new Sensor(context, service, await context.settings.declare(Object.fromEntries(rows.map(r => [r.path, r]))));
  }

  /** Adds its paths. */
  show(to: TempRelayService): void {
    const path = `/Sensor/${this.id}`;
    to.setAny(`${path}/ServiceName`, this.service);
    to.setAny(`${path}/ServiceInstance`, this.#context.world.value(this.service, '/DeviceInstance'));
    for (const name of this.#names()) {
      to.setAny(`${path}/${name}`, this.#number(name));
      to.onWriteAny(`${path}/${name}`, value => this.#write(name, value));
    }
    for (const n of CONDITIONS) to.setAny(`${path}/${n}/State`, 0);
    this.#listening = this.#settings.onChange((key, value) => this.#heard(to, key, value));
  }

  /** Takes its paths away. */
  hide(from: TempRelayService): void {
    this.forget();
    const paths = ['ServiceName', 'ServiceInstance', ...this.#names(), ...CONDITIONS.map(n => `${n}/State`)];
    for (const name of paths) from.remove(`/Sensor/${this.id}/${name}`);
  }

  /** It has gone, or the relays are for something else: it begins anew. */
  forget(): void {
    this.#active = undefined;
    this.#missingMs = 0;
    void this.#listening?.release();
  }

  /**
   * One look at the temperature.
   * @param isOn how relays stand: the conditions of a sensor that is new to us begin as their relays are
   * @param isOurs relays that are set to temperature
   */
  look(passedMs: number, isOn: (relay: number) => boolean, isOurs: (relay: number) => boolean): void {
    const view = this.#context.world.service(this.service);
    const temperature = view === undefined ? null : temperatureOf(view);
    if (this.#number('Enabled') !== 1) this.#active = [false, false];
    else if (temperature === null) {
      this.#missingMs += passedMs;
      if (this.#missingMs > LOSS_MS) this.#active = [false, false];
      return;
    } else {
      const [first, second] = CONDITIONS.map(n => this.#judge(n, temperature, isOn, isOurs));
      this.#active = [first === true, second === true];
    }
    this.#missingMs = 0;
  }

  #judge(n: 0 | 1, temperature: number, isOn: (relay: number) => boolean, isOurs: (relay: number) => boolean): boolean {
    const relay = this.#number(`${n}/Relay`);
    if (relay < 0 || !isOurs(relay)) return false;
    const limits = { set: this.#number(`${n}/SetValue`), clear: this.#number(`${n}/ClearValue`) };
    return isActive(this.#active?.[n] ?? isOn(relay), temperature, limits);
  }

  /** Whether its conditions have been judged since it is there. */
  get judged(): boolean {
    return this.#active !== undefined;
  }

  /** The relays that its conditions want on. */
  wants(): number[] {
    return CONDITIONS.filter(n => this.#active?.[n] === true).map(n => this.#number(`${n}/Relay`));
  }

  showStates(to: TempRelayService): void {
    for (const n of CONDITIONS) to.setAny(`/Sensor/${this.id}/${n}/State`, Number(this.#active?.[n] === true));
  }

  /** What its conditions are at, and what would change them: one entry a condition. */
  tell(): { readonly note: string; readonly change?: string }[] {
    const view = this.#context.world.service(this.service);
    const temperature = view === undefined ? null : temperatureOf(view);
    const at = temperature === null ? 'tells no temperature' : `is at ${temperature} C`;
    if (this.#number('Enabled') !== 1)
      return [{ note: `${this.service} is not used.`, change: `It counts when /Sensor/${this.id}/Enabled is 1.` }];
    return CONDITIONS.map(n => {
      const relay = this.#number(`${n}/Relay`);
      const [set, clear] = [this.#number(`${n}/SetValue`), this.#number(`${n}/ClearValue`)];
      const name = `Condition ${n + 1} of ${this.service}`;
      if (relay < 0) return { note: `${name} has no relay.` };
      if (set === clear) return { note: `${name} has two equal temperatures: it is none.` };
      const on = this.#active?.[n] === true;
      const limit = on ? clear : set;
      return {
        note: `${this.service} ${at}: condition ${n + 1} ${on ? 'wants' : 'does not want'} relay ${relay + 1}.`,
        change: `${name} ${on ? 'ends' : 'begins'} when it ${set > clear === on ? 'falls' : 'rises'} to ${limit} C.`,
      };
    });
  }

  #heard(to: TempRelayService, key: string, value: number | string): void {
    const path = key.replace('/Settings/TempSensorRelay/', '/Sensor/');
    if (to.has(path)) to.setAny(path, value);
  }

  async #write(name: string, value: Value): Promise<number> {
    if (typeof value !== 'number') return SET_NOT_WRITABLE;
    return (await this.#settings.set(this.#key(name), value)).ok ? SET_DONE : SET_REFUSED;
  }

  #names(): string[] {
    return ['Enabled', ...CONDITIONS.flatMap(n => CONDITION_SETTINGS.map(name => `${n}/${name}`))];
  }

  #number(name: string): number {
    return this.#settings.number(this.#key(name));
  }

  #key(name: string): string {
    return `/Settings/TempSensorRelay/${this.id}/${name}`;
  }
}
