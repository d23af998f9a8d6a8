/** Where health is told: systemd, by its own tool, and a file that a hardware watchdog looks at. */
import { execFile } from 'node:child_process';
import { closeSync, futimesSync, openSync } from 'node:fs';
import type { HealthSink } from '../kernel/health.ts';

/** Node has no datagram sockets of the unix kind, so systemd's own tool speaks for us. */
const NOTIFY_TOOL = 'systemd-notify';
const NOTIFY_TIMEOUT_MS = 5_000;

/** READY, WATCHDOG and STOPPING to systemd; nothing when NOTIFY_SOCKET is not set. */
export function systemdSink(environment: NodeJS.ProcessEnv, failed: (reason: string) => void): HealthSink | undefined {
  if (environment['NOTIFY_SOCKET'] === undefined) return undefined;
  const watched = environment['WATCHDOG_USEC'] !== undefined;
  const notify = (...state: string[]): void => {
    execFile(NOTIFY_TOOL, [`--pid=${process.pid}`, ...state], { timeout: NOTIFY_TIMEOUT_MS }, error => {
      if (error !== null) failed(`${NOTIFY_TOOL}: ${error.message}`);
    });
  };
  return {
    ready: () => notify('--ready'),
    // A systemd before 246 may lose what is said by a process that ends at once: readiness is said again with each
    // sign of life.
    alive: () => {
      if (watched) notify('--ready', 'WATCHDOG=1');
    },
    stopping: () => notify('STOPPING=1'),
  };
}

/** Half the time that systemd waits, milliseconds; undefined without a watchdog. */
export function systemdFeedMs(environment: NodeJS.ProcessEnv): number | undefined {
  const microseconds = Number(environment['WATCHDOG_USEC']);
  return Number.isFinite(microseconds) && microseconds > 0 ? Math.max(100, microseconds / 2000) : undefined;
}

/** Touches a file as long as we are well. */
export function fileSink(path: string, failed: (reason: string) => void): HealthSink {
  return {
    ready: () => {},
    alive: () => {
      try {
        const file = openSync(path, 'a');
        const now = Date.now() / 1000;
        futimesSync(file, now, now);
        closeSync(file);
      } catch (error) {
        failed(`watchdog file: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
    stopping: () => {},
  };
}
