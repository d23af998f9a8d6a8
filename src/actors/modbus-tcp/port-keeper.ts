/** Keeps the port open that is wanted, and tries again when it cannot be had. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { Owned } from '../../kernel/actor.ts';
import type { Timer } from '../../kernel/clock.ts';
import { describe } from '../../kernel/fault.ts';
import type { Connection, Listener, Net } from '../../ports/net.ts';
import { MODBUS_TCP_LIMITS as LIMITS } from './limits.ts';

export interface PortKeeperOptions {
  readonly context: GatewayContext;
  readonly net: Net;
  /** Address to listen at; without it all. */
  readonly host: string | undefined;
  readonly accept: (connection: Connection) => void;
  /** The port that is open now; undefined: none. */
  readonly changed: (port: number | undefined) => void;
  readonly failed: (reason: string) => void;
}

export class PortKeeper implements Owned {
  readonly #options: PortKeeperOptions;
  /** What was asked for last; a number of its own for each, so that a late answer is known as such. */
  #wanted: { readonly port: number } | undefined;
  #listener: Listener | undefined;
  #again: Timer | undefined;
  #changing: Promise<void> = Promise.resolve();

  constructor(options: PortKeeperOptions) {
    this.#options = options;
  }

  /** Opens this port, and closes the one before. @param port undefined: none. Resolves when done, or when it failed. */
  want(port: number | undefined): Promise<void> {
    if (port === this.#wanted?.port) return this.#changing;
    this.#wanted = port === undefined ? undefined : { port };
    this.#again?.cancel();
    this.#again = undefined;
    this.#changing = this.#changing.then(() => this.#change());
    return this.#changing;
  }

  release(): Promise<void> {
    return this.want(undefined);
  }

  async #change(): Promise<void> {
    const { context, net, host, accept, changed, failed } = this.#options;
    const wanted = this.#wanted;
    if (this.#listener !== undefined) {
      await this.#listener.release();
      this.#listener = undefined;
      changed(undefined);
    }
    if (wanted === undefined) return;
    try {
      const options = { port: wanted.port, queueBytes: LIMITS.queueBytes, ...(host === undefined ? {} : { host }) };
      const listener = await net.listen(options, accept);
      this.#listener = listener;
      listener.onClose(context.guard(error => this.#lost(wanted, `port ${wanted.port}: ${describe(error)}`)));
      changed(listener.port);
    } catch (error) {
      failed(describe(error));
      this.#tryAgain(wanted);
    }
  }

  #lost(wanted: { readonly port: number }, reason: string): void {
    if (wanted !== this.#wanted) return;
    this.#listener = undefined;
    this.#options.changed(undefined);
    this.#options.failed(reason);
    this.#tryAgain(wanted);
  }

  #tryAgain(wanted: { readonly port: number }): void {
    if (wanted !== this.#wanted) return;
    const { context } = this.#options;
    this.#again = context.clock.after(LIMITS.listenAgainMs, () => {
      this.#again = undefined;
      if (wanted !== this.#wanted) return;
      this.#changing = this.#changing.then(() => this.#change());
      context.spawn(this.#changing);
    });
  }
}
