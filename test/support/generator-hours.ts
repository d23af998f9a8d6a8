/** An engine whose program is killed, ended and started again, over midnight, with a clock that somebody sets. */
import { generatorActor } from '../../src/actors/generator/generator-actor.ts';
import { parseDaily, runtimeInAll } from '../../src/actors/generator/runtime-book.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { GeneratorBench } from './generator-bench.ts';

/** 2026-03-02 22:50 UTC: it is ten minutes to midnight in Amsterdam. */
export const EVENING_MS = Date.UTC(2026, 2, 2, 22, 50);
const HOUR_MS = 3_600_000;
const STEP_S = 100;

export interface HoursReport {
  /** Seconds for which the relay was closed. */
  readonly closed: number;
  /** What the settings have at the end: in all, and as the sum of the days. */
  readonly total: number;
  readonly days: number;
  /** The last failure of the actor. */
  readonly error: string | null;
}

/** @param clockSet whether somebody sets the wall clock now and then */
export async function simulateHours(seed: number, steps: number, clockSet: boolean): Promise<HoursReport> {
  const random = seededRandom(seed);
  const bench = new GeneratorBench(() => generatorActor('this boot'), EVENING_MS);
  let closed = 0;
  const pass = async (seconds: number): Promise<void> => {
    for (let i = 0; i < seconds; i++) {
      await bench.seconds(1);
      if (bench.relay === 1) closed++;
    }
  };
  await bench.start();
  for (let step = 0; step < steps; step++) {
    const what = random();
    if (what < 0.3) await bench.write('/ManualStart', random() < 0.7 ? 1 : 0);
    else if (what < 0.6) {
      if (what < 0.45) await bench.crash();
      else await bench.stop();
      await pass(Math.floor(random() * STEP_S));
      await bench.start();
    } else if (what < 0.7 && clockSet) bench.clock.jumpWall(Math.round((random() - 0.5) * 48 * HOUR_MS));
    await pass(Math.floor(random() * STEP_S));
  }
  await bench.write('/ManualStart', 0);
  await pass(3);
  await bench.stop();
  return {
    closed,
    total: Number(bench.setting('AccumulatedTotal')),
    days: runtimeInAll(parseDaily(String(bench.setting('AccumulatedDaily')))),
    error: bench.lastError,
  };
}
