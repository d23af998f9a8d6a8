/** Why a value is what it is: the rule in words, what it looked at, and who lost. Made by computing it once more. */
import type { ExplainedChoice, ExplainedInput, Explanation } from '../../bus/explain.ts';
import type { Engine } from './engine.ts';
import { SYSTEM_SERVICE } from './picture.ts';
import { Recorder, type Sight } from './recorder.ts';
import type { Topic } from './topic.ts';

const INSTANCE = '/DeviceInstance';
/** How deep topics are followed that only hand their results on. */
const DEPTH_LIMIT = 12;

/** @returns undefined when no topic publishes the path */
export function explain(engine: Engine, path: string): Explanation | undefined {
  const publisher = engine.publisher(path);
  if (publisher === undefined) return undefined;
  const { topic, declaredAs } = publisher;
  const found: Found = { inputs: new Map(), choices: [], notes: [] };
  const recorder = new Recorder();
  engine.rehearse(topic, recorder);
  collect(engine, sightsOf(recorder, path), found, new Set([topic]), 0);
  if (found.inputs.size === 0) for (const sight of sightsOf(recorder, path)) presence(engine, sight, found);
  return {
    service: SYSTEM_SERVICE,
    path,
    value: engine.own(path)?.value ?? null,
    topic: topic.name,
    about: topic.about,
    rule: topic.publishes[declaredAs] ?? 'written by clients',
    computedMsAgo: engine.monotonicMs - (engine.ranAt(topic) ?? engine.monotonicMs),
    inputs: [...found.inputs.values()],
    choices: found.choices,
    notes: found.notes,
  };
}

interface Found {
  readonly inputs: Map<string, ExplainedInput>;
  readonly choices: ExplainedChoice[];
  readonly notes: string[];
}

/** What was seen where the path was set; when it was not set, all that was seen: any of it may be what is missing. */
function sightsOf(recorder: Recorder, path: string): readonly Sight[] {
  return recorder.set.get(path)?.whole() ?? recorder.sights;
}

/** That a device is there, or how many are, may be all that a value is made of. */
function presence(engine: Engine, { present }: Sight, found: Found): void {
  for (const device of present) {
    const at = device.changedAt(INSTANCE);
    found.inputs.set(`${device.name} ${INSTANCE}`, {
      service: device.name,
      path: INSTANCE,
      value: device.get(INSTANCE),
      ageMs: at === undefined ? null : engine.monotonicMs - at,
    });
  }
}

function collect(engine: Engine, sights: readonly Sight[], found: Found, seen: Set<Topic>, depth: number): void {
  for (const sight of sights) {
    for (const [key, input] of sight.inputs) found.inputs.set(key, input);
    found.choices.push(...sight.choices);
    found.notes.push(...sight.notes);
    for (const topic of sight.results) {
      if (seen.has(topic) || depth >= DEPTH_LIMIT) continue;
      seen.add(topic);
      const recorder = new Recorder();
      engine.rehearse(topic, recorder);
      collect(engine, recorder.sights, found, seen, depth + 1);
    }
  }
}
