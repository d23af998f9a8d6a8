/** The Modbus TCP gateway on a bus, a network and a clock in memory, and a client of it. */
import { setImmediate } from 'node:timers/promises';
import { modbusTcpActor } from '../../src/actors/modbus-tcp/modbus-tcp-actor.ts';
import type { Typed } from '../../src/bus/bus.ts';
import { type GatewayContext, gatewayContexts } from '../../src/bus/gateway-context.ts';
import { World } from '../../src/bus/world.ts';
import { LogBook } from '../../src/kernel/log.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { Supervisor } from '../../src/kernel/supervisor.ts';
import { VirtualClock } from '../../src/kernel/virtual-clock.ts';
import { encodeFrame } from '../../src/protocols/modbus/mbap.ts';
import { TEST_START_MS } from './clock.ts';
import { MemoryBus } from './memory-bus.ts';
import { type MemoryConnection, MemoryNet } from './memory-net.ts';

export const TEST_PORT = 1502;
export const MODBUS_SERVICE = 'com.victronenergy.modbustcp';

export interface SeenWrite {
  readonly service: string;
  readonly path: string;
  readonly typed: Typed;
}

/** A bus that notes what is written to others, with its type. */
export class WatchedBus extends MemoryBus {
  readonly seen: SeenWrite[] = [];

  override setValue(service: string, path: string, typed: Typed): Promise<number> {
    this.seen.push({ service, path, typed });
    return super.setValue(service, path, typed);
  }
}

/** A client that keeps what it reads. */
export class MemoryClient {
  readonly connection: MemoryConnection;
  #received = new Uint8Array(0);
  #transaction = 0;
  readonly #clock: VirtualClock;

  constructor(connection: MemoryConnection, clock: VirtualClock) {
    this.connection = connection;
    this.#clock = clock;
    connection.onData(bytes => {
      const joined = new Uint8Array(this.#received.length + bytes.length);
      joined.set(this.#received);
      joined.set(bytes, this.#received.length);
      this.#received = joined;
    });
  }

  /** What has come since the last look, as hexadecimal digits. */
  take(): string {
    const text = Buffer.from(this.#received).toString('hex');
    this.#received = new Uint8Array(0);
    return text;
  }

  /** Sends bytes as they are, and returns what came back at this instant. */
  async raw(hex: string): Promise<string> {
    this.connection.write(Buffer.from(hex, 'hex'));
    await this.#clock.settle();
    return this.take();
  }

  /** Sends a PDU (hexadecimal digits), and returns the PDU of the answer. */
  async ask(unit: number, pdu: string): Promise<string> {
    const frame = encodeFrame(++this.#transaction & 0xffff, 0, unit, Buffer.from(pdu, 'hex'));
    const answer = await this.raw(Buffer.from(frame).toString('hex'));
    return answer.slice(14);
  }

  /** The registers that a read brings, or the exception as a negative number. */
  async read(unit: number, register: number, count = 1): Promise<number[]> {
    const answer = await this.ask(unit, `03${word(register)}${word(count)}`);
    const bytes = Buffer.from(answer, 'hex');
    if (bytes[0] !== 3) return [-(bytes[1] ?? 0)];
    return Array.from({ length: count }, (_, i) => bytes.readUInt16BE(2 + 2 * i));
  }
}

export function word(value: number): string {
  return (value & 0xffff).toString(16).padStart(4, '0');
}

export class ModbusSystem {
  readonly clock = new VirtualClock(TEST_START_MS, () => setImmediate());
  readonly bus = new WatchedBus();
  readonly net = new MemoryNet();
  readonly logs: LogBook;
  readonly #supervisor: Supervisor<GatewayContext>;

  /** @param port as on the command line; `by settings`: they decide */
  constructor(port: number | 'by settings' = TEST_PORT) {
    this.logs = new LogBook(this.clock, () => {});
    const world = new World(this.bus, () => this.clock.monotonic());
    this.bus.observe(world);
    this.#supervisor = new Supervisor(this.clock, this.logs, seededRandom(1), gatewayContexts(this.bus, world));
    this.#supervisor.add(modbusTcpActor({ net: this.net, ...(port === 'by settings' ? {} : { port }) }));
  }

  /** Lets the gateway come up. */
  async up(): Promise<void> {
    await this.clock.settle();
    await this.clock.settle();
  }

  /** What comes of `work`, with the gateway at work meanwhile. */
  async during<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const ended = work.finally(() => {
      done = true;
    });
    while (!done) await Promise.race([ended, this.clock.settle()]);
    return ended;
  }

  client(address?: string, port = TEST_PORT): MemoryClient | undefined {
    const connection = this.net.client(port, address);
    return connection === undefined ? undefined : new MemoryClient(connection, this.clock);
  }

  /** A client; throws when nobody listens. */
  connected(address?: string, port = TEST_PORT): MemoryClient {
    const client = this.client(address, port);
    if (client === undefined) throw new Error(`nobody listens at port ${port}`);
    return client;
  }

  /** What the gateway publishes of itself. */
  shown(path: string): unknown {
    return this.bus.get(MODBUS_SERVICE, path);
  }

  get failures(): number {
    return this.#supervisor.status().filter(actor => actor.state !== 'running').length;
  }

  async stop(): Promise<void> {
    await this.#supervisor.stop();
  }
}
