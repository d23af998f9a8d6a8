/** A relay of the board, for those who switch it on behalf of its function. */
import type { Log } from '../kernel/log.ts';
import type { Value } from '../schema/row.ts';
import { functionSetting, NORMALLY_CLOSED, polaritySetting, type RELAY_FUNCTION } from '../schema/settings/relay.ts';
import type { ActorWorld } from './gateway-context.ts';
import { Lever } from './lever.ts';
import { SETTINGS_SERVICE } from './settings-client.ts';

export const SYSTEM_SERVICE = 'com.victronenergy.system';
/** Functions by their numbers. */
type Duty = (typeof RELAY_FUNCTION)[keyof typeof RELAY_FUNCTION];

export class BoardRelay extends Lever {
  readonly #world: ActorWorld;
  readonly #number: number;

  /** @param number from 0 */
  constructor(world: ActorWorld, log: Log, number: number) {
    super(world, log, SYSTEM_SERVICE, relayState(number));
    this.#world = world;
    this.#number = number;
  }

  /** Whether it is set to a function; null while the settings are away: they have not been changed then. */
  isFor(duty: Duty): boolean | null {
    const value = this.#setting(functionSetting(this.#number));
    return value === null ? null : value === duty;
  }

  get isNormallyClosed(): boolean {
    return this.#setting(polaritySetting(this.#number)) === NORMALLY_CLOSED;
  }

  /** A relay that is closed at rest would have an engine or a pump run whenever the gateway is without power. */
  keepNormallyOpen(): void {
    if (this.isNormallyClosed)
      void this.#world.write(SETTINGS_SERVICE, polaritySetting(this.#number), 0, { type: 'int' });
  }

  /** Hears of another function or polarity. */
  watchSettings(changed: () => void): void {
    for (const path of [functionSetting(this.#number), polaritySetting(this.#number)])
      this.#world.watch({ service: SETTINGS_SERVICE, path }, changed);
  }

  #setting(path: string): Value {
    return this.#world.value(SETTINGS_SERVICE, path);
  }
}

export function relayState(number: number): string {
  return `/Relay/${number}/State`;
}
