/**
 * VE.Can, and any NMEA 2000 network, on one interface: we are a node of it, know the others, and show each device as
 * services. The socket is ours until `stop`.
 */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { Owned } from '../../kernel/actor.ts';
import type { Timer } from '../../kernel/clock.ts';
import { describe } from '../../kernel/fault.ts';
import type { CanSocket } from '../../ports/can.ts';
import { BROADCAST } from '../../protocols/nmea2000/can-id.ts';
import { decodeGroupFunction } from '../../protocols/nmea2000/group-function.ts';
import type { Message, Values } from '../../protocols/nmea2000/message.ts';
import { GROUP_FUNCTION, PROPRIETARY_FAST, PROPRIETARY_SINGLE } from '../../protocols/nmea2000/pgns.ts';
import { addressClaim, isoRequest } from '../../protocols/nmea2000/tables/network.ts';
import { decodeVreg, encodeVreg, VREG_PRIORITY, type VregMessage } from '../../protocols/nmea2000/vreg.ts';
import type { CanPort, CanSession } from '../driver.ts';
import { Device, type DeviceNetwork } from './device.ts';
import { filtersWith } from './filters.ts';
import { GroupAnswers, instanceOrder } from './group-answers.ts';
import { GroupCommands } from './group-commands.ts';
import { NetworkService } from './network-service.ts';
import { type NetworkSettings, networkSettings } from './network-settings.ts';
import { type Heard, NetworkNode } from './node.ts';
import { NodeTable, type RemoteNode } from './node-table.ts';
import { OwnData } from './own-data.ts';
import { OWN_MODEL, ownIdentity, SENT_PGNS } from './own-identity.ts';
import { answerRegister } from './own-registers.ts';
import { RequestPace } from './requests.ts';

/** Services of all devices on one interface: each is a connection to D-Bus of its own. */
export const SERVICE_LIMIT = 100;
const LOOK_MS = 500;
/** Answers to requests for messages are long; registers are one frame. Milliseconds. */
const MESSAGE_PACE_MS = 40;
const REGISTER_PACE_MS = 4;
const DATA_PACE_MS = 2;
/** Group functions go by this priority. */
const GROUP_PRIORITY = 3;
/** Who is there is asked again after so long: claims may have been lost. */
const ROLL_CALL_MS = 300_000;
/** An address that is ours for so long is kept: the memory that it is kept in wears out. Milliseconds. */
const KEEP_ADDRESS_MS = 10_000;

export class VecanSession implements CanSession {
  readonly ended: Promise<Error>;
  readonly #socket: CanSocket;
  readonly #port: CanPort;
  readonly #context: GatewayContext;
  readonly #table: NodeTable;
  readonly #devices = new Map<RemoteNode, Device>();
  readonly #messages: RequestPace;
  readonly #registers: RequestPace;
  /** Many messages are due at the same time: the queue of an interface is short. */
  readonly #data: RequestPace;
  readonly #commands: GroupCommands;
  readonly #service: NetworkService;
  #node: NetworkNode | undefined;
  #answers: GroupAnswers | undefined;
  #ownData: OwnData | undefined;
  #settings: NetworkSettings | undefined;
  #owned: Owned[] = [];
  #timers: Timer[] = [];
  #keeping: Timer | undefined;
  #faultsBefore = 0;
  #stopped = false;
  #unsent = false;
  #isFull = false;
  #hasBeenFull = false;

