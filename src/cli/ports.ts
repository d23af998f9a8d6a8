/** `gxd ports`: what is done at each serial port and CAN interface, and why. */
import type { Bus } from '../bus/bus.ts';
import { clientArgs, readItems, withBus } from './client.ts';
import { type CliIo, EXIT } from './io.ts';
import { compareNatural } from './picture.ts';
import { table } from './table.ts';

const SERIAL = 'com.victronenergy.serialscanner';
const CAN = 'com.victronenergy.canscanner';

/** What a scanner says of each of its ports: key → text. */
type Ports = readonly (readonly [name: string, told: ReadonlyMap<string, string>])[];

export async function portsCommand(args: readonly string[], io: CliIo): Promise<number> {
  const { json } = clientArgs(args, 0, 0);
  return withBus(async bus => {
    // One of the scanners may run alone.
    const can = await portsOf(bus, CAN, 'Interfaces').catch(() => undefined);
    const serial = await portsOf(bus, SERIAL, 'Ports').catch((error: unknown) => {
      if (can === undefined) throw error;
      return undefined;
    });
    show(io, json, serial ?? [], can ?? []);
    return EXIT.done;
  });
}

function show(io: CliIo, json: boolean, serial: Ports, can: Ports): void {
  if (json) {
    const all = Object.fromEntries([...serial, ...can].map(([name, told]) => [name, Object.fromEntries(told)]));
    io.out(JSON.stringify(all, null, 2));
    return;
  }
  if (serial.length > 0 || can.length === 0)
    rows(
      io,
      serial,
      ['PORT', 'STATE', 'DRIVER', 'BAUD', 'DEVICE', 'CANDIDATES', 'WHY'],
      ['State', 'Driver', 'BaudRate', 'Device', 'Candidates', 'Why'],
    );
  for (const [tty, told] of serial) {
    const tried = told.get('Tried') ?? '';
    if (tried !== '') io.out(`${tty} tried: ${tried}`);
  }
  if (can.length === 0) return;
  if (serial.length > 0) io.out('');
  rows(
    io,
    can,
    ['CAN', 'STATE', 'PROFILE', 'BIT RATE', 'DRIVERS', 'BUS', 'RECEIVED', 'SENT', 'LABEL', 'WHY'],
    ['State', 'Profile', 'BitRate', 'Drivers', 'Bus', 'Received', 'Sent', 'Label', 'Why'],
  );
}

/** @param folder below which the ports stand: `/Ports/ttyUSB0/State` */
async function portsOf(bus: Bus, service: string, folder: string): Promise<Ports> {
  const ports = new Map<string, Map<string, string>>();
  for (const [path, { value, text }] of await readItems(bus, service)) {
    const [, place, name, key] = /^\/(\w+)\/([^/]+)\/(\w+)$/.exec(path) ?? [];
    if (place !== folder || name === undefined || key === undefined) continue;
    const port = ports.get(name) ?? new Map<string, string>();
    ports.set(name, port.set(key, value === null ? '' : text));
  }
  return [...ports].sort(([a], [b]) => compareNatural(a, b));
}

function rows(io: CliIo, ports: Ports, head: readonly string[], keys: readonly string[]): void {
  const lines = ports.map(([name, told]) => [name, ...keys.map(key => told.get(key) ?? '')]);
  for (const line of table([[...head], ...lines])) io.out(line);
}
