/** The lines of the board: value files, known boards, and the tools of libgpiod, with files and scripts for hardware. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { BoardGpio, type BoardPlaces } from '../../../src/adapters/board-gpio.ts';
import { BOARD_LINES, linesOf } from '../../../src/adapters/board-lines.ts';
import { parseListing } from '../../../src/adapters/gpio-tools.ts';
import { inputsIn } from '../../../src/adapters/io-extenders.ts';
import { SysfsGpio } from '../../../src/adapters/sysfs-gpio.ts';

/** Somebody else's event: waited for, at most this long. */
const PATIENCE_MS = 5_000;

function line(folder: string, value: string, edge = true): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'value'), `${value}\n`);
  writeFileSync(join(folder, 'direction'), 'in\n');
  if (edge) writeFileSync(join(folder, 'edge'), 'none\n');
}

function places(folder: string, over: Partial<BoardPlaces> = {}): BoardPlaces {
  const at = (name: string): string => join(folder, name);
  return {
    links: at('links'),
    sysfs: at('sysfs'),
    machine: at('machine'),
    compatible: at('compatible'),
    tools: at('tools'),
    list: at('list'),
    extenders: at('extenders'),
    ...over,
  };
}

async function until(what: () => boolean): Promise<boolean> {
  for (let waited = 0; waited < PATIENCE_MS && !what(); waited += 10) await sleep(10);
  return what();
}

t.test('relays by their numbers, as value files', async t => {
  const folder = t.testdir();
  for (const name of ['relay_10', 'relay_2', 'relay_1', 'relay_x', 'mkx_rst']) line(join(folder, name), '0');
  const gpio = new SysfsGpio(folder);
  const relays = await gpio.relays();
  t.same(
    relays.map(({ name }) => name),
    ['relay_1', 'relay_2', 'relay_10'].map(name => join(folder, name)),
  );
  t.equal(await gpio.buzzer(), undefined);
  t.equal(await relays[0]?.read(), false);
  await relays[0]?.write(true);
  t.equal(await relays[0]?.read(), true);
  writeFileSync(join(folder, 'relay_1', 'value'), 'x');
  await t.rejects(Promise.resolve(relays[0]?.read()), /holds "x", not 0 or 1/);
  t.same(await new SysfsGpio(join(folder, 'nowhere')).relays(), []);
});

for (const edges of [true, false]) {
  t.test(`an input tells its level, then each other one; ${edges ? 'with' : 'without'} edges`, async t => {
    const folder = t.testdir();
    line(join(folder, 'digital_input_1'), '1', edges);
    const value = join(folder, 'digital_input_1', 'value');
    const [input] = await new SysfsGpio(folder).inputs();
    t.equal(input?.id, '1');
    const told: (boolean | null)[] = [];
    const watch = input?.watch(high => told.push(high));
    t.ok(await until(() => told.length === 1));
    if (edges) t.equal(readFileSync(join(folder, 'digital_input_1', 'edge'), 'utf8').slice(0, 4), 'both');
    writeFileSync(value, '0\n');
    t.ok(await until(() => told.at(-1) === false));
    writeFileSync(value, 'broken\n');
    t.ok(await until(() => told.at(-1) === null));
    writeFileSync(value, '1\n');
    t.ok(await until(() => told.at(-1) === true));
    t.equal(told[0], true);
    await watch?.release();
  });
}

t.test('known boards', async t => {
  t.equal(linesOf('ccgx', ['ti,omap3'])?.lines['relay_1'], 182);
  t.equal(linesOf('beaglebone', ['sancloud,am335x-boneenhanced', 'ti,am33xx'])?.lines['relay_2'], 69);
  t.equal(linesOf('beaglebone', ['ti,am335x-bone-black'])?.lines['relay_2'], undefined);
  t.equal(linesOf('nanopi', ['victronenergy,easysolar-a9']), undefined);
  t.equal(linesOf('', []), undefined);
  for (const { machine, lines } of BOARD_LINES) {
    t.equal(new Set(Object.values(lines)).size, Object.keys(lines).length, `${machine}: each line once`);
    t.same(
      Object.keys(lines).filter(name => !/^(relay_\d|digital_input_\d|buzzer)$/.test(name)),
      [],
    );
  }
});

t.test('links of the image go before the numbers of a board', async t => {
  const folder = t.testdir({ machine: 'einstein\n', sysfs: { export: '' } });
  line(join(folder, 'pins/gpio36'), '1');
  mkdirSync(join(folder, 'links'));
  symlinkSync(join(folder, 'pins/gpio36'), join(folder, 'links/relay_1'));
  const relays = await new BoardGpio(places(folder)).relays();
  t.same([relays.length, await relays[0]?.read()], [1, true]);
});

