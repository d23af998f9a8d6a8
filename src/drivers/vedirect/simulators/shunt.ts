/** A simulated battery monitor: a BMV or SmartShunt at a battery that charges and discharges. */
import type { Clock } from '../../../kernel/clock.ts';
import { COMMON_REGISTERS, MONITOR_REGISTERS as M } from '../../../protocols/vedirect/registers.ts';
import type { SimulatedFields } from '../simulator.ts';
import { BatteryBank } from './battery-bank.ts';
import type { SimulatedDevice } from './device.ts';
import { RegisterFile } from './register-file.ts';

/** BMV-712 Smart */
const PRODUCT_ID = 0xa381;
const AUXILIARY_STARTER = 0;
/** Below this state of charge the alarm sounds, above it by a little it ends. */
const ALARM_CHARGE = 0.1;
const LOW_SOC_BIT = 0x04;
const ENDLESS = -1;

export interface ShuntOptions {
  readonly clock: Clock;
  readonly serial?: string;
  readonly productId?: number;
  /** What it measures: MONITOR_MODES. */
  readonly mode?: number;
  /** The battery it hangs at; without it one of its own, with a load that comes and goes. */
  readonly bank?: BatteryBank;
}

export class SimulatedShunt implements SimulatedDevice {
  readonly announces = [M.mainCurrentFine, M.stateOfCharge, M.relayControl];
  readonly registers: RegisterFile;
  readonly productId: number;
  readonly bank: BatteryBank;
  readonly #steps: boolean;
  readonly #mode: number;
  readonly #relay: () => number;
  #seconds = 0;
  #drawnAh = 0;
  #deepestAh = 0;
  #chargedKwh = 0;
  #dischargedKwh = 0;
  #lowest = Number.POSITIVE_INFINITY;
  #highest = 0;

  constructor({ clock, serial = 'HQ2040SIM01', productId = PRODUCT_ID, mode = 0, bank }: ShuntOptions) {
    this.productId = productId;
    this.#mode = mode;
    this.bank = bank ?? loneBattery();
    // The battery of a plant is stepped by the plant.
    this.#steps = bank === undefined;
    this.registers = new RegisterFile(clock);
    const r = this.registers;
    r.shows(COMMON_REGISTERS.productId, () => productId);
    r.shows(COMMON_REGISTERS.serialNumber, () => serial);
    r.keeps(COMMON_REGISTERS.customName, 'House battery');
    r.shows(M.mainVoltage, () => this.bank.volts);
    r.shows(M.mainCurrentFine, () => this.bank.amperes);
    r.shows(M.stateOfCharge, () => this.bank.charge * 100);
    r.shows(M.consumed, () => -this.#missingAh());
    r.shows(M.auxiliaryInput, () => AUXILIARY_STARTER);
    r.shows(M.monitorMode, () => mode);
    r.shows(M.relayMode, () => 2);
    this.#relay = r.keeps<number>(M.relayControl, 0, value => value === 0 || value === 1);
    r.keeps<number>(M.capacity, this.bank.capacityAh, value => value > 0);
    r.shows(M.chargeCycles, () => Math.floor(this.#drawnAh / this.bank.capacityAh));
    r.does(M.clearHistory, () => {
      this.#drawnAh = this.#deepestAh = this.#chargedKwh = this.#dischargedKwh = 0;
    });
  }

  step(seconds: number): void {
    if (this.#steps) this.bank.step(seconds);
    const { volts, amperes } = this.bank;
    this.#seconds += seconds;
    const kwh = (volts * Math.abs(amperes) * seconds) / 3_600_000;
    if (amperes >= 0) this.#chargedKwh += kwh;
    else {
      this.#dischargedKwh += kwh;
      this.#drawnAh += (-amperes * seconds) / 3600;
    }
    this.#deepestAh = Math.max(this.#deepestAh, this.#missingAh());
    this.#lowest = Math.min(this.#lowest, volts);
    this.#highest = Math.max(this.#highest, volts);
  }

  /** Two blocks a second, as a BMV. */
  text(): readonly SimulatedFields[] {
    const { volts, amperes, charge } = this.bank;
    const isLow = charge < ALARM_CHARGE;
    const isBattery = this.#mode === 0;
    const now: SimulatedFields = {
      PID: `0x${this.productId.toString(16).toUpperCase()}`,
      V: Math.round(volts * 1000),
      VS: 12_640,
      I: Math.round(amperes * 1000),
      P: Math.round(volts * amperes),
      ...(isBattery
        ? { CE: Math.round(-this.#missingAh() * 1000), SOC: Math.round(charge * 1000), TTG: this.#minutesToGo() }
        : {}),
      Alarm: isLow ? 'ON' : 'OFF',
      Relay: this.#relay() === 1 ? 'ON' : 'OFF',
      AR: isLow ? LOW_SOC_BIT : 0,
      BMV: '712 Smart',
      FW: '0413',
      MON: this.#mode,
    };
    // A monitor of something else than a battery counts no cycles.
    const cycles: SimulatedFields = isBattery
      ? {
          H1: -Math.round(this.#deepestAh * 1000),
          H2: -Math.round(this.#missingAh() * 1000),
          H3: 0,
          H4: Math.floor(this.#drawnAh / this.bank.capacityAh),
          H5: 0,
          H6: -Math.round(this.#drawnAh * 1000),
          H9: Math.round(this.#seconds),
          H10: 0,
        }
      : {};
    const history: SimulatedFields = {
      ...cycles,
      H7: Math.round((Number.isFinite(this.#lowest) ? this.#lowest : volts) * 1000),
      H8: Math.round(Math.max(this.#highest, volts) * 1000),
      H11: 0,
      H12: 0,
      H15: 12_100,
      H16: 14_400,
      H17: Math.round(this.#dischargedKwh * 100),
      H18: Math.round(this.#chargedKwh * 100),
    };
    return [now, history];
  }

  #missingAh(): number {
    return (1 - this.bank.charge) * this.bank.capacityAh;
  }

  #minutesToGo(): number {
    const { amperes, charge, capacityAh } = this.bank;
    return amperes >= 0 ? ENDLESS : Math.min(14_400, Math.round((charge * capacityAh * 60) / -amperes));
  }
}

/** A battery with a charger and a load that take turns. */
function loneBattery(): BatteryBank {
  const bank = new BatteryBank();
  let seconds = 0;
  bank.attach({
    amperes: (_volts, passed) => {
      seconds += passed;
      return 18 * Math.sin((2 * Math.PI * seconds) / 120) - 3;
    },
  });
  return bank;
}
