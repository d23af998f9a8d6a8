/** com.victronenergy.settings without a file, as the scenario tools on a real bus simulate it. */
import type { CallReply, TypedData } from '../../src/bus/bus.ts';
import { SETTINGS_SERVICE } from '../../src/bus/settings-client.ts';
import { plain } from '../../src/bus/value.ts';
import type { Value } from '../../src/schema/row.ts';
import { type MemoryBus, SimulatedService } from './memory-bus.ts';

type Kind = 'i' | 'f' | 's';

interface Meta {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

export class SimulatedSettings {
  readonly #bus: MemoryBus;
  readonly #service: SimulatedService;
  readonly #kinds = new Map<string, Kind>();
  readonly #meta = new Map<string, Meta>();

  constructor(bus: MemoryBus) {
    this.#bus = bus;
    this.#service = new SimulatedService(SETTINGS_SERVICE, {});
    this.#service.onWrite = (path, value) => this.#write(path, value);
    this.#service.onCall = (path, member, args) => this.#call(path, member, args);
    bus.add(this.#service);
  }

  /** Sets a value as the test wants it, in the type of the setting when there is one. */
  set(path: string, value: Value, isFloat = false): void {
    if (!path.startsWith('/Settings')) return;
    if (!this.#kinds.has(path) && value !== null) this.#kinds.set(path, kindOf(value, isFloat));
    this.#bus.set(SETTINGS_SERVICE, path, value);
  }

  #write(path: string, value: Value): number {
    const kind = this.#kinds.get(path);
    const cast = kind === undefined ? undefined : castTo(kind, value);
    if (cast === undefined) return -1;
    const { min, max } = this.#meta.get(path) ?? {};
    if (typeof cast === 'number' && ((min !== undefined && cast < min) || (max !== undefined && cast > max))) return -1;
    this.#bus.set(SETTINGS_SERVICE, path, cast);
    return 0;
  }

  #call(path: string, member: string, args: CallReply): CallReply {
    if (member !== 'AddSettings') return { signature: 'i', body: [-1] };
    const entries = args.body[0] as readonly ReadonlyMap<string, TypedData>[]; // aa{sv} by the signature of the call
    const results = entries.map(entry => this.#addEntry(path, entry));
    return { signature: 'aa{sv}', body: [results] };
  }

  #addEntry(base: string, entry: ReadonlyMap<string, TypedData>): ReadonlyMap<string, TypedData> {
    const read = (key: string): Value => {
      const data = entry.get(key);
      return data === undefined ? null : plain({ signature: 'v', value: data });
    };
    const given = String(read('path'));
    const path = base === '/' ? given : `${base}/${given.replace(/^\//, '')}`;
    const typed = entry.get('default');
    const signature = typeof typed === 'object' && 'signature' in typed ? String(typed.signature) : 's';
    const kind: Kind = signature === 'd' ? 'f' : signature === 's' ? 's' : 'i';
    const error = this.#add(path, kind, read('default'), numeric(read('min')), numeric(read('max')));
    const result = new Map<string, TypedData>([
      ['path', { signature: 's', value: given }],
      ['error', { signature: 'i', value: error }],
    ]);
    const value = this.#service.values.get(path);
    if (error === 0 && (typeof value === 'number' || typeof value === 'string'))
      result.set('value', { signature: typeof value === 'string' ? 's' : kind === 'f' ? 'd' : 'i', value });
    return result;
  }

  #add(path: string, kind: Kind, value: Value, min: number | undefined, max: number | undefined): number {
    if (this.#meta.has(path) && this.#kinds.get(path) !== kind) return -5;
    if (
      path.startsWith('/Settings/Devices/') &&
      path.endsWith('/ClassAndVrmInstance') &&
      !this.#service.values.has(path)
    ) {
      this.#kinds.set(path, 's');
      this.#meta.set(path, { min: undefined, max: undefined });
      this.#bus.set(SETTINGS_SERVICE, path, this.#freeInstance(String(value)));
      return 0;
    }
    const limited = kind !== 's' && !(min === 0 && max === 0);
    this.#meta.set(path, { min: limited ? min : undefined, max: limited ? max : undefined });
    if (!this.#service.values.has(path)) {
      this.#kinds.set(path, kind);
      this.#bus.set(SETTINGS_SERVICE, path, value);
    }
    return 0;
  }

  #freeInstance(wanted: string): string {
    const [type, number] = wanted.split(':');
    const taken = new Set(
      [...this.#service.values].filter(([path]) => path.endsWith('/ClassAndVrmInstance')).map(([, value]) => value),
    );
    let n = Number(number);
    while (taken.has(`${type}:${n}`)) n++;
    return `${type}:${n}`;
  }
}

function kindOf(value: Value, isFloat: boolean): Kind {
  if (typeof value === 'string') return 's';
  return isFloat || !Number.isInteger(value) ? 'f' : 'i';
}

function castTo(kind: Kind, value: Value): Value | undefined {
  if (value === null || typeof value === 'object') return undefined;
  if (kind === 's') return String(value);
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  if (!Number.isFinite(number)) return undefined;
  return kind === 'i' ? Math.trunc(number) : number;
}

function numeric(value: Value): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
