/** One CAN interface: set up as its profile says, given to the drivers of the profile, and brought back after trouble. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { CanPort, CanSession } from '../../drivers/driver.ts';
import type { CanDriverRow } from '../../drivers/registry.ts';
import type { Owned } from '../../kernel/actor.ts';
import { type BackoffLimits, backoffMs } from '../../kernel/backoff.ts';
import type { Timer } from '../../kernel/clock.ts';
import { describe, Fault } from '../../kernel/fault.ts';
import type { CanFacts, CanInterfaces, CanState, CanTrouble } from '../../ports/can.ts';
import { BACK_MS, BusRecovery, RESTART_MS } from './bus-recovery.ts';
import type { InterfaceReport, InterfaceState } from './interface-report.ts';
import { profileOf } from './profiles.ts';

/** What has failed is tried again, more and more seldom. */
const RETRY: BackoffLimits = { firstMs: 1_000, limitMs: 60_000 };
/** What has gone well for so long counts as well: the next failure is tried again soon. Milliseconds. */
const WELL_MS = 60_000;

export interface InterfaceWatchOptions {
  /** As the system calls it. */
  readonly name: string;
  readonly facts: CanFacts;
  readonly port: CanPort;
  readonly interfaces: CanInterfaces;
  readonly drivers: readonly CanDriverRow[];
  readonly context: GatewayContext;
  readonly changed: (report: InterfaceReport) => void;
}

export class InterfaceWatch implements Owned {
  readonly #options: InterfaceWatchOptions;
  readonly #recovery: BusRecovery;
  #profile: number;
  #state: InterfaceState = 'setting up';
  #why = '';
  #link: CanState | undefined;
  #trouble: CanTrouble | undefined;
  #recoveries = 0;
  #attempts = 0;
  #upSince = 0;
  #sessions: { readonly driver: string; readonly session: CanSession }[] = [];
  /** Of sessions that have ended. */
  #faults = 0;
  /** Counts what was begun: what belongs to an earlier one is not listened to any more. */
  #run = 0;
  #timer: Timer | undefined;
  #back: Timer | undefined;
  #work: Promise<void> = Promise.resolve();
  #released = false;

  constructor(options: InterfaceWatchOptions, profile: number) {
    this.#options = options;
    this.#profile = profile;
    this.#recovery = new BusRecovery(options.port.random);
    this.#begin();
  }

