/** The settings as the actor puts them together, on files of a test. */
import { recover } from '../../src/actors/settings/recovery.ts';
import type { Change, Definition, Outcome } from '../../src/actors/settings/settings-rules.ts';
import type { SettingsTree } from '../../src/actors/settings/settings-tree.ts';
import { SettingsStore } from '../../src/actors/settings/store.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { LogBook } from '../../src/kernel/log.ts';
import type { Files } from '../../src/ports/files.ts';

export const CONF = '/data/conf';

export interface OpenSettings {
  readonly tree: SettingsTree;
  readonly store: SettingsStore;
  /** What was logged from warnings up. */
  readonly warnings: string[];
}

/** Recovers and opens the settings in `/data/conf`. */
export async function openSettings(files: Files, clock: Clock, uniqueId: string | null = null): Promise<OpenSettings> {
  const warnings: string[] = [];
  const logs = new LogBook(clock, line => {
    if (line.level === 'warn' || line.level === 'error') warnings.push(line.message);
  });
  const log = logs.for('settings');
  const machineFiles = { canPorts: '/etc/venus/canbus_ports', analogInputs: '/etc/venus/dbus-adc.conf' };
  const recovered = await recover({ files, folder: CONF, log, uniqueId, machineFiles });
  const store = await SettingsStore.open({ files, folder: CONF, clock, log }, recovered);
  return { tree: recovered.tree, store, warnings };
}

/** A definition of an integer without limits, or what `rest` says. */
export function definition(path: string, fallback: number | string, rest: Partial<Definition> = {}): Definition {
  const type = typeof fallback === 'string' ? 's' : 'i';
  return { path, type, default: fallback, min: null, max: null, silent: false, ...rest };
}

/** The changes of an operation that is expected to succeed. */
export function changesOf(outcome: Outcome): readonly Change[] {
  if (outcome.code !== 0) throw new Error(`code ${outcome.code}`);
  return outcome.changes;
}
