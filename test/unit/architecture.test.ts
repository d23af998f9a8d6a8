/** The import rules of src/README.md, read from the imports. Each offence is printed with its file and line. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import t from 'tap';

interface Line {
  readonly file: string;
  readonly number: number;
  readonly text: string;
}

const SRC = 'src';
const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .sort();

/** Who may import whom, by the first folder below src. A file right below src may import everything. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  schema: [],
  protocols: [],
  ports: ['kernel'],
  bus: ['kernel', 'schema', 'ports'],
  drivers: ['protocols', 'schema', 'bus', 'kernel', 'ports'],
  actors: ['drivers', 'protocols', 'schema', 'bus', 'kernel', 'ports'],
  adapters: ['ports', 'kernel'],
  cli: ['actors', 'drivers', 'protocols', 'schema', 'bus', 'kernel', 'ports', 'adapters', 'appliance.ts'],
};

/** Who may touch the machine itself: Node's modules, packages, timers, globals. */
const TOUCHES_MACHINE = /^(adapters\/|cli\/|bus\/dbus\/|main\.ts$|appliance\.ts$)/;
const MACHINE =
  /\b(Date\.now|new Date\(\)|setTimeout|setInterval|setImmediate|Math\.random|process\.|console\.|performance\.now|queueMicrotask)\b/;

function lines(): Line[] {
  return FILES.flatMap(file =>
    readFileSync(join(SRC, file), 'utf8')
      .split('\n')
      .map((text, i) => ({ file, number: i + 1, text })),
  );
}

function imports(): (Line & { readonly target: string })[] {
  return lines().flatMap(line => {
    const match = /^(?:import|export|\}).*\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/.exec(line.text);
    const target = match?.[1] ?? match?.[2] ?? match?.[3];
    return target === undefined ? [] : [{ ...line, target }];
  });
}

function room(file: string): string {
  return file.split('/')[0] ?? '';
}

function show({ file, number, text }: Line, why: string): string {
  return `${SRC}/${file}:${number} ${why}: ${text.trim()}`;
}

/** Houses that are there for their neighbours. */
const SHARED_HOUSES: ReadonlySet<string> = new Set(['drivers/registers']);

/** Two folders deep, drivers and actors are neighbours that do not know each other. */
function neighbours(from: string, to: string): boolean {
  const [fromRoom, fromHouse] = from.split('/');
  const [toRoom, toHouse] = to.split('/');
  if (fromRoom !== toRoom || (fromRoom !== 'drivers' && fromRoom !== 'actors')) return false;
  if (SHARED_HOUSES.has(`${toRoom}/${toHouse}`)) return false;
  const isFolder = (house: string | undefined): boolean => house !== undefined && !house.endsWith('.ts');
  return isFolder(fromHouse) && isFolder(toHouse) && fromHouse !== toHouse;
}

t.test('imports stay within the rules', t => {
  const offences: string[] = [];
  for (const line of imports()) {
    const from = room(line.file);
    if (!line.target.startsWith('.')) {
      if (!TOUCHES_MACHINE.test(line.file)) offences.push(show(line, 'imports from outside'));
      continue;
    }
    const target = normalize(join(dirname(line.file), line.target));
    const to = room(target);
    if (from === line.file || from === to) {
      if (neighbours(line.file, target)) offences.push(show(line, 'imports its neighbour'));
      continue;
    }
    if (!MAY_IMPORT[from]?.includes(to)) offences.push(show(line, `${from} may not import ${to}`));
    if (from === 'actors' && to === 'drivers' && target !== 'drivers/registry.ts' && target !== 'drivers/driver.ts')
      offences.push(show(line, 'actors know drivers only by their registry'));
  }
  t.same(offences, []);
  t.end();
});

t.test('only adapters and commands touch the machine', t => {
  const offences = lines()
    .filter(line => !TOUCHES_MACHINE.test(line.file) && !/^\s*(\*|\/\/|\/\*)/.test(line.text))
    .filter(line => MACHINE.test(line.text.replace(/'[^']*'|`[^`]*`/g, '')))
    .map(line => show(line, 'touches the machine'));
  t.same(offences, []);
  t.end();
});

t.test('no default exports, no ignored type errors', t => {
  const offences = lines()
    .filter(line =>
      /^export default|@ts-ignore|@ts-expect-error|\bas any\b|: any\b/.test(
        line.text.replace(/\/\/.*|\/\*.*|^\s*\*.*/, ''),
      ),
    )
    .map(line => show(line, 'not in this house'));
  t.same(offences, []);
  t.end();
});
