/** A simulated Multi RS: grid at its input, loads at its output, panels and a battery. It speaks HEX alone. */
import type { Clock } from '../../../kernel/clock.ts';
import { DEVICE_MODES } from '../../../protocols/vedirect/codes.ts';
import {
  AC_INPUT_1,
  AC_OUTPUT,
  ENERGIES,
  INVERTER_CHARGER_REGISTERS as R,
  TRACKERS,
} from '../../../protocols/vedirect/inverter-charger-registers.ts';
import {
  CHARGER_REGISTERS as C,
  COMMON_REGISTERS,
  LINK_REGISTERS as L,
  MONITOR_REGISTERS as M,
} from '../../../protocols/vedirect/registers.ts';
import type { SimulatedFields } from '../simulator.ts';
import { BatteryBank, clamp, type Participant } from './battery-bank.ts';
import type { SimulatedDevice } from './device.ts';
import { RegisterFile } from './register-file.ts';

/** Multi RS Solar 48V/6000VA/100A */
const PRODUCT_ID = 0xa442;
const MODE_ON = 3;
const STATE = { off: 0, bulk: 3, inverting: 9 } as const;
const CHARGE_AMPERES = 50;
const EFFICIENCY = 0.95;
const NO_INPUT = 240;
const TRACKER_ACTIVE = 2;
/** Bits of warnings and alarms. */
const LOW_SOC = 0x0004;
const OVERLOAD = 0x0100;
const OVERLOAD_WATTS = 6_000;

export class SimulatedMultiRs implements SimulatedDevice, Participant {
  readonly announces = [COMMON_REGISTERS.deviceState, R.activeInput];
  readonly productId = PRODUCT_ID;
  readonly registers: RegisterFile;
  readonly bank: BatteryBank;
  /** Watts behind the output. */
  load = 800;
  /** Watts that the panels give at one tracker. */
  sun = 600;
  gridVolts = 230;
  readonly #steps: boolean;
  readonly #mode: () => number;
  readonly #limit: () => number;
  readonly #chargeLimit: () => number | null;
  #amperes = 0;
  #solarKwh = 0;

  constructor({ clock, bank, serial = 'HQ2239SIMRS' }: { clock: Clock; bank?: BatteryBank; serial?: string }) {
    this.bank = bank ?? new BatteryBank({ nominal: 48, charge: 0.5 });
    this.#steps = bank === undefined;
    this.bank.attach(this);
    const r = new RegisterFile(clock);
    this.registers = r;
    r.shows(COMMON_REGISTERS.productId, () => PRODUCT_ID);
    r.shows(COMMON_REGISTERS.serialNumber, () => serial);
    r.keeps(COMMON_REGISTERS.customName, '');
    r.shows(COMMON_REGISTERS.deviceState, () => this.#state());
    r.shows(COMMON_REGISTERS.offReason, () => (this.#isOn() ? 0 : 4));
    this.#mode = r.keeps<number>(COMMON_REGISTERS.deviceMode, MODE_ON, mode => Object.hasOwn(DEVICE_MODES, mode));
    r.shows(R.activeInput, () => (this.#isFed() ? 0 : NO_INPUT));
    this.#limit = r.keeps<number>(R.input1Limit, 32, amperes => amperes >= 4 && amperes <= 50);
    r.shows(R.inputLimitsAdjustable, () => 1);
    r.shows(R.input1Type, () => 1);
    r.shows(R.phases, () => 1);
    r.shows(R.acInputs, () => 1);
    r.shows(R.trackers, () => 2);
    const [output] = AC_OUTPUT;
    r.shows(output.voltage, () => (this.#isOn() ? 230 : 0));
    r.shows(output.current, () => (this.#isOn() ? this.load / 230 : 0));
    r.shows(output.power, () => (this.#isOn() ? this.load : 0));
    r.shows(output.frequency, () => 50);
    const [input] = AC_INPUT_1;
    r.shows(input.voltage, () => this.gridVolts);
    r.shows(input.current, () => (this.gridVolts === 0 ? 0 : this.#inputWatts() / this.gridVolts));
    r.shows(input.power, () => Math.round(this.#inputWatts()));
    r.shows(input.frequency, () => (this.gridVolts === 0 ? 0 : 50));
    r.shows(M.mainVoltage, () => this.bank.volts);
    r.shows(M.mainCurrent, () => this.#amperes);
    r.shows(M.mainPower, () => Math.round(this.bank.volts * this.#amperes));
    r.shows(M.stateOfCharge, () => this.bank.charge * 100);
    r.shows(C.chargerError, () => 0);
    r.shows(COMMON_REGISTERS.warningReason, () => (this.bank.charge < 0.2 ? LOW_SOC : 0));
    r.shows(COMMON_REGISTERS.alarmReason, () => (this.load > OVERLOAD_WATTS ? OVERLOAD : 0));
    r.shows(C.panelPower, () => this.sun);
    r.shows(C.userYield, () => this.#solarKwh);
    const [first, second] = TRACKERS;
    for (const [tracker, watts] of [
      [first, () => this.sun],
      [second, () => 0],
    ] as const) {
      if (tracker === undefined) continue;
      r.shows(tracker.voltage, () => (watts() === 0 ? 0 : 210));
      r.shows(tracker.power, watts);
      r.shows(tracker.mode, () => (watts() === 0 ? 0 : TRACKER_ACTIVE));
    }
    for (const [name, register] of ENERGIES) if (name === 'SolarToBattery') r.shows(register, () => this.#solarKwh);
    this.#chargeLimit = r.forgets(L.linkChargeCurrentLimit);
  }

  step(seconds: number): void {
    if (this.#steps) this.bank.step(seconds);
    this.#solarKwh += (this.sun * seconds) / 3_600_000;
  }

  /** Without a grid the battery carries the load; with one it is charged as far as it may be. */
  amperes(volts: number): number {
    const most = Math.min(CHARGE_AMPERES, this.#chargeLimit() ?? CHARGE_AMPERES);
    if (!this.#isOn()) this.#amperes = 0;
    else if (this.#isFed()) this.#amperes = clamp((this.#spareWatts() * EFFICIENCY) / volts, 0, most);
    else this.#amperes = Math.min(most, (this.sun - this.load / EFFICIENCY) / volts);
    return this.#amperes;
  }

  text(): readonly SimulatedFields[] {
    return [];
  }

  #isOn(): boolean {
    return this.#mode() === MODE_ON;
  }

  #isFed(): boolean {
    return this.#isOn() && this.gridVolts > 180;
  }

  #state(): number {
    if (!this.#isOn()) return STATE.off;
    return this.#isFed() ? STATE.bulk : STATE.inverting;
  }

  /** What panels and grid can give beyond the load. */
  #spareWatts(): number {
    return this.sun + this.#limit() * this.gridVolts - this.load;
  }

  #inputWatts(): number {
    return this.#isFed() ? this.load + (this.#amperes * this.bank.volts) / EFFICIENCY - this.sun : 0;
  }
}
