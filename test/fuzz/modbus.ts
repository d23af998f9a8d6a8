/** Modbus TCP from strangers: framing, requests, and what the gateway answers from its registers. */
import { setImmediate } from 'node:timers/promises';
import { RegisterGateway } from '../../src/actors/modbus-tcp/register-gateway.ts';
import { UnitIndex } from '../../src/actors/modbus-tcp/units.ts';
import { World } from '../../src/bus/world.ts';
import { VirtualClock } from '../../src/kernel/virtual-clock.ts';
import { encodeFrame, MBAP_LIMITS, MbapStream } from '../../src/protocols/modbus/mbap.ts';
import { decodeRequest, decodeResponse, encodeRequest, PDU_LIMITS } from '../../src/protocols/modbus/pdu.ts';
import { MemoryBus, SimulatedService } from '../support/memory-bus.ts';
import type { FuzzTarget } from './fuzz.ts';

const clock = new VirtualClock(0, () => setImmediate());
const bus = new MemoryBus();
const world = new World(bus, () => clock.monotonic());
bus.observe(world);
bus.add(new SimulatedService('com.victronenergy.system', { '/DeviceInstance': 0, '/Serial': 'c0619ab1' }));
bus.add(new SimulatedService('com.victronenergy.vebus.ttyO1', { '/DeviceInstance': 288, '/Mode': 3, '/Soc': 50 }));
const gateway = new RegisterGateway({ world, clock, units: new UnitIndex(world), writable: () => true });

function pdu(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

/** Puts the bytes through a stream in two portions, and asks the gateway whatever comes out. */
function run(bytes: Uint8Array): void {
  const stream = new MbapStream();
  const cut = bytes.length >> 1;
  let taken = 0;
  for (const part of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
    stream.feed(part);
    for (let frame = stream.next(); frame !== undefined; frame = stream.next()) {
      taken += 7 + frame.pdu.length;
      if (frame.pdu.length > PDU_LIMITS.bytes) throw new Error('a frame beyond the limit');
      check(frame.unit, frame.pdu);
    }
    if (stream.held > MBAP_LIMITS.heldBytes) throw new Error('more held than allowed');
  }
  if (stream.fault === undefined && taken + stream.held !== bytes.length) throw new Error('bytes were lost');
}

function check(unit: number, request: Uint8Array): void {
  let failures = 0;
  const answer = gateway.answer(unit, request, () => failures++);
  if (answer instanceof Promise) {
    // Answers of items come later; whether they do is the business of the unit tests.
    answer.catch(() => process.exit(1));
    return;
  }
  const functionCode = request[0] ?? 0;
  const refused = answer[0] !== functionCode || functionCode >= 0x80;
  if (refused !== (failures === 1)) throw new Error('an exception that is not told, or told without need');
  if (refused && answer.length !== 2) throw new Error('an exception has two bytes');
  const decoded = decodeRequest(request);
  if (decoded.kind === 'refused') return;
  if (Buffer.compare(encodeRequest(decoded), request.subarray(0, encodeRequest(decoded).length)) !== 0)
    throw new Error('a request is not what it was');
  if (decodeResponse(decoded, answer).kind === 'fault') throw new Error('an answer that does not answer');
}

export const target: FuzzTarget = {
  name: 'modbus',
  corpus: () =>
    ['0303480004', '040320000a', '0600210003', '10008c0002044142ffff', '2b0e0100', '03ffffffff', '0303200001'].map(
      text => Buffer.concat([encodeFrame(1, 0, 239, pdu(text)), encodeFrame(2, 0, 100, pdu('030348007d'))]),
    ),
  dictionary: () => [pdu('000100000006'), pdu('0348'), pdu('10008c'), pdu('ef'), pdu('64'), pdu('ffff'), pdu('0000')],
  run,
};
