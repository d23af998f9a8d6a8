import { setImmediate } from 'node:timers/promises';
import { VirtualClock } from '../../src/kernel/virtual-clock.ts';

/** 2026-03-02 10:00:00 UTC, a Monday. */
export const TEST_START_MS = 1772445600_000;

/** A virtual clock that lets promises settle between timers. */
export function testClock(wallMs = TEST_START_MS): VirtualClock {
  return new VirtualClock(wallMs, () => setImmediate());
}
