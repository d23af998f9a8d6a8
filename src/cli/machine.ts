/** The real machine, as the actors see it. */
import { readBoardFacts } from '../adapters/board-facts.ts';
import { BoardGpio } from '../adapters/board-gpio.ts';
import { DeviceFolder } from '../adapters/device-folder.ts';
import { nodeFiles } from '../adapters/node-files.ts';
import { NodeNet } from '../adapters/node-net.ts';
import { FolderLocks } from '../adapters/port-locks.ts';
import { SerialLinks } from '../adapters/serial-links.ts';
import { AllLinks } from '../adapters/tcp-links.ts';
import type { Machine } from '../appliance.ts';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../kernel/clock.ts';
import { seededRandom } from '../kernel/random.ts';

/** @param lockFolder where serial programs keep their locks; without it nothing is locked */
export function realMachine(clock: Clock, bus: Bus, lockFolder?: string): Machine {
  const net = new NodeNet();
  return {
    clock,
    bus,
    random: seededRandom(process.pid ^ clock.wall()),
    links: new AllLinks(new SerialLinks(), net),
    serialPorts: new DeviceFolder(),
    files: nodeFiles,
    net,
    ...(lockFolder === undefined ? {} : { portLocks: new FolderLocks(lockFolder) }),
    gpio: new BoardGpio(),
    board: readBoardFacts(process.env['VRM_IFACE'] ?? 'eth0'),
  };
}
