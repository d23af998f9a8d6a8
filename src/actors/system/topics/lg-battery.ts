import type { Outcome } from '../outcome.ts';
import type { Picture, SeenDevice } from '../picture.ts';
import { defineTopic } from '../topic.ts';
import { vebusChoice } from './vebus-choice.ts';

const LG_RESU = 0xb004;
/** A tripped battery shows no current: less than this. Amperes. */
const NO_CURRENT = 0.01;
/** So many voltages of the inverter are needed, and so many are kept. One a second. */
const SAMPLES_NEEDED = 20;
const SAMPLES_KEPT = 40;
/** How far the voltage at the inverter may be off that in the battery. */
const DEVIATION = 0.1;
const OK = 0;
const ALARM = 2;
const MODE_OFF = 4;

interface Memory {
  battery: string | null;
  volts: number[];
  alarm: number;
}

/** The circuit breaker of an LG battery. */
export const lgBattery = defineTopic<undefined, Memory>({
  name: 'lg-battery',
  about: `An LG battery whose circuit breaker has tripped goes on telling its voltage. It shows as no current, and another voltage at the inverter for ${SAMPLES_NEEDED} s: then the inverter is switched off.`,
  reads: {
    devices: { battery: ['/ProductId', '/Dc/0/Current', '/Dc/0/Voltage'], vebus: ['/Dc/0/Voltage'] },
    topics: [vebusChoice],
  },
  publishes: { '/Dc/Battery/Alarms/CircuitBreakerTripped': '2 when the breaker of an LG battery has tripped, else 0' },
  everyMs: 1_000,
  onBeatOnly: true,
  onArrivals: true,
  start: () => ({ battery: null, volts: [], alarm: OK }),
  compute(look, out, memory) {
    const battery = look.devices('battery').find(device => device.number('/ProductId') === LG_RESU);
    if (memory.battery !== (battery?.name ?? null)) {
      memory.battery = battery?.name ?? null;
      memory.volts = [];
      memory.alarm = OK;
    }
    if (battery === undefined) return undefined;
    if (look.beats > 0) sample(look, out, battery, memory);
    out.set('/Dc/Battery/Alarms/CircuitBreakerTripped', memory.alarm);
    return undefined;
  },
});

function sample(look: Picture, out: Outcome, battery: SeenDevice, memory: Memory): void {
  const multi = look.device(look.result(vebusChoice).multi);
  if (multi === undefined) return;
  const current = battery.number('/Dc/0/Current');
  if (current === null || Math.abs(current) > NO_CURRENT) {
    memory.volts = [];
    return;
  }
  const volts = multi.number('/Dc/0/Voltage');
  const inside = battery.number('/Dc/0/Voltage');
  if (volts === null || inside === null) return;
  memory.volts = [...memory.volts, volts].slice(-SAMPLES_KEPT);
  if (memory.volts.length < SAMPLES_NEEDED) return;
  const isOff = memory.volts.some(one => one < (1 - DEVIATION) * inside || one > (1 + DEVIATION) * inside);
  if (!isOff) return;
  memory.alarm = ALARM;
  memory.volts = [];
  out.log(`circuit breaker of ${battery.name} has tripped: ${inside} V in it, ${volts} V at the inverter`);
  out.write(multi.name, '/Mode', MODE_OFF);
}
