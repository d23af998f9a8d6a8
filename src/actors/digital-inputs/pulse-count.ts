/** The pulses of an input: counted here, kept in the settings. */
import { KeptSetting } from '../../bus/kept-setting.ts';
import type { SettingsOf } from '../../bus/settings-client.ts';

/** After the highest count comes 0, as the stock program has it: 2^31 - 2 goes to 0. */
const COUNT_LIMIT = 2 ** 31 - 1;

export class PulseCount {
  readonly #kept: KeptSetting<string, number>;
  #value: number;

  constructor(settings: SettingsOf<string>) {
    this.#value = settings.number('Count');
    this.#kept = new KeptSetting(settings, 'Count', this.#value);
  }

  get value(): number {
    return this.#value;
  }

  pulse(): void {
    this.#value = (this.#value + 1) % COUNT_LIMIT;
  }

  /** The settings have another count. @returns whether somebody has set it: our own savings are not that */
  heard(value: number): boolean {
    if (!this.#kept.heard(value)) return false;
    this.#value = value;
    return true;
  }

  reset(): void {
    this.#value = 0;
  }

  /** Writes what is not in the settings yet. Never rejects; what failed is tried again at the next time. */
  save(): Promise<void> {
    return this.#kept.save(this.#value);
  }
}
