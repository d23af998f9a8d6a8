/** A simulated MPPT: panels in the sun, a battery, and control registers that it follows while they are fresh. */
import type { Clock } from '../../../kernel/clock.ts';
import { NETWORK_MODE } from '../../../protocols/vedirect/codes.ts';
import {
  CHARGER_REGISTERS as C,
  COMMON_REGISTERS,
  HISTORY_TODAY,
  HISTORY_TOTALS,
  LINK_REGISTERS as L,
} from '../../../protocols/vedirect/registers.ts';
import type { SimulatedFields } from '../simulator.ts';
import { BatteryBank, clamp, type Participant } from './battery-bank.ts';
import type { SimulatedDevice } from './device.ts';
import { dayRecord, HISTORY_PAST_DAYS, totalsRecord } from './history-record.ts';
import { RegisterFile } from './register-file.ts';

/** SmartSolar Charger MPPT 75/15: one with a load output. */
const PRODUCT_ID = 0xa053;
const STATE = { off: 0, fault: 2, bulk: 3, absorption: 4, float: 5, external: 252 } as const;
const MODE = { on: 1, off: 4 } as const;
const TRACKER = { off: 0, limited: 1, active: 2 } as const;
const OFF_REASON = { noInput: 0x01, modeRegister: 0x04, bms: 0x40 } as const;
const BMS_LOST = 67;
/** Status of the network: a slave, and what it makes use of. */
const STATUS = { slave: 0, standAlone: 4, voltageSense: 0x80, temperatureSense: 0x40, currentSense: 0x20 } as const;
/** Of a block of 12 V. */
const ABSORPTION_VOLTS = 14.2;
const FLOAT_VOLTS = 13.5;
/** At the absorption voltage for so long, then float. */
const ABSORPTION_SECONDS = 600;
/** How fast the current follows: part of the difference per volt and second. */
const GAIN = 0.25;
const EFFICIENCY = 0.97;
const OPEN_CIRCUIT_VOLTS = 42;
const DAY_NUMBER = 128;

export interface SolarChargerOptions {
  readonly clock: Clock;
  readonly serial?: string;
  readonly productId?: number;
  /** Panels, watt peak. */
  readonly peakWatts?: number;
  /** What the charger can make, amperes. */
  readonly ratedAmperes?: number;
  readonly bank?: BatteryBank;
  /** How strong the sun is, 0 to 1, after so many seconds. */
  readonly sun?: (seconds: number) => number;
}

export class SimulatedSolarCharger implements SimulatedDevice, Participant {
  readonly announces = [COMMON_REGISTERS.deviceState, COMMON_REGISTERS.offReason, C.loadState, L.linkNetworkStatus];
  readonly registers: RegisterFile;
  readonly productId: number;
  readonly bank: BatteryBank;
  readonly #serial: string;
  readonly #steps: boolean;
  readonly #peakWatts: number;
  readonly #sun: (seconds: number) => number;
  readonly #ratedAmperes: number;
  readonly #mode: () => number;
  readonly #limit: () => number;
  readonly #loadControl: () => number;
  readonly #bmsPresent: () => number;
  readonly #link: Readonly<
    Record<'mode' | 'volts' | 'amperes' | 'voltageSense' | 'temperature' | 'current', () => number | null>
  >;
  #hasMetBms = false;
  #seconds = 0;
  #duty = 0;
  #amperes = 0;
  #absorbed = 0;
  #todayKwh = 0;
  #totalKwh = 127.4;
  #todayMaximum = 0;
  #day = DAY_NUMBER;

