/** A device on a simulated NMEA 2000 network: it claims an address, says who it is, and takes what it is told. */
import type { Owned } from '../../../kernel/actor.ts';
import type { Clock, Timer } from '../../../kernel/clock.ts';
import type { Random } from '../../../kernel/random.ts';
import type { CanSocket } from '../../../ports/can.ts';
import { BROADCAST } from '../../../protocols/nmea2000/can-id.ts';
import { decodeGroupFunction, PARAMETER_ERRORS } from '../../../protocols/nmea2000/group-function.ts';
import type { FieldValue, Message, ValuesOf } from '../../../protocols/nmea2000/message.ts';
import { MARINE, type Name, VICTRON } from '../../../protocols/nmea2000/name.ts';
import { GROUP_FUNCTION, PROPRIETARY_FAST, PROPRIETARY_SINGLE } from '../../../protocols/nmea2000/pgns.ts';
import { addressClaim, configurationInformation, isoRequest } from '../../../protocols/nmea2000/tables/network.ts';
import {
  decodeVreg,
  encodeVreg,
  VREG_CODES,
  VREG_PRIORITY,
  type VregMessage,
} from '../../../protocols/nmea2000/vreg.ts';
import { encodeText } from '../../../protocols/vedirect/hex-values.ts';
import { COMMON_REGISTERS } from '../../../protocols/vedirect/registers.ts';
import { type FieldOrder, GroupAnswers, instanceOrder } from '../group-answers.ts';
import { type Heard, NetworkNode } from '../node.ts';

/** Its registers; what a simulated device on VE.Direct has too. */
export interface RegisterSource {
  /** `flags` other than 0: there is no such register. */
  get(id: number): { readonly flags: number; readonly value: Uint8Array };
  /** `flags` other than 0: not taken. */
  set(id: number, value: Uint8Array): { readonly flags: number; readonly value: Uint8Array };
}

export interface SimulatedNodeOptions {
  readonly uniqueNumber: number;
  /** Class and function of the NAME. */
  readonly deviceClass: number;
  readonly deviceFunction: number;
  readonly instance?: number;
  /** 358 is Victron. */
  readonly manufacturer?: number;
  readonly model: string;
  readonly software?: string;
  readonly serial?: string;
  readonly preferredAddress?: number;
  readonly registers?: RegisterSource;
  /** 24 bits, of register 0x0102. */
  readonly firmware?: number;
  /** Messages that are sent, in their intervals; undefined: nothing to tell now. */
  readonly messages: readonly SimulatedMessage[];
  /** Sets a field of a message. @returns whether it is taken */
  readonly take?: (pgn: number, orders: ReadonlyMap<string, FieldValue>) => boolean;
  /** Lives on for so many seconds. */
  readonly step?: (seconds: number) => void;
}

export interface SimulatedMessage {
  readonly message: Message;
  readonly intervalMs: number;
  readonly read: () => Readonly<Record<string, number | null>> | undefined;
}

/** A message that a simulated device sends. */
export function says<M extends Message>(
  message: M,
  read: () => ValuesOf<M> | undefined,
  intervalMs = message.intervalMs ?? 1_500,
): SimulatedMessage {
  return { message, intervalMs, read: read as SimulatedMessage['read'] }; // the values are those of this message
}

const STEP_MS = 1_000;
const GROUP_PRIORITY = 3;
const REFUSED = [VREG_CODES.unknownRequested, VREG_CODES.unknownCommanded] as const;
const FIRST_ADDRESS = 40;
/** Octets of a value in one frame. */
const SINGLE_PAYLOAD = 4;

export class SimulatedNode implements Owned {
  readonly #socket: CanSocket;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #options: SimulatedNodeOptions;
  readonly #answers: GroupAnswers;
  readonly #timers: Timer[];
  #node: NetworkNode;
  #instance: number;
  /** Installation description: its name given by the user. */
  #description = '';
  #silent = false;

