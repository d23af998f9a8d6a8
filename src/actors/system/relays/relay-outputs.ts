/**
 * The relays of the board on com.victronenergy.system: `/Relay/0/State` and `/SwitchableOutput/0/…`. A relay that is
 * switched by hand comes back after a restart as it was left; one that belongs to a program is left to it; one that
 * is disabled is off.
 */
import type { Explanation } from '../../../bus/explain.ts';
import type { GatewayContext } from '../../../bus/gateway-context.ts';
import { SET_DONE, SET_NOT_WRITABLE, SET_REFUSED } from '../../../bus/published-service.ts';
import { SETTINGS_SERVICE } from '../../../bus/settings-client.ts';
import { describe } from '../../../kernel/fault.ts';
import type { DigitalOutput } from '../../../ports/gpio.ts';
import type { Value } from '../../../schema/row.ts';
import type { SettingRow } from '../../../schema/setting-row.ts';
import {
  functionSetting,
  NORMALLY_CLOSED,
  polaritySetting,
  RELAY_FUNCTION,
  relayFunctionSettings,
} from '../../../schema/settings/relay.ts';
import { relayOutputSettings } from '../../../schema/settings/system.ts';
import { SYSTEM_SERVICE } from '../picture.ts';
import type { SettingValues } from '../setting-values.ts';
import type { SystemTree } from '../topic.ts';
import { mayHaveFunction, validFunctions } from './relay-functions.ts';
import { explainRelay } from './relay-why.ts';

/** Relays whose outputs are among the settings of every gateway. */
const COMMON_RELAYS = 2;
/** How often the hardware is read back: somebody else may have switched it. Milliseconds. */
const READ_BACK_MS = 5_000;
/** `/SwitchableOutput/0/Status` */
const STATUS = { off: 0x00, on: 0x09, disabled: 0x20 } as const;
/** `/SwitchableOutput/0/Settings/Type`: a relay can only be toggled. */
const TYPE_TOGGLE = 1;
const VALID_TYPES = 1 << TYPE_TOGGLE;
/** Settings of an output that clients write here → their names in the settings. */
const KEPT_SETTINGS = ['Group', 'CustomName', 'ShowUIControl'] as const;

export class RelayOutputs {
  readonly #context: GatewayContext;
  readonly #settings: SettingValues;
  readonly #relays: readonly DigitalOutput[];
  /** Whether each relay is on for its user; null when disabled or unknown. */
  readonly #states: (boolean | null)[];
  readonly #complained = new Set<string>();
  /** What is being done with each relay: one thing after the other, or a look at it would show what is over. */
  readonly #doing: Promise<unknown>[];
  #service: SystemTree | undefined;

  constructor(context: GatewayContext, settings: SettingValues, relays: readonly DigitalOutput[]) {
    this.#context = context;
    this.#settings = settings;
    this.#relays = relays;
    this.#states = relays.map(() => null);
    this.#doing = relays.map(() => Promise.resolve());
  }

  /**
   * The settings of so many relays, besides those that every gateway has. Their functions belong to whoever looks after
   * the platform; where there is nobody, they are there all the same.
   */
  static settings(relays: number): readonly SettingRow[] {
    return Array.from({ length: relays }, (_, n) => [
      ...relayFunctionSettings(n),
      ...(n < COMMON_RELAYS ? [] : relayOutputSettings(n)),
    ]).flat();
  }

  /** Brings the relays to where they belong after a start. */
  async restore(): Promise<void> {
    for (const n of this.#relays.keys()) {
      const duty = this.#functionOf(n);
      if (duty === RELAY_FUNCTION.manual) {
        const on = this.#settings.get(`/Settings/Relay/${n}/InitialState`) === 1;
        if (await this.#drive(n, on)) this.#states[n] = on;
      } else if (duty < 0) await this.#drive(n, false);
      else await this.#readBack(n);
    }
  }

  publish(service: SystemTree): void {
    this.#service = service;
    for (const n of this.#relays.keys()) this.#publishRelay(n, service);
    if (this.#relays.length === 0) return;
    this.#context.clock.every(READ_BACK_MS, () => this.#context.spawn(this.#readAllBack()));
    this.#context.own(
      this.#context.world.watch({ service: SETTINGS_SERVICE }, ({ path }) => {
        for (const n of this.#relays.keys()) {
          if (path === functionSetting(n)) this.#context.spawn(this.#functionChanged(n));
          else if (path === polaritySetting(n)) this.#context.spawn(this.#readBack(n));
          else this.#showSetting(n, path);
        }
      }),
    );
  }

