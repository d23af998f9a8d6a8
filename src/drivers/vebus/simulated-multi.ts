/** A simulated inverter/charger as a thing of physics: grid, loads and battery on one side, state and powers on the other. */
import { MODE } from '../../protocols/mk2/interface.ts';
import { STATE, SUBSTATE } from '../../protocols/mk2/states.ts';
import { ENERGY_COUNTERS, type EnergyCounter } from '../../protocols/mk2/winmon.ts';

/** The battery that the devices hang at; a plant gives one that other devices know too. */
export interface SimulatedBattery {
  readonly volts: number;
  /** Percent. */
  readonly soc: number;
  /** Takes (above 0) or gives a current for a while. */
  flow(amperes: number, ms: number): void;
}

/** A battery of its own: its voltage follows charge and current. */
export function simpleBattery(options: { capacityAh?: number; nominalVolts?: number; soc?: number } = {}) {
  const { capacityAh = 200, nominalVolts = 48 } = options;
  let soc = options.soc ?? 70;
  let amperes = 0;
  const battery: SimulatedBattery = {
    get volts() {
      return nominalVolts * (1.03 + 0.0008 * soc) + amperes * 0.01;
    },
    get soc() {
      return soc;
    },
    flow: (current, ms) => {
      amperes = current;
      soc = Math.min(100, Math.max(0, soc + (100 * current * ms) / (capacityAh * 3_600_000)));
    },
  };
  return battery;
}

export interface PhasePower {
  /** Watts from the grid, below 0 fed in. */
  readonly input: number;
  readonly output: number;
  /** Watts taken by the charger, below 0 given by the inverter. */
  readonly inverter: number;
}

/** Set-point and flags of the ESS assistant of one phase. */
export interface EssOrder {
  /** Watts from the grid. */
  setpoint: number;
  disableCharge: boolean;
  disableFeedIn: boolean;
  /** When it was written, milliseconds of the simulation. */
  writtenAt: number;
}

/** A device forgets a set-point that is not written again (fact sheet hub4-ess, section 1). */
const SETPOINT_LASTS_MS = 60_000;
const INVERTER_WATTS = 3_000;
const EFFICIENCY = 0.94;
const GRID_VOLTS_MIN = 180;
const ABSORPTION_FROM_SOC = 95;
const FLOAT_FROM_SOC = 99.5;
const JOULES_PER_STEP = 65_536;
const OVERLOAD = 1.1;

export class SimulatedMulti {
  readonly battery: SimulatedBattery;
  readonly phases: number;
  readonly unitsPerPhase: number;
  /** The grid at the active input; 0 volts: gone. */
  grid = { volts: 230, hertz: 50.1 };
  /** Watts behind the output, by phase. */
  readonly loads: number[];
  outputVolts = 230;
  mode: number = MODE.on;
  /** Amperes per phase that may be taken from the grid. */
  inputLimit = 16;
  /** Amperes into the battery, of all devices together. */
  chargeCurrent: number;
  powerAssist = true;
  /** By phase; with an ESS assistant only. */
  readonly ess: (EssOrder | undefined)[];
  /** What the charger was told to do; see CHARGER_ORDER. */
  forced = 0;
  error = 0;
  powers: PhasePower[];
  readonly joules = new Map<EnergyCounter, number>(ENERGY_COUNTERS.map(name => [name, 0]));
  dcAmperes = 0;
  #now = 0;

  constructor(options: { battery?: SimulatedBattery; phases?: number; unitsPerPhase?: number; ess?: boolean }) {
    this.battery = options.battery ?? simpleBattery();
    this.phases = options.phases ?? 1;
    this.unitsPerPhase = options.unitsPerPhase ?? 1;
    this.chargeCurrent = 35 * this.phases * this.unitsPerPhase;
    this.loads = Array.from({ length: this.phases }, () => 400);
    this.powers = this.loads.map(() => ({ input: 0, output: 0, inverter: 0 }));
    this.ess = this.loads.map(() =>
      options.ess ? { setpoint: 0, disableCharge: false, disableFeedIn: false, writtenAt: -Infinity } : undefined,
    );
  }

