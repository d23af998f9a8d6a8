/** Single-phase energy meters EM111, EM112 and ET112 on RS485 (fact sheet energy-meters, section 1). */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { Link } from '../../ports/link.ts';
import { decodeResponse, encodeReadResponse, encodeRequest, type Request, word } from '../../protocols/modbus/pdu.ts';
import { decodeRtu, encodeRtu } from '../../protocols/modbus/rtu.ts';
import { gridSchema } from '../../schema/grid.ts';
import type { DriverSession, SerialDriver, SerialPort } from '../driver.ts';
import { PortDevice } from '../port-device.ts';

const UNIT = 1;
const DEVICE_ID = { register: 0x000b, first: 102, last: 121 } as const;
const PRODUCT_ID = 0xb00c;
const FIRST_INSTANCE = 30;
/** A question each so often; an answer that takes longer is none. */
const POLL_MS = 250;
/** A meter that is lost has missed so many answers. */
const SILENT_MS = 5 * POLL_MS;
const INVALID = 0x7fff_ffff;

/** Values of 32 bits, low word first. */
const VALUES = [
  { register: 0x00, scale: 0.1, paths: ['/Ac/L1/Voltage', '/Ac/Voltage'] },
  { register: 0x02, scale: 0.001, paths: ['/Ac/L1/Current', '/Ac/Current'] },
  { register: 0x04, scale: 0.1, paths: ['/Ac/L1/Power', '/Ac/Power'] },
  { register: 0x10, scale: 0.1, paths: ['/Ac/L1/Energy/Forward', '/Ac/Energy/Forward'] },
  // Some meters count it below zero.
  { register: 0x20, scale: 0.1, paths: ['/Ac/L1/Energy/Reverse', '/Ac/Energy/Reverse'], size: true },
] as const;

const read = (address: number, quantity: number): Request => ({ kind: 'read', functionCode: 3, address, quantity });
const ASK_ID = read(DEVICE_ID.register, 1);
/** In turn: what flows now every other time, the counters in between. */
const READS = [read(0x00, 6), read(0x10, 2), read(0x00, 6), read(0x20, 2)];

export const et112Driver: SerialDriver = {
  name: 'et112',
  baudRate: 9_600,
  asks: true,
  begin: (link, port, context) => new Et112Session(link, port, context),
};

class Et112Session extends PortDevice<typeof gridSchema> implements DriverSession {
  #asked = ASK_ID;
  #turn = 0;
  #bytes: number[] = [];
  faults = 0;

  constructor(link: Link, port: SerialPort, context: GatewayContext) {
    super(context, port, { recogniseMs: SILENT_MS, silentMs: SILENT_MS });
    const ask = (): void => {
      // What is left is no answer of this meter to this question.
      if (this.#bytes.length > 0) this.faults++;
      this.#bytes = [];
      if (this.service !== undefined) this.#asked = READS[this.#turn++ % READS.length] ?? ASK_ID;
      // A link that takes nothing is closed by its owner.
      link.write(encodeRtu(UNIT, encodeRequest(this.#asked))).catch(() => {});
    };
    ask();
    this.every(POLL_MS, ask);
  }

  receive(bytes: Uint8Array): void {
    this.#bytes = [...this.#bytes, ...bytes].slice(-256);
    const frame = decodeRtu(Uint8Array.from(this.#bytes));
    if (frame === undefined || frame.unit !== UNIT) return;
    const answer = decodeResponse(this.#asked, frame.pdu);
    if (answer.kind !== 'registers') return;
    this.#bytes = [];
    this.heard();
    if (this.#asked === ASK_ID) this.#identify(word(answer.data, 0));
    else this.#show(this.#asked.address, answer.data);
  }

  #identify(id: number): void {
    if (id < DEVICE_ID.first || id > DEVICE_ID.last) return;
    this.found({
      serviceName: `com.victronenergy.grid.cgwacs_${this.port.tty}_mb${UNIT}`,
      schema: gridSchema,
      type: 'grid',
      unique: `cgwacs_${this.port.tty}`,
      firstInstance: FIRST_INSTANCE,
      product: { productId: PRODUCT_ID, productName: 'Grid meter', firmwareVersion: null },
    });
  }

  #show(address: number, data: Uint8Array): void {
    for (const { register, scale, paths, ...row } of VALUES) {
      const at = 2 * (register - address);
      if (at < 0 || at + 4 > data.length) continue;
      const raw = word(data, at) | (word(data, at + 2) << 16);
      const value = raw === INVALID ? null : ('size' in row ? Math.abs(raw) : raw) / Math.round(1 / scale);
      for (const path of paths) this.service?.set(path, value);
    }
  }
}

/** The meter's end of the line: answers what it is asked. @param watts what flows now */
export function simulateEt112(watts: () => number, write: (bytes: Uint8Array) => void): (bytes: Uint8Array) => void {
  return bytes => {
    const frame = decodeRtu(bytes);
    if (frame?.unit !== UNIT || frame.pdu[0] !== 3) return;
    const [address, quantity] = [word(frame.pdu, 1), word(frame.pdu, 3)];
    const registers = new DataView(new ArrayBuffer(256));
    for (const [at, value] of [
      [0, 2300],
      [2, watts() * (1000 / 230)],
      [4, watts() * 10],
      [0x10, 12_345],
      [0x20, -50],
    ] as const) {
      registers.setUint16(2 * at, Math.round(value) & 0xffff);
      registers.setUint16(2 * at + 2, Math.round(value) >> 16);
    }
    if (address === DEVICE_ID.register) registers.setUint16(2 * address, DEVICE_ID.first);
    write(encodeRtu(UNIT, encodeReadResponse(3, new Uint8Array(registers.buffer, 2 * address, 2 * quantity))));
  };
}
