/**
 * The device's other end: an MK3 with VE.Bus devices behind it, which answers what a host asks. `simulated-multi.ts` is
 * what they do, this is how they say it.
 */
import type { Owned } from '../../kernel/actor.ts';
import type { Clock, Timer } from '../../kernel/clock.ts';
import type { Link } from '../../ports/link.ts';
import { encodeFrame, Mk2Stream } from '../../protocols/mk2/frame.ts';
import {
  encodeAc,
  encodeAcInput,
  encodeConfig,
  encodeDc,
  encodePresence,
  INFO,
} from '../../protocols/mk2/info-frames.ts';
import {
  ADDRESSES,
  COMMAND,
  COMMAND_HEAD,
  decodeState,
  isMode,
  LIMIT_UNCHANGED,
  MODE,
  PANEL_HEAD,
} from '../../protocols/mk2/interface.ts';
import { alarmBits, LED } from '../../protocols/mk2/leds.ts';
import { word32 } from '../../protocols/mk2/octets.ts';
import { STATE, SUBSTATE } from '../../protocols/mk2/states.ts';
import type { SimulatedMulti } from './simulated-multi.ts';
import { SimulatedUnit, type SimulatedUnitOptions } from './simulated-unit.ts';

export { type SimulatedBattery, SimulatedMulti, simpleBattery } from './simulated-multi.ts';

/** An interface tells its version by itself. */
const VERSION_MS = 1_000;
const STEP_MS = 200;
/** Time from the last octet of a question to its answer. */
const ANSWER_MS = 15;
/** An octet on the line at 2400 baud, in either direction. */
const OCTET_MS = 10_000 / 2_400;
/** Length and checksum. */
const FRAME_OCTETS = 2;
const NO_ADDRESS = 0x57;
const DECI = 10;
const CENTI = 100;
const MAXIMUM_LIMIT = 500;
const MINIMUM_LIMIT = 28;

export interface MultiOptions extends SimulatedUnitOptions {
  readonly multi: SimulatedMulti;
  /** 1170212: MK3, firmware 212. */
  readonly interfaceVersion?: number;
  /** The version of a digital panel on the bus. */
  readonly panel?: number;
}

/** Answers over `write` what it gets by `receive`. */
export class MultiSimulator implements Owned {
  readonly multi: SimulatedMulti;
  units: readonly SimulatedUnit[];
  /** The devices do not answer any more; the interface does. */
  poweredOff = false;
  /** Nothing is sent any more. */
  mute = false;
  /** The interface confirms another device than the one that was selected. */
  confirmsAddress: number | undefined;
  readonly #clock: Clock;
  readonly #options: MultiOptions;
  readonly #write: (octets: Uint8Array) => void;
  readonly #stream: Mk2Stream;
  readonly #timers: Timer[];
  #selected = NO_ADDRESS;
  #heldMode = 0;

  constructor(clock: Clock, options: MultiOptions, write: (octets: Uint8Array) => void) {
    this.#clock = clock;
    this.#options = options;
    this.#write = write;
    this.multi = options.multi;
    this.units = unitsOf(options);
    this.#stream = new Mk2Stream(({ data }) => this.#asked(data));
    this.#timers = [
      clock.every(VERSION_MS, () => this.#send(this.#version())),
      clock.every(STEP_MS, () => this.multi.step(STEP_MS)),
    ];
  }

  /** Octets from the host. */
  receive(octets: Uint8Array): void {
    this.#stream.push(octets);
  }

  release(): void {
    for (const timer of this.#timers) timer.cancel();
    this.mute = true;
  }

  /** Another panel on the bus tells its switch. */
  tellPanel(mode: number): void {
    this.#send(Uint8Array.of(PANEL_HEAD, mode, 0, 0));
  }

  #asked(data: Uint8Array): void {
    const answer = this.#answer(data);
    if (answer === undefined) return;
    const octets = data.length + answer.length + 2 * FRAME_OCTETS;
    this.#clock.after(ANSWER_MS + octets * OCTET_MS, () => this.#send(answer));
  }

