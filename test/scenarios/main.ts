/**
 * `npm run scenarios -- [--verbose] [--snapshots=DIR] DIR-OR-FILE…`: runs recorded scenarios in memory, on the virtual
 * clock. DIR holds complete trees by the name of the scenario, to be compared at its end.
 * `--default`: those of the repository, and the shared collection beside it when it is there.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { replayScenario, type Scenario, type ScenarioFailure, type Snapshot } from './scenario.ts';

const SHARED = '../shared/scenarios';
const OWN = 'test/scenarios';

interface Outcome {
  readonly file: string;
  readonly failures: readonly ScenarioFailure[];
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
  if (process.env['CI'] !== undefined) {
    console.error(`${SHARED} is missing: CI cannot do without it`);
    process.exit(1);
  }
  console.log(`left out: the recorded scenarios, as there is no ${SHARED}`);
  return [OWN];
}

async function run(file: string): Promise<Outcome | undefined> {
  const document: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const format =
    typeof document === 'object' && document !== null && 'format' in document ? document.format : undefined;
  // The file says what it is; its steps are checked one by one as they are run.
  if (format === 've-scenario/1')
    return { file, failures: await replayScenario(document as Scenario, snapshotOf(file)) };
  return undefined;
}

function snapshotOf(file: string): Snapshot {
  const found = snapshots === undefined ? undefined : join(snapshots, basename(file));
  // As with the scenario, what is in it is looked at one by one.
  return found !== undefined && existsSync(found) ? (JSON.parse(readFileSync(found, 'utf8')) as Snapshot) : {};
}

const args = process.argv.slice(2);
const snapshots = args.find(arg => arg.startsWith('--snapshots='))?.slice('--snapshots='.length);
const verbose = args.includes('--verbose');
const places = args.includes('--default') ? defaultPlaces() : args.filter(arg => !arg.startsWith('--'));
if (places.length === 0) {
  console.error('usage: npm run scenarios -- [--verbose] DIR-OR-FILE…');
  process.exit(2);
}
const missing = places.find(place => !existsSync(place));
if (missing !== undefined) {
  console.error(`there is no ${missing}`);
  process.exit(2);
}

let passed = 0;
let failed = 0;
for (const file of places.flatMap(jsonFiles)) {
  const outcome = await run(file);
  if (outcome === undefined) continue;
  if (outcome.failures.length === 0) {
    passed++;
    if (verbose) console.log(`ok ${basename(file)}`);
    continue;
  }
  failed++;
  for (const failure of verbose ? outcome.failures : outcome.failures.slice(0, 3))
    console.log(`RED ${basename(file)} ${show(failure)}`);
  if (!verbose && outcome.failures.length > 3)
    console.log(`RED ${basename(file)} … and ${outcome.failures.length - 3} more`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function show({ step, what, want, got }: ScenarioFailure): string {
  return `step ${step} ${what} wanted ${JSON.stringify(want)}, got ${JSON.stringify(got)}`;
}
