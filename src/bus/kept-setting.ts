/**
 * A setting that we keep up ourselves, such as a counter: our own copy goes before that of the settings service, until
 * somebody else writes another value.
 *
 * The settings service tells of each change, ours too, in the order in which it took them. So a value that we have under
 * way is our echo when it is told; another one that is told before it will be overtaken by ours; and what is told when
 * nothing of ours is under way any more is the truth, whoever wrote it.
 */
import type { SettingsOf } from './settings-client.ts';

export class KeptSetting<K extends string, V extends number | string> {
  readonly #settings: SettingsOf<K>;
  readonly #key: K;
  /** Writes of ours that were neither told nor answered yet, oldest first. */
  readonly #underWay: { readonly value: V }[] = [];
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
    const write = { value };
    this.#underWay.push(write);
    const result = await this.#settings.set(this.#key, value);
    // Not told when it has changed nothing, or was refused.
    const left = this.#underWay.indexOf(write);
    if (left >= 0) this.#underWay.splice(left, 1);
    if (result.ok && this.#value === value) this.#saved = true;
  }

  /** The settings service tells what it has. @returns whether somebody else has changed it */
  heard(value: V): boolean {
    const echo = this.#underWay.findIndex(write => write.value === value);
    this.#underWay.splice(0, echo + 1);
    if (echo >= 0 || this.#underWay.length > 0 || value === this.#value) return false;
    this.#value = value;
    this.#saved = true;
    return true;
  }
}
