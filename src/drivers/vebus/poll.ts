/** What a row of the poll plan is. */
import type { PathOf, Value } from '../../schema/row.ts';
import type { vebusSchema } from '../../schema/vebus.ts';
import type { VebusSystem } from './system.ts';

export type VebusPath = PathOf<typeof vebusSchema>;

/** What stands on which path now. */
export type Shown = readonly (readonly [path: VebusPath, value: Value])[];

export interface Poll {
  readonly name: string;
  /** How often it is asked; a row that is asked once is asked again only after it was not answered. */
  readonly everyMs: number;
  readonly once?: true;
  /** Not urgent: asked between the others. */
  readonly background?: true;
  /** What takes long is asked in parts: whether there is more to ask, for which others need not wait. */
  readonly goesOn?: (system: VebusSystem) => boolean;
  /** Without it, always. */
  readonly when?: (system: VebusSystem) => boolean;
  /** Asks; undefined when there was no answer. */
  readonly read: (system: VebusSystem) => Promise<Shown | undefined>;
}
