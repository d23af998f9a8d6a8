/** Which genset start/stop has to do with: the one of the lowest device instance; of DC gensets all together. */

export interface Candidate {
  readonly service: string;
  readonly type: string;
  readonly instance: number;
}

export interface GensetChoice {
  /** The one that the instance is named by. */
  readonly main: Candidate;
  /** The DC gensets beside it, itself among them; empty for an AC genset. */
  readonly together: readonly Candidate[];
}

/**
 * @param candidates usable gensets, in the order in which they appeared
 * @param current what was chosen before
 * @param busy the engine runs: it is not left for another one
 */
export function chooseGenset(
  candidates: readonly Candidate[],
  current: GensetChoice | undefined,
  busy: boolean,
): GensetChoice | undefined {
  const kept = candidates.find(({ service }) => service === current?.main.service);
  const lowest = [...candidates].sort((a, b) => a.instance - b.instance)[0];
  if (lowest === undefined) return undefined;
  // A DC genset that joins others changes nothing; only an AC genset with a lower instance goes before them.
  const stays = kept !== undefined && (busy || (kept.type === 'dcgenset' && lowest.type === 'dcgenset'));
  const main = stays ? kept : lowest;
  if (main.type !== 'dcgenset') return { main, together: [] };
  const others = candidates.filter(({ service, type }) => type === 'dcgenset' && service !== main.service);
  const before = current?.together ?? [];
  // Those that were there stay in their order.
  const known = before.flatMap(({ service }) => others.find(one => one.service === service) ?? []);
  const fresh = others.filter(one => !known.includes(one));
  return { main, together: [main, ...known, ...fresh] };
}