  #send(data: Uint8Array): void {
    if (!this.mute) this.#write(encodeFrame(data));
  }

  #answer(data: Uint8Array): Uint8Array | undefined {
    const [head, letter = 0] = data;
    if (head === 0x21) return this.#presence(data);
    if (head !== COMMAND_HEAD) return undefined;
    switch (letter) {
      case COMMAND.version:
        return this.#version();
      case COMMAND.address:
        return this.#select(data);
      case COMMAND.settings:
        return Uint8Array.of(COMMAND_HEAD, letter, this.#heldMode, 0, 0, 0, 0, 0);
      case COMMAND.lines:
        return Uint8Array.of(COMMAND_HEAD, letter, data[2] ?? 0);
    }
    if (this.poweredOff) return undefined;
    switch (letter) {
      case COMMAND.state:
        return this.#state(data);
      case COMMAND.info:
        return this.#info(data);
      case COMMAND.leds:
        return this.#leds();
      default:
        return this.#unit(this.#selected)?.answer(data);
    }
  }

  #version(): Uint8Array {
    const version = this.#options.interfaceVersion ?? 1_170_212;
    return Uint8Array.of(COMMAND_HEAD, COMMAND.version, ...word32(version), this.confirmsAddress ?? this.#selected);
  }

  #select(data: Uint8Array): Uint8Array {
    if (data[2] === 1) this.#selected = (data[3] ?? 0) % ADDRESSES;
    return Uint8Array.of(COMMAND_HEAD, COMMAND.address, 1, this.confirmsAddress ?? this.#selected);
  }

  #presence(data: Uint8Array): Uint8Array | undefined {
    const { panel } = this.#options;
    const type = data[5] ?? 0;
    return panel !== undefined && type === 0x80 ? encodePresence({ type, version: panel }) : undefined;
  }

  #state(data: Uint8Array): Uint8Array {
    const state = decodeState(data);
    if (state !== undefined && !state.silent) {
      if (isMode(state.mode)) this.multi.mode = this.#heldMode = state.mode;
      if (state.limit < LIMIT_UNCHANGED && this.#options.panel === undefined)
        this.multi.inputLimit = Math.max(MINIMUM_LIMIT, Math.min(MAXIMUM_LIMIT, state.limit)) / DECI;
    }
    return Uint8Array.of(COMMAND_HEAD, COMMAND.state, ...data.subarray(2, 5));
  }

  #info(data: Uint8Array): Uint8Array | undefined {
    const number = data[2] ?? 0;
    if (number === INFO.dc) return this.#dc();
    if (number >= INFO.acL1 && number <= this.multi.phases) return this.#ac(number);
    switch (number) {
      case INFO.acInput:
        return encodeAcInput({
          active: 0,
          adjustable: this.#options.panel === undefined,
          minimum: MINIMUM_LIMIT,
          maximum: MAXIMUM_LIMIT,
          limit: Math.round(this.multi.inputLimit * DECI),
        });
      case INFO.snapshot:
        for (const unit of this.units) unit.takeSnapshot([...data.subarray(3)]);
        return undefined;
      case INFO.config: {
        const present = this.units.reduce((mask, unit) => mask | (1 << unit.address), 0);
        return encodeConfig({ uniqueNumber: 0x1234_5678, type: 0x20, present });
      }
      case INFO.reset:
        this.multi.error = 0;
        return undefined;
      default:
        return undefined;
    }
  }

  #dc(): Uint8Array {
    const raw = Math.round(this.multi.dcAmperes * CENTI);
    return encodeDc({
      voltage: Math.round(this.multi.battery.volts * CENTI),
      inverterCurrent: Math.max(0, -raw),
      chargerCurrent: Math.max(0, raw),
      inverterPeriod: 0x88,
    });
  }

  #ac(phase: number): Uint8Array {
    const { multi } = this;
    const power = multi.powers[phase - 1];
    const mainsVolts = multi.grid.volts;
    const outVolts = multi.connected ? mainsVolts : multi.inverting ? multi.outputVolts : 0;
    // The currents of one device: the host multiplies them.
    const amperes = (watts: number, volts: number): number =>
      volts === 0 ? 0 : Math.round((watts / volts / multi.unitsPerPhase) * CENTI);
    return encodeAc({
      phase,
      ...(phase === 1 ? { phases: multi.phases } : {}),
      mainsFactor: multi.unitsPerPhase,
      inverterFactor: multi.unitsPerPhase,
      state: multi.state,
      mainsVoltage: Math.round(mainsVolts * CENTI),
      mainsCurrent: amperes(power?.input ?? 0, mainsVolts),
      inverterVoltage: Math.round(outVolts * CENTI),
      inverterCurrent: amperes(power?.output ?? 0, outVolts),
      mainsPeriod: 0xc3,
    });
  }

  #leds(): Uint8Array {
    const { multi } = this;
    const lights: Readonly<Record<number, number>> = {
      [SUBSTATE.bulk]: LED.bulk,
      [SUBSTATE.absorption]: LED.absorption,
      [SUBSTATE.forcedAbsorption]: LED.absorption,
      [SUBSTATE.float]: LED.float,
    };
    const charger = multi.state === STATE.charge ? lights[multi.substate] : undefined;
    const on =
      (multi.connected ? 1 << LED.mains : 0) |
      (multi.inverting ? 1 << LED.inverter : 0) |
      (charger === undefined ? 0 : 1 << charger);
    const alarms = alarmBits({
      overload: multi.overloaded ? 2 : 0,
      lowBattery: multi.mode === MODE.off || multi.battery.soc > 10 ? 0 : multi.battery.soc > 5 ? 1 : 2,
    });
    return Uint8Array.of(COMMAND_HEAD, COMMAND.leds, on, 0, alarms, multi.error, 0, 0);
  }

  #unit(address: number): SimulatedUnit | undefined {
    return this.units.find(unit => unit.address === address);
  }
}

/** A simulated system at the other end of a link: a pty, a TCP connection. It ends with `release`. */
export function simulateMulti(clock: Clock, link: Link, options: MultiOptions): MultiSimulator {
  const simulator = new MultiSimulator(clock, options, octets => {
    // Nobody reads any more: the owner of the link hears of it from the link.
    link.write(octets).catch(() => simulator.release());
  });
  link.onData(octets => simulator.receive(octets));
  return simulator;
}

/** Addresses go round the phases. */
function unitsOf(options: MultiOptions): SimulatedUnit[] {
  const { phases, unitsPerPhase } = options.multi;
  return Array.from({ length: phases * unitsPerPhase }, (_, i) => {
    const phase = (i % phases) + 1;
    const place = Math.floor(i / phases);
    return new SimulatedUnit(options.multi, phase - 1 + 3 * place, phase, options);
  });
}