  /** @param socket open, with 29-bit identifiers; it stays its owner's */
  constructor(socket: CanSocket, clock: Clock, random: Random, options: SimulatedNodeOptions) {
    this.#socket = socket;
    this.#clock = clock;
    this.#random = random;
    this.#options = options;
    this.#instance = options.instance ?? 0;
    this.#node = this.#join(options.preferredAddress ?? FIRST_ADDRESS);
    this.#answers = new GroupAnswers({
      command: (pgn, orders) => this.#command(pgn, orders),
      request: (pgn, source) => this.#node.tell(pgn, source) || this.#sendNow(pgn),
      send: (bytes, destination) => this.#node.sendRaw(GROUP_FUNCTION, bytes, GROUP_PRIORITY, destination),
    });
    this.#timers = [...new Set(options.messages.map(({ intervalMs }) => intervalMs))].map(intervalMs =>
      clock.every(intervalMs, () => this.#send(options.messages.filter(one => one.intervalMs === intervalMs))),
    );
    const { step } = options;
    if (step !== undefined) this.#timers.push(clock.every(STEP_MS, () => step(STEP_MS / 1_000)));
  }

  get address(): number | undefined {
    return this.#node.address;
  }

  get instance(): number {
    return this.#instance;
  }

  get description(): string {
    return this.#description;
  }

  /** Says nothing more, or begins again: a device that hangs. */
  set silent(silent: boolean) {
    this.#silent = silent;
  }

  /** Tells the value of a register to all. */
  tell(register: number): void {
    const answer = this.#options.registers?.get(register);
    if (answer?.flags === 0) this.#say({ kind: 'value', register, payload: answer.value });
  }

  /** Unplugs it. */
  release(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#node.stop();
  }

  #join(preferredAddress: number): NetworkNode {
    const { model, software = '1.00', serial, uniqueNumber, messages } = this.#options;
    return new NetworkNode(
      this.#socket,
      this.#clock,
      {
        name: this.#name(),
        product: {
          nmea2000Version: 2.1,
          productCode: 1,
          modelId: model,
          softwareVersionCode: software,
          modelVersion: 'simulated',
          modelSerialCode: serial ?? `SIM${uniqueNumber}`,
          certificationLevel: 0,
          loadEquivalency: 1,
        },
        configuration: { installationDescription1: this.#description },
        sends: messages.map(({ message }) => message.pgn),
        takes: [GROUP_FUNCTION],
      },
      { preferredAddress, random: this.#random },
      {
        heard: message => this.#heard(message),
        claimed: () => {},
        address: () => {},
        sameName: () => {},
        // On a bus without others nobody takes the frames.
        failed: () => {},
      },
    );
  }

  #name(): Name {
    const { uniqueNumber, manufacturer = VICTRON, deviceClass, deviceFunction } = this.#options;
    return {
      uniqueNumber,
      manufacturer,
      deviceInstance: this.#instance,
      deviceFunction,
      deviceClass,
      systemInstance: 0,
      industry: MARINE,
      arbitraryAddress: true,
    };
  }

  /** With another NAME, at the same address. */
  #rejoin(): void {
    const address = this.#node.address ?? FIRST_ADDRESS;
    this.#node.stop();
    this.#node = this.#join(address);
  }

  #heard({ pgn, source, destination, bytes }: Heard): void {
    if (this.#silent) return;
    if (pgn === GROUP_FUNCTION && destination !== BROADCAST) {
      const message = decodeGroupFunction(bytes);
      if (message !== undefined) this.#answers.heard(source, message);
    } else if (pgn === PROPRIETARY_SINGLE || pgn === PROPRIETARY_FAST) {
      const message = decodeVreg(bytes);
      if (message !== undefined) this.#register(message, source, destination !== BROADCAST);
    } else if (pgn === isoRequest.pgn)
      this.#sendNow((bytes[0] ?? 0) + (bytes[1] ?? 0) * 0x100 + (bytes[2] ?? 0) * 0x1_0000);
  }

  #register(message: VregMessage, source: number, isAddressed: boolean): void {
    if (message.kind === 'ping') this.#say(message);
    if (message.kind === 'request') {
      const payload = this.#read(message.register);
      if (payload !== undefined) this.#say({ kind: 'value', register: message.register, payload });
      else if (isAddressed) this.#refuse(message.register, REFUSED[0], source);
    }
    if (message.kind !== 'value' || !isAddressed) return;
    const { registers } = this.#options;
    // Frames are filled up: only the octets of the register count. A text is as long as it is.
    const length = message.payload.length > SINGLE_PAYLOAD ? undefined : registers?.get(message.register).value.length;
    const answer = registers?.set(message.register, message.payload.subarray(0, length));
    if (answer?.flags === 0) this.#say({ kind: 'value', register: message.register, payload: answer.value });
    else this.#refuse(message.register, answer === undefined ? REFUSED[1] : VREG_CODES.invalid, source);
  }

  #read(register: number): Uint8Array | undefined {
    const { firmware, serial } = this.#options;
    if (register === COMMON_REGISTERS.appVersion.id && firmware !== undefined)
      return Uint8Array.of(0, firmware & 0xff, (firmware >> 8) & 0xff, firmware >> 16);
    const answer = this.#options.registers?.get(register);
    if (answer?.flags === 0) return answer.value;
    return register === COMMON_REGISTERS.serialNumber.id && serial !== undefined ? encodeText(serial) : undefined;
  }

  #refuse(register: number, code: number, destination: number): void {
    this.#say({ kind: 'acknowledge', register, code }, destination);
  }

  #say(message: VregMessage, destination = BROADCAST): void {
    const output = encodeVreg(message);
    if (output !== undefined && !this.#silent)
      this.#node.sendRaw(output.pgn, output.message, VREG_PRIORITY, destination);
  }

  #command(pgn: number, orders: readonly FieldOrder[]): readonly number[] | undefined {
    if (pgn === addressClaim.pgn) {
      const { instance, errors, isTaken } = instanceOrder(this.#instance, orders);
      if (isTaken) {
        this.#instance = instance;
        // The answer goes out with the old NAME.
        this.#clock.soon(() => this.#rejoin());
      }
      return errors;
    }
    if (pgn === configurationInformation.pgn) {
      const order = orders.find(({ name }) => name === 'installationDescription1');
      this.#description = typeof order?.value === 'string' ? order.value : '';
      this.#clock.soon(() => this.#rejoin());
      return orders.map(one => (one === order ? PARAMETER_ERRORS.none : PARAMETER_ERRORS.accessDenied));
    }
    const { take } = this.#options;
    if (take === undefined) return undefined;
    const isTaken = take(pgn, new Map(orders.map(({ name, value }) => [name, value])));
    return orders.map(() => (isTaken ? PARAMETER_ERRORS.none : PARAMETER_ERRORS.outOfRange));
  }

  #sendNow(pgn: number): boolean | undefined {
    const messages = this.#options.messages.filter(({ message }) => message.pgn === pgn);
    if (messages.length === 0) return undefined;
    this.#send(messages);
    return true;
  }

  #send(messages: readonly SimulatedMessage[]): void {
    if (this.#silent) return;
    for (const { message, read } of messages) {
      const values = read();
      if (values !== undefined) this.#node.send<Message>(message, values);
    }
  }
}
