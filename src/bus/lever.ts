/** Something of another service that is on or off: a relay, the start of a genset. */
import type { Log } from '../kernel/log.ts';
import type { ActorWorld } from './gateway-context.ts';

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

  /** null when it cannot be read. */
  isOn(): boolean | null {
    const value = this.#world.value(this.#service, this.#path);
    return typeof value === 'number' ? value !== 0 : null;
  }

  /** Does nothing when it stands so already, or when there is no such item. */
  set(on: boolean): void {
    void this.move(on);
  }

  /** As `set`; resolves when it is done, or has failed, which is logged once for a row of failures. */
  async move(on: boolean): Promise<void> {
    if (this.isOn() === on || this.#world.service(this.#service)?.has(this.#path) !== true) return;
    const result = await this.#world.write(this.#service, this.#path, on ? 1 : 0);
    if (result.ok) this.#complained = false;
    else if (!this.#complained) {
      this.#complained = true;
      this.#log.error('could not be switched', { item: this.#service + this.#path, reason: result.reason });
    }
  }
}
