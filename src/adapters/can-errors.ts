/** Error frames of SocketCAN: what the controller says of the bus. Bits of linux/can/error.h. */
import type { CanTrouble } from '../ports/can.ts';

/** Classes of error frames, as bits of the identifier. */
const CONTROLLER = 0x004;
const PROTOCOL = 0x008;
const NO_ACKNOWLEDGEMENT = 0x020;
const BUS_OFF = 0x040;
const RESTARTED = 0x100;

/** The classes that we want to hear of. */
export const ERROR_CLASSES = CONTROLLER | PROTOCOL | NO_ACKNOWLEDGEMENT | BUS_OFF | RESTARTED;

/** Of a controller's trouble: bits of the second octet. */
const OVERRUN = 0x03;
const WARNING = 0x0c;
const PASSIVE = 0x30;

/** @param id of an error frame, without its flags. @returns the worst first */
export function troublesOf(id: number, data: Uint8Array): CanTrouble[] {
  const controller = (id & CONTROLLER) === 0 ? 0 : (data[1] ?? 0);
  const troubles: readonly (readonly [boolean, CanTrouble])[] = [
    [(id & BUS_OFF) !== 0, 'bus off'],
    [(controller & PASSIVE) !== 0, 'error passive'],
    [(controller & WARNING) !== 0, 'error warning'],
    [(controller & OVERRUN) !== 0, 'overrun'],
    [(id & NO_ACKNOWLEDGEMENT) !== 0, 'no acknowledgement'],
    [(id & PROTOCOL) !== 0, 'damaged frame'],
    [(id & RESTARTED) !== 0, 'restarted'],
  ];
  return troubles.filter(([is]) => is).map(([, trouble]) => trouble);
}