t.test('a known board without links: its lines are exported, and a relay that is on is left on', async t => {
  const folder = t.testdir({ machine: 'einstein\n', sysfs: { export: '' } });
  for (const number of [36, 35, 6, 4, 7, 5]) line(join(folder, `sysfs/gpio${number}`), '0');
  writeFileSync(join(folder, 'sysfs/gpio36/direction'), 'out\n');
  writeFileSync(join(folder, 'sysfs/gpio36/value'), '1\n');
  const gpio = new BoardGpio(places(folder));
  const relays = await gpio.relays();
  t.same([relays.length, await relays[0]?.read()], [2, true]);
  const direction = (number: number): string => readFileSync(join(folder, `sysfs/gpio${number}/direction`), 'utf8');
  t.match([direction(36), direction(35), direction(6)], ['out\n', /^out/, 'in\n']);
  t.same(
    (await gpio.inputs()).map(({ name }) => name.split('/').at(-1)),
    ['gpio6', 'gpio4', 'gpio7', 'gpio5'],
  );
});

t.test('the list of an extender: its inputs, and what is no list', async t => {
  const list =
    'tag\tHQ2412ABCDE\ninput\t/run/io-ext/HQ2412ABCDE/input_1 "1"\nrelay /run/io-ext/HQ2412ABCDE/relay_1 1\n';
  t.same(
    inputsIn(list).map(({ id, name, label, instance }) => [id, name, label, instance]),
    [['HQ2412ABCDE_input_1', '/run/io-ext/HQ2412ABCDE/input_1', 'GX IO ext. HQ2412ABCDE - Digital input 1', 10]],
  );
  for (const text of ['', 'input /a 1\n', 'tag X\ninput\n', 'tag X\ninput relative 1\n', '\0\u{1f680}'])
    t.same(inputsIn(text), [], JSON.stringify(text));
  t.equal(inputsIn(`tag X\n${'input /a/b 1\n'.repeat(1000)}`).length, 32);
});

t.test('extenders that are there, and none', async t => {
  const folder = t.testdir({ extenders: { HQ1: { 'pins.conf': 'tag HQ1\ninput /nowhere/input_1 1\n' }, other: 'x' } });
  const told: string[][] = [];
  const watch = new BoardGpio(places(folder)).watchExtenders(inputs => told.push(inputs.map(({ id }) => id)));
  t.ok(await until(() => told.length > 0));
  t.same(told, [['HQ1_input_1']]);
  await watch.release();
  const none: unknown[] = [];
  const empty = new BoardGpio(places(folder, { extenders: join(folder, 'nowhere') }));
  const waiting = empty.watchExtenders(inputs => none.push(inputs));
  t.ok(await until(() => none.length > 0));
  t.same(none, [[]], 'that there are none is told too');
  await waiting.release();
});

t.test('nothing of all this: no relays, no inputs', async t => {
  const gpio = new BoardGpio(places(t.testdir()));
  t.same([await gpio.relays(), await gpio.inputs(), await gpio.buzzer()], [[], [], undefined]);
});

const LISTINGS = {
  1: 'gpiochip0 - 4 lines:\n\tline   0:      unnamed       unused   input  active-high \n\tline   1:    "relay_1"       unused  output  active-high \n\tline   2: "digital_input_1" unused input  active-high \n',
  2: 'gpiochip0 - 4 lines:\n\tline   0:\tunnamed         \tinput\n\tline   1:\t"relay_1"       \toutput\n\tline   2:\t"digital_input_1"\tinput\n',
};

t.test('what gpioinfo lists', async t => {
  for (const listing of Object.values(LISTINGS))
    t.same(Object.fromEntries(parseListing(listing)), {
      relay_1: { chip: 'gpiochip0', offset: '1' },
      digital_input_1: { chip: 'gpiochip0', offset: '2' },
    });
});

/** Scripts in place of the tools: levels are files, gpioset stays until it is ended, gpiomon repeats a file's lines. */
function fakeTools(folder: string, version: 1 | 2): void {
  const script = (name: string, text: string): void => {
    writeFileSync(join(folder, 'tools', name), `#!/bin/sh\ncd '${folder}'\n${text}`);
    chmodSync(join(folder, 'tools', name), 0o755);
  };
  mkdirSync(join(folder, 'tools'));
  writeFileSync(join(folder, 'listing'), LISTINGS[version]);
  for (const [offset, level] of [
    [1, '0'],
    [2, '1'],
  ])
    writeFileSync(join(folder, `level${offset}`), `${level}\n`);
  writeFileSync(join(folder, 'edges'), '');
  script('gpioinfo', `[ "$1" = --version ] && echo 'gpioinfo (libgpiod) v${version}.6.3' && exit\ncat listing\n`);
  script('gpiodetect', "echo 'gpiochip0 [9030000.pl061] (4 lines)'\n");
  script('gpioget', 'echo "get $*" >> calls\nfor last; do :; done\ncat "level$last"\n');
  // Ends with the folder of the test, if nobody ends it before.
  script(
    'gpioset',
    `echo "set $*" >> calls
[ -e busy ] && exit 1
for last; do :; done
echo "\${last#*=}" > "level\${last%=*}"
while [ -e listing ]; do sleep 0.05; done
`,
  );
  script('gpiomon', 'echo "mon $*" >> calls\necho $$ > monitor\nexec tail -n +1 -f edges\n');
}

