/** What the checks of the firmware share. */
import type { CheckList } from '../support/check-list.ts';
import type { Guest, GuestOptions } from './guest.ts';

export interface Bench {
  readonly list: CheckList;
  readonly options: GuestOptions;
  /** Another one after a power cut. */
  guest: Guest;
}
