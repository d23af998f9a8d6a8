/**
 * A process of its own with services on the bus, for measurements: `bus-peer ADDRESS SERVICES PATHS`. Prints a line when
 * all is up, and one when it has done what a line on its input says: `signals N` sends N changes of one path each, its
 * services taking turns; `items N SERVICE` asks a service for its items N times.
 */
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { SystemClock } from '../../src/adapters/system-clock.ts';
import type { Registration, ServedItem, ServedTree } from '../../src/bus/bus.ts';
import { DbusBus } from '../../src/bus/dbus/dbus-bus.ts';
import { textByRow } from '../../src/bus/text.ts';
import { typedByRow } from '../../src/bus/value.ts';
import { LogBook } from '../../src/kernel/log.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import type { Row } from '../../src/schema/row.ts';

const ROW: Row = { type: 'float', unit: 'W', decimals: 1 };
/** Changes that a service sends one by one, before it is the next one's turn. */
const BURST = 25;

async function main(address: string, services: number, paths: number): Promise<void> {
  const clock = new SystemClock();
  const log = new LogBook(clock, line => process.stderr.write(`${line.message}\n`)).for('peer');
  const bus = await DbusBus.open({ address, clock, random: seededRandom(1), log });
  const names = Array.from({ length: paths }, (_, i) => `/Ac/L${(i % 3) + 1}/Item${i}`);
  const registrations: Registration[] = [];
  const items = new Map<string, ServedItem>(names.map(path => [path, { row: ROW, value: 0 }]));
  for (let i = 0; i < services; i++)
    registrations.push(await bus.publish(treeOf(`com.victronenergy.peer.n${i}`, items)));
  let n = 0;
  const sendSignals = async (count: number): Promise<void> => {
    for (let sent = 0; sent < count; sent++, n++) {
      const path = names[n % names.length] ?? '/';
      items.set(path, { row: ROW, value: n + 1 });
      registrations[Math.floor(n / BURST) % services]?.announce([path]);
      if (sent % BURST === 0) await setImmediate();
    }
  };
  createInterface({ input: process.stdin })
    .on('line', async line => {
      const [command, count, service = ''] = line.split(' ');
      if (command === 'signals') await sendSignals(Number(count));
      if (command === 'items')
        for (let i = 0; i < Number(count); i++)
          await bus.call(service, '/', 'com.victronenergy.BusItem', 'GetItems', { signature: '', body: [] });
      process.stdout.write('done\n');
    })
    .on('close', () => bus.close());
  process.stdout.write('ready\n');
}

function treeOf(name: string, items: ReadonlyMap<string, ServedItem>): ServedTree {
  return {
    name,
    signals: 'items',
    item: path => items.get(path),
    items: () => items,
    typed: (_path, item) => typedByRow(item.value, item.row),
    text: (_path, item) => textByRow(item.value, item.row),
    write: () => 1,
  };
}

const [address = '', services, paths] = process.argv.slice(2);
await main(address, Number(services), Number(paths));
