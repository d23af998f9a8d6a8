/** `gxd ports`: what is done at each serial port, and why. */
import { clientArgs, readItems, withBus } from './client.ts';
import { type CliIo, EXIT } from './io.ts';
import { compareNatural } from './picture.ts';
import { table } from './table.ts';

const SCANNER = 'com.victronenergy.serialscanner';

export async function portsCommand(args: readonly string[], io: CliIo): Promise<number> {
  const { json } = clientArgs(args, 0, 0);
  return withBus(async bus => {
    const items = await readItems(bus, SCANNER);
    const ports = new Map<string, Map<string, string>>();
    for (const [path, { value, text }] of items) {
      const [, tty, key] = /^\/Ports\/([^/]+)\/(\w+)$/.exec(path) ?? [];
      if (tty === undefined || key === undefined) continue;
      const port = ports.get(tty) ?? new Map<string, string>();
      ports.set(tty, port.set(key, value === null ? '' : text));
    }
    const sorted = [...ports].sort(([a], [b]) => compareNatural(a, b));
    if (json) {
      io.out(JSON.stringify(Object.fromEntries(sorted.map(([tty, port]) => [tty, Object.fromEntries(port)])), null, 2));
      return EXIT.done;
    }
    const head = ['PORT', 'STATE', 'DRIVER', 'BAUD', 'DEVICE', 'FAULTS', 'CANDIDATES', 'WHY'];
    const keys = ['State', 'Driver', 'BaudRate', 'Device', 'Faults', 'Candidates', 'Why'];
    const rows = sorted.map(([tty, port]) => [tty, ...keys.map(key => port.get(key) ?? '')]);
    for (const line of table([head, ...rows])) io.out(line);
    for (const [tty, port] of sorted) {
      const tried = port.get('Tried') ?? '';
      if (tried !== '') io.out(`${tty} tried: ${tried}`);
    }
    return EXIT.done;
  });
}
