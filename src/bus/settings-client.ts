/**
 * Settings as the actors use them: declare rows, read values, write them, hear of changes. Works against whichever
 * com.victronenergy.settings is in the world, ours or a stock one, and declares again when another one takes over.
 */
import type { ActorContext, Owned } from '../kernel/actor.ts';
import { Fault } from '../kernel/fault.ts';
import type { Value } from '../schema/row.ts';
import type { SettingRow } from '../schema/setting-row.ts';
import type { CallReply, Typed, TypedData } from './bus.ts';
import { plain } from './value.ts';
import { type World, WRITE_NO_ANSWER, type WriteResult } from './world.ts';

export const SETTINGS_SERVICE = 'com.victronenergy.settings';
export const SETTINGS_INTERFACE = 'com.victronenergy.Settings';

/** How long to wait before declaring again when the settings service refused or did not answer. */
const RETRY_MS = 1_000;

/** A set of declared settings, by the keys of its owner. */
export interface SettingsOf<K extends string> {
  /** The value; the default as long as the settings service has not said otherwise. */
  get(key: K): number | string;
  /** As `get`, for settings of type i and f. Throws a Fault (bug) for a string. */
  number(key: K): number;
  /** As `get`, for settings of type s. */
  string(key: K): string;
  set(key: K, value: number | string): Promise<WriteResult>;
  /** Calls `listener` after each change, whoever made it. */
  onChange(listener: (key: K, value: number | string) => void): Owned;
}

/** Declares settings for one actor. */
export class SettingsClient {
  readonly #context: ActorContext;
  readonly #world: World;

  constructor(context: ActorContext, world: World) {
    this.#context = context;
    this.#world = world;
  }

  /** Adds the settings that are missing, and resolves when their values are known. */
  async declare<K extends string>(rows: Readonly<Record<K, SettingRow>>): Promise<SettingsOf<K>> {
    const declared = new DeclaredSettings<K>(this.#context, this.#world, rows);
    this.#context.own(declared);
    await declared.ready;
    return declared;
  }
}

class DeclaredSettings<K extends string> implements SettingsOf<K>, Owned {
  readonly ready: Promise<void>;
  readonly #context: ActorContext;
  readonly #world: World;
  readonly #rows: Readonly<Record<K, SettingRow>>;
  readonly #keys: readonly K[];
  readonly #keyOf = new Map<string, K>();
  readonly #values = new Map<K, number | string>();
  readonly #listeners = new Set<(key: K, value: number | string) => void>();
  readonly #owned: Owned[];
  #resolveReady: () => void = () => {};
  /** Counts the settings services seen: the answer of one that has gone is not listened to. */
  #generation = 0;

  constructor(context: ActorContext, world: World, rows: Readonly<Record<K, SettingRow>>) {
    this.#context = context;
    this.#world = world;
    this.#rows = rows;
    this.#keys = Object.keys(rows) as K[]; // the keys of a record of K
    for (const key of this.#keys) this.#keyOf.set(rows[key].path, key);
    this.ready = new Promise(resolve => {
      this.#resolveReady = resolve;
    });
    this.#owned = [
      world.watch({ service: SETTINGS_SERVICE }, ({ path, value }) => {
        const key = this.#keyOf.get(path);
        if (key !== undefined) this.#take(key, value);
      }),
      world.watchServices({
        added: service => {
          if (service.name === SETTINGS_SERVICE) this.#context.spawn(this.#add(++this.#generation));
        },
        removed: service => {
          if (service.name === SETTINGS_SERVICE) this.#generation++;
        },
      }),
    ];
  }

  get(key: K): number | string {
    return this.#values.get(key) ?? this.#rows[key].default;
  }

  number(key: K): number {
    const value = this.get(key);
    if (typeof value !== 'number') throw new Fault('bug', `setting ${this.#rows[key].path} is not a number`);
    return value;
  }

  string(key: K): string {
    return String(this.get(key));
  }

