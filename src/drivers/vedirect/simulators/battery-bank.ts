/** The battery that simulated devices share: what flows in and out, and the voltage that comes of it. */

/** Something at the battery: a charger gives, a load takes. */
export interface Participant {
  /** Amperes into the battery at this voltage, negative out of it. */
  amperes(volts: number, seconds: number): number;
}

export interface BatteryBankOptions {
  /** Volts: 12, 24 or 48. */
  readonly nominal?: number;
  readonly capacityAh?: number;
  /** State of charge at the start, 0 to 1. */
  readonly charge?: number;
}

/** Rest voltage of a 12 V block of lithium cells by its state of charge. */
const REST: readonly (readonly [charge: number, volts: number])[] = [
  [0, 11],
  [0.1, 12.7],
  [0.5, 13.15],
  [0.9, 13.4],
  [0.98, 13.6],
  [1, 14.2],
];
/** Ohm of a 12 V block of 100 Ah. */
const RESISTANCE = 0.02;

export class BatteryBank {
  readonly nominal: number;
  readonly capacityAh: number;
  #charge: number;
  #volts: number;
  #amperes = 0;
  readonly #participants = new Set<Participant>();

  constructor({ nominal = 24, capacityAh = 200, charge = 0.6 }: BatteryBankOptions = {}) {
    this.nominal = nominal;
    this.capacityAh = capacityAh;
    this.#charge = charge;
    this.#volts = this.#rest();
  }

  get volts(): number {
    return this.#volts;
  }

  /** Into the battery; negative out of it. */
  get amperes(): number {
    return this.#amperes;
  }

  /** 0 to 1 */
  get charge(): number {
    return this.#charge;
  }

  attach(participant: Participant): void {
    this.#participants.add(participant);
  }

  detach(participant: Participant): void {
    this.#participants.delete(participant);
  }

  /** Lets time pass. Call it from one place: the battery monitor, or the plant. */
  step(seconds: number): void {
    let amperes = 0;
    for (const participant of this.#participants) amperes += participant.amperes(this.#volts, seconds);
    this.#amperes = amperes;
    this.#charge = clamp(this.#charge + (amperes * seconds) / 3600 / this.capacityAh, 0, 1);
    this.#volts = this.#rest() + amperes * this.#resistance();
  }

  #rest(): number {
    const blocks = this.nominal / 12;
    let [below, low] = REST[0] ?? [0, 12];
    for (const [above, high] of REST) {
      if (above >= this.#charge && above > below)
        return blocks * (low + ((high - low) * (this.#charge - below)) / (above - below));
      [below, low] = [above, high];
    }
    return blocks * low;
  }

  #resistance(): number {
    return (RESISTANCE * (this.nominal / 12) * 100) / this.capacityAh;
  }
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