  constructor(options: SolarChargerOptions) {
    const { clock, serial = 'HQ2132SIM02', productId = PRODUCT_ID, peakWatts = 400, ratedAmperes = 15, bank } = options;
    this.productId = productId;
    this.#serial = serial;
    this.#peakWatts = peakWatts;
    this.#ratedAmperes = ratedAmperes;
    this.#sun = options.sun ?? passingClouds;
    this.bank = bank ?? new BatteryBank();
    this.#steps = bank === undefined;
    this.bank.attach(this);
    const r = new RegisterFile(clock);
    this.registers = r;
    r.shows(COMMON_REGISTERS.productId, () => productId);
    r.shows(COMMON_REGISTERS.serialNumber, () => serial);
    r.keeps(COMMON_REGISTERS.customName, '');
    r.shows(COMMON_REGISTERS.groupId, () => 0);
    r.shows(COMMON_REGISTERS.capabilities, () => 0x0001e546);
    r.shows(COMMON_REGISTERS.deviceState, () => this.#state());
    r.shows(COMMON_REGISTERS.offReason, () => this.#offReason());
    this.#mode = r.keeps<number>(
      COMMON_REGISTERS.deviceMode,
      MODE.on,
      value => value === MODE.on || value === MODE.off,
    );
    this.#limit = r.keeps<number>(C.chargeCurrentLimit, ratedAmperes, value => value >= 0 && value <= ratedAmperes);
    this.#loadControl = r.keeps<number>(C.loadControl, 4, value => value <= 7);
    this.#bmsPresent = r.keeps<number>(C.bmsPresent, 0, value => value <= 1);
    r.keeps<number>(C.batteryVoltageSetting, this.bank.nominal, value => [0, 12, 24, 48].includes(value));
    r.shows(C.ratedCurrent, () => ratedAmperes);
    r.shows(C.loadState, () => this.#loadIsOn());
    r.shows(C.panelCurrent, () => this.#watts() / Math.max(1, this.#panelVolts()));
    r.shows(C.systemYield, () => this.#totalKwh);
    r.shows(C.batteryTemperature, () => null);
    this.#link = {
      mode: r.forgets(L.linkNetworkMode, 0),
      volts: r.forgets(L.linkChargeVoltage),
      amperes: r.forgets(L.linkChargeCurrentLimit),
      voltageSense: r.forgets(L.linkVoltageSense),
      temperature: r.forgets(L.linkTemperatureSense),
      current: r.forgets(L.linkBatteryCurrent),
    };
    r.shows(L.linkNetworkStatus, () => this.#status());
    r.record(HISTORY_TOTALS, () =>
      totalsRecord(this.#totalKwh, OPEN_CIRCUIT_VOLTS, this.bank.volts, HISTORY_PAST_DAYS),
    );
    r.record(HISTORY_TODAY, () => dayRecord(this.#todayKwh, this.#todayMaximum, this.bank.volts, this.#day));
    for (let ago = 1; ago < HISTORY_PAST_DAYS; ago++)
      r.record(HISTORY_TODAY + ago, () =>
        dayRecord(pastYield(ago), pastYield(ago) * 180, this.bank.volts, this.#day - ago),
      );
  }

  step(seconds: number): void {
    if (this.#steps) this.bank.step(seconds);
  }

  /** A new day begins. */
  nextDay(): void {
    this.#day++;
    this.#todayKwh = 0;
    this.#todayMaximum = 0;
  }

  amperes(volts: number, seconds: number): number {
    this.#seconds += seconds;
    if (((this.#link.mode() ?? 0) & NETWORK_MODE.remoteBms) !== 0) this.#hasMetBms = true;
    const sunny = (this.#peakWatts * EFFICIENCY * clamp(this.#sun(this.#seconds), 0, 1)) / Math.max(1, volts);
    const most = Math.min(sunny, this.#ratedAmperes, this.#limit(), this.#link.amperes() ?? Number.POSITIVE_INFINITY);
    this.#duty = clamp(this.#duty + GAIN * seconds * (this.#target() - volts), 0, 1);
    this.#amperes = this.#offReason() !== 0 ? 0 : Math.min(most, this.#duty * this.#ratedAmperes);
    if (volts >= this.#target() - 0.1) this.#absorbed += seconds;
    const kwh = (this.#watts() * seconds) / 3_600_000;
    this.#todayKwh += kwh;
    this.#totalKwh += kwh;
    this.#todayMaximum = Math.max(this.#todayMaximum, this.#watts());
    return this.#amperes;
  }

  text(): readonly SimulatedFields[] {
    return [
      {
        PID: `0x${this.productId.toString(16).toUpperCase()}`,
        FW: '161',
        'SER#': this.#serial,
        V: Math.round(this.bank.volts * 1000),
        I: Math.round(this.#amperes * 1000),
        VPV: Math.round(this.#panelVolts() * 1000),
        PPV: Math.round(this.#watts()),
        CS: this.#state(),
        MPPT: this.#tracker(),
        OR: `0x${this.#offReason().toString(16).toUpperCase().padStart(8, '0')}`,
        ERR: this.#lacksBms() ? BMS_LOST : 0,
        LOAD: this.#loadIsOn() === 1 ? 'ON' : 'OFF',
        IL: 0,
        H19: Math.round(this.#totalKwh * 100),
        H20: Math.round(this.#todayKwh * 100),
        H21: Math.round(this.#todayMaximum),
        H22: Math.round(pastYield(1) * 100),
        H23: Math.round(pastYield(1) * 180),
        HSDS: this.#day,
      },
    ];
  }

  #isControlled(): boolean {
    return ((this.#link.mode() ?? 0) & NETWORK_MODE.externalControl) !== 0;
  }

  /** Volts it charges to. */
  #target(): number {
    const blocks = this.bank.nominal / 12;
    const told = this.#isControlled() ? this.#link.volts() : null;
    return told ?? blocks * (this.#absorbed >= ABSORPTION_SECONDS ? FLOAT_VOLTS : ABSORPTION_VOLTS);
  }

  /** It has been steered by a BMS once, and hears of none. */
  #lacksBms(): boolean {
    const isPresent = ((this.#link.mode() ?? 0) & NETWORK_MODE.remoteBms) !== 0;
    return (this.#hasMetBms || this.#bmsPresent() === 1) && !isPresent;
  }

  #offReason(): number {
    if (this.#mode() === MODE.off) return OFF_REASON.modeRegister;
    if (this.#lacksBms()) return OFF_REASON.bms;
    return this.#sun(this.#seconds) <= 0 ? OFF_REASON.noInput : 0;
  }

  #state(): number {
    if (this.#lacksBms()) return STATE.fault;
    if (this.#offReason() !== 0) return STATE.off;
    if (this.#isControlled()) return STATE.external;
    if (this.#absorbed >= ABSORPTION_SECONDS) return STATE.float;
    return this.bank.volts >= this.#target() - 0.1 ? STATE.absorption : STATE.bulk;
  }

  #tracker(): number {
    if (this.#amperes <= 0) return TRACKER.off;
    return this.#duty < 1 || this.#amperes >= this.#ratedAmperes ? TRACKER.limited : TRACKER.active;
  }

  #status(): number {
    if (this.#link.mode() === 0) return STATUS.standAlone;
    return (
      STATUS.slave |
      (this.#link.voltageSense() === null ? 0 : STATUS.voltageSense) |
      (this.#link.temperature() === null ? 0 : STATUS.temperatureSense) |
      (this.#link.current() === null ? 0 : STATUS.currentSense)
    );
  }

  #loadIsOn(): number {
    return this.#loadControl() === 0 ? 0 : 1;
  }

  #watts(): number {
    return (this.#amperes * this.bank.volts) / EFFICIENCY;
  }

  /** The less it takes, the nearer to open circuit. */
  #panelVolts(): number {
    const sun = this.#sun(this.#seconds);
    if (sun <= 0) return 0.01;
    return OPEN_CIRCUIT_VOLTS * (1 - 0.2 * clamp(this.#watts() / (this.#peakWatts * sun), 0, 1));
  }
}

function passingClouds(seconds: number): number {
  return 0.7 + 0.25 * Math.sin((2 * Math.PI * seconds) / 300);
}

/** kWh of a day so long ago. */
function pastYield(daysAgo: number): number {
  return 0.9 + 0.6 * Math.sin(daysAgo);
}
