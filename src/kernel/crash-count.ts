/**
 * Counts how often the process has ended without having been healthy for a while: after too many such starts the next
 * one is in safe mode, with the few actors that let a person repair things.
 */
import type { Clock } from './clock.ts';

/** Where the count survives the process. */
export interface CrashStore {
  read(): Promise<number>;
  write(count: number): Promise<void>;
}

/** So many starts in a row that did not become healthy lead to safe mode. */
export const CRASHES_TO_SAFE_MODE = 3;
/** This long without a crash is healthy. */
export const HEALTHY_MS = 5 * 60_000;

export interface CrashWatch {
  readonly safeMode: boolean;
  /** To be called when the process ends as it was asked to. */
  ended(): Promise<void>;
}

/** Counts this start, and forgets the count after five good minutes. `failed` hears when the count cannot be kept. */
export async function watchCrashes(
  clock: Clock,
  store: CrashStore,
  failed: (error: unknown) => void,
): Promise<CrashWatch> {
  const before = await store.read();
  await store.write(before + 1);
  const healthy = clock.after(HEALTHY_MS, () => void store.write(0).catch(failed));
  return {
    safeMode: before >= CRASHES_TO_SAFE_MODE,
    ended: async () => {
      healthy.cancel();
      await store.write(0);
    },
  };
}
