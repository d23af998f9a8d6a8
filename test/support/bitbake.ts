/**
 * Reads files of a Yocto layer as strictly as this project writes them: what old releases (dunfell) and new ones both
 * understand, and nothing else. A stand-in for BitBake where there is none: it knows assignments, overrides,
 * functions and expansion, not tasks, and runs no Python.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export class LayerError extends Error {}

/** One file, or a recipe with what it requires. */
export interface Metadata {
  readonly file: string;
  readonly variables: ReadonlyMap<string, string>;
  /** Variable → flag → value. */
  readonly flags: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Shell functions, by name. */
  readonly functions: ReadonlyMap<string, string>;
  readonly inherits: readonly string[];
}

const NAME = String.raw`[A-Za-z0-9_.+/-]+|\$\{PN\}`;
const ASSIGNMENT = new RegExp(
  String.raw`^([A-Z_a-z][A-Za-z0-9_.+-]*)((?::(?:${NAME}))*)(?:\[([A-Za-z0-9_.+-]+)\])?\s*(\?\?=|\?=|:=|\+=|=\+|\.=|=\.|=)\s*(?:"(.*)"|'(.*)')$`,
);
const SHELL_FUNCTION = /^([a-z_]+)\(\) \{$/;
const STATEMENT = /^(inherit|require|include|addtask|deltask)\s+(.+)$/;
/** Overrides as they were written before 2021, which new releases no longer take. */
const OLD_OVERRIDE = /_(append|prepend|remove)\b|_\$\{PN\}/;

/**
 * @param file of the layer
 * @param folder of the layer: what is required is looked for in it
 * @param given variables that stand before
 * @throws LayerError with file and line
 */
export function readMetadata(file: string, folder: string, given: ReadonlyMap<string, string> = new Map()): Metadata {
  const variables = new Map(given);
  const flags = new Map<string, Map<string, string>>();
  const functions = new Map<string, string>();
  const inherits: string[] = [];
  read(file);
  return { file, variables, flags, functions, inherits };

  function read(path: string): void {
    const lines = readFileSync(path, 'utf8').split('\n');
    for (let at = 0; at < lines.length; at++) {
      const begin = at;
      const wrong = (why: string): LayerError => new LayerError(`${path}:${begin + 1}: ${why}: ${lines[begin]}`);
      let line = lines[at] ?? '';
      if (line.trim() === '' || line.startsWith('#')) continue;
      if (/^def [a-z_]+\(d\):$/.test(line)) {
        while (/^( {4}|$)/.test(lines[at + 1] ?? '-')) at++;
        continue;
      }
      const shell = SHELL_FUNCTION.exec(line)?.[1];
      if (shell !== undefined) {
        const end = lines.indexOf('}', at);
        if (end < 0) throw wrong('no end of the function');
        if (functions.has(shell)) throw wrong('a function twice');
        functions.set(shell, lines.slice(at + 1, end).join('\n'));
        at = end;
        continue;
      }
      while (line.endsWith('\\')) {
        at++;
        line = line.slice(0, -1) + (lines[at] ?? '');
      }
      const statement = STATEMENT.exec(line);
      if (statement?.[1] === 'inherit') inherits.push(...(statement[2] ?? '').split(/\s+/));
      else if (statement?.[1] === 'require') read(requiredFile(path, statement[2] ?? ''));
      else if (statement === null) assign(line, wrong);
    }
  }

  function requiredFile(from: string, name: string): string {
    const found = [join(from, '..', name), join(folder, name)].find(path => existsSync(path));
    if (found === undefined) throw new LayerError(`${from} requires ${name}, which is not there`);
    return found;
  }

  function assign(line: string, wrong: (why: string) => LayerError): void {
    const match = ASSIGNMENT.exec(line);
    if (match === null) throw wrong('neither an assignment nor a statement that is known');
    const [, name = '', overrides = '', flag, operator = '=', double, single] = match;
    if (OLD_OVERRIDE.test(name)) throw wrong('an override with an underscore');
    const value = double ?? single ?? '';
    if (flag !== undefined) {
      const of = flags.get(name) ?? new Map<string, string>();
      flags.set(name, of.set(flag, combined(of.get(flag), operator, value)));
      return;
    }
    const key = name + overrides;
    if (overrides.endsWith(':append')) combine(key.replace(/:append$/, ''), '.=', value);
    else if (overrides.endsWith(':prepend')) combine(key.replace(/:prepend$/, ''), '=.', value);
    else combine(key, operator, value);
  }

  function combine(key: string, operator: string, value: string): void {
    variables.set(key, combined(variables.get(key), operator, value));
  }
}

function combined(before: string | undefined, operator: string, value: string): string {
  switch (operator) {
    case '?=':
    case '??=':
      return before ?? value;
    case '+=':
      return `${before ?? ''} ${value}`;
    case '=+':
      return `${value} ${before ?? ''}`;
    case '.=':
      return `${before ?? ''}${value}`;
    case '=.':
      return `${value}${before ?? ''}`;
    default:
      return value;
  }
}

/**
 * The value of a variable with everything in it replaced; overrides in force come first, the last of them before all.
 * Python (`${@…}`) becomes what `python` says of it.
 */
export function expand(
  text: string,
  variables: ReadonlyMap<string, string>,
  overrides: readonly string[],
  python: (code: string) => string,
): string {
  const DEPTH = 20;
  let now = text;
  for (let depth = 0; depth < DEPTH; depth++) {
    const next = now
      .replace(/\$\{@([^}]*)\}/g, (_, code: string) => python(code))
      .replace(/\$\{([A-Za-z0-9_.+-]+)\}/g, (whole, name: string) => lookUp(name) ?? whole);
    if (next === now) return now;
    now = next;
  }
  throw new LayerError(`${text} goes round in circles`);

  function lookUp(name: string): string | undefined {
    const override = [...overrides].reverse().find(one => variables.has(`${name}:${one}`));
    return variables.get(override === undefined ? name : `${name}:${override}`);
  }
}
