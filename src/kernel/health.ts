/** Tells the outside that we live: readiness once, and the watchdog only while every critical actor is up. */
import type { Clock, Timer } from './clock.ts';
import type { ActorStatus } from './supervisor.ts';

/** Where health is reported to: sd_notify, a watchdog file, a hardware watchdog. */
export interface HealthSink {
  ready(): void;
  alive(): void;
  stopping(): void;
}

export interface HealthOptions {
  /** How often the watchdog is fed, milliseconds. */
  readonly feedMs: number;
}

/** How soon it is seen that all is up: who starts us waits for that. Milliseconds. */
const STARTING_MS = 1_000;

/**
 * Reports ready when all critical actors first run, and feeds `sinks` from then on every `feedMs` while they do. An
 * actor that waits for its first restart does not starve the watchdog: only one that is degraded or has been down for
 * three feeds does.
 */
export function watchHealth(
  clock: Clock,
  status: () => ActorStatus[],
  sinks: readonly HealthSink[],
  options: HealthOptions,
): Timer {
  const FEEDS_DOWN = 3;
  let ready = false;
  let down = 0;
  const look = (): void => {
    const critical = status().filter(actor => actor.critical);
    const up = critical.every(actor => actor.state === 'running');
    down = up ? 0 : down + 1;
    if (up && !ready) {
      ready = true;
      timer.cancel();
      timer = clock.every(options.feedMs, look);
      for (const sink of sinks) sink.ready();
    }
    const tolerable = up || (ready && down < FEEDS_DOWN && critical.every(actor => actor.state !== 'degraded'));
    if (tolerable) for (const sink of sinks) sink.alive();
  };
  let timer = clock.every(Math.min(STARTING_MS, options.feedMs), look);
  const first = clock.soon(look);
  return {
    cancel: () => {
      first.cancel();
      timer.cancel();
      for (const sink of sinks) sink.stopping();
    },
  };
}
