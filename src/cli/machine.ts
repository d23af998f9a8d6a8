/** The real machine, as the actors see it. */
import { readBoardFacts } from '../adapters/board-facts.ts';
import { DeviceFolder } from '../adapters/device-folder.ts';
import { nodeFiles } from '../adapters/node-files.ts';
import { NodeNet } from '../adapters/node-net.ts';
import { SerialLinks } from '../adapters/serial-links.ts';
import { SysfsGpio } from '../adapters/sysfs-gpio.ts';
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
    files: nodeFiles,
    net: new NodeNet(),
    gpio: new SysfsGpio(),
    board: readBoardFacts(process.env['VRM_IFACE'] ?? 'eth0'),
  };
}
