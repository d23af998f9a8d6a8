/**
 * Replays a recording of calls (ve-calls/1) on the settings service in memory: the calls go through what the D-Bus
 * side answers them with, the files are in memory, time is virtual.
 */
import { recover } from '../../src/actors/settings/recovery.ts';
import { SettingsService } from '../../src/actors/settings/settings-service.ts';
import { SettingsStore } from '../../src/actors/settings/store.ts';
import type { CallReply, Typed, TypedData } from '../../src/bus/bus.ts';
import { answerCall } from '../../src/bus/bus-item.ts';
import { isTyped } from '../../src/bus/value.ts';
import { LogBook } from '../../src/kernel/log.ts';
import type { VirtualClock } from '../../src/kernel/virtual-clock.ts';
import { testClock } from '../support/clock.ts';
import { PowerCutFiles } from '../support/power-cut-files.ts';
import type { ScenarioFailure } from './scenario.ts';

/** A value as recorded: signature and content. */
type RecordedValue = readonly [signature: string, content: unknown];

interface CallStep {
  readonly op: 'call';
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature: string;
  readonly args: readonly unknown[];
  readonly reply: unknown;
  readonly signals: readonly unknown[];
}
type Step =
  | CallStep
  | { readonly op: 'restart'; readonly kill?: boolean }
  | { readonly op: 'wait'; readonly ms: number }
  | { readonly op: 'file'; readonly after_ms?: number; readonly text: string | null };

export interface CallRecording {
  readonly format: 've-calls/1';
  readonly files: Readonly<Record<string, string>> | null;
  readonly steps: readonly Step[];
}

const FOLDER = '/data/conf';

/** One life of the program. */
class Run {
  readonly clock: VirtualClock = testClock();
  readonly signals: unknown[] = [];
  readonly files: PowerCutFiles;
  readonly service: SettingsService;
  readonly store: SettingsStore;

  private constructor(files: PowerCutFiles, clock: VirtualClock, service: SettingsService, store: SettingsStore) {
    this.files = files;
    this.clock = clock;
    this.service = service;
    this.store = store;
    service.registered({
      signal: (path, _iface, member, args) => void this.signals.push({ path, member, args: recordedList(args) }),
    });
  }

  static async start(files: PowerCutFiles): Promise<Run> {
    const clock = testClock();
    const log = new LogBook(clock, () => {}).for('settings');
    const machineFiles = { canPorts: '/etc/none', analogInputs: '/etc/none' };
    const recovered = await recover({ files, folder: FOLDER, log, uniqueId: null, machineFiles });
    const store = await SettingsStore.open({ files, folder: FOLDER, clock, log }, recovered);
    return new Run(files, clock, new SettingsService(recovered.tree, store, log), store);
  }
}

/** Steps of recordings that show what ours does better: they are not expected to come out as recorded. */
export const BETTER: Readonly<Record<string, { readonly steps: readonly number[]; readonly why: string }>> = {
  'more.write_delay_2s.json': {
    steps: [1],
    why: 'settings.xml is up to date at once, not after 2 s: a change is stored before it is acknowledged',
  },
};

/** As `replayCalls`, without the steps in which ours is better. */
export async function replayCallsButBetter(name: string, recording: CallRecording): Promise<ScenarioFailure[]> {
  const failures = await replayCalls(recording);
  return failures.filter(failure => BETTER[name]?.steps.includes(failure.step) !== true);
}

/** What differs from the recording; nothing when all is as recorded. */
export async function replayCalls(recording: CallRecording): Promise<ScenarioFailure[]> {
  const files = new PowerCutFiles();
  for (const [name, text] of Object.entries(recording.files ?? {})) files.put(`${FOLDER}/${name}`, text);
  let run = await Run.start(files);
  const mismatches: ScenarioFailure[] = [];
  const compare = (step: number, what: string, wanted: unknown, got: unknown): void => {
    if (!sameJson(wanted, got)) mismatches.push({ step, what, want: wanted, got });
  };
  for (const [index, step] of recording.steps.entries()) {
    switch (step.op) {
      case 'call': {
        run.signals.length = 0;
        const got = await call(run, step);
        await run.clock.advance(30);
        compare(index, `reply of ${step.member} on ${step.path}`, step.reply, got);
        compare(index, `signals of ${step.member} on ${step.path}`, step.signals, run.signals);
        break;
      }
      case 'restart':
        if (step.kill !== true) await run.store.close();
        run = await Run.start(run.files.afterKill());
        break;
      case 'wait':
        await run.clock.advance(step.ms);
        break;
      case 'file':
        await run.clock.advance(step.after_ms ?? 0);
        compare(index, 'settings.xml', step.text, run.files.text(`${FOLDER}/settings.xml`));
        break;
    }
  }
  return mismatches;
}

async function call(run: Run, step: CallStep): Promise<unknown> {
  const answer = await answerCall(run.service, {
    path: step.path,
    interface: step.interface,
    member: step.member,
    signature: step.signature,
    body: argumentsOf(step),
    sender: ':1.7',
  });
  return 'error' in answer ? { error: answer.error } : { signature: answer.signature, values: recordedList(answer) };
}

/** The arguments of a recorded call as the wire would have brought them. */
function argumentsOf({ signature, args }: CallStep): TypedData[] {
  // The recorder knows these four forms.
  if (signature === 'as') return [args[0] as string[]];
  if (signature === 'aa{sv}')
    return [
      (args[0] as Readonly<Record<string, RecordedValue>>[]).map(
        entry => new Map(Object.entries(entry).map(([key, value]) => [key, variant(value)])),
      ),
    ];
  return args.map((arg, index) => (signature[index] === 'v' ? variant(arg as RecordedValue) : (arg as string)));
}

function variant([signature, content]: RecordedValue): Typed {
  return { signature, value: content as TypedData };
}

/** A reply in the form of the recording: each value with its signature, variants opened. */
function recordedList({ signature, body }: CallReply): unknown[] {
  const signatures = completeTypes(signature);
  return body.map((value, index) => recorded(signatures[index] ?? '', value));
}

function recorded(signature: string, value: TypedData): unknown {
  if (isTyped(value)) return recorded(value.signature, value.value);
  if (value instanceof Map) {
    const inner = completeTypes(signature.slice(3, -1))[0] ?? '';
    return [signature, Object.fromEntries([...value].map(([key, one]) => [key, recorded(inner, one)]))];
  }
  if (Array.isArray(value)) return [signature, value.map(one => recorded(signature.slice(1), one))];
  return [signature, typeof value === 'bigint' ? Number(value) : value];
}

/** `vvvi` → v, v, v, i; `aa{sv}` stays one. */
function completeTypes(signature: string): string[] {
  return signature.match(/a*(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|[a-z])/g) ?? [];
}

/** Dictionaries have no order. */
function sameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return left.length === right.size && left.every(([key, value]) => right.has(key) && sameJson(value, right.get(key)));
}
