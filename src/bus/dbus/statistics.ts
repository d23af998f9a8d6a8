/** What the bus side has counted since the program started. */
export interface BusStatistics {
  /** Connections made, the first ones and those made anew. */
  connects: number;
  /** Connections that were lost. */
  losses: number;
  /** Calls to others without an answer in time. */
  timeouts: number;
  /** Messages that were none. */
  malformed: number;
  /** Messages longer than we take. */
  oversized: number;
  /** Messages of ours that could not be written: a bug, or a path that D-Bus does not know. */
  unsendable: number;
  /** Connections dropped because the daemon did not take what we sent. */
  overflows: number;
  /** Times that a foreign service sent more than we follow, and was left alone for a while. */
  floods: number;
  /** Signals from services that are not followed, at present or at all. */
  strays: number;
  /** Signals of foreign services that were not what they should be. */
  badSignals: number;
  /** Items of foreign services that were not taken: too many, or not a path. */
  ignoredItems: number;
  /** Foreign services that never told their values. */
  unread: number;
  /** Foreign services not followed because there were too many. */
  ignoredServices: number;
  /** Names that we lost to another process. */
  namesLost: number;
}

export function newStatistics(): BusStatistics {
  return {
    connects: 0,
    losses: 0,
    timeouts: 0,
    malformed: 0,
    oversized: 0,
    unsendable: 0,
    overflows: 0,
    floods: 0,
    strays: 0,
    badSignals: 0,
    ignoredItems: 0,
    unread: 0,
    ignoredServices: 0,
    namesLost: 0,
  };
}
