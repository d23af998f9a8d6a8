/** One interface on one port: recognised by its version frame, its devices published while they answer. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { Timer } from '../../kernel/clock.ts';
import type { Link } from '../../ports/link.ts';
import type { InterfaceVersion } from '../../protocols/mk2/interface.ts';
import { answered, askVersion } from '../../protocols/mk2/requests.ts';
import { INTERFACE, MK2_FIRMWARE_MIN, versionOf } from '../../protocols/mk2/versions.ts';
import { product } from '../../protocols/vedirect/products.ts';
import type { DriverSession, SerialPort, SessionEnd } from '../driver.ts';
import { discover } from './discovery.ts';
import { installationOf } from './installation.ts';
import { Mk2Line } from './line.ts';
import type { Panel } from './panel.ts';
import { VebusService } from './service.ts';

/** An interface tells its version about once a second; one that does not is asked, unless something else talks there. */
const LISTEN_MS = 1_500;
/** From the question to the end of listening. */
const ANSWER_MS = 800;
/** Octets that are no part of a frame, after which this is no interface, or not its rate. */
const NOISE_LIMIT = 64;
/** Without a good frame for so long the interface is gone. */
const SILENT_MS = 10_000;
/** Pause between two looks for devices. */
const LOOK_AGAIN_MS = 1_000;
const CHECK_MS = 1_000;
/** An MK2 takes its power from these lines (fact sheet mk2-vebus, section 1) … */
const POWER_LINES = { dtr: true, rts: false };
/** … and other devices expect them as they are when a port is opened. */
const USUAL_LINES = { dtr: true, rts: true };

export class VebusSession implements DriverSession {
  readonly ended: Promise<SessionEnd>;
  readonly recognised: Promise<string>;
  readonly #port: SerialPort;
  readonly #context: GatewayContext;
  readonly #link: Link;
  readonly #line: Mk2Line;
  readonly #timers = new Set<Timer>();
  readonly #wakes = new Set<() => void>();
  #end: (how: SessionEnd) => void = () => {};
  #found: (what: string) => void = () => {};
  /** Hears the version while the line is listened to. */
  #heard: ((version: InterfaceVersion | undefined) => void) | undefined;
  #panel: Panel | undefined;
  #service: VebusService | undefined;
  #stopped = false;
  #framedAt: number;

  constructor(link: Link, port: SerialPort, context: GatewayContext) {
    this.#link = link;
    this.#port = port;
    this.#context = context;
    this.#framedAt = context.clock.monotonic();
    this.ended = new Promise(resolve => {
      this.#end = resolve;
    });
    this.recognised = new Promise(resolve => {
      this.#found = resolve;
    });
    this.#line = new Mk2Line(link, context.clock, context.log, {
      spawn: task => context.spawn(task),
      version: version => this.#heard?.(version),
      panel: mode => this.#panel?.heard(mode),
    });
    context.spawn(link.setLines(POWER_LINES));
    this.#timers.add(context.clock.every(CHECK_MS, () => this.#check()));
    context.spawn(this.#run());
  }

  get faults(): number {
    return Object.values(this.#line.faults).reduce((sum, count) => sum + count, 0);
  }

  receive(bytes: Uint8Array): void {
    this.#line.receive(bytes);
    const { checksum, noise } = this.#line.faults;
    if (this.#line.frameAt === undefined && checksum + noise > NOISE_LIMIT) this.#heard?.(undefined);
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const timer of this.#timers) timer.cancel();
    this.#line.stop();
    for (const wake of this.#wakes) wake();
    this.#context.spawn(this.#link.setLines(USUAL_LINES));
    await this.#service?.withdraw();
  }

  async #run(): Promise<void> {
    const version = await this.#recognise();
    if (this.#stopped) return;
    if (version === undefined) {
      this.#end('not recognised');
      return;
    }
    this.#found(interfaceName(version));
    if (!this.#speaksTo(version)) return;
    while (!this.#stopped) {
      const installation = (): ReturnType<typeof installationOf> => installationOf(this.#context.world);
      const system = await discover(this.#line, version, this.#context.clock, installation);
      if (this.#stopped) return;
      if (system === undefined) {
        await this.#pause(LOOK_AGAIN_MS);
        continue;
      }
      this.#panel = system.panel;
      this.#service = new VebusService(system, this.#port, this.#context, this.#link.baudRate ?? null);
      const how = await this.#service.serve();
      await this.#service.withdraw();
      this.#service = undefined;
      this.#panel = undefined;
      if (how === 'name taken') {
        this.#end('name taken');
        return;
      }
    }
  }

  /** Listens, then asks. */
  async #recognise(): Promise<InterfaceVersion | undefined> {
    // Where nothing else can hang, nobody is disturbed.
    const heard = this.#port.designated ? undefined : await this.#listen(LISTEN_MS);
    if (heard !== undefined || this.#stopped) return heard;
    // Whoever sends something else is another device, which is not to be disturbed.
    if (this.#line.heard && this.#line.frameAt === undefined) return undefined;
    const answer = this.#listen(this.#port.designated ? LISTEN_MS + ANSWER_MS : ANSWER_MS);
    this.#context.spawn(
      this.#line.ask(askVersion).then(answer => {
        const version = answered(answer);
        if (version !== undefined) this.#heard?.(version);
      }),
    );
    return answer;
  }

  /** The version, when it comes within so many milliseconds and nothing else does. */
  async #listen(ms: number): Promise<InterfaceVersion | undefined> {
    let heard: InterfaceVersion | undefined;
    await this.#pause(ms, wake => {
      this.#heard = version => {
        if (version !== undefined && !isInterface(version)) return;
        heard = version;
        wake();
      };
    });
    this.#heard = undefined;
    return heard;
  }

  /** Interfaces with too old firmware are left alone: they keep their port, for no other driver will know them. */
  #speaksTo({ number }: InterfaceVersion): boolean {
    const version = versionOf(number);
    const tooOld = version?.productId === INTERFACE.mk2 && version.firmware < MK2_FIRMWARE_MIN;
    if (tooOld) this.#context.log.warn('the firmware of the MK2 is too old', { port: this.#port.tty, number });
    return !tooOld;
  }

  #check(): void {
    this.#line.expire();
    const now = this.#context.clock.monotonic();
    this.#framedAt = Math.max(this.#framedAt, this.#line.frameAt ?? this.#framedAt);
    if (this.#line.frameAt !== undefined && now - this.#framedAt >= SILENT_MS) this.#end('device silent');
  }

  /** Waits; `begin` gets what ends the wait early. So does the end of the session. */
  async #pause(ms: number, begin?: (wake: () => void) => void): Promise<void> {
    if (this.#stopped) return;
    await new Promise<void>(resolve => {
      const wake = (): void => {
        timer.cancel();
        this.#timers.delete(timer);
        this.#wakes.delete(wake);
        resolve();
      };
      const timer = this.#context.clock.after(ms, wake);
      this.#timers.add(timer);
      this.#wakes.add(wake);
      begin?.(wake);
    });
  }
}

function isInterface({ number }: InterfaceVersion): boolean {
  const productId = versionOf(number)?.productId;
  return productId !== undefined && product(productId) !== undefined;
}

function interfaceName({ number }: InterfaceVersion): string {
  return product(versionOf(number)?.productId ?? 0)?.name ?? 'VE.Bus interface';
}
