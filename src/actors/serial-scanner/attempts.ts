/** In which order drivers and baud rates are tried at a port. */
import type { SerialDriver } from '../../drivers/driver.ts';

export interface Attempt {
  readonly driver: SerialDriver;
  readonly baudRate: number;
}

export class Attempts {
  readonly #attempts: Attempt[];
  #next = 0;

  /**
   * Each driver's usual rate first, then the others of all drivers.
   *
   * @param first what the port held the last time: it goes before all others
   */
  constructor(drivers: readonly SerialDriver[], first?: { readonly driver: string; readonly baudRate: number }) {
    const usual = drivers.map(driver => ({ driver, baudRate: driver.baudRate }));
    const others = drivers.flatMap(driver => (driver.otherBaudRates ?? []).map(baudRate => ({ driver, baudRate })));
    this.#attempts = [...usual, ...others];
    const at = this.#attempts.findIndex(one => one.driver.name === first?.driver && one.baudRate === first.baudRate);
    if (at > 0) this.#attempts.unshift(...this.#attempts.splice(at, 1));
  }

  get length(): number {
    return this.#attempts.length;
  }

  get current(): Attempt | undefined {
    return this.#attempts[this.#next];
  }

  /** Goes on to the next. @returns false when all have had their turn and the first one's comes again */
  advance(): boolean {
    this.#next++;
    if (this.#next < this.#attempts.length) return true;
    this.#next = 0;
    return false;
  }

  /** Goes on to the next driver whose devices have to be asked. @returns false when there is none left */
  advanceToAsking(): boolean {
    const next = this.#attempts.findIndex(({ driver }, at) => at > this.#next && driver.asks === true);
    if (next >= 0) this.#next = next;
    return next >= 0;
  }

  /** The one that was right goes first from now on. */
  prefer(attempt: Attempt): void {
    const at = this.#attempts.findIndex(
      one => one.driver.name === attempt.driver.name && one.baudRate === attempt.baudRate,
    );
    if (at >= 0) this.#attempts.splice(at, 1);
    this.#attempts.unshift(attempt);
    this.#next = 0;
  }

  /** Whose device speaks so, other than the current one's. @param heard the last octets, one character each */
  recognise(heard: string): SerialDriver | undefined {
    const current = this.current?.driver;
    return this.#attempts.find(({ driver }) => driver !== current && driver.signature?.test(heard))?.driver;
  }
}
