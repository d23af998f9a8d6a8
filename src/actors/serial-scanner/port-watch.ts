/** One port: opened, offered to the drivers in turn, and opened again after whatever ended it. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { DriverSession, SerialDriver, SerialPort } from '../../drivers/driver.ts';
import type { Owned } from '../../kernel/actor.ts';
import type { Timer } from '../../kernel/clock.ts';
import { describe } from '../../kernel/fault.ts';
import type { Link, Links } from '../../ports/link.ts';
import type { PortLocks } from '../../ports/serial-ports.ts';
import { type Attempt, Attempts } from './attempts.ts';
import { PortLine } from './port-line.ts';
import type { Held, PortMemory } from './port-memory.ts';
import type { PortReport, PortState } from './port-report.ts';
import type { PortRule } from './port-rules.ts';
import { Trial } from './trial.ts';

/** Pause after a port that could not be opened or that nobody knew. */
const REOPEN_MS = 2_000;
/** Pause after a device that was served: it is likely to come back at once. */
const RETURN_MS = 200;
/** The longest pause after a port that breaks whenever it is opened. */
const SELDOM_MS = 60_000;
/** Octets kept while one driver hands over to another. */
const BETWEEN_OCTETS = 1_024;
/** Entries kept of what was tried. */
const TRIED_LIMIT = 16;

/** A setting that leaves a port alone; others are names of drivers. */
export const IGNORE = 'ignore';
export const AUTOMATIC = '';

export interface PortWatchOptions {
  readonly path: string;
  readonly tty: string;
  readonly rule: PortRule;
  readonly drivers: readonly SerialDriver[];
  readonly links: Links;
  readonly context: GatewayContext;
  /** Absent: nothing is locked. */
  readonly locks?: PortLocks;
  readonly memory?: PortMemory;
  /** What the port and its adapter are remembered by, the surest first. */
  readonly memoryKeys: readonly string[];
  /** Hears of every change of the report. */
  readonly changed: (report: PortReport) => void;
}

export class PortWatch implements Owned {
  readonly #options: PortWatchOptions;
  readonly #port: SerialPort;
  #attempts: Attempts;
  #pin = AUTOMATIC;
  readonly #line: PortLine;
  #session: DriverSession | undefined;
  #trial: Trial | undefined;
  /** What is heard while one driver hands over to another, one character an octet: nothing of it is to be lost. */
  #between: string | undefined;
  #pause: Timer | undefined;
  #released = false;
  /** Steps of opening and closing follow each other. */
  #steps: Promise<void> = Promise.resolve();
  #state: PortState = 'waiting';
  #why: string;
  #device = '';
  #tried: string[] = [];
  #recognised = 0;
  #lost = 0;
  /** How often in a row the port broke before anything was recognised. */
  #losses = 0;
  /** Of sessions that have ended, and what was shown last. */
  #pastFaults = 0;
  #shownFaults = 0;

