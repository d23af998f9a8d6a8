/** `npm run bench [-- --soak SECONDS]`: all figures with their limits; ends with 1 when one is exceeded. */
import { parseArgs } from 'node:util';
import { benchBus } from './bus.bench.ts';
import { benchCan } from './can.bench.ts';
import { benchModbus } from './modbus.bench.ts';
import { benchProcess } from './process.bench.ts';
import { benchSystem } from './system.bench.ts';

const DEFAULT_SOAK_SECONDS = 60;

const { values } = parseArgs({ options: { soak: { type: 'string' } } });
const soak = Number(values.soak ?? DEFAULT_SOAK_SECONDS);
const report = (line: string): void => console.log(line);

const results: boolean[] = [];
for (const [title, bench] of [
  ['bus', () => benchBus(report)],
  ['Modbus TCP', () => benchModbus(report)],
  ['CAN', () => benchCan(report)],
  ['system calculation', () => benchSystem(report)],
  ['process', () => benchProcess(report, soak)],
] as const) {
  console.log(`\n${title}`);
  results.push(await bench());
}
process.exit(results.every(Boolean) ? 0 : 1);