  get connected(): boolean {
    const allowed = this.mode === MODE.on || this.mode === MODE.chargerOnly;
    return allowed && this.error === 0 && this.grid.volts >= GRID_VOLTS_MIN;
  }

  get inverting(): boolean {
    const allowed = this.mode === MODE.on || this.mode === MODE.inverterOnly;
    return allowed && this.error === 0 && !this.connected;
  }

  get state(): number {
    if (this.inverting) return STATE.invertFull;
    if (!this.connected) return STATE.off;
    return this.powers.some(power => power.inverter < 0) && this.ess[0] === undefined
      ? STATE.powerAssist
      : STATE.charge;
  }

  get substate(): number {
    if (!this.connected) return SUBSTATE.init;
    if (this.forced === 1) return SUBSTATE.equalise;
    if (this.forced === 2) return SUBSTATE.forcedAbsorption;
    const { soc } = this.battery;
    if (this.forced === 3 || soc >= FLOAT_FROM_SOC) return SUBSTATE.float;
    return soc >= ABSORPTION_FROM_SOC ? SUBSTATE.absorption : SUBSTATE.bulk;
  }

  get overloaded(): boolean {
    return this.inverting && this.loads.some(watts => watts > INVERTER_WATTS * this.unitsPerPhase * OVERLOAD);
  }

  /** Lets so much time pass. */
  step(ms: number): void {
    this.#now += ms;
    this.powers = this.loads.map((watts, i) => this.#phase(watts, this.ess[i]));
    const watts = this.powers.reduce((total, { inverter }) => total + inverter, 0);
    this.dcAmperes = (watts > 0 ? watts * EFFICIENCY : watts / EFFICIENCY) / this.battery.volts;
    this.battery.flow(this.dcAmperes, ms);
    for (const power of this.powers) this.#count(power, ms / 1_000);
  }

  /** An ESS set-point was written. */
  order(phase: number, change: Partial<Omit<EssOrder, 'writtenAt'>>): void {
    const ess = this.ess[phase - 1];
    if (ess !== undefined) Object.assign(ess, change, { writtenAt: this.#now });
  }

  /** How far an energy counter is, as the device tells it. */
  counter(name: EnergyCounter): number {
    return Math.floor((this.joules.get(name) ?? 0) / JOULES_PER_STEP) & 0xff;
  }

  #phase(load: number, ess: EssOrder | undefined): PhasePower {
    if (this.inverting) return { input: 0, output: load, inverter: -load };
    if (!this.connected) return { input: 0, output: 0, inverter: 0 };
    const rating = INVERTER_WATTS * this.unitsPerPhase;
    const most = Math.min(rating, this.#chargeWatts());
    const least = this.powerAssist ? -rating : 0;
    const limit = this.inputLimit * this.grid.volts;
    const controlled = ess !== undefined && this.#now - ess.writtenAt < SETPOINT_LASTS_MS;
    let inverter = controlled ? ess.setpoint - load : ess === undefined ? most : 0;
    if (controlled && ess.disableCharge) inverter = Math.min(inverter, 0);
    if (controlled && ess.disableFeedIn) inverter = Math.max(inverter, 0);
    inverter = Math.min(most, Math.max(least, Math.min(inverter, limit - load)));
    return { input: load + inverter, output: load, inverter };
  }

  /** What the charger of one phase takes at most. */
  #chargeWatts(): number {
    const { soc, volts } = this.battery;
    const share = soc >= 100 ? 0 : soc >= ABSORPTION_FROM_SOC ? (100 - soc) / (100 - ABSORPTION_FROM_SOC) : 1;
    return (this.chargeCurrent * share * volts) / EFFICIENCY / this.phases;
  }

  #count({ input, output, inverter }: PhasePower, seconds: number): void {
    const add = (name: EnergyCounter, watts: number): void => {
      if (watts > 0) this.joules.set(name, (this.joules.get(name) ?? 0) + watts * seconds);
    };
    add('AcIn1ToInverter', Math.min(inverter, input));
    add('AcIn1ToAcOut', Math.min(input, output));
    add('InverterToAcOut', Math.min(-inverter, output));
    add('InverterToAcIn1', -input);
  }
}
