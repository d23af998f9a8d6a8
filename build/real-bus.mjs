/**
 * The recorded cases against the built program on a real bus, by the tools that lie beside them. Ends with a line
 * "N passed, N failed". Cases of test/scenarios/open.txt are left out, and those in
 * which gxd does better than what was recorded. `--props`: only those with simulated services, which then send
 * PropertiesChanged instead of ItemsChanged. `--own-settings`: those of the system calculation, with our own settings
 * service, a process of its own, in place of the simulated one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fail, ROOT } from './lib.mjs';

const SCENARIOS = join(ROOT, '../shared/scenarios');
const PROGRAM = join(ROOT, 'dist/gxd.cjs');
const OPEN = join(ROOT, 'test/scenarios/open.txt');
const MINUTES = 20;
/** More red cases than these are not chance: they are not tried again. */
const AGAIN_LIMIT = 3;
/** Replays with a clock that is stepped from outside. */
const STEPPED = 'tools/replay.py';
/** Cases that show what gxd does better: settings.xml is up to date at once, where the program of before took two seconds. */
const BETTER = new Set(['more.write_delay_2s.json']);

if (!existsSync(SCENARIOS)) {
  if (process.env.CI !== undefined) fail('../shared/scenarios is missing: CI cannot do without it');
  console.log('left out: there is no ../shared/scenarios\n0 passed, 0 failed');
  process.exit(0);
}

const open = new Set(
  (existsSync(OPEN) ? readFileSync(OPEN, 'utf8') : '')
    .split('\n')
    .map(line => line.split('#')[0].trim())
    .filter(name => name !== ''),
);
const cases = folder =>
  readdirSync(join(SCENARIOS, folder))
    .filter(name => name.endsWith('.json') && !open.has(name) && !BETTER.has(name))
    .sort()
    .map(name => join(folder, name));

const props = process.argv.includes('--props');
const ownSettings = process.argv.includes('--own-settings');
const SETTINGS_COMMAND = `exec '${process.execPath}' '${PROGRAM}' run --only settings --data {dir}/data`;
const ALL_RUNS = [
  [
    'tools/record_localsettings.py',
    ['--replay', ...cases('localsettings')],
    ['--only', 'settings', '--data', '{dir}/..'],
  ],
  [
    'tools/record_modbus.py',
    ['--replay', ...cases('dbus_modbustcp')],
    ['--only', 'modbus-tcp', '--modbus-port', '{port}'],
  ],
  [STEPPED, [...cases('dbus_generator')], ['--only', 'generator']],
  [
    STEPPED,
    ['dbus-systemcalc-py', 'dbus-systemcalc-py-intent', 'recorded-systems'].flatMap(cases),
    ['--only', 'system'],
  ],
];

const OPTIONS = [...(props ? ['--signals', 'props'] : []), ...(ownSettings ? ['--settings', SETTINGS_COMMAND] : [])];
const RUNS =
  OPTIONS.length === 0
    ? ALL_RUNS
    : ALL_RUNS.filter(([tool, , run]) => tool === STEPPED && (!ownSettings || run.includes('system'))).map(
        ([tool, args, run]) => [tool, [...OPTIONS, ...args], run],
      );

/** Runs a tool on cases. What it printed, which of them were red, and its counts; undefined counts when it printed none. */
function replay(tool, args, run) {
  const command = [tool, ...args, '--', process.execPath, PROGRAM, 'run', ...run];
  const { stdout, stderr } = spawnSync('/usr/bin/python3', command, {
    cwd: SCENARIOS,
    encoding: 'utf8',
    timeout: MINUTES * 60_000,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  process.stdout.write(stdout);
  const count = /^(\d+) passed, (\d+) failed/m.exec(stdout);
  if (count === null) console.log(`${tool} printed no count\n${stderr.slice(-2000)}`);
  const red = new Set([...stdout.matchAll(/^RED (\S+)/gm)].map(([, file]) => basename(file)));
  return { red, passed: Number(count?.[1] ?? 0), failed: Number(count?.[2] ?? 1) };
}

let passed = 0;
let failed = 0;
for (const [tool, args, run] of RUNS) {
  const first = replay(tool, args, run);
  passed += first.passed;
  failed += first.failed;
  if (first.red.size === 0 || first.red.size > AGAIN_LIMIT) continue;
  // Two at a time on two processors, a stepped clock can overtake a timer: what is red is looked at once more, alone.
  console.log(`once more, alone: ${[...first.red].join(' ')}`);
  const isCase = arg => arg.endsWith('.json');
  const again = args.filter(arg => !isCase(arg) || first.red.has(basename(arg)));
  const second = replay(tool, tool === STEPPED ? ['--jobs', '1', ...again] : again, run);
  passed += second.passed;
  failed -= second.passed;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
