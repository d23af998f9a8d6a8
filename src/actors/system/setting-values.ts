/**
 * The settings as the topics read them: our own are declared, those of other programs are read where they are. What
 * was known stays known while com.victronenergy.settings is away, so that its restart does not shake the system. What
 * the topics have written counts at once: until it is stored a second may pass.
 */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import { SETTINGS_SERVICE, type SettingsOf } from '../../bus/settings-client.ts';
import { Fault } from '../../kernel/fault.ts';
import type { SettingRow } from '../../schema/setting-row.ts';

/** Settings that topics add at run time, at most: three per battery, of sixty batteries and their channels. */
const ADDED_LIMIT = 1_000;

export class SettingValues {
  readonly rows = new Map<string, SettingRow>();
  readonly #context: GatewayContext;
  readonly #changed: (path: string) => void;
  /** Of other programs: the last value seen. */
  readonly #foreign = new Map<string, number | string>();
  readonly #declared = new Map<string, SettingsOf<string>>();
  readonly #written = new Map<string, { value: number | string; underWay: number }>();
  #adding: SettingRow[] = [];
  #added = 0;

  /** @param changed hears of each change, of any setting */
  constructor(context: GatewayContext, changed: (path: string) => void) {
    this.#context = context;
    this.#changed = changed;
  }

  /** Adds the settings of `rows`, and resolves when their values are known. */
  async declare(rows: readonly SettingRow[]): Promise<void> {
    for (const row of rows) this.rows.set(row.path, row);
    await this.#declareRows(rows);
    this.#context.own(
      this.#context.world.watch({ service: SETTINGS_SERVICE }, ({ path, value }) => {
        if (this.#declared.has(path)) return;
        if (typeof value === 'number' || typeof value === 'string') this.#foreign.set(path, value);
        else this.#foreign.delete(path);
        this.#changed(path);
      }),
    );
  }

  /** Adds one more setting, together with the others of this tick; `changed` is called when its value is known. */
  add(row: SettingRow): void {
    if (this.rows.has(row.path)) return;
    if (++this.#added > ADDED_LIMIT) throw new Fault('bug', `more than ${ADDED_LIMIT} settings were added`);
    this.rows.set(row.path, row);
    if (this.#adding.push(row) > 1) return;
    this.#context.clock.soon(() => {
      const rows = this.#adding;
      this.#adding = [];
      this.#context.spawn(this.#declareAdded(rows));
    });
  }

  async #declareAdded(rows: readonly SettingRow[]): Promise<void> {
    await this.#declareRows(rows);
    for (const row of rows) this.#changed(row.path);
  }

  async #declareRows(rows: readonly SettingRow[]): Promise<void> {
    const settings = await this.#context.settings.declare(Object.fromEntries(rows.map(row => [row.path, row])));
    for (const row of rows) this.#declared.set(row.path, settings);
    this.#context.own(settings.onChange(path => this.#changed(path)));
  }

  /** Takes `value` for the setting until `writing` it has come to an end, one way or the other. */
  expect(path: string, value: number | string, writing: Promise<void>): void {
    const written = this.#written.get(path) ?? { value, underWay: 0 };
    written.value = value;
    written.underWay++;
    this.#written.set(path, written);
    this.#changed(path);
    const end = async (): Promise<void> => {
      await writing;
      if (--written.underWay > 0) return;
      this.#written.delete(path);
      if (this.#stored(path) !== written.value) this.#changed(path);
    };
    this.#context.spawn(end());
  }

  get(path: string): number | string | null {
    return this.#written.get(path)?.value ?? this.#stored(path);
  }

  #stored(path: string): number | string | null {
    const declared = this.#declared.get(path);
    if (declared !== undefined) return declared.get(path);
    const service = this.#context.world.service(SETTINGS_SERVICE);
    const value = service?.get(path);
    if (typeof value === 'number' || typeof value === 'string') return value;
    if (service !== undefined) return null;
    return this.#foreign.get(path) ?? null;
  }
}
