/** The pulses of an input: counted here, kept in the settings. */
import type { SettingsOf } from '../../bus/settings-client.ts';

/** After the highest count comes 0, as the stock program has it: 2^31 - 2 goes to 0. */
const COUNT_LIMIT = 2 ** 31 - 1;
const KEY = 'Count';
/** So many of our last savings may still come back as echoes. */
const ECHOES = 4;

export class PulseCount {
  readonly #settings: SettingsOf<string>;
  readonly #saved: number[] = [];
  #value: number;

  constructor(settings: SettingsOf<string>) {
    this.#settings = settings;
    this.#value = settings.number(KEY);
  }

  get value(): number {
    return this.#value;
  }

  pulse(): void {
    this.#value = (this.#value + 1) % COUNT_LIMIT;
  }

  /** Somebody has set the counter: an echo of what we saved is not that. @returns whether it is another count now */
  heard(value: number): boolean {
    if (value === this.#value || this.#saved.includes(value)) return false;
    this.#value = value;
    return true;
  }

  reset(): void {
    this.#value = 0;
  }

  /** Writes what is not in the settings yet. Never rejects; what failed is tried again at the next time. */
  async save(): Promise<void> {
    if (this.#settings.number(KEY) === this.#value) return;
    this.#saved.push(this.#value);
    if (this.#saved.length > ECHOES) this.#saved.shift();
    await this.#settings.set(KEY, this.#value);
  }
}