  /** @returns undefined for a path that has nothing to do with a relay */
  explain(path: string): Explanation | undefined {
    const number = Number(/^\/(?:Relay|SwitchableOutput)\/(\d{1,3})\//.exec(path)?.[1] ?? Number.NaN);
    const relay = this.#relays[number];
    const { world, clock } = this.#context;
    const service = world.service(SYSTEM_SERVICE);
    if (relay === undefined || service?.has(path) !== true) return undefined;
    const facts = {
      number,
      line: relay.name,
      duty: this.#functionOf(number),
      on: this.#states[number] ?? null,
      inverted: this.#isInverted(number),
    };
    return explainRelay(path, service, facts, world, clock.monotonic());
  }

  #publishRelay(n: number, service: SystemTree): void {
    const output = `/SwitchableOutput/${n}`;
    service.setAny(`${output}/Name`, `GX internal relay ${n + 1}`);
    service.setAny(`${output}/Settings/Type`, TYPE_TOGGLE);
    service.setAny(`${output}/Settings/ValidTypes`, VALID_TYPES);
    service.setAny(`${output}/Settings/Function`, this.#functionOf(n));
    service.setAny(`${output}/Settings/ValidFunctions`, validFunctions(n));
    this.#show(n);
    for (const name of KEPT_SETTINGS) {
      const setting = `/Settings/Relay/${n}/${name}`;
      service.setAny(`${output}/Settings/${name}`, this.#settings.get(setting));
      service.onWriteAny(`${output}/Settings/${name}`, value => this.#keep(setting, value));
    }
    for (const path of [`/Relay/${n}/State`, `${output}/State`])
      service.onWriteAny(path, value => this.#switch(n, value));
    service.onWriteAny(`${output}/Settings/Type`, value => (value === TYPE_TOGGLE ? SET_DONE : SET_REFUSED));
    service.onWriteAny(`${output}/Settings/Function`, value =>
      typeof value === 'number' && mayHaveFunction(n, value) ? this.#keep(functionSetting(n), value) : SET_REFUSED,
    );
  }

  /** A client switches a relay. */
  async #switch(n: number, value: Value): Promise<number> {
    if (typeof value !== 'number') return SET_NOT_WRITABLE;
    const on = value !== 0;
    const taken = await this.#inTurn(n, async () => {
      if (this.#functionOf(n) < 0 || !(await this.#drive(n, on))) return false;
      this.#states[n] = on;
      this.#show(n);
      return true;
    });
    if (!taken) return SET_REFUSED;
    await this.#keep(`/Settings/Relay/${n}/InitialState`, Number(on));
    return SET_DONE;
  }

  async #functionChanged(n: number): Promise<void> {
    this.#service?.setAny(`/SwitchableOutput/${n}/Settings/Function`, this.#functionOf(n));
    await this.#inTurn(n, async () => {
      if (this.#functionOf(n) < 0) {
        // It has no state from now on: a write of the one it had must not be taken for done.
        this.#states[n] = null;
        this.#show(n);
        await this.#drive(n, false);
      }
      await this.#look(n);
    });
  }

  #readBack(n: number): Promise<void> {
    return this.#inTurn(n, () => this.#look(n));
  }

  /** @param act never rejects */
  #inTurn<T>(n: number, act: () => Promise<T>): Promise<T> {
    const done = (this.#doing[n] ?? Promise.resolve()).then(act);
    this.#doing[n] = done;
    return done;
  }

  async #readAllBack(): Promise<void> {
    for (const n of this.#relays.keys()) await this.#readBack(n);
  }

  async #look(n: number): Promise<void> {
    const relay = this.#relays[n];
    if (relay === undefined) return;
    if (this.#functionOf(n) < 0) this.#states[n] = null;
    else {
      try {
        const level = await relay.read();
        this.#states[n] = level !== this.#isInverted(n);
        this.#complained.delete(relay.name);
      } catch (error) {
        this.#complain(relay, error);
        this.#states[n] = null;
      }
    }
    this.#show(n);
  }

  /** @returns whether the hardware took it */
  async #drive(n: number, on: boolean): Promise<boolean> {
    const relay = this.#relays[n];
    if (relay === undefined) return false;
    try {
      await relay.write(on !== this.#isInverted(n));
      this.#complained.delete(relay.name);
      return true;
    } catch (error) {
      this.#complain(relay, error);
      return false;
    }
  }

  #show(n: number): void {
    const state = this.#states[n] ?? null;
    const value = state === null ? null : Number(state);
    this.#service?.setAny(`/Relay/${n}/State`, value);
    this.#service?.setAny(`/SwitchableOutput/${n}/State`, value);
    const status = state === null ? STATUS.disabled : state ? STATUS.on : STATUS.off;
    this.#service?.setAny(`/SwitchableOutput/${n}/Status`, status);
  }

  #showSetting(n: number, path: string): void {
    const name = KEPT_SETTINGS.find(one => path === `/Settings/Relay/${n}/${one}`);
    if (name !== undefined) this.#service?.setAny(`/SwitchableOutput/${n}/Settings/${name}`, this.#settings.get(path));
  }

  async #keep(setting: string, value: Value): Promise<number> {
    const type = this.#settings.rows.get(setting)?.type === 's' ? 'string' : 'int';
    const result = await this.#context.world.write(SETTINGS_SERVICE, setting, value, { type });
    if (!result.ok) this.#context.log.warn('setting could not be kept', { setting, why: result.reason });
    return result.ok ? SET_DONE : SET_REFUSED;
  }

  #functionOf(n: number): number {
    const value = this.#settings.get(functionSetting(n));
    return typeof value === 'number' ? value : RELAY_FUNCTION.manual;
  }

  /** A normally closed relay. Of other functions their programs take care. */
  #isInverted(n: number): boolean {
    return this.#functionOf(n) === RELAY_FUNCTION.manual && this.#settings.get(polaritySetting(n)) === NORMALLY_CLOSED;
  }

  #complain(relay: DigitalOutput, error: unknown): void {
    if (this.#complained.has(relay.name)) return;
    this.#complained.add(relay.name);
    this.#context.log.error(`relay does not answer: ${describe(error)}`);
  }
}
