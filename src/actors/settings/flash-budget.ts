/**
 * How much may be written to flash. A budget in bytes that fills at a constant rate: whatever clients do, an hour
 * costs at most `WORST_BYTES_PER_HOUR`. What is written counts in whole pages, and every sync of a file or folder as
 * one page for what the file system writes beside.
 */
import type { Clock } from '../../kernel/clock.ts';

export const FLASH = {
  /** Saved up at most: changes are stored without delay until this is used. */
  burstBytes: 4 * 1024 * 1024,
  bytesPerSecond: 16 * 1024,
  pageBytes: 4096,
} as const;

/**
 * A full budget and an hour's filling: 63.2 MB. Two single changes a second are stored for ever without delay. 32 MiB of
 * SLC NAND with 100,000 cycles bear nothing but this for 6 years; a settings.xml of 60 kB written every two seconds,
 * as the stock program does under such a load, is 108 MB an hour.
 */
export const WORST_BYTES_PER_HOUR = FLASH.burstBytes + 3600 * FLASH.bytesPerSecond;

/** What writing costs: whole pages, and one more for each sync. */
export function flashCost(bytes: number, syncs: number): number {
  return (Math.ceil(bytes / FLASH.pageBytes) + syncs) * FLASH.pageBytes;
}

export class FlashBudget {
  readonly #clock: Clock;
  #bytes: number = FLASH.burstBytes;
  #at: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = clock.monotonic();
  }

  /** Milliseconds until `bytes` may be spent; 0 is now. More than the budget can hold is to be had when it is full. */
  waitMs(bytes: number): number {
    this.#fill();
    const missing = Math.min(bytes, FLASH.burstBytes) - this.#bytes;
    return missing <= 0 ? 0 : Math.ceil((missing / FLASH.bytesPerSecond) * 1000);
  }

  /** Takes the bytes, also into debt: what follows waits the longer. */
  spend(bytes: number): void {
    this.#fill();
    this.#bytes -= bytes;
  }

  #fill(): void {
    const now = this.#clock.monotonic();
    this.#bytes = Math.min(FLASH.burstBytes, this.#bytes + ((now - this.#at) / 1000) * FLASH.bytesPerSecond);
    this.#at = now;
  }
}
