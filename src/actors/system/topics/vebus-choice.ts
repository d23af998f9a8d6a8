import type { SeenDevice } from '../picture.ts';
import { defineTopic } from '../topic.ts';

/** Boards without a VE.Bus port of their own: Maxi GX, Raspberry Pi, and machines of no known make. */
const BOARDS_WITHOUT_PORT: ReadonlySet<string> = new Set(['C009', 'C00D', 'C010', 'C003']);

export interface VebusChoice {
  /** The main VE.Bus system, when it is connected. */
  readonly multi: string | null;
  /** The main VE.Bus service, whether its devices answer or not. */
  readonly service: string | null;
  /** The other VE.Bus systems. */
  readonly others: readonly string[];
}

/** Which VE.Bus system is the main one. */
export const vebusChoice = defineTopic<VebusChoice>({
  name: 'vebus-choice',
  about:
    'Chooses the main VE.Bus system: one at the port of the board goes before one at a USB adapter, then the lowest device instance counts. A board that has a port takes no other as the main one.',
  reads: {
    devices: { vebus: ['/Connected', '/Interfaces/Mk2/Connection'] },
  },
  publishes: {
    '/VebusService': 'the main VE.Bus system, while it is connected',
    '/VebusInstance': 'device instance of the main VE.Bus system, while it is connected',
    '/Devices/NumberOfVebusDevices': 'how many VE.Bus systems there are, connected or not',
  },
  compute(look, out) {
    const all = look.devices('vebus');
    const boardHasPort = !BOARDS_WITHOUT_PORT.has(look.board);
    const main = look.choose(all, {
      what: 'main VE.Bus system',
      name: device => device.name,
      objections: [
        device =>
          boardHasPort && !isOnBoard(device) ? 'this board has a VE.Bus port: only that one counts' : undefined,
      ],
      rank: device => [isOnBoard(device) ? 0 : 1, device.instance],
      because: 'a port of the board before USB, then the lowest device instance',
    });
    const multi = main?.number('/Connected') === 1 ? main : undefined;
    out.set('/VebusService', multi?.name ?? null);
    out.set('/VebusInstance', multi?.instance ?? null);
    out.set('/Devices/NumberOfVebusDevices', all.length);
    return {
      multi: multi?.name ?? null,
      service: main?.name ?? null,
      others: all
        .filter(device => device !== main)
        .sort(inRank)
        .map(device => device.name),
    };
  },
});

function isOnBoard(device: SeenDevice): boolean {
  return device.text('/Interfaces/Mk2/Connection')?.startsWith('/dev/ttyUSB') !== true;
}

function inRank(a: SeenDevice, b: SeenDevice): number {
  return Number(isOnBoard(b)) - Number(isOnBoard(a)) || a.instance - b.instance;
}