/** The processes that run a gpioset of this folder; not their children, which are called the same until they are something else. */
function holders(folder: string): string[] {
  const tool = join(folder, 'tools/gpioset');
  const found = readdirSync('/proc').filter(pid => /^\d+$/.test(pid) && fileOf(pid, 'cmdline').includes(tool));
  return found.filter(pid => !found.includes(/^PPid:\t(\d+)$/m.exec(fileOf(pid, 'status'))?.[1] ?? ''));
}

/** Empty for a process that is gone. */
function fileOf(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

t.test('lines that only a list names, by the labels of their chips', async t => {
  const folder = t.testdir();
  fakeTools(folder, 1);
  writeFileSync(join(folder, 'listing'), 'gpiochip0 - 4 lines:\n\tline 0: unnamed unused input active-high\n');
  t.same(await new BoardGpio(places(folder)).relays(), [], 'no name, no line');
  writeFileSync(join(folder, 'list'), '# a board\nrelay_1 9030000.pl061 1\nrelay_2 elsewhere 1\nrelay_3\n');
  const relays = await new BoardGpio(places(folder)).relays();
  t.same([relays.map(({ name }) => name), await relays[0]?.read()], [['relay_1'], false]);
});

t.test('an input that is lost, and comes back with its program', async t => {
  const folder = t.testdir();
  fakeTools(folder, 1);
  const [input] = await new BoardGpio(places(folder)).inputs();
  writeFileSync(join(folder, 'tools/gpiomon'), '#!/bin/sh\nexit 1\n');
  const told: (boolean | null)[] = [];
  const watch = input?.watch(high => told.push(high));
  t.ok(await until(() => told.length === 2));
  t.same(told, [true, null]);
  await watch?.release();
});

t.test('a gpiomon ends with the pipe to it, as it does when the program is killed', async t => {
  const folder = t.testdir();
  fakeTools(folder, 1);
  const [input] = await new BoardGpio(places(folder)).inputs();
  const watch = input?.watch(() => {});
  const note = join(folder, 'monitor');
  t.ok(await until(() => existsSync(note) && readFileSync(note, 'utf8') !== ''));
  const pid = Number(readFileSync(note, 'utf8'));
  t.ok(existsSync(`/proc/${pid}`));
  await watch?.release();
  t.ok(await until(() => !existsSync(`/proc/${pid}`)));
});

for (const version of [1, 2] as const) {
  t.test(`the tools of libgpiod ${version}`, async t => {
    const folder = t.testdir();
    fakeTools(folder, version);
    const calls = (): string => readFileSync(join(folder, 'calls'), 'utf8');
    const [relay] = await new BoardGpio(places(folder)).relays();
    t.equal(await relay?.read(), false);
    if (version === 2) t.match(calls(), 'get --numeric --as-is --chip gpiochip0 1');
    else t.notMatch(calls(), /^get/m, 'to read it would make an input of it');
    t.equal(holders(folder).length, 1, 'it is held from now on');
    await relay?.write(true);
    t.match(calls(), version === 1 ? 'set --mode=signal gpiochip0 1=1' : 'set --chip gpiochip0 1=1');
    const held = holders(folder);
    t.equal(held.length, 1);
    const [again] = await new BoardGpio(places(folder)).relays();
    t.equal(await again?.read(), true, 'another run of the program finds it held');
    await again?.write(true);
    t.same(holders(folder), held, 'and leaves it alone');
    await again?.write(false);
    t.notSame(holders(folder), held);
    t.equal(readFileSync(join(folder, 'level1'), 'utf8'), '0\n');
    t.equal(await again?.read(), false);
    writeFileSync(join(folder, 'busy'), '');
    await t.rejects(Promise.resolve(again?.write(true)), /relay_1 cannot be held by gpioset: it ended with 1/);
    execFileSync('rm', [join(folder, 'busy')]);
    await again?.write(false);

    const [input] = await new BoardGpio(places(folder)).inputs();
    const told: (boolean | null)[] = [];
    const watch = input?.watch(high => told.push(high));
    t.ok(await until(() => told.length === 1));
    const falling = version === 1 ? '0' : '2';
    writeFileSync(join(folder, 'edges'), `${falling}\n1\n${falling}\n`, { flag: 'a' });
    t.ok(await until(() => told.length === 4));
    t.same(told, [true, false, true, false], 'each edge is told');
    await watch?.release();
  });
}
