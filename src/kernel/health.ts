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

/**
 * Feeds `sinks` every `feedMs` while all critical actors run. Reports ready when they first do. An actor that waits
 * for its first restart does not starve the watchdog: only one that is degraded or has been down for three feeds does.
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
      for (const sink of sinks) sink.ready();
    }
    const tolerable = up || (ready && down < FEEDS_DOWN && critical.every(actor => actor.state !== 'degraded'));
    if (tolerable) for (const sink of sinks) sink.alive();
  };
  const first = clock.soon(look);
  const timer = clock.every(options.feedMs, look);
  return {
    cancel: () => {
      first.cancel();
      timer.cancel();
      for (const sink of sinks) sink.stopping();
    },
  };
}
