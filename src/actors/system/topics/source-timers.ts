import { defineTopic } from '../topic.ts';
import { NOT_CONNECTED } from './ac-source.ts';

const OFF_STATE = 0;
const PERIOD_MS = 10_000;
/** `/Ac/ActiveIn/Source` → the timer that counts. */
const TIMER: ReadonlyMap<number, Timer> = new Map<number, Timer>([
  [1, '/Timers/TimeOnGrid'],
  [2, '/Timers/TimeOnGenerator'],
  // Shore is a grid too.
  [3, '/Timers/TimeOnGrid'],
  [NOT_CONNECTED, '/Timers/TimeOnInverter'],
]);
const TIMERS = ['/Timers/TimeOnGrid', '/Timers/TimeOnGenerator', '/Timers/TimeOnInverter', '/Timers/TimeOff'] as const;
type Timer = (typeof TIMERS)[number];

/** For how long the system has been fed by what. */
export const sourceTimers = defineTopic<undefined, Record<Timer, number>>({
  name: 'source-timers',
  about: 'Seconds since the start in which the system ran on the grid, on the generator, on the inverter, or was off.',
  reads: { own: ['/Ac/ActiveIn/Source', '/SystemState/State'] },
  publishes: {
    '/Timers/TimeOnGrid': 'seconds with grid or shore as the active source, counted every 10 s',
    '/Timers/TimeOnGenerator': 'seconds with the generator as the active source, counted every 10 s',
    '/Timers/TimeOnInverter': 'seconds without an active source, counted every 10 s',
    '/Timers/TimeOff': 'seconds in which the system was off, counted every 10 s',
  },
  everyMs: PERIOD_MS,
  onBeatOnly: true,
  start: () => ({
    '/Timers/TimeOnGrid': 0,
    '/Timers/TimeOnGenerator': 0,
    '/Timers/TimeOnInverter': 0,
    '/Timers/TimeOff': 0,
  }),
  compute(look, out, seconds) {
    const source = look.ownNumber('/Ac/ActiveIn/Source');
    const isOff = look.ownNumber('/SystemState/State') === OFF_STATE;
    const running = source === null ? undefined : TIMER.get(source);
    seconds[isOff ? '/Timers/TimeOff' : (running ?? '/Timers/TimeOnInverter')] += (look.beats * PERIOD_MS) / 1000;
    for (const timer of TIMERS) out.set(timer, seconds[timer]);
    return undefined;
  },
});