  async set(key: K, value: number | string): Promise<WriteResult> {
    const row = this.#rows[key];
    if (this.#world.service(SETTINGS_SERVICE) === undefined)
      return { ok: false, code: WRITE_NO_ANSWER, reason: `${SETTINGS_SERVICE} is not there` };
    const rowType = row.type === 'i' ? 'int' : row.type === 'f' ? 'float' : 'string';
    return this.#world.write(SETTINGS_SERVICE, row.path, value, { type: rowType });
  }

  onChange(listener: (key: K, value: number | string) => void): Owned {
    const own = this.#context.guard(listener);
    this.#listeners.add(own);
    return { release: () => void this.#listeners.delete(own) };
  }

  release(): void {
    this.#generation++;
    this.#listeners.clear();
    for (const owned of this.#owned) void owned.release();
  }

  /** AddSettings for all rows; again after a while when the service refuses the call as a whole. */
  async #add(generation: number): Promise<void> {
    const entries = this.#keys.map(key => entryOf(this.#rows[key]));
    let reply: CallReply;
    try {
      reply = await this.#world.call(SETTINGS_SERVICE, '/', SETTINGS_INTERFACE, 'AddSettings', {
        signature: 'aa{sv}',
        body: [entries],
      });
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#context.log.warn('settings could not be added, trying again', { error: String(error) });
      this.#context.clock.after(RETRY_MS, () => {
        if (generation === this.#generation) this.#context.spawn(this.#add(generation));
      });
      return;
    }
    if (generation !== this.#generation) return;
    const results = reply.body[0];
    this.#keys.forEach((key, i) => {
      const result = Array.isArray(results) ? (results[i] as TypedData | undefined) : undefined;
      this.#takeResult(key, result);
    });
    this.#resolveReady();
  }

  #takeResult(key: K, result: TypedData | undefined): void {
    const answer = result instanceof Map ? (result as ReadonlyMap<string, TypedData>) : new Map<string, TypedData>();
    const error = numberOf(answer.get('error'));
    const { path } = this.#rows[key];
    if (error !== 0) this.#context.log.warn('setting was refused', { path, error });
    // What the service shows by now is newer than its answer.
    const shown = this.#world.value(SETTINGS_SERVICE, path);
    const value = answer.get('value');
    this.#take(key, shown ?? (value === undefined ? null : plain({ signature: 'v', value })));
  }

  #take(key: K, value: Value): void {
    if (typeof value !== 'number' && typeof value !== 'string') return;
    const row = this.#rows[key];
    const taken = row.type === 's' ? String(value) : Number(value);
    if (typeof taken === 'number' && !Number.isFinite(taken)) return;
    if (this.get(key) === taken && this.#values.has(key)) return;
    const changed = this.get(key) !== taken;
    this.#values.set(key, taken);
    if (changed) for (const listener of this.#listeners) listener(key, taken);
  }
}

/** An entry of AddSettings. */
function entryOf(row: SettingRow): ReadonlyMap<string, TypedData> {
  const entry = new Map<string, TypedData>([
    ['path', { signature: 's', value: row.path }],
    ['default', typedSetting(row, row.default)],
  ]);
  if (row.type !== 's') {
    if (row.min !== undefined) entry.set('min', typedSetting(row, row.min));
    if (row.max !== undefined) entry.set('max', typedSetting(row, row.max));
  }
  if (row.silent) entry.set('silent', { signature: 'i', value: 1 });
  return entry;
}

function typedSetting(row: SettingRow, value: number | string): Typed {
  if (row.type === 's') return { signature: 's', value: String(value) };
  return { signature: row.type === 'f' ? 'd' : Math.abs(Number(value)) < 2 ** 31 ? 'i' : 'x', value: Number(value) };
}

function numberOf(data: TypedData | undefined): number {
  const value = data === undefined ? null : plain({ signature: 'v', value: data });
  return typeof value === 'number' ? value : 0;
}
