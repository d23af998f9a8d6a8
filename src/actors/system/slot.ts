/** A topic in its place among the others. */
import type { Timer } from '../../kernel/clock.ts';
import { Declared } from './declared.ts';
import { Outcome } from './outcome.ts';
import { Picture, type Source } from './picture.ts';
import type { Topic } from './topic.ts';

/** A topic in its place: what it remembers, and who reads from it. */
export interface Slot {
  readonly topic: Topic;
  /** That of the topic: topics are built differently, and this is needed on every run. */
  readonly compute: Topic['compute'];
  /** Which one it is in the order in which they run. */
  readonly place: number;
  readonly declared: Declared;
  readonly outcome: Outcome;
  readonly picture: Picture;
  readonly state: unknown;
  /** Slots that use this one's result. */
  readonly users: Slot[];
  result: unknown;
  /** Periods of its own beat that have passed since it last ran on it. */
  beats: number;
  /** Paths that clients have written since the last run. */
  readonly written: Set<string>;
  again: Timer | undefined;
  ranAt: number;
}

export function makeSlot(topic: Topic, place: number, source: Source): Slot {
  const declared = new Declared(topic);
  const written = new Set<string>();
  return {
    topic,
    compute: topic.compute,
    place,
    declared,
    outcome: new Outcome(),
    picture: new Picture(topic, declared, source, 0, written),
    state: topic.start?.(),
    users: [],
    result: undefined,
    beats: 0,
    written,
    again: undefined,
    ranAt: 0,
  };
}

/** Whether two results hold the same plain data. */
export function sameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!sameData(a[i], b[i])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  const left = a as Record<string, unknown>; // any object can be read by its keys
  const right = b as Record<string, unknown>;
  let keys = 0;
  for (const key in left) {
    if (!(key in right) || !sameData(left[key], right[key])) return false;
    keys++;
  }
  for (const _ in right) keys--;
  return keys === 0;
}
