/**
 * A node of an NMEA 2000 network: it has an address, says who it is when asked, and gives and takes whole messages
 * (fact sheet vecan-n2k, sections 3 and 4).
 */
import type { Clock, Timer } from '../../kernel/clock.ts';
import { Fault } from '../../kernel/fault.ts';
import type { Random } from '../../kernel/random.ts';
import type { CanFrame, CanSocket } from '../../ports/can.ts';
import { BROADCAST, decodeId, encodeId } from '../../protocols/nmea2000/can-id.ts';
import { FastPacketAssembler, type FastPacketFaults, splitFastPacket } from '../../protocols/nmea2000/fast-packet.ts';
import { TRANSPORT_CONTROL, TRANSPORT_DATA, TransportAssembler } from '../../protocols/nmea2000/iso-transport.ts';
import {
  decodeMessage,
  encodeMessage,
  FRAME_OCTETS,
  type Message,
  type ValuesOf,
} from '../../protocols/nmea2000/message.ts';
import { encodeName, type Name } from '../../protocols/nmea2000/name.ts';
import { isFast } from '../../protocols/nmea2000/pgns.ts';
import {
  addressClaim,
  commandedAddress,
  configurationInformation,
  heartbeat,
  isoAcknowledgement,
  isoRequest,
  pgnList,
  productInformation,
} from '../../protocols/nmea2000/tables/network.ts';
import { AddressClaim } from './address-claim.ts';

/** A whole message of another node. */
export interface Heard {
  readonly pgn: number;
  readonly source: number;
  /** Our address, or `BROADCAST`. */
  readonly destination: number;
  readonly bytes: Uint8Array;
}

/** Who a node is. */
export interface NodeIdentity {
  readonly name: Name;
  readonly product: ValuesOf<typeof productInformation>;
  readonly configuration: ValuesOf<typeof configurationInformation>;
  /** PGNs that it sends, and takes, besides those that every node does. */
  readonly sends: readonly number[];
  readonly takes: readonly number[];
}

export interface NodeOptions {
  readonly preferredAddress: number;
  /** Numbers from 0 to 1. */
  readonly random: Random;
}

export interface NodeEvents {
  /** A message for us or for all. Those that every node answers are not given. */
  heard(message: Heard): void;
  /** Our address, or undefined while there is none. */
  address(address: number | undefined): void;
  /** Another node claims an address, or says that it has none. @param name 8 octets */
  claimed(source: number, name: Uint8Array): void;
  /** Another node has our NAME: two devices with one unique number. */
  sameName(): void;
  /** Sending failed; what was sent is lost. */
  failed(error: unknown): void;
}

/** The sequence counter of the heartbeat goes around before the codes that are no numbers. */
const HEARTBEAT_COUNTS = 253;
const REFUSED = 1;
/** Between two answers with one PGN. Milliseconds. */
const ANSWER_GAP_MS = 100;
/** How often messages that lack frames are dropped. Milliseconds. */
const EXPIRE_MS = 1000;
/** What every node sends, and takes. */
const ALWAYS_SENT = [
  isoAcknowledgement,
  addressClaim,
  pgnList,
  heartbeat,
  productInformation,
  configurationInformation,
];
const ALWAYS_TAKEN = [isoAcknowledgement, isoRequest, addressClaim, commandedAddress];

export class NetworkNode {
  /** Frames of which the identifier is none of NMEA 2000. */
  foreignFrames = 0;
  readonly #socket: CanSocket;
  readonly #clock: Clock;
  readonly #identity: NodeIdentity;
  readonly #events: NodeEvents;
  readonly #name: Uint8Array;
  readonly #claim: AddressClaim;
  readonly #fast = new FastPacketAssembler();
  readonly #transport = new TransportAssembler();
  /** PGN → sequence of its next fast packet. */
  readonly #sequences = new Map<number, number>();
  /** PGN that we send → when it was asked for last. */
  readonly #askedAt = new Map<number, number>();
  readonly #timers: readonly Timer[];
  #beats = 0;