  /** @param socket open, with VECAN_FILTERS */
  constructor(socket: CanSocket, port: CanPort, context: GatewayContext) {
    this.#socket = socket;
    this.#port = port;
    this.#context = context;
    this.ended = new Promise(resolve => socket.onClose(resolve));
    this.#messages = new RequestPace(context.clock, MESSAGE_PACE_MS);
    this.#registers = new RequestPace(context.clock, REGISTER_PACE_MS);
    this.#data = new RequestPace(context.clock, DATA_PACE_MS);
    this.#commands = new GroupCommands(context.clock, (bytes, destination) => this.#sendGroup(bytes, destination));
    this.#service = new NetworkService(context, port.name, () =>
      [...this.#devices.values()].filter(device => device.isCharger),
    );
    this.#table = new NodeTable({
      came: node => this.#came(node),
      changed: node => this.#devices.get(node)?.nodeChanged(),
      left: node => this.#left(node),
      ask: address => this.#request(addressClaim.pgn, address),
    });
    context.spawn(this.#begin());
  }

  /** Messages that could not be put together, frames that are none of NMEA 2000, and what found no room. */
  get faults(): number {
    return this.#faultsBefore + faultsOf(this.#node) + this.#table.refused + this.#messages.dropped;
  }

  /** Whether we have an address. */
  get address(): number | undefined {
    return this.#node?.address;
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const timer of this.#timers) timer.cancel();
    this.#keeping?.cancel();
    for (const owned of this.#owned) void owned.release();
    this.#ownData?.stop();
    this.#commands.stop();
    this.#messages.stop();
    this.#registers.stop();
    this.#data.stop();
    this.#node?.stop();
    await Promise.all([...this.#devices.values()].map(device => device.stop()));
    await this.#service.stop();
    await this.#socket.close();
  }

  async #begin(): Promise<void> {
    const { clock } = this.#context;
    const declared = await networkSettings(this.#context, this.#port.name);
    if (this.#stopped) return;
    this.#settings = declared;
    this.#owned.push(
      declared.onChange(key => {
        if (key === 'uniqueNumbers' || key === 'instance') this.#join();
        if (key === 'gateway') this.#ownData?.setChanged();
      }),
    );
    this.#join();
    this.#ownData = new OwnData(this.#context, {
      port: this.#port.name,
      isOn: () => declared.number('gateway') !== 0,
      send: (message, values) => {
        if (this.#node?.address === undefined) return false;
        this.#data.add(() => this.#node?.send(message, values));
        return true;
      },
    });
    this.#answers = new GroupAnswers({
      command: (pgn, orders) => {
        if (pgn !== addressClaim.pgn) return undefined;
        const { instance, errors, isTaken } = instanceOrder(declared.number('instance'), orders);
        // The answer goes out with the old NAME.
        if (isTaken) this.#context.clock.soon(() => this.#context.spawn(declared.set('instance', instance)));
        return errors;
      },
      request: (pgn, source) => {
        if (this.#node?.tell(pgn, source)) return true;
        return SENT_PGNS.includes(pgn) ? this.#ownData?.sendNow(pgn) : undefined;
      },
      send: (bytes, destination) => this.#sendGroup(bytes, destination),
    });
    this.#timers = [
      clock.every(LOOK_MS, () => this.#look()),
      clock.every(ROLL_CALL_MS, () => this.#request(addressClaim.pgn, BROADCAST)),
    ];
    await this.#service.publish();
    if (this.#stopped) await this.#service.stop();
  }

  #identity(): ReturnType<typeof ownIdentity> {
    return ownIdentity({
      portalId: this.#port.board.portalId,
      block: this.#settings?.number('uniqueNumbers') ?? 0,
      port: this.#port.name,
      instance: this.#settings?.number('instance') ?? 0,
      description: '',
    });
  }

  /** Becomes a node of the network, or another one when our NAME has changed. */
  #join(): void {
    const old = this.#node;
    old?.stop();
    this.#faultsBefore += faultsOf(old);
    const preferredAddress = old?.address ?? this.#settings?.number('address') ?? 0;
    this.#node = new NetworkNode(
      this.#socket,
      this.#context.clock,
      this.#identity(),
      { preferredAddress, random: this.#port.random },
      {
        heard: this.#context.guard((heard: Heard) => this.#heard(heard)),
        claimed: this.#context.guard((source: number, name: Uint8Array) =>
          this.#table.claimed(source, name, this.#context.clock.monotonic()),
        ),
        address: address => this.#addressed(address),
        sameName: () => {
          this.#service.sameName();
          this.#context.log.error('another node has our unique number', { port: this.#port.name });
        },
        failed: error => this.#unable(error),
      },
    );
  }

  #addressed(address: number | undefined): void {
    if (address === undefined) {
      this.#context.log.warn('no address on the network', { port: this.#port.name });
      return;
    }
    this.#keeping?.cancel();
    this.#keeping = this.#context.clock.after(KEEP_ADDRESS_MS, () => this.#keepAddress(address));
    this.#context.spawn(this.#socket.setFilters(filtersWith(address)).catch(error => this.#unable(error)));
    this.#request(addressClaim.pgn, BROADCAST);
  }

  #keepAddress(address: number): void {
    const settings = this.#settings;
    if (settings !== undefined && settings.number('address') !== address)
      this.#context.spawn(settings.set('address', address));
  }

  #came(node: RemoteNode): void {
    const device: Device = new Device(this.#network(), node);
    this.#devices.set(node, device);
    this.#service.show(device);
  }

  #left(node: RemoteNode): void {
    const device = this.#devices.get(node);
    this.#devices.delete(node);
    if (device === undefined) return;
    this.#service.hide(device);
    this.#context.spawn(device.stop());
  }

  #network(): DeviceNetwork {
    const told = new WeakSet<Device>();
    return {
      context: this.#context,
      port: this.#port.name,
      hasRoom: () => this.#hasRoom(),
      request: (pgn, destination) => this.#request(pgn, destination),
      register: (message, destination) => this.#registers.add(() => this.#sendRegister(message, destination)),
      command: (destination: number, message: Message, fields: Values) =>
        this.#commands.command(destination, message, fields),
      say: (message, fields) => this.#node?.send(message, fields) ?? false,
      changed: device => {
        this.#service.show(device);
        if (!device.isCharger || !device.isKnown || told.has(device)) return;
        told.add(device);
        this.#context.spawn(this.#service.chargers.tell(device));
      },
    };
  }

  /** When there is none it is looked for again only now and then: every message of a device without service asks. */
  #hasRoom(): boolean {
    if (this.#isFull) return false;
    let services = 0;
    for (const device of this.#devices.values()) services += device.serviceCount;
    this.#isFull = services >= SERVICE_LIMIT;
    if (this.#isFull && !this.#hasBeenFull)
      this.#context.log.warn(`${this.#port.name}: more than ${SERVICE_LIMIT} services are not shown`);
    this.#hasBeenFull ||= this.#isFull;
    return !this.#isFull;
  }

  #heard({ pgn, source, destination, bytes }: Heard): void {
    if (pgn === isoRequest.pgn) {
      this.#ownData?.requested(bytes);
      return;
    }
    const node = this.#table.heard(source, this.#context.clock.monotonic());
    if (pgn === GROUP_FUNCTION && destination !== BROADCAST) this.#group(source, bytes);
    const device = node === undefined ? undefined : this.#devices.get(node);
    const isRegister = pgn === PROPRIETARY_SINGLE || pgn === PROPRIETARY_FAST;
    if (!isRegister) device?.heard(pgn, bytes);
    const message = isRegister ? decodeVreg(bytes) : undefined;
    if (message === undefined) return;
    // What is sent to all is told by the device, and so are answers; else what is sent to us alone is asked of us.
    const isAnswer = message.kind === 'acknowledge' || device?.line.asks(message) === true;
    if (isAnswer || destination === BROADCAST) device?.told(message);
    if (!isAnswer) this.#answerRegister(message, source, destination !== BROADCAST);
  }

  #answerRegister(message: VregMessage, source: number, isAddressed: boolean): void {
    const { productId, portalId } = this.#port.board;
    const answer = answerRegister(message, isAddressed, { productId, portalId, model: OWN_MODEL });
    if (answer !== undefined) this.#sendRegister(answer.message, answer.toAll ? BROADCAST : source);
  }

  #group(source: number, bytes: Uint8Array): void {
    const message = decodeGroupFunction(bytes);
    if (message?.function === 'acknowledge') this.#commands.acknowledged(source, message);
    else if (message !== undefined) this.#answers?.heard(source, message);
  }

  #look(): void {
    this.#isFull = false;
    this.#table.look(this.#context.clock.monotonic());
    for (const device of this.#devices.values()) device.look();
  }

  #request(pgn: number, destination: number): void {
    this.#messages.add(() => this.#node?.send(isoRequest, { pgn }, destination));
  }

  #sendRegister(message: VregMessage, destination: number): void {
    const output = encodeVreg(message);
    if (output !== undefined) this.#node?.sendRaw(output.pgn, output.message, VREG_PRIORITY, destination);
  }

  #sendGroup(bytes: Uint8Array, destination: number): boolean {
    return this.#node?.sendRaw(GROUP_FUNCTION, bytes, GROUP_PRIORITY, destination) ?? false;
  }

  /** Told once, until something goes out again. */
  #unable(error: unknown): void {
    if (this.#unsent || this.#stopped) return;
    this.#unsent = true;
    this.#context.log.warn(`${this.#port.name}: cannot send: ${describe(error)}`);
    this.#context.clock.after(ROLL_CALL_MS, () => {
      this.#unsent = false;
    });
  }
}

function faultsOf(node: NetworkNode | undefined): number {
  if (node === undefined) return 0;
  const { incomplete, contradiction, frame, crowded } = node.faults;
  return node.foreignFrames + incomplete + contradiction + frame + crowded;
}
