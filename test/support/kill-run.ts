/**
 * A program that does nothing but store settings on a real file system, killed at random points, again and again. After
 * each kill the settings must load, and each be as last acknowledged or as in flight.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recover } from '../../src/actors/settings/recovery.ts';
import { addSetting, setValue } from '../../src/actors/settings/settings-rules.ts';
import { SettingsStore } from '../../src/actors/settings/store.ts';
import { nodeFiles } from '../../src/adapters/node-files.ts';
import { SystemClock } from '../../src/adapters/system-clock.ts';
import { LogBook } from '../../src/kernel/log.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { definition } from './settings-store.ts';

/** First argument of the program when it is to be the one that is killed; the folder follows. */
export const CHILD = 'store-settings';

const PATHS = Array.from({ length: 8 }, (_, n) => `/Settings/group${n % 3}/setting${n}`);
/** Clients that write at the same time. */
const CLIENTS = 3;
/** The kill comes up to this long after the start of the program, milliseconds: snapshots are within. */
const KILL_WITHIN_MS = 150;

async function recovered(folder: string) {
  const clock = new SystemClock();
  const warnings: string[] = [];
  const log = new LogBook(clock, line => {
    if (line.level !== 'info') warnings.push(line.message);
  }).for('settings');
  const machineFiles = { canPorts: join(folder, 'none'), analogInputs: join(folder, 'none') };
  const found = await recover({ files: nodeFiles, folder, log, uniqueId: null, machineFiles });
  return { found, warnings, open: () => SettingsStore.open({ files: nodeFiles, folder, clock, log }, found) };
}

/** The program: says what it asks for and what was acknowledged, until it is killed. */
export async function storeUntilKilled(folder: string): Promise<never> {
  const { found, open } = await recovered(folder);
  const { tree } = found;
  const store = await open();
  let next = 1 + Math.max(0, ...[...tree.settings()].map(one => Number(one.value)));
  const say = (what: string, path: string, value: number) => writeOut(`${what} ${path} ${value}\n`);
  const client = async (start: number): Promise<never> => {
    for (let turn = start; ; turn++) {
      const path = PATHS[turn % PATHS.length] ?? '';
      const value = next++;
      say('asked', path, value);
      const { changes } =
        tree.get(path) === undefined ? addSetting(tree, definition(path, value)) : setValue(tree, path, value);
      if (await store.store(changes)) say('stored', path, value);
    }
  };
  writeOut('ready\n');
  await Promise.all(Array.from({ length: CLIENTS }, (_, n) => client(n * 3)));
  throw new Error('never ends by itself');
}

/** Whoever listens may be behind: what does not fit the pipe waits, and must not be lost. */
function writeOut(line: string): void {
  const bytes = Buffer.from(line);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(1, bytes, done);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    }
  }
}

export interface KillReport {
  readonly kills: number;
  /** Acknowledged changes before all kills together. */
  readonly acknowledged: number;
  readonly problems: readonly string[];
}

/** @param program the compiled file that calls `storeUntilKilled` when its first argument is CHILD */
export async function killRun(program: string, kills: number, seed: number): Promise<KillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'gxd-kill-'));
  const random = seededRandom(seed);
  const stored = new Map<string, number>();
  const asked = new Map<string, number>();
  const problems: string[] = [];
  let acknowledged = 0;
  try {
    for (let kill = 1; kill <= kills; kill++) {
      const lines = await runAndKill(program, folder, random() * KILL_WITHIN_MS);
      for (const line of lines) {
        const [what, path = '', value] = line.split(' ');
        if (what === 'asked') asked.set(path, Number(value));
        if (what === 'stored') stored.set(path, Math.max(Number(value), stored.get(path) ?? 0));
        if (what === 'stored') acknowledged++;
      }
      const { found, warnings } = await recovered(folder);
      problems.push(...warnings.map(line => `kill ${kill}: ${line}`));
      for (const path of PATHS) {
        const value = Number(found.tree.get(path)?.value ?? 0);
        const [least, most] = [stored.get(path) ?? 0, asked.get(path) ?? 0];
        if (value < least || value > most) problems.push(`kill ${kill}: ${path} is ${value}, not ${least}…${most}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { kills, acknowledged, problems };
}

/** Kills the program `afterMs` after it got ready (a tenth of the time: after it was started). What it said. */
function runAndKill(program: string, folder: string, afterMs: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, CHILD, folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let timer: NodeJS.Timeout | undefined;
    const killSoon = () => {
      timer ??= setTimeout(() => child.kill('SIGKILL'), afterMs);
    };
    if (afterMs < KILL_WITHIN_MS / 10) killSoon();
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      killSoon();
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      said += part;
    });
    child.on('error', reject);
    child.on('close', code => {
      clearTimeout(timer);
      // The last line may be cut.
      const lines = text.split('\n').slice(0, -1);
      if (code === null) resolve(lines);
      else reject(new Error(`ended by itself with ${code}\n${said}`));
    });
  });
}
