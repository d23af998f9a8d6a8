/**
 * What the driver for VE.Can makes of messages: the table of nodes, where each message belongs, the values it tells, what
 * a device says of itself, and registers. The input is messages: source, milliseconds since the one before, which kind,
 * how many octets, octets.
 */
import { Interview } from '../../src/drivers/vecan/interview.ts';
import { NODE_LIMIT, NodeTable } from '../../src/drivers/vecan/node-table.ts';
import { Placement } from '../../src/drivers/vecan/placement.ts';
import type { ServiceKind } from '../../src/drivers/vecan/rows/row.ts';
import { ToldValues } from '../../src/drivers/vecan/told-values.ts';
import { VregLine } from '../../src/drivers/vecan/vreg-line.ts';
import { VirtualClock } from '../../src/kernel/virtual-clock.ts';
import { decodeMessage, encodeMessage, type Message } from '../../src/protocols/nmea2000/message.ts';
import { decodeName, encodeName, MARINE, type Name, VICTRON } from '../../src/protocols/nmea2000/name.ts';
import { MESSAGES } from '../../src/protocols/nmea2000/pgns.ts';
import { addressClaim } from '../../src/protocols/nmea2000/tables/network.ts';
import { decodeVreg, encodeVreg } from '../../src/protocols/nmea2000/vreg.ts';
import { findRow } from '../../src/schema/row.ts';
import type { FuzzTarget } from './fuzz.ts';

const HEAD = 4;
/** Kinds: every message, and registers. */
const REGISTER = MESSAGES.length;
/** Of all values of one service. */
const PATH_LIMIT = 300;

const NAME: Name = {
  uniqueNumber: 1,
  manufacturer: VICTRON,
  deviceInstance: 0,
  deviceFunction: 130,
  deviceClass: 35,
  systemInstance: 0,
  industry: MARINE,
  arbitraryAddress: true,
};

/** One device, as the driver holds it. */
class Held {
  readonly #clock: VirtualClock;
  readonly #interview: Interview;
  readonly #line: VregLine;
  readonly #told = new Map<string, { readonly kind: ServiceKind; readonly told: ToldValues }>();
  #placement: Placement;

  constructor(clock: VirtualClock, name: Name) {
    this.#clock = clock;
    this.#placement = new Placement(name, undefined);
    this.#interview = new Interview(clock, true, {
      request: () => {},
      read: () => {},
      learnt: () => {
        this.#placement = new Placement(name, this.#interview.facts.productId);
      },
      done: () => {},
    });
    this.#line = new VregLine(clock, () => {});
    void this.#line.get(0x0200);
    void this.#line.set(0x0201, Uint8Array.of(1));
  }

  message(message: Message, bytes: Uint8Array): void {
    const now = this.#clock.monotonic();
    this.#interview.heard(message.pgn, bytes);
    const said = decodeMessage<Message>(message, bytes);
    for (const { kind, key, dc = 0 } of this.#placement.places(message.pgn, said.values)) {
      if (!(dc >= 0 && dc <= 2)) throw new Error(`output ${dc}`);
      const id = `${kind.type} ${key}`;
      const held = this.#told.get(id) ?? { kind, told: new ToldValues(kind, now) };
      this.#told.set(id, held);
      for (const [path, value] of held.told.take(message, said, dc, now)) {
        if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${path} is ${value}`);
        if (dc === 0 && findRow(kind.schema, path) === undefined) throw new Error(`${kind.type} has no ${path}`);
      }
      held.told.expire(now);
      if (held.told.all().length > PATH_LIMIT) throw new Error(`${id} has too many values`);
    }
  }

  register(bytes: Uint8Array): void {
    const vreg = decodeVreg(bytes);
    if (vreg === undefined) return;
    this.#interview.told(vreg);
    this.#line.heard(vreg);
  }

  stop(): void {
    this.#interview.stop();
    this.#line.close();
  }
}

function hear(bytes: Uint8Array): void {
  const clock = new VirtualClock(0);
  const devices = new Map<object, Held>();
  const table = new NodeTable({
    came: node => devices.set(node, new Held(clock, node.name)),
    changed: () => {},
    left: node => {
      devices.get(node)?.stop();
      devices.delete(node);
    },
    ask: () => {},
  });
  let now = 0;
  for (let at = 0; at + HEAD <= bytes.length; ) {
    const [source = 0, passed = 0, which = 0, length = 0] = bytes.subarray(at, at + HEAD);
    const octets = bytes.subarray(at + HEAD, at + HEAD + length);
    at += HEAD + length;
    now += passed * 10;
    const kind = which % (REGISTER + 1);
    const message = MESSAGES[kind];
    if (message?.pgn === addressClaim.pgn) table.claimed(source, octets, now);
    else {
      const node = table.heard(source, now);
      const device = node === undefined ? undefined : devices.get(node);
      if (message === undefined) device?.register(octets);
      else device?.message(message, octets);
    }
    table.look(now);
    if (table.size > NODE_LIMIT || devices.size !== table.size)
      throw new Error(`${devices.size} of ${table.size} nodes`);
  }
  for (const device of devices.values()) device.stop();
}

function input(source: number, message: Message | undefined, octets: Uint8Array): Uint8Array {
  const kind = message === undefined ? REGISTER : MESSAGES.indexOf(message);
  return Uint8Array.of(source, 1, kind, octets.length, ...octets);
}

export const target: FuzzTarget = {
  name: 'vecan',
  corpus: () => {
    const claim = (source: number, name: Name): Uint8Array => input(source, addressClaim, encodeName(name));
    const product = encodeVreg({ kind: 'value', register: 0x0100, payload: Uint8Array.of(0, 0x02, 0xa1, 0) });
    return MESSAGES.map(message => {
      const values = Object.fromEntries(
        message.fields.flatMap(field => (field.kind === 'number' ? [[field.name, field.offset + field.scale]] : [])),
      );
      const parts = [
        claim(9, NAME),
        claim(10, { ...NAME, uniqueNumber: 2, manufacturer: 717, deviceClass: 75 }),
        input(9, undefined, product?.message ?? new Uint8Array()),
        input(9, message, encodeMessage<Message>(message, values)),
        input(10, message, encodeMessage<Message>(message, values)),
      ];
      return Uint8Array.from(parts.flatMap(part => [...part]));
    });
  },
  dictionary: () => [
    input(9, addressClaim, encodeName(NAME)),
    input(9, addressClaim, encodeName({ ...NAME, deviceInstance: 9 })),
    Uint8Array.of(0x66, 0x99),
    new Uint8Array(8).fill(0xff),
  ],
  run(bytes) {
    hear(bytes);
    const name = decodeName(bytes);
    if (name !== undefined) new Placement(name, bytes[8] === undefined ? undefined : bytes[8] * 0x101);
  },
};
