import { defineTopic } from '../topic.ts';

/** How fast the shown speed follows: it makes up 63 % of a step in this time. Milliseconds. */
const SPEED_TIME_CONSTANT_MS = 1_000;

/** What the shown speed stands on. */
interface Memory {
  service: string | null;
  speed: number | null;
  sampledAt: number;
}

/** Position and speed. */
export const gps = defineTopic<undefined, Memory>({
  name: 'gps',
  about: 'Chooses the GPS receiver: of those with a fix the one with the lowest device instance. Smooths its speed.',
  reads: { devices: { gps: ['/Fix', '/Speed'] } },
  publishes: {
    '/GpsService': 'the receiver that is used',
    '/GpsSpeed': 'its speed, sampled every second and smoothed with a time constant of a second',
  },
  everyMs: 1_000,
  start: () => ({ service: null, speed: null, sampledAt: 0 }),
  compute(look, out, memory) {
    const receiver = look.choose(look.devices('gps'), {
      what: 'GPS receiver',
      name: device => device.name,
      objections: [device => ((device.number('/Fix') ?? 0) === 0 ? 'it has no fix' : undefined)],
      rank: device => [device.instance],
      because: 'the lowest device instance',
    });
    const speed = receiver?.number('/Speed') ?? null;
    const service = receiver?.name ?? null;
    if (speed === null || memory.speed === null || memory.service !== service) {
      memory.speed = speed;
      memory.sampledAt = look.monotonicMs;
    } else if (look.beats > 0) {
      const share = 1 - Math.exp(-(look.monotonicMs - memory.sampledAt) / SPEED_TIME_CONSTANT_MS);
      memory.speed += share * (speed - memory.speed);
      memory.sampledAt = look.monotonicMs;
    }
    memory.service = service;
    out.set('/GpsService', service);
    out.set('/GpsSpeed', memory.speed);
    return undefined;
  },
});
