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
    const echo = this.#saved.indexOf(value);
    // Echoes come in the order of the savings: those before have been passed over.
    this.#saved.splice(0, echo + 1);
    if (echo >= 0 || value === this.#value) return false;
    this.#value = value;
    return true;
  }

  reset(): void {
    this.#value = 0;
  }

  /** Writes what is not in the settings yet. Never rejects; what failed is tried again at the next time. */
  async save(): Promise<void> {
    if (this.#settings.number(KEY) === this.#value) return;
    const saved = this.#value;
    this.#saved.push(saved);
    if (this.#saved.length > ECHOES) this.#saved.shift();
    const { ok } = await this.#settings.set(KEY, saved);
    if (!ok && this.#saved.at(-1) === saved) this.#saved.pop();
  }
}
