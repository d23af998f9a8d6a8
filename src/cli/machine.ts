/** The real machine, as the actors see it. */
import { AllCan, type CanSelection } from '../adapters/all-can.ts';
import { readBoardFacts } from '../adapters/board-facts.ts';
import { BOARD_PLACES, BoardGpio } from '../adapters/board-gpio.ts';
import { DeviceFolder } from '../adapters/device-folder.ts';
import { nodeFiles } from '../adapters/node-files.ts';
import { NodeNet } from '../adapters/node-net.ts';
import { FolderLocks } from '../adapters/port-locks.ts';
import { SerialLinks } from '../adapters/serial-links.ts';
import { SocketCan } from '../adapters/socketcan.ts';
import { AllLinks } from '../adapters/tcp-links.ts';
import type { Machine } from '../appliance.ts';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../kernel/clock.ts';
import { seededRandom } from '../kernel/random.ts';

/**
 * @param can which CAN interfaces there are to be
 * @param lockFolder where serial programs keep their locks; without it nothing is locked
 * @param gpioLinks where the lines of the board are linked by their names
 */
export function realMachine(
  clock: Clock,
  bus: Bus,
  can: CanSelection,
  lockFolder?: string,
  gpioLinks = BOARD_PLACES.links,
): Machine {
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
    can: new AllCan(new SocketCan(), net, can),
    gpio: new BoardGpio({ ...BOARD_PLACES, links: gpioLinks }),
    board: readBoardFacts(process.env['VRM_IFACE'] ?? 'eth0'),
  };
}
