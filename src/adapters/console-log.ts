/** Log lines for a person and for the init system: `2026-03-02T10:00:00.000Z warn  settings: text`. */
import type { Line } from '../kernel/log.ts';

export function writeLine(line: Line): void {
  const time = new Date(line.wallMs).toISOString();
  process.stderr.write(`${time} ${line.level.padEnd(5)} ${line.actor}: ${line.message.replaceAll('\n', '\n    ')}\n`);
}