  /** @param socket open, with 29-bit identifiers; it stays its owner's */
  constructor(socket: CanSocket, clock: Clock, identity: NodeIdentity, options: NodeOptions, events: NodeEvents) {
    this.#socket = socket;
    this.#clock = clock;
    this.#identity = identity;
    this.#events = events;
    this.#name = encodeName(identity.name);
    this.#claim = new AddressClaim(
      clock,
      options.random,
      { name: this.#name, arbitrary: identity.name.arbitraryAddress, preferred: options.preferredAddress },
      {
        claim: source => this.#queue(addressClaim.priority, addressClaim.pgn, source, BROADCAST, this.#name),
        changed: address => events.address(address),
        sameName: () => events.sameName(),
      },
    );
    socket.onFrames(frames => {
      for (const frame of frames) this.#frame(frame);
    });
    this.#timers = [
      clock.every(heartbeat.intervalMs, () => this.#beat()),
      clock.every(EXPIRE_MS, () => this.#fast.expire(clock.monotonic())),
    ];
  }

  /** Undefined while we have none: nothing can be sent. */
  get address(): number | undefined {
    return this.#claim.address;
  }

  get faults(): Readonly<FastPacketFaults> {
    return this.#fast.faults;
  }

  /** Sends a message. @returns false while we have no address */
  send<M extends Message>(message: M, values: ValuesOf<M>, destination = BROADCAST): boolean {
    return this.sendRaw(message.pgn, encodeMessage(message, values), message.priority, destination);
  }

  /** As `send`, for messages without a table. */
  sendRaw(pgn: number, bytes: Uint8Array, priority: number, destination = BROADCAST): boolean {
    const source = this.address;
    if (source === undefined) return false;
    if (!isFast(pgn)) {
      if (bytes.length > FRAME_OCTETS)
        throw new Fault('bug', `${bytes.length} octets do not fit one frame of PGN ${pgn}`);
      this.#queue(priority, pgn, source, destination, bytes);
      return true;
    }
    const sequence = this.#sequences.get(pgn) ?? 0;
    this.#sequences.set(pgn, sequence + 1);
    for (const frame of splitFastPacket(bytes, sequence)) this.#queue(priority, pgn, source, destination, frame);
    return true;
  }

  stop(): void {
    this.#claim.stop();
    this.#socket.onFrames(() => {});
    for (const timer of this.#timers) timer.cancel();
  }

  #frame(frame: CanFrame): void {
    const id = frame.extended ? decodeId(frame.id) : undefined;
    if (id === undefined) {
      this.foreignFrames++;
      return;
    }
    const { pgn, source, destination } = id;
    const now = this.#clock.monotonic();
    if (pgn === addressClaim.pgn) {
      if (frame.data.length < this.#name.length) return;
      this.#claim.heardClaim(source, frame.data);
      this.#events.claimed(source, frame.data);
      return;
    }
    if (source === this.address) this.#claim.heardOwnSource();
    if (destination !== BROADCAST && destination !== this.address) return;
    if (pgn === TRANSPORT_CONTROL || pgn === TRANSPORT_DATA) {
      const whole = this.#transport.push(source, pgn, frame.data, now);
      if (whole !== undefined) this.#message({ ...whole, source, destination });
      return;
    }
    const bytes = isFast(pgn) ? this.#fast.push(source, pgn, frame.data, now) : frame.data;
    if (bytes !== undefined) this.#message({ pgn, source, destination, bytes });
  }

  #message(heard: Heard): void {
    if (heard.pgn === isoRequest.pgn) this.#requested(heard);
    else if (heard.pgn === commandedAddress.pgn) this.#commanded(heard.bytes);
    else this.#events.heard(heard);
  }

  #requested(heard: Heard): void {
    const { pgn } = decodeMessage(isoRequest, heard.bytes).values;
    switch (pgn) {
      case undefined:
      case null:
        return;
      case addressClaim.pgn:
        this.#claim.asked();
        return;
      default:
        if (this.#isTooSoon(pgn)) return;
        if (this.tell(pgn, heard.source)) return;
        if (this.#identity.sends.includes(pgn)) this.#events.heard(heard);
        // A request to all is left to those who have an answer.
        else if (heard.destination !== BROADCAST) this.#refuse(heard.source, pgn);
    }
  }

  /** Who asks again and again must not fill the bus with our answers, which are long. */
  #isTooSoon(pgn: number): boolean {
    const isKnown = this.#identity.sends.includes(pgn) || ALWAYS_SENT.some(message => message.pgn === pgn);
    if (!isKnown) return false;
    const now = this.#clock.monotonic();
    const last = this.#askedAt.get(pgn);
    if (last !== undefined && now - last < ANSWER_GAP_MS) return true;
    this.#askedAt.set(pgn, now);
    return false;
  }

  /** Sends what every node tells of itself. @returns false when it is no such message */
  tell(pgn: number, destination: number): boolean {
    if (pgn === productInformation.pgn) this.send(productInformation, this.#identity.product);
    else if (pgn === configurationInformation.pgn) this.send(configurationInformation, this.#identity.configuration);
    else if (pgn === pgnList.pgn) this.#tellLists(destination);
    else if (pgn === heartbeat.pgn) this.#beat();
    else return false;
    return true;
  }

  #refuse(source: number, pgn: number): void {
    this.send(isoAcknowledgement, { control: REFUSED, pgn }, source);
  }

  #tellLists(destination: number): void {
    const { sends, takes } = this.#identity;
    const lists = [
      [...ALWAYS_SENT.map(({ pgn }) => pgn), ...sends],
      [...ALWAYS_TAKEN.map(({ pgn }) => pgn), ...takes],
    ];
    lists.forEach((pgns, functionCode) => {
      const list = [...new Set(pgns)].sort((a, b) => a - b).map(pgn => ({ pgn }));
      this.sendRaw(pgnList.pgn, encodeMessage(pgnList, { functionCode }, list), pgnList.priority, destination);
    });
  }

  #commanded(bytes: Uint8Array): void {
    const { newSourceAddress } = decodeMessage(commandedAddress, bytes).values;
    if (typeof newSourceAddress === 'number')
      this.#claim.commanded(bytes.subarray(0, this.#name.length), newSourceAddress);
  }

  #beat(): void {
    const sent = this.send(heartbeat, {
      dataTransmitOffset: heartbeat.intervalMs / 1000,
      sequenceCounter: this.#beats,
      controller1State: 0,
      equipmentStatus: 0,
    });
    if (sent) this.#beats = (this.#beats + 1) % HEARTBEAT_COUNTS;
  }

  #queue(priority: number, pgn: number, source: number, destination: number, data: Uint8Array): void {
    const id = encodeId({ priority, pgn, source, destination });
    this.#socket.send({ id, extended: true, data }).catch((error: unknown) => this.#events.failed(error));
  }
}
