/** One port: opened, offered to the drivers in turn, and opened again after whatever ended it. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { DriverSession, SerialDriver, SerialPort } from '../../drivers/driver.ts';
import type { Owned } from '../../kernel/actor.ts';
import type { Timer } from '../../kernel/clock.ts';
import { describe } from '../../kernel/fault.ts';
import type { Link, Links } from '../../ports/link.ts';

/** Pause after a port that could not be opened or that nobody knew. */
const REOPEN_MS = 2_000;
/** Pause after a device that was served: it is likely to come back at once. */
const RETURN_MS = 200;

export class PortWatch implements Owned {
  readonly #port: SerialPort;
  readonly #links: Links;
  readonly #drivers: readonly SerialDriver[];
  readonly #context: GatewayContext;
  #turn = 0;
  #link: Link | undefined;
  #session: DriverSession | undefined;
  #pause: Timer | undefined;
  #released = false;
  /** What was said last of this port: the same is not said again. */
  #complaint = '';

  constructor(path: string, links: Links, drivers: readonly SerialDriver[], context: GatewayContext) {
    this.#port = { path, tty: path.slice(path.lastIndexOf('/') + 1) };
    this.#links = links;
    this.#drivers = drivers;
    this.#context = context;
    this.#again(0);
  }

  async release(): Promise<void> {
    this.#released = true;
    this.#pause?.cancel();
    await this.#close();
  }

  #again(pauseMs: number): void {
    if (this.#released) return;
    this.#pause = this.#context.clock.after(pauseMs, () => this.#context.spawn(this.#open()));
  }

  async #open(): Promise<void> {
    const driver = this.#drivers[this.#turn % this.#drivers.length];
    if (driver === undefined) return;
    let link: Link;
    try {
      link = await this.#links.open(this.#port.path, { baudRate: driver.baudRate });
    } catch (error) {
      this.#complain('not opened', describe(error));
      this.#again(REOPEN_MS);
      return;
    }
    if (this.#released) {
      await link.close();
      return;
    }
    this.#link = link;
    const session = driver.begin(link, this.#port, this.#context);
    this.#session = session;
    link.onData(this.#context.guard(bytes => session.receive(bytes)));
    link.onClose(this.#context.guard(reason => this.#over(session, describe(reason), RETURN_MS)));
    this.#context.spawn(
      session.ended.then(how => {
        if (how === 'not recognised') this.#turn++;
        return this.#over(session, how, how === 'device silent' ? RETURN_MS : REOPEN_MS);
      }),
    );
  }

  async #over(session: DriverSession, why: string, pauseMs: number): Promise<void> {
    if (this.#session !== session) return;
    this.#complain('session over', why);
    await this.#close();
    this.#again(pauseMs);
  }

  #complain(what: string, why: string): void {
    if (why === this.#complaint) return;
    this.#complaint = why;
    this.#context.log.info(`${this.#port.tty}: ${what}`, { why });
  }

  async #close(): Promise<void> {
    const session = this.#session;
    const link = this.#link;
    this.#session = undefined;
    this.#link = undefined;
    await session?.stop();
    await link?.close();
  }
}
