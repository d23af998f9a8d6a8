/** A setting that we keep up ourselves: our own copy is the newest, unless somebody else writes another value. */
import type { SettingsOf } from '../../bus/settings-client.ts';

/** So many of our last writes may still come back as echoes. */
const ECHOES = 4;

export class KeptSetting<K extends string, V extends number | string> {
  readonly #settings: SettingsOf<K>;
  readonly #key: K;
  readonly #written: V[] = [];
  #value: V;
  #saved = true;

  constructor(settings: SettingsOf<K>, key: K, value: V) {
    this.#settings = settings;
    this.#key = key;
    this.#value = value;
  }

  get value(): V {
    return this.#value;
  }

  /** Whether the settings service has what we have. */
  get saved(): boolean {
    return this.#saved;
  }

  /** Writes when it differs, or when the last write has failed. Never rejects. */
  async save(value: V): Promise<void> {
    if (this.#saved && value === this.#value) return;
    this.#value = value;
    this.#saved = false;
    this.#written.push(value);
    if (this.#written.length > ECHOES) this.#written.shift();
    const result = await this.#settings.set(this.#key, value);
    if (result.ok && this.#value === value) this.#saved = true;
  }

  /** The settings service says what it has. @returns whether that came from somebody else */
  heard(value: V): boolean {
    if (value === this.#value || this.#written.includes(value)) return false;
    this.#value = value;
    this.#saved = true;
    return true;
  }
}
