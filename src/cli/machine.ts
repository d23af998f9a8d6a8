/** The real machine, as the actors see it. */
import { DeviceFolder } from '../adapters/device-folder.ts';
import { SerialLinks } from '../adapters/serial-links.ts';
import type { Machine } from '../appliance.ts';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../kernel/clock.ts';
import { seededRandom } from '../kernel/random.ts';

export function realMachine(clock: Clock, bus: Bus): Machine {
  return {
    clock,
    bus,
    random: seededRandom(process.pid ^ clock.wall()),
    links: new SerialLinks(),
    serialPorts: new DeviceFolder(),
  };
}
