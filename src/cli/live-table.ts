/** The table that `gxd demo` shows: every service, path, value with unit, and how long ago it changed. */
import type { World } from '../bus/world.ts';
import { compareNatural } from './picture.ts';
import { table } from './table.ts';
import { showValue } from './watch.ts';

/** @param now monotonic milliseconds */
export function liveTable(world: World, now: number): string[] {
  const lines: string[] = [];
  for (const service of [...world.services()].sort((a, b) => compareNatural(a.name, b.name))) {
    if (service.type === 'settings') {
      lines.push(`${service.name}  ${[...service.paths()].length} settings (gxd ls settings)`, '');
      continue;
    }
    const name = service.get('/ProductName');
    lines.push(name === null ? service.name : `${service.name}  ${name}`);
    const rows = [...service.paths()]
      .sort(compareNatural)
      .map(path => [
        `  ${path}`,
        showValue(service.type, path, service.get(path)),
        age(now - (service.changedAt(path) ?? now)),
      ]);
    lines.push(...table(rows), '');
  }
  return lines.length === 0 ? ['no service yet'] : lines;
}

function age(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)}m` : `${Math.floor(seconds / 3600)}h`;
}
