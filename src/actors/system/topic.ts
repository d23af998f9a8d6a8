/**
 * What a topic is: one small, named piece of the system calculation. It says what it reads and what it publishes, and
 * computes the one from the other; when it runs, in which order, and why a value is what it is, follows from that.
 */
import type { PublishedService } from '../../bus/published-service.ts';
import type { Row, Value } from '../../schema/row.ts';
import type { Outcome } from './outcome.ts';
import type { Picture } from './picture.ts';

/** What a topic reads. A change of anything here makes it run again, after the topics that it reads from. */
export interface Reads {
  /**
   * Type of device (`battery`) → the paths read of all devices of that type. That a device comes, goes or changes its
   * `/DeviceInstance` counts as a change without being listed.
   */
  readonly devices?: Readonly<Record<string, readonly string[]>>;
  /** The same for paths that it looks at when it runs, while their changes alone are no reason to run. */
  readonly besides?: Readonly<Record<string, readonly string[]>>;
  /** Paths of com.victronenergy.settings, our own and those that other programs add. */
  readonly settings?: readonly string[];
  /** Paths of com.victronenergy.system that other topics publish. */
  readonly own?: readonly string[];
  /** The same where nothing matters but whether there is a value: another one is no reason to run. */
  readonly ownValid?: readonly string[];
  /** Topics whose result is used. */
  readonly topics?: readonly Topic[];
  /**
   * Paths of com.victronenergy.system as they stood after the last run: neither a reason to run nor an order. For
   * what would go round in a circle.
   */
  readonly last?: readonly string[];
}

/** A path that clients may write. Its value stays what was written, until the topic sets another. */
export interface Acceptance {
  readonly initial: Value;
  /** What is taken of a written value; undefined refuses it. Left out: everything is taken as it is. */
  readonly take?: (value: Value) => Value | undefined;
  /** A client that writes what already stands there asks for it anew. */
  readonly everyWrite?: true;
}

/**
 * @template Result what other topics may use of it, beyond the published paths: plain data
 * @template State what it remembers from run to run: plain data, made by `start`
 */
export interface Topic<Result = unknown, State = unknown> {
  /** `battery-choice` */
  readonly name: string;
  /** What it does, for an installer: one or two sentences. */
  readonly about: string;
  readonly reads: Reads;
  /**
   * Published path → the rule it is computed by, in words. `{n}` and `{name}` in a path stand for what is only known
   * at run time; such paths leave the tree when they are no longer set, the others become invalid.
   */
  readonly publishes: Readonly<Record<string, string>>;
  /** Paths that clients may write; they are published too. */
  readonly accepts?: Readonly<Record<string, Acceptance>>;
  /** Runs this often too, milliseconds: a multiple of BEAT_MS. */
  readonly everyMs?: number;
  /** Runs only on its beat (and once at the start), not when something changes: for what must not follow each flicker. */
  readonly onBeatOnly?: true;
  /** Runs also when a device of the types that it reads comes, goes or changes its instance: with `onBeatOnly`. */
  readonly onArrivals?: true;
  /** Topics that it reads, and another result of which makes it run between its beats: with `onBeatOnly`. */
  readonly wokenBy?: readonly Topic[];
  start?(): State;
  /** Must depend on nothing but its arguments, and change nothing but `out` and `state`. */
  compute(look: Picture, out: Outcome, state: State): Result;
}

/** com.victronenergy.system, as far as paths known at run time need it. */
export type SystemTree = Pick<
  PublishedService,
  'get' | 'cell' | 'setAny' | 'remove' | 'changedAt' | 'onWriteAny' | 'hearsEveryWrite' | 'batch'
>;

/** All periods are multiples of this one, so that what is due together runs over one picture. */
export const BEAT_MS = 1_000;

/** Gives a topic its types; returns it as it is. */
export function defineTopic<Result, State = undefined>(topic: Topic<Result, State>): Topic<Result, State> {
  return topic;
}

/** A write to another service: how its value stands on the wire, and whether to write what already stands there. */
export interface WriteManner {
  /** Default: integers as int32, other numbers as double. */
  readonly type?: Row['type'];
  /** Write even when the service already shows the value: for values that it forgets when they are not repeated. */
  readonly repeat?: true;
}
