/** `npm run faults:plug [-- EVENTS [PORTS [SEED]]]`: 2,000 plugs and unplugs over 8 real pseudo terminals. */
import { LIMIT_MS, median, plugRun } from '../support/plug-run.ts';

const MEDIAN_MS = 1_500;
const HEAP_BYTES = 2 * 1024 * 1024;
/** Code that is run for the hundredth time still takes memory to be made faster. */
const WARM_EVENTS = 50;

const [events = '2000', ports = '8', seed = '1'] = process.argv.slice(2);
if (![events, ports, seed].every(text => /^[1-9]\d{0,5}$/.test(text))) {
  console.error('usage: faults:plug [EVENTS [PORTS [SEED]]]');
  process.exit(2);
}
const report = await plugRun({
  events: Number(events),
  ports: Number(ports),
  seed: Number(seed),
  warm: WARM_EVENTS,
  say: line => console.log(line),
});
const { first, problems, descriptors, timers, heap } = report;
const longest = first.at(-1) ?? Number.NaN;
const grown = heap[1] - heap[0];
console.log(
  `${report.events} events in ${report.seconds.toFixed(0)} s, up to ${report.mostPerSecond}/s; ` +
    `${first.length} devices recognised: median ${median(first).toFixed(0)} ms, longest ${longest.toFixed(0)} ms`,
);
console.log(
  `descriptors ${descriptors.join(' → ')}, timers ${timers.join(' → ')}, heap ${(grown / 1024).toFixed(0)} KiB`,
);
console.log(`${problems.length} problems`);
const isGood =
  problems.length === 0 &&
  median(first) <= MEDIAN_MS &&
  longest <= LIMIT_MS &&
  descriptors[1] <= descriptors[0] &&
  timers[1] <= timers[0] &&
  grown < HEAP_BYTES;
process.exit(isGood ? 0 : 1);
