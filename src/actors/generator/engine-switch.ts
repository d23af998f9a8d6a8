/** What switches an engine: the relay, a genset's own control, or several DC gensets. */
import type { ActorWorld } from '../../bus/gateway-context.ts';
import type { WriteResult } from '../../bus/world.ts';
import type { Log } from '../../kernel/log.ts';
import type { ErrorCode } from './terms.ts';

export interface EngineSwitch {
  /** The service that is switched: com.victronenergy.system for the relay. */
  readonly service: string;
  /** Whether there is anything to switch with. */
  enabled(): boolean;
  error(): ErrorCode;
  /** null when it cannot be read. */
  isOn(): boolean | null;
  /**
   * Called on every tick with what is wanted; writes what differs.
   * @param fresh the engine starts anew on this tick
   */
  drive(on: boolean, fresh: boolean): void;
  /** Lets go of the engine: off, as far as it is switched by something that stays. */
  letGo(): void;
  /** Whether the engine says that it runs; null when it says nothing. */
  engineRuns(): boolean | null;
  /** Its own counter, seconds; null when it has none. */
  operatingSeconds(): number | null;
  /** Current of a DC genset, A; undefined when this is not about DC, null when it does not say. */
  dcCurrent(): number | null | undefined;
}

export const SYSTEM_SERVICE = 'com.victronenergy.system';
export const RELAY_STATE = '/Relay/0/State';

/** An item that is 0 or 1, and written when it does not stand as wanted. */
export class Lever {
  readonly #world: ActorWorld;
  readonly #log: Log;
  readonly #service: string;
  readonly #path: string;
  #complained = false;

  constructor(world: ActorWorld, log: Log, service: string, path: string) {
    this.#world = world;
    this.#log = log;
    this.#service = service;
    this.#path = path;
  }

  isOn(): boolean | null {
    const value = this.#world.value(this.#service, this.#path);
    return typeof value === 'number' ? value !== 0 : null;
  }

  /** Does nothing when it stands so already, or when there is no such item. */
  set(on: boolean): void {
    if (this.isOn() === on || this.#world.service(this.#service)?.has(this.#path) !== true) return;
    void this.#world.write(this.#service, this.#path, on ? 1 : 0).then(result => this.#note(result));
  }

  /** One line for a row of failures. */
  #note(result: WriteResult): void {
    if (result.ok) this.#complained = false;
    else if (!this.#complained) {
      this.#complained = true;
      this.#log.error('the engine could not be switched', { item: this.#service + this.#path, reason: result.reason });
    }
  }
}
