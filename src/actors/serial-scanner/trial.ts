/** A driver on trial at a port: what it may say and hear before it has recognised anything, and for how long. */

import { PROBE_LIMITS } from '../../drivers/driver.ts';
import type { Clock, Timer } from '../../kernel/clock.ts';
import { Fault } from '../../kernel/fault.ts';
import type { Link } from '../../ports/link.ts';

/** Octets kept for the one who may recognise them, and for the driver that is next. */
const HEARD_OCTETS = 512;
/** A trial where others wait for their turn: a device speaks every second, and a cut first message must not count. */
const TURN_MS = 2_000;
/** Devices that speak by themselves do so every second, and at a wrong rate are heard all the same. */
const SILENCE_MS = 1_500;

export class Trial {
  readonly link: Link;
  readonly #failed: (why: string) => void;
  readonly #timers: readonly Timer[];
  #heard = '';
  #received = 0;
  #written = 0;
  #state: 'open' | 'passed' | 'closed' = 'open';

  /**
   * @param link the port's own; what the driver sees ends with the trial's owner, not with the driver
   * @param others whether other drivers or rates wait for their turn
   * @param failed called when the budget is spent, with what was spent
   * @param silent called when nothing at all was heard for a while
   */
  constructor(clock: Clock, link: Link, others: boolean, failed: (why: string) => void, silent: () => void) {
    const limitMs = others ? TURN_MS : PROBE_LIMITS.timeMs;
    this.#timers = [
      clock.after(limitMs, () => {
        if (this.isOpen) failed(`nothing recognised in ${limitMs / 1000} s`);
      }),
      clock.after(SILENCE_MS, () => {
        if (this.isOpen && this.#received === 0) silent();
      }),
    ];
    this.#failed = failed;
    this.link = {
      name: link.name,
      get queued() {
        return link.queued;
      },
      onData: () => {},
      onClose: () => {},
      write: bytes =>
        this.#mayWrite(bytes.length) ? link.write(bytes) : Promise.reject(new Fault('device', NOT_ALLOWED)),
      get baudRate() {
        return link.baudRate;
      },
      setBaudRate: baud => link.setBaudRate(baud),
      setLines: lines => (this.#state === 'closed' ? Promise.resolve() : link.setLines(lines)),
      close: () => Promise.resolve(),
    };
  }

  /** Whether nothing has been recognised yet. */
  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** What was heard last, one character an octet. */
  get heard(): string {
    return this.#heard;
  }

  /** Counts what the device sends. */
  hear(bytes: Uint8Array): void {
    if (!this.isOpen) return;
    const text = String.fromCharCode(...bytes.subarray(-HEARD_OCTETS));
    this.#heard = (this.#heard + text).slice(-HEARD_OCTETS);
    this.#received += bytes.length;
    if (this.#received > PROBE_LIMITS.receivedBytes) this.#failed(`${this.#received} bytes and nothing recognised`);
  }

  /** The driver has recognised its device: no more limits. */
  pass(): void {
    this.#end('passed');
  }

  /** The driver has left: whatever it still does, the line is not its own any more. */
  close(): void {
    this.#end('closed');
  }

  #end(state: 'passed' | 'closed'): void {
    this.#state = state;
    this.#heard = '';
    for (const timer of this.#timers) timer.cancel();
  }

  #mayWrite(bytes: number): boolean {
    if (this.#state !== 'open') return this.#state === 'passed';
    this.#written += bytes;
    return this.#written <= PROBE_LIMITS.writtenBytes;
  }
}

const NOT_ALLOWED = 'more than a driver on trial may say, or said by one that has left';