  constructor(options: PortWatchOptions, pin = AUTOMATIC) {
    this.#options = options;
    const { path, tty, rule } = options;
    this.#port = {
      path,
      tty,
      designated: rule.designated,
      ...(rule.connection === undefined ? {} : { connection: rule.connection }),
    };
    const { links, locks, context } = options;
    this.#line = new PortLine({
      path,
      tty,
      links,
      received: context.guard(bytes => this.#receive(bytes)),
      lost: context.guard((link, why) => this.#linkLost(link, why)),
      ...(locks === undefined ? {} : { locks }),
    });
    this.#why = rule.why;
    this.#pin = pin;
    this.#attempts = this.#attemptsNow();
    this.#again(0);
  }

  /** The owner wants this driver here, or none, or again whichever fits. */
  pin(name: string): void {
    if (name === this.#pin || this.#released) return;
    this.#pin = name;
    this.#options.context.log.info(`${this.#port.tty}: pinned`, { to: name === AUTOMATIC ? 'nothing' : name });
    this.#step(async () => {
      await this.#close();
      this.#attempts = this.#attemptsNow();
      this.#tried = [];
      this.#again(0);
    });
  }

  /** Call it once a second. */
  look(): void {
    if (!this.#released && this.#faults() !== this.#shownFaults) this.#report(this.#state, this.#why);
  }

  async release(): Promise<void> {
    this.#released = true;
    this.#pause?.cancel();
    await this.#steps;
    await this.#close();
  }

  #attemptsNow(): Attempts {
    const { drivers, rule, memory, memoryKeys } = this.#options;
    if (this.#pin === IGNORE) return new Attempts([]);
    const names = this.#pin === AUTOMATIC ? rule.drivers : [this.#pin];
    const wanted = names.flatMap(name => drivers.filter(driver => driver.name === name));
    const held = memoryKeys.map(key => memory?.get(key)).find((one): one is Held => one !== undefined);
    return new Attempts(wanted, held);
  }

  #again(pauseMs: number): void {
    if (this.#released) return;
    this.#pause?.cancel();
    this.#pause = this.#options.context.clock.after(pauseMs, () => this.#step(() => this.#open()));
  }

  /** Runs after the steps before it; what it throws is the actor's failure. */
  #step(step: () => Promise<void>): void {
    this.#steps = this.#steps.then(step);
    this.#options.context.spawn(this.#steps);
  }

  async #open(): Promise<void> {
    const attempt = this.#attempts.current;
    if (this.#released || this.#session !== undefined) return;
    if (attempt === undefined) {
      const why = this.#pin === IGNORE ? 'the settings say so' : this.#options.rule.why;
      this.#report('left alone', this.#pin === AUTOMATIC || this.#pin === IGNORE ? why : `no driver ${this.#pin}`);
      return;
    }
    const opening = await this.#line.open(attempt.baudRate);
    if (opening.kind === 'open') {
      if (!this.#released) this.#begin(opening.link, attempt, '');
      return;
    }
    if (opening.kind === 'locked') this.#report('held by another program', 'its lock is taken');
    else this.#report('not to be opened', opening.why);
    this.#again(REOPEN_MS);
  }

  /** Puts a driver on trial. @param heard what came before, for a driver that was recognised by its sound */
  #begin(link: Link, attempt: Attempt, heard: string): void {
    const { context, rule } = this.#options;
    const others = this.#attempts.length > 1 && !rule.designated;
    const trial = new Trial(
      context.clock,
      link,
      others,
      why => this.#next(session, why),
      () => this.#skip(session, attempt),
    );
    const session = attempt.driver.begin(trial.link, this.#port, context);
    this.#session = session;
    this.#trial = trial;
    // A driver that does not say when it has recognised something is given its own time.
    if (session.recognised === undefined) trial.pass();
    else context.spawn(session.recognised.then(what => this.#served(session, attempt, what)));
    this.#report('trying', rule.why);
    context.spawn(
      session.ended.then(how => {
        if (how === 'not recognised') this.#next(session, how);
        else this.#step(() => this.#over(session, how, how === 'device silent' ? RETURN_MS : REOPEN_MS));
      }),
    );
    if (heard !== '') session.receive(Uint8Array.from(heard, char => char.charCodeAt(0)));
  }

  #receive(bytes: Uint8Array): void {
    if (this.#between !== undefined) {
      this.#between = (this.#between + String.fromCharCode(...bytes.subarray(-BETWEEN_OCTETS))).slice(-BETWEEN_OCTETS);
      return;
    }
    const session = this.#session;
    session?.receive(bytes);
    const trial = this.#trial;
    if (trial === undefined || session === undefined || session !== this.#session) return;
    trial.hear(bytes);
    if (this.#trial !== trial || !trial.isOpen) return;
    const other = this.#attempts.recognise(trial.heard);
    if (other !== undefined) this.#hand(session, other, trial.heard);
  }

  /** The line sounds like another driver's device: that one goes on at once, at the rate at which it was heard. */
  #hand(session: DriverSession, driver: SerialDriver, heard: string): void {
    const baudRate = this.#attempts.current?.baudRate ?? driver.baudRate;
    this.#between = heard;
    this.#step(async () => {
      const { link } = this.#line;
      if (this.#session !== session || link === undefined || this.#released) {
        this.#between = undefined;
        return;
      }
      this.#noteTried(`sounds like ${driver.name}`);
      await this.#endSession();
      const attempt = { driver, baudRate };
      this.#attempts.prefer(attempt);
      const all = this.#between ?? '';
      this.#between = undefined;
      if (this.#line.link === link && !this.#released) this.#begin(link, attempt, all);
    });
  }

  #served(session: DriverSession, attempt: Attempt, what: string): void {
    if (this.#session !== session || this.#released) return;
    this.#trial?.pass();
    this.#attempts.prefer(attempt);
    this.#tried = [];
    this.#device = what;
    this.#recognised++;
    this.#losses = 0;
    const held = { driver: attempt.driver.name, baudRate: attempt.baudRate };
    for (const key of this.#options.memoryKeys) this.#options.memory?.set(key, held);
    this.#report('served', this.#options.rule.why);
  }

  /** The line is silent: whoever has to ask goes on. */
  #skip(session: DriverSession, attempt: Attempt): void {
    this.#step(async () => {
      const { link } = this.#line;
      if (this.#session !== session || attempt.driver.asks || link === undefined || this.#released) return;
      if (!this.#attempts.advanceToAsking()) return;
      this.#noteTried('silence', attempt);
      await this.#endSession();
      const asking = this.#attempts.current;
      if (asking !== undefined) await this.#changeRate(link, asking);
    });
  }

  /** Nothing recognised: the next driver or rate, on the same link. */
  #next(session: DriverSession, why: string): void {
    this.#step(async () => {
      const { link } = this.#line;
      if (this.#session !== session || link === undefined || this.#released) return;
      this.#noteTried(why);
      await this.#endSession();
      const isRound = !this.#attempts.advance();
      const attempt = this.#attempts.current;
      if (isRound || attempt === undefined) {
        // Nobody knows it: others may try, and so do we after a while.
        await this.#rest();
        this.#report('waiting', 'no driver has recognised a device');
        // At a port of the board devices come without the port coming: there we listen nearly all the time.
        this.#again(this.#options.rule.designated ? RETURN_MS : REOPEN_MS);
        return;
      }
      await this.#changeRate(link, attempt);
    });
  }

  async #changeRate(link: Link, attempt: Attempt): Promise<void> {
    try {
      await link.setBaudRate(attempt.baudRate);
    } catch (error) {
      await this.#close();
      this.#report('not to be opened', describe(error));
      this.#again(REOPEN_MS);
      return;
    }
    if (this.#line.link === link && !this.#released) this.#begin(link, attempt, '');
  }

  #linkLost(link: Link, why: string): void {
    this.#step(async () => {
      if (!this.#line.has(link)) return;
      if (this.#session === undefined) await this.#line.close();
      else await this.#over(this.#session, why, this.#device === '' ? this.#lossPause() : RETURN_MS);
    });
  }

  /** A port that breaks again and again before anything is recognised is tried ever more seldom. */
  #lossPause(): number {
    return Math.min(REOPEN_MS * 2 ** this.#losses++, SELDOM_MS);
  }

  async #over(session: DriverSession, why: string, pauseMs: number): Promise<void> {
    if (this.#session !== session) return;
    if (this.#device !== '') this.#lost++;
    // Another program has its device: looked at again and again. All else may be for a port that is stuck.
    await (why === 'name taken' ? this.#rest() : this.#close());
    this.#report('waiting', why);
    this.#again(pauseMs);
  }

  #noteTried(why: string, attempt = this.#attempts.current): void {
    if (attempt === undefined) return;
    this.#tried = [...this.#tried, `${attempt.driver.name} ${attempt.baudRate}: ${why}`].slice(-TRIED_LIMIT);
  }

  async #endSession(): Promise<void> {
    const session = this.#session;
    const trial = this.#trial;
    this.#pastFaults = this.#faults();
    this.#session = undefined;
    this.#trial = undefined;
    this.#device = '';
    await session?.stop();
    trial?.close();
  }

  /** Lets others try; the port stays open where it can. */
  async #rest(): Promise<void> {
    this.#between = undefined;
    await this.#endSession();
    await this.#line.rest();
  }

  async #close(): Promise<void> {
    this.#between = undefined;
    await this.#endSession();
    await this.#line.close();
  }

  /** What a driver on trial cannot read is for another one. */
  #faults(): number {
    return this.#pastFaults + (this.#device === '' ? 0 : (this.#session?.faults ?? 0));
  }

  #report(state: PortState, why: string): void {
    const { context, changed, rule } = this.#options;
    if (why !== this.#why || state !== this.#state) {
      // Trying goes on for ever at an empty port; what is said of it once is not said again.
      const level = state === 'trying' || (state === 'waiting' && this.#recognised === 0) ? 'debug' : 'info';
      context.log[level](`${this.#port.tty}: ${state}`, { why });
    }
    this.#state = state;
    this.#why = why;
    this.#shownFaults = this.#faults();
    const attempt = state === 'trying' || state === 'served' ? this.#attempts.current : undefined;
    changed({
      path: this.#port.path,
      tty: this.#port.tty,
      state,
      candidates: this.#pin === AUTOMATIC ? rule.drivers : [this.#pin],
      tried: this.#tried,
      driver: attempt?.driver.name ?? '',
      baudRate: attempt?.baudRate,
      device: this.#device,
      why,
      recognised: this.#recognised,
      lost: this.#lost,
      faults: this.#shownFaults,
    });
  }
}
