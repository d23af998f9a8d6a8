/**
 * `npm run scenarios -- [--verbose] [--own-settings] [--signals=items|props] [--snapshots=DIR] DIR-OR-FILE…`: runs
 * recorded scenarios in memory, on the virtual clock. DIR of --snapshots holds complete trees by the name of the scenario, to be compared at
 * its end. With --own-settings our settings actor takes the place of the simulated settings; with --signals changes of
 * simulated services go through signals of that form, as on a real bus.
 * `--default`: those of the repository, and the shared collection beside it when it is there; the cases listed in
 * `open.txt` may fail, and must be taken off the list when they do not.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { SignalForm } from '../support/wired-signals.ts';
import { type CallRecording, replayCallsButBetter } from './calls.ts';
import { replayModbus } from './modbus.ts';
import { replayScenario, type Scenario, type ScenarioFailure, type Snapshot } from './scenario.ts';
import { runShares, shareOf } from './shares.ts';

const SHARED = '../shared/scenarios';
const OWN = 'test/scenarios';
const OPEN_LIST = 'test/scenarios/open.txt';
const SHOWN_FAILURES = 3;

const args = process.argv.slice(2);
const verbose = args.includes('--verbose');
const ownSettings = args.includes('--own-settings');
const signals = signalForm();
const byDefault = args.includes('--default');
const snapshots = args.find(arg => arg.startsWith('--snapshots='))?.slice('--snapshots='.length);

/** What each format of file is replayed by. @returns what failed, a line each */
const REPLAYERS: Readonly<Record<string, (file: string, document: unknown) => Promise<string[]>>> = {
  // The files say what they are; their steps are checked one by one as they are run.
  've-scenario/1': async (file, document) =>
    (await replayScenario(document as Scenario, snapshotOf(file), { ownSettings, signals })).map(failureLine),
  've-calls/1': async (file, document) =>
    (await replayCallsButBetter(basename(file), document as CallRecording)).map(failureLine),
  've-modbus/1': async file => (await replayModbus(file)).failed,
};

function signalForm(): SignalForm | undefined {
  const form = args.find(arg => arg.startsWith('--signals='))?.slice('--signals='.length);
  if (form === undefined || form === 'items' || form === 'props') return form;
  return stop(`--signals=${form}: items or props`, 2);
}

function snapshotOf(file: string): Snapshot {
  const found = snapshots === undefined ? undefined : join(snapshots, basename(file));
  // As with the scenario, what is in it is looked at one by one.
  return found !== undefined && existsSync(found) ? (JSON.parse(readFileSync(found, 'utf8')) as Snapshot) : {};
}

function failureLine({ step, what, want, got }: ScenarioFailure): string {
  return `step ${step} ${what} wanted ${JSON.stringify(want)}, got ${JSON.stringify(got)}`;
}

function jsonFiles(place: string): string[] {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.json'))
    .sort()
    .map(name => join(place, name));
}

function defaultPlaces(): string[] {
  if (existsSync(SHARED)) return [OWN, SHARED];
  if (process.env['CI'] !== undefined) stop(`${SHARED} is missing: CI cannot do without it`, 1);
  console.log(`left out: the recorded scenarios, as there is no ${SHARED}`);
  return [OWN];
}

/** The names of the cases that are known not to be met yet; `#` begins a comment. */
function openCases(): Set<string> {
  if (!byDefault || !existsSync(OPEN_LIST)) return new Set();
  const lines = readFileSync(OPEN_LIST, 'utf8').split('\n');
  return new Set(lines.map(line => line.split('#')[0]?.trim() ?? '').filter(name => name !== ''));
}

function stop(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}

const places = byDefault ? defaultPlaces() : args.filter(arg => !arg.startsWith('--'));
if (places.length === 0)
  stop(
    'usage: npm run scenarios -- [--verbose] [--own-settings] [--signals=items|props] [--snapshots=DIR] DIR-OR-FILE…',
    2,
  );
const missing = places.find(place => !existsSync(place));
if (missing !== undefined) stop(`there is no ${missing}`, 2);

const files = shareOf(args, places.flatMap(jsonFiles));
if (files === undefined) process.exit(await runShares(args));

const open = openCases();
let passed = 0;
let failed = 0;
let known = 0;
for (const file of files) {
  const document: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const format = typeof document === 'object' && document !== null && 'format' in document ? document.format : '';
  const replay = REPLAYERS[String(format)];
  if (replay === undefined) continue;
  const name = basename(file);
  const failures = await replay(file, document);
  const isOpen = open.has(name);
  if (isOpen && failures.length > 0) {
    known++;
    continue;
  }
  if (isOpen) failures.push(`is met: take it off ${OPEN_LIST}`);
  if (failures.length === 0) {
    passed++;
    if (verbose) console.log(`ok ${name}`);
    continue;
  }
  failed++;
  for (const failure of verbose ? failures : failures.slice(0, SHOWN_FAILURES)) console.log(`RED ${name} ${failure}`);
  if (!verbose && failures.length > SHOWN_FAILURES)
    console.log(`RED ${name} … and ${failures.length - SHOWN_FAILURES} more`);
}
if (known > 0) console.log(`${known} not met yet, as ${OPEN_LIST} says`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
