/** What is known of a battery now: the values of its frames, until they are too old. */
import {
  ALARMS,
  decodeAlarms,
  decodePylontechAlarms,
  PYLONTECH_ALARMS,
  type PylontechAlarms,
  type Severities,
  worse,
} from '../../protocols/can-bms/alarms.ts';
import {
  BATTERY_LOST_MS,
  decodeRequests,
  LIMITS_LOST_MS,
  REQUESTS,
  type Requests,
} from '../../protocols/can-bms/control.ts';
import {
  decodeFrame,
  FRAMES,
  type FrameValues,
  frameOf,
  joined,
  stateOfCharge,
} from '../../protocols/can-bms/frames.ts';
import { type Battery, batteryOf, GENERIC } from '../../protocols/can-bms/makers.ts';
import { ALARM_PATHS, type BatteryPath, LASTING, VALUE_PATHS } from './paths.ts';

/** Path → value. */
export type PathValues = ReadonlyMap<BatteryPath, number | string | null>;

export class BatteryPicture {
  /** Frames that were too short or too long. */
  faults = 0;
  readonly #values = new Map<number, FrameValues>();
  readonly #at = new Map<number, number>();
  #alarms: Severities | undefined;
  #pylontech: PylontechAlarms | undefined;
  #requests: Requests | undefined;
  #speaksPylontech = false;
  /** Paths that were ever told, so that they can be told to be unknown. */
  readonly #known = new Set<BatteryPath>();

  /**
   * Takes a frame.
   *
   * @param now monotonic milliseconds
   * @returns whether it is one of a battery, and sound
   */
  take(id: number, data: Uint8Array, now: number): boolean {
    if (!this.#decode(id, data)) return false;
    this.#at.set(id, now);
    return true;
  }

  /** Whether all came without which a battery is none: limits, state of charge and measurements. */
  get isComplete(): boolean {
    return [FRAMES.limits, FRAMES.charge, FRAMES.measurements].every(({ id }) => this.#values.has(id));
  }

  /** Forgets what is too old: limits soon, for nobody may charge by old ones. */
  expire(now: number): void {
    for (const [id, at] of this.#at) {
      const frame = frameOf(id);
      if (frame !== undefined && LASTING.has(frame)) continue;
      if (now - at < (id === FRAMES.limits.id ? LIMITS_LOST_MS : BATTERY_LOST_MS)) continue;
      this.#at.delete(id);
      this.#values.delete(id);
      if (id === ALARMS) this.#alarms = undefined;
      if (id === PYLONTECH_ALARMS) this.#pylontech = undefined;
      if (id === REQUESTS) this.#requests = undefined;
    }
  }

  /** Which battery it is, by what it has told so far. */
  battery(): Battery {
    const { manufacturer = '', family = '' } = this.#merged();
    const name = this.#name();
    const battery = batteryOf({ manufacturer, family, name, speaksPylontech: this.#speaksPylontech });
    if (battery !== GENERIC) return battery;
    return { ...GENERIC, name: name || manufacturer.trim() || GENERIC.name };
  }

  get serial(): string {
    const { serialFirst, serialSecond } = this.#merged();
    return joined(serialFirst, serialSecond);
  }

  /** `2.3`; null when the battery does not tell. */
  get firmware(): string | null {
    const { firmware } = this.#merged();
    return typeof firmware === 'number' ? `${firmware >> 8}.${firmware & 0xff}` : null;
  }

  get hardware(): string | null {
    const { model } = this.#merged();
    return typeof model === 'number' ? String(model) : null;
  }

  /** All paths that were ever told, with null where nothing is known now. */
  paths(): PathValues {
    const told = new Map<BatteryPath, number | string | null>();
    const values = this.#merged();
    for (const [name, path] of Object.entries(VALUE_PATHS)) {
      const value = values[name as keyof typeof VALUE_PATHS]; // the keys of the table
      if (value !== undefined) told.set(path, typeof value === 'string' ? value.trim() : value);
    }
    this.#putTogether(values, told);
    this.#putAlarms(told);
    this.#putRequests(told);
    for (const path of told.keys()) this.#known.add(path);
    for (const path of this.#known) if (!told.has(path)) told.set(path, null);
    return told;
  }

  #decode(id: number, data: Uint8Array): boolean {
    switch (id) {
      case ALARMS: {
        const alarms = decodeAlarms(data);
        this.#alarms = alarms ?? this.#alarms;
        return this.#sound(alarms !== undefined);
      }
      case PYLONTECH_ALARMS: {
        const alarms = decodePylontechAlarms(data);
        this.#pylontech = alarms ?? this.#pylontech;
        this.#speaksPylontech ||= alarms?.signed === true;
        return this.#sound(alarms !== undefined);
      }
      case REQUESTS: {
        const requests = decodeRequests(data);
        this.#requests = requests ?? this.#requests;
        return this.#sound(requests !== undefined);
      }
      default: {
        if (frameOf(id) === undefined) return false;
        const values = decodeFrame(id, data);
        if (values !== undefined) this.#values.set(id, values);
        return this.#sound(values !== undefined);
      }
    }
  }

  #sound(isSound: boolean): boolean {
    if (!isSound) this.faults++;
    return isSound;
  }

  #merged(): FrameValues {
    return Object.assign({}, ...this.#values.values());
  }

  #name(): string {
    const { nameFirst, nameSecond } = this.#merged();
    return joined(nameFirst, nameSecond);
  }

  #putTogether(values: FrameValues, told: Map<BatteryPath, number | string | null>): void {
    const charge = stateOfCharge(values);
    if (charge !== undefined) told.set('/Soc', charge);
    const { voltage, current, dischargeVoltageLimit: lowest } = values;
    if (typeof voltage === 'number' && typeof current === 'number') told.set('/Dc/0/Power', voltage * current);
    // Older batteries leave its octets empty.
    if (lowest !== undefined) told.set('/Info/BatteryLowVoltage', lowest === 0 ? null : lowest);
    if (values.modulesOnline === undefined && this.#pylontech !== undefined && this.#pylontech.modules > 0)
      told.set('/System/NrOfModulesOnline', this.#pylontech.modules);
  }

  #putAlarms(told: Map<BatteryPath, number | string | null>): void {
    if (this.#alarms === undefined && this.#pylontech === undefined) return;
    for (const [name, path] of Object.entries(ALARM_PATHS)) {
      const alarm = name as keyof typeof ALARM_PATHS; // the keys of the table
      told.set(path, worse(this.#alarms?.[alarm] ?? null, this.#pylontech?.severities[alarm] ?? null));
    }
  }

  #putRequests(told: Map<BatteryPath, number | string | null>): void {
    const requests = this.#requests;
    if (requests === undefined) return;
    told.set('/Io/AllowToCharge', requests.allowCharge ? 1 : 0);
    told.set('/Io/AllowToDischarge', requests.allowDischarge ? 1 : 0);
    told.set('/Info/ChargeRequest', requests.forceCharge1 || requests.forceCharge2 ? 1 : 0);
    told.set('/Info/FullChargeRequest', requests.fullCharge ? 1 : 0);
  }
}
