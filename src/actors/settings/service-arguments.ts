/** The arguments of com.victronenergy.Settings, read leniently: clients in the field leave the variants out at times. */
import type { CallFailure, IncomingCall, Typed, TypedData } from '../../bus/bus.ts';
import { ERROR, failure } from '../../bus/bus-item.ts';
import { isTyped, plain } from '../../bus/value.ts';
import type { Definition } from './settings-rules.ts';

/** A definition, and for AddSettings the path as the client gave it, whatever that was. */
export interface Wanted {
  readonly definition: Definition;
  readonly givenPath: Typed | undefined;
}

/** Entries of one AddSettings or RemoveSettings. */
const ENTRIES_LIMIT = 10_000;

export function wrongArguments(call: IncomingCall, wanted: string): CallFailure {
  return failure(ERROR.invalidArgs, `${call.member} takes ${wanted}, not ${call.signature}`);
}

/** AddSetting: group, name, default, type, min, max. */
export function readDefinition(call: IncomingCall, silent: boolean): Wanted | undefined {
  const [group, name, fallback, type, min, max] = call.body;
  if (typeof group !== 'string' || typeof name !== 'string' || typeof type !== 'string') return undefined;
  if (fallback === undefined || min === undefined || max === undefined) return undefined;
  const inGroup = group === '' ? call.path : below(call.path, group);
  const path = below(inGroup, name);
  const definition = { path, type, default: open(fallback), min: open(min), max: open(max), silent };
  return { definition, givenPath: undefined };
}

/** AddSettings: a dictionary a setting, with path, default, min, max, silent. Its type is that of its default. */
export function readDefinitions(call: IncomingCall): Wanted[] | undefined {
  const [entries] = call.body;
  if (!Array.isArray(entries) || entries.length > ENTRIES_LIMIT) return undefined;
  const wanted: Wanted[] = [];
  for (const entry of entries as readonly TypedData[]) {
    if (!(entry instanceof Map)) return undefined;
    const at = (key: string): TypedData | undefined => entry.get(key);
    const givenPath = typed(at('path'));
    const fallback = typed(at('default'));
    const definition = {
      path: typeof givenPath?.value === 'string' ? below(call.path, givenPath.value) : '',
      type: TYPE_OF_SIGNATURE[fallback?.signature ?? ''] ?? '',
      default: open(fallback),
      min: open(at('min')),
      max: open(at('max')),
      silent: Boolean(open(at('silent'))),
    };
    wanted.push({ definition, givenPath });
  }
  return wanted;
}

/** D-Bus type of a default → type of the setting. No other type will do. */
const TYPE_OF_SIGNATURE: Readonly<Record<string, string>> = { i: 'i', x: 'i', d: 'f', s: 's' };

/** RemoveSettings: paths, relative to the group called. */
export function readPaths(call: IncomingCall): string[] | undefined {
  const [paths] = call.body;
  if (!Array.isArray(paths) || paths.length > ENTRIES_LIMIT) return undefined;
  const found = paths.map(open);
  return found.every(path => typeof path === 'string') ? found.map(path => below(call.path, path)) : undefined;
}

/** `/Settings` and `g/a` or `/g/a` → `/Settings/g/a` */
function below(group: string, relative: string): string {
  return `${group === '/' ? '' : group}${relative.startsWith('/') ? '' : '/'}${relative}`;
}

function open(data: TypedData | undefined): ReturnType<typeof plain> {
  return data === undefined ? null : plain({ signature: 'v', value: data });
}

/** The value with its type, out of its variants; guessed where the client left the variant out. */
function typed(data: TypedData | undefined): Typed | undefined {
  let signature = '';
  let value = data;
  while (value !== undefined && isTyped(value)) {
    signature = value.signature;
    value = value.value;
  }
  if (value === undefined) return undefined;
  if (signature !== '') return { signature, value };
  if (typeof value === 'string') return { signature: 's', value };
  if (typeof value === 'number') return { signature: Number.isInteger(value) ? 'i' : 'd', value };
  return undefined;
}
