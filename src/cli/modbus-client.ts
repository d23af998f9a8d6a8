/** A small Modbus TCP client: one request at a time. */
import type { Clock } from '../kernel/clock.ts';
import { describe, Fault } from '../kernel/fault.ts';
import type { Connection, Net } from '../ports/net.ts';
import { encodeFrame, MbapStream } from '../protocols/modbus/mbap.ts';
import { decodeResponse, encodeRequest, type Request } from '../protocols/modbus/pdu.ts';

/** No connection, or no answer, after this long is a fault. Milliseconds. */
export const ANSWER_MS = 5_000;

export class ModbusClient {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #stream = new MbapStream();
  readonly #host: string;
  #transaction = 0;
  #answered: (pdu: Uint8Array, transaction: number) => void = () => {};
  #failed: (reason: string) => void = () => {};

  /** Rejects with a Fault (device) when nobody answers at `host`. */
  static async connect(net: Net, clock: Clock, host: string, port: number): Promise<ModbusClient> {
    return new ModbusClient(await net.connect({ host, port, timeoutMs: ANSWER_MS }), clock, host);
  }

  private constructor(connection: Connection, clock: Clock, host: string) {
    this.#connection = connection;
    this.#clock = clock;
    this.#host = host;
    connection.onData(bytes => {
      this.#stream.feed(bytes);
      for (let frame = this.#stream.next(); frame !== undefined; frame = this.#stream.next())
        this.#answered(frame.pdu, frame.transaction);
      if (this.#stream.fault !== undefined) this.#failed(this.#stream.fault);
    });
    connection.onClose(error => this.#failed(error === undefined ? 'the connection was closed' : describe(error)));
  }

  /** The registers read; nothing for a write. Rejects with a Fault (device) for an exception, or without an answer. */
  async ask(unit: number, request: Request): Promise<Uint8Array> {
    const response = decodeResponse(request, await this.#exchange(unit, encodeRequest(request)));
    if (response.kind === 'registers') return response.data;
    if (response.kind === 'written') return new Uint8Array(0);
    const what = request.kind === 'read' ? 'reading' : 'writing';
    const which =
      request.quantity === 1 ? `register ${request.address}` : `${request.quantity} registers from ${request.address}`;
    throw new Fault('device', `unit ${unit}, ${what} ${which}: ${response.reason}`);
  }

  close(): void {
    this.#connection.destroy();
  }

  #exchange(unit: number, pdu: Uint8Array): Promise<Uint8Array> {
    const transaction = ++this.#transaction & 0xffff;
    return new Promise((resolve, reject) => {
      const timer = this.#clock.after(ANSWER_MS, () => this.#failed(`no answer within ${ANSWER_MS / 1000} s`));
      this.#failed = reason => {
        timer.cancel();
        reject(new Fault('device', `${this.#host}: ${reason}`));
      };
      this.#answered = (answer, of) => {
        // An answer to an earlier request that was given up is not ours.
        if (of !== transaction) return;
        timer.cancel();
        resolve(answer);
      };
      this.#connection.write(encodeFrame(transaction, 0, unit, pdu));
    });
  }
}