  /** The setting says another one. */
  setProfile(profile: number): void {
    if (profile === this.#profile) return;
    this.#profile = profile;
    this.#attempts = 0;
    this.#begin();
  }

  /** Asks the system how the interface stands. */
  async look(): Promise<void> {
    const link = await this.#ask();
    if (link === undefined || this.#released) return;
    this.#link = link;
    this.#tell();
    if (this.#state !== 'up') return;
    if (!link.up) this.#failed(new Fault('device', `${this.#options.name} was taken down`));
    // Where nobody listens to its errors, this is how we hear of it.
    else if (link.bus === 'off' && this.#back === undefined) this.#busOff();
  }

  /** Takes the devices off the bus. The interface stays as it is. */
  async release(): Promise<void> {
    this.#released = true;
    this.#run++;
    this.#cancel();
    await this.#work;
    await this.#stopSessions();
  }

  /** Ends what is, and begins anew. */
  #begin(): void {
    this.#cancel();
    this.#enter('setting up', '');
    const run = ++this.#run;
    this.#queue(async () => {
      await this.#stopSessions();
      const { bitRate, drivers, others = '' } = profileOf(this.#profile);
      try {
        if (!this.#isCurrent(run)) return;
        await this.#setUp(bitRate);
        if (bitRate === undefined) {
          this.#enter('off', others);
          return;
        }
        for (const driver of drivers) if (this.#isCurrent(run)) await this.#start(driver, run);
        if (!this.#isCurrent(run)) return;
        this.#upSince = this.#options.context.clock.monotonic();
        this.#enter('up', others);
      } catch (error) {
        if (!(error instanceof Fault) || error.whose === 'bug') throw error;
        if (this.#isCurrent(run)) this.#failed(error);
      }
    });
  }

  async #setUp(bitRate: number | undefined): Promise<void> {
    const { name, interfaces, facts } = this.#options;
    if (facts.remote) return;
    this.#link = await interfaces.state(name);
    if (this.#link === undefined) throw new Fault('device', `${name} is gone`);
    if (bitRate === undefined) {
      if (this.#link.up) await interfaces.configure(name, undefined);
    } else if (!isSetUp(this.#link, bitRate)) await interfaces.configure(name, { bitRate, restartMs: RESTART_MS });
    else return;
    this.#link = await interfaces.state(name);
  }

  async #start(name: string, run: number): Promise<void> {
    const { interfaces, drivers, port, context } = this.#options;
    const row = drivers.find(driver => driver.name === name);
    if (row === undefined) return;
    const driver = await row.load();
    const socket = await interfaces.open(this.#options.name, driver.filters);
    // The controller tells every socket of it: one of them is enough.
    if (this.#sessions.length === 0) socket.onTrouble(context.guard(trouble => this.#suffer(trouble, run)));
    const session = driver.begin(socket, port, context);
    this.#sessions.push({ driver: name, session });
    context.spawn(
      session.ended.then(reason => {
        if (this.#isCurrent(run)) this.#failed(reason);
      }),
    );
  }

  /** It is tried again after a while. */
  #failed(reason: unknown): void {
    const { context, name } = this.#options;
    const now = context.clock.monotonic();
    if (this.#state === 'up' && now - this.#upSince >= WELL_MS) this.#attempts = 0;
    const why = describe(reason);
    // Said once, and not again with every attempt.
    context.log[this.#attempts === 0 ? 'warn' : 'debug'](`${name}: ${why}`, { profile: this.#profile });
    this.#cancel();
    this.#run++;
    this.#enter('failed', why);
    this.#queue(() => this.#stopSessions());
    const waitMs = backoffMs(this.#attempts++, RETRY, this.#options.port.random);
    this.#timer = context.clock.after(waitMs, () => this.#again());
  }

  #suffer(trouble: CanTrouble, run: number): void {
    if (!this.#isCurrent(run)) return;
    this.#trouble = trouble;
    if (trouble === 'bus off') this.#busOff();
    if (trouble === 'restarted') {
      this.#back?.cancel();
      this.#back = undefined;
    }
    this.#tell();
  }

  #busOff(): void {
    const { context, name, facts } = this.#options;
    const { clock, log } = context;
    const restMs = this.#recovery.busOff(clock.monotonic());
    if (restMs === undefined) {
      this.#back?.cancel();
      this.#back = clock.after(BACK_MS, () => {
        log.warn(`${name}: the controller left the bus and does not come back`);
        this.#again(true);
      });
      return;
    }
    const why = `it has left the bus too often: the cable, the terminators, the bit rate? It rests for ${Math.round(restMs / 1000)} s`;
    log.warn(`${name}: ${why}`);
    this.#cancel();
    const run = ++this.#run;
    this.#enter('resting', why);
    this.#queue(async () => {
      await this.#stopSessions();
      if (!facts.remote && this.#isCurrent(run)) await this.#takeDown();
    });
    this.#timer = clock.after(restMs, () => this.#again());
  }

  /** @param anew though it looks right, the interface is set up again */
  #again(anew = false): void {
    this.#recoveries++;
    if (anew && !this.#options.facts.remote) this.#queue(() => this.#takeDown());
    this.#begin();
  }

  async #takeDown(): Promise<void> {
    try {
      await this.#options.interfaces.configure(this.#options.name, undefined);
    } catch (error) {
      // Without the right to do so the rest does no harm either.
      this.#options.context.log.debug(`${this.#options.name} could not be taken down: ${describe(error)}`);
    }
  }

  async #ask(): Promise<CanState | undefined> {
    try {
      return await this.#options.interfaces.state(this.#options.name);
    } catch (error) {
      this.#options.context.log.debug(`${this.#options.name}: its state is not told: ${describe(error)}`);
      return undefined;
    }
  }

  async #stopSessions(): Promise<void> {
    for (const { session } of this.#sessions.splice(0).reverse()) {
      await session.stop();
      this.#faults += session.faults;
    }
  }

  #isCurrent(run: number): boolean {
    return run === this.#run && !this.#released;
  }

  #queue(task: () => Promise<void>): void {
    this.#work = this.#work.then(task);
    this.#options.context.spawn(this.#work);
  }

  #cancel(): void {
    this.#timer?.cancel();
    this.#back?.cancel();
    this.#back = undefined;
  }

  #enter(state: InterfaceState, why: string): void {
    this.#state = state;
    this.#why = why;
    this.#tell();
  }

  #tell(): void {
    if (this.#released) return;
    const { name, facts } = this.#options;
    this.#options.changed({
      name,
      label: facts.label ?? '',
      config: facts.config ?? '',
      profile: this.#profile,
      state: this.#state,
      why: this.#why,
      drivers: this.#sessions.map(({ driver }) => driver),
      link: this.#link,
      trouble: this.#trouble,
      recoveries: this.#recoveries,
      faults: this.#sessions.reduce((sum, { session }) => sum + session.faults, this.#faults),
    });
  }
}

/** A virtual interface has no bit rate. */
function isSetUp(link: CanState, bitRate: number): boolean {
  if (!link.up || link.bus === 'off') return false;
  return link.restartMs === undefined || link.bitRate === bitRate;
}
