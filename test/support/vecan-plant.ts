/** A VE.Can network in memory, with the driver on it and devices to come. */
import { VECAN_FILTERS } from '../../src/drivers/vecan/filters.ts';
import type { Wire } from '../../src/drivers/vecan/simulators/simulator.ts';
import { VecanSession } from '../../src/drivers/vecan/vecan-session.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { UNKNOWN_BOARD } from '../../src/ports/board.ts';
import { ALL_EXTENDED, type CanFrame } from '../../src/ports/can.ts';
import { type CanId, decodeId, encodeId } from '../../src/protocols/nmea2000/can-id.ts';
import { splitFastPacket } from '../../src/protocols/nmea2000/fast-packet.ts';
import { encodeMessage, type Message, type Values } from '../../src/protocols/nmea2000/message.ts';
import { isFast } from '../../src/protocols/nmea2000/pgns.ts';
import type { Value } from '../../src/schema/row.ts';
import { MemoryCan } from './memory-can.ts';
import { memoryGateway } from './memory-gateway.ts';
import { SimulatedSettings } from './simulated-settings.ts';

export const NETWORK = 'com.victronenergy.vecan.can0';

export async function vecanPlant() {
  const { clock, bus, world, said, supervisor } = memoryGateway();
  const settings = new SimulatedSettings(bus);
  const can = new MemoryCan(clock);
  const wire = can.plug('can0');
  const random = seededRandom(3);
  let session: VecanSession | undefined;
  supervisor.add({
    name: 'vecan',
    start: async context => {
      const socket = await can.open('can0', VECAN_FILTERS);
      session = new VecanSession(socket, { name: 'can0', random, board: UNKNOWN_BOARD }, context);
    },
  });
  await clock.advance(500);
  if (session === undefined) throw new Error('no session');
  const hand = wire.join([]);
  /** Puts a message on the bus. */
  const put = async (id: CanId, bytes: Uint8Array): Promise<void> => {
    const frames = isFast(id.pgn) ? splitFastPacket(bytes, sequence++) : [bytes];
    for (const data of frames) await hand.send({ id: encodeId(id), extended: true, data });
  };
  let sequence = 0;
  return {
    ...{ clock, can, wire, world, bus, settings, said, session, put, supervisor },
    /** What a simulated device needs. */
    wireFor: (seed = 5): Wire => ({ socket: wire.join([ALL_EXTENDED]), clock, random: seededRandom(seed) }),
    value: (service: string, path: string): Value => world.value(service, path),
    write: (service: string, path: string, value: Value) => world.write(service, path, value),
    /** Names of the services of a type. */
    names: (type: string): string[] => world.ofType(type).map(({ name }) => name),
    /** A message by its table. */
    say: <M extends Message>(source: number, message: M, values: Values, list: readonly Values[] = []): Promise<void> =>
      put(
        { priority: message.priority, pgn: message.pgn, source, destination: 255 },
        encodeMessage<Message>(message, values, list),
      ),
    /** All that went over the bus, by its identifiers. */
    heard: (): readonly (CanId & { readonly data: Uint8Array })[] =>
      wire.traffic.flatMap(({ id, data }: CanFrame) => {
        const decoded = decodeId(id);
        return decoded === undefined ? [] : [{ ...decoded, data }];
      }),
  };
}
