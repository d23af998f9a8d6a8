/** Choosing one of several candidates, and remembering for who asks why the others lost. */
import type { Recorder } from './recorder.ts';

/** A reason why a candidate cannot be chosen; undefined when it can. */
export type Objection<T> = (candidate: T) => string | undefined;

export interface ChoiceRule<T> {
  /** `battery monitor` */
  readonly what: string;
  readonly name: (candidate: T) => string;
  readonly objections?: readonly Objection<T>[];
  /** The numbers to order by, most important first; the lowest wins. Equal ones keep their order. */
  readonly rank?: (candidate: T) => readonly number[];
  /** The order in words: `lowest device instance`. */
  readonly because: string;
}

/** The first candidate, in the order of the rule, that nothing speaks against. */
export function choose<T>(
  candidates: readonly T[],
  rule: ChoiceRule<T>,
  recorder: Recorder | undefined,
): T | undefined {
  const { rank, objections = [] } = rule;
  const ordered = rank === undefined ? candidates : [...candidates].sort((a, b) => compareRanks(rank(a), rank(b)));
  if (recorder === undefined) return ordered.find(candidate => objection(candidate, objections) === undefined);
  let winner: T | undefined;
  const losers: { candidate: string; reason: string }[] = [];
  for (const candidate of ordered) {
    const reason = objection(candidate, objections);
    if (reason === undefined && winner === undefined) winner = candidate;
    else losers.push({ candidate: rule.name(candidate), reason: reason ?? `another comes first: ${rule.because}` });
  }
  recorder.sight.choices.push({
    what: rule.what,
    winner: winner === undefined ? null : rule.name(winner),
    because: winner === undefined ? 'none can be taken' : rule.because,
    losers,
  });
  return winner;
}

function objection<T>(candidate: T, objections: readonly Objection<T>[]): string | undefined {
  for (const against of objections) {
    const reason = against(candidate);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
