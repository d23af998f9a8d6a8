/** One client: its bytes in, its answers out, one request at a time, and since when it keeps us waiting. */

import type { Connection } from '../../ports/net.ts';
import { FRAME_BYTES, type Frame, MbapStream, putFrame } from '../../protocols/modbus/mbap.ts';
import { MODBUS_TCP_LIMITS as LIMITS } from './limits.ts';

/** Where answers get their header; a connection copies what it is given. */
const frameBytes = new Uint8Array(FRAME_BYTES);

/** Answers one request of a client; sooner or later. */
export type Answerer = (unit: number, pdu: Uint8Array, session: Session) => Uint8Array | Promise<Uint8Array>;

export class Session {
  readonly connection: Connection;
  readonly #stream = new MbapStream();
  readonly #answer: Answerer;
  /** Called when there is a request to serve. */
  readonly #ready: (session: Session) => void;
  readonly #now: () => number;
  /** Waits for the answer of an item that is being written. */
  #busy = false;
  #closed = false;
  #unreadSince: number | undefined;
  #partialSince: number | undefined;
  /** When the last request came, or the connection. Milliseconds of the monotonic clock. */
  activeAt: number;
  /** Requests answered. */
  requests = 0;
  /** Waits for its turn. */
  queued = false;

  constructor(connection: Connection, now: () => number, answer: Answerer, ready: (session: Session) => void) {
    this.connection = connection;
    this.#now = now;
    this.#answer = answer;
    this.#ready = ready;
    this.activeAt = now();
  }

  /** What is wrong with the bytes of this client, in words. */
  get fault(): string | undefined {
    return this.#stream.fault;
  }

  /** Whether a request can be served now. */
  get canServe(): boolean {
    return !this.#busy && !this.#closed && this.#unreadSince === undefined && this.#stream.ready;
  }

  received(bytes: Uint8Array): void {
    this.#stream.feed(bytes);
    this.#lookForMore();
  }

  drained(): void {
    this.#unreadSince = undefined;
    this.#resume();
  }

  /**
   * Serves one request, if there is one.
   * @param now milliseconds of the monotonic clock
   */
  serveOne(now: number): void {
    const frame = this.#stream.next();
    if (frame === undefined) return;
    this.activeAt = now;
    this.requests++;
    const answer = this.#answer(frame.unit, frame.pdu, this);
    if (answer instanceof Promise) {
      this.#busy = true;
      this.connection.pause();
      const answered = (pdu: Uint8Array): void => {
        this.#busy = false;
        this.#send(frame, pdu);
        this.#resume();
      };
      // Without an answer the client must not believe that anything was written.
      answer.then(answered, () => this.close());
      return;
    }
    this.#send(frame, answer);
    this.#lookForMore();
  }

  /** Why this client should be closed now, in words; undefined when it is well. */
  overdue(now: number): string | undefined {
    if (this.#busy) return undefined;
    const { partialFrameMs, unreadMs, idleMs } = LIMITS;
    if (this.#unreadSince !== undefined && now - this.#unreadSince >= unreadMs)
      return `did not read its answers for ${unreadMs / 1000} s`;
    if (this.#partialSince !== undefined && now - this.#partialSince >= partialFrameMs)
      return `a request was not whole after ${partialFrameMs / 1000} s`;
    if (now - this.activeAt >= idleMs) return `no request for ${idleMs / 60_000} min`;
    return undefined;
  }

  close(): void {
    this.#closed = true;
    this.connection.destroy();
  }

  #send({ transaction, protocol, unit }: Frame, pdu: Uint8Array): void {
    if (this.#closed) return;
    const length = putFrame(frameBytes, transaction, protocol, unit, pdu);
    if (this.connection.write(frameBytes.subarray(0, length))) return;
    this.#unreadSince = this.#now();
    this.connection.pause();
  }

  #resume(): void {
    if (this.#closed || this.#busy || this.#unreadSince !== undefined) return;
    this.connection.resume();
    this.#lookForMore();
  }

  #lookForMore(): void {
    const waiting = this.#stream.held > 0 && !this.#stream.ready;
    this.#partialSince = waiting ? (this.#partialSince ?? this.#now()) : undefined;
    if (this.canServe) this.#ready(this);
  }
}
