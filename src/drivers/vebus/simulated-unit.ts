/** One simulated device of a VE.Bus system: its version, RAM variables, settings and assistants. */
import { ESS_WORD, SENSOR_WORD } from '../../protocols/mk2/assistants.ts';
import { COMMAND_HEAD } from '../../protocols/mk2/interface.ts';
import { toSigned, u16, word, word32 } from '../../protocols/mk2/octets.ts';
import { ASSISTANT_RAM, RAM } from '../../protocols/mk2/ram.ts';
import type { SettingInfo } from '../../protocols/mk2/scaling.ts';
import { SETTING } from '../../protocols/mk2/settings.ts';
import { ENERGY_COUNTERS, REPLY, WINMON, WRITE } from '../../protocols/mk2/winmon.ts';
import type { SimulatedMulti } from './simulated-multi.ts';

export interface SimulatedSensor {
  /** 0 input, 1 output. */
  readonly location: number;
  /** 0 L1, 1 L2, 2 L3. */
  readonly phase: number;
  watts: number;
}

export interface SimulatedUnitOptions {
  /** 2620422: MultiPlus 48/3000/35-50, firmware 422. */
  readonly version?: number;
  /** Answers as older firmware does: versions and infos in parts, writes in two steps. */
  readonly old?: boolean;
  /** Knows no snapshot and no power variables. */
  readonly noPowers?: boolean;
  readonly sensors?: readonly SimulatedSensor[];
  readonly serial?: string;
  /** The number of an assistant of another kind, without words of its own. */
  readonly otherAssistant?: number;
}

/** Scale and offset of each variable, as real devices tell them (recorded exchanges). */
const RAM_INFO: Readonly<Record<number, readonly [scale: number, offset: number]>> = {
  [RAM.mainsVoltage]: [0x7f9c, 0],
  [RAM.mainsCurrent]: [0x8064, 0],
  [RAM.inverterVoltage]: [0x7f9c, 0],
  [RAM.inverterCurrent]: [0x7f9c, 0],
  [RAM.batteryVoltage]: [0x7f9c, 0],
  [RAM.batteryCurrent]: [0x8064, 0],
  [RAM.batteryRipple]: [0x7f9c, 0],
  [RAM.inverterPeriod]: [0x7857, 0x0100],
  [RAM.mainsPeriod]: [0x7c2f, 0],
  [RAM.acLoadCurrent]: [0x8064, 0],
  [RAM.virtualSwitch]: [0x0004, 0x8000],
  [RAM.ignoreAcInput]: [0x0001, 0x8000],
  [RAM.relay]: [0x0002, 0x8000],
  [RAM.chargeState]: [0x7f38, 0],
  [RAM.inverterPower]: [0xffff, 0],
  [RAM.mainsPower]: [0xffff, 0],
  [RAM.outputPower]: [0xffff, 0],
};

/** 0.07 V, as recorded. */
const RIPPLE_CENTIVOLTS = 7;
const SOC_STEPS = 200;
const CENTI = 100;
/** A full energy word of a sensor counts 2^16 times 2^16 J. */
const SENSOR_WORDS = 4;
const ESS_WORDS = 4;
const ESS_HEAD = 0x0050 | ESS_WORDS;
const SENSOR_HEAD = 0x0010 | SENSOR_WORDS;

export class SimulatedUnit {
  readonly address: number;
  readonly settings: Map<number, SettingInfo & { raw: number }>;
  /** How often an EEPROM was written. */
  eepromWrites = 0;
  readonly #multi: SimulatedMulti;
  readonly #phase: number;
  readonly #options: SimulatedUnitOptions;
  #snapshot: number[] = [];
  /** Of the older write in two steps. */
  #selected: { setting: boolean; id: number } | undefined;
  /** Written state of charge, until the next start. */
  #soc: number | undefined;

  constructor(multi: SimulatedMulti, address: number, phase: number, options: SimulatedUnitOptions) {
    this.#multi = multi;
    this.address = address;
    this.#phase = phase;
    this.#options = options;
    this.settings = firstSettings();
  }

  takeSnapshot(ids: readonly number[]): void {
    this.#snapshot = ids.map(id => this.#ram(id) ?? 0);
  }

  /** @param data of a command to one device */
  answer(data: Uint8Array): Uint8Array | undefined {
    const [, letter = 0, command] = data;
    const reply = this.#reply(command ?? 0, data.subarray(3));
    return reply === undefined ? undefined : Uint8Array.of(COMMAND_HEAD, letter, ...reply);
  }

  #reply(command: number, body: Uint8Array): number[] | undefined {
    const { old, noPowers } = this.#options;
    const version = this.#options.version ?? 2_620_422;
    switch (command) {
      case WINMON.version:
        return old ? [REPLY.version, ...word(version)] : [REPLY.version, ...word32(version)];
      case WINMON.versionHigh:
        return [REPLY.versionHigh, ...word(version >>> 16)];
      case WINMON.state:
        if (body[0]) this.#multi.forced = body[0];
        return [REPLY.state, this.#multi.state, this.#multi.substate];
      case WINMON.energy:
        return [REPLY.energy, ...ENERGY_COUNTERS.map(name => (this.address === 0 ? this.#multi.counter(name) : 0))];
      case WINMON.readRam: {
        const raw = this.#ram(u16(body, 0));
        return raw === undefined ? [REPLY.noSuchRam] : [REPLY.ram, ...word(raw)];
      }
      case WINMON.ramInfo:
        return this.#ramInfo(u16(body, 0));
      case WINMON.readSetting: {
        const setting = this.settings.get(u16(body, 0));
        return setting === undefined ? [REPLY.noSuchSetting] : [REPLY.setting, ...word(setting.raw)];
      }
      case WINMON.settingInfo:
        return this.#settingInfo(u16(body, 0));
      case WINMON.readSnapshot:
        return noPowers ? [REPLY.unknownCommand] : [REPLY.snapshot, ...this.#snapshot.flatMap(raw => word(raw))];
      case WINMON.serialNumber:
        return [REPLY.serialNumber, ...(this.#options.serial ?? 'HQ2201ABCDE')].map(one =>
          typeof one === 'number' ? one : one.charCodeAt(0),
        );
      case WINMON.writeById:
        return old ? [REPLY.unknownCommand] : this.#writeById(body);
      case WINMON.writeRam:
      case WINMON.writeSetting:
        if (old) this.#selected = { setting: command === WINMON.writeSetting, id: u16(body, 0) };
        return undefined;
      case WINMON.writeData:
        return this.#writeSelected(u16(body, 0));
      default:
        return [REPLY.unknownCommand];
    }
  }

  #ramInfo(id: number): number[] {
    const powers = id === RAM.inverterPower || id === RAM.mainsPower || id === RAM.outputPower;
    const [scale, offset] = (this.#options.noPowers && powers ? undefined : RAM_INFO[id]) ?? [0, 0];
    return this.#options.old
      ? [REPLY.ramInfo, ...word(scale), REPLY.ramInfoOffset, ...word(offset)]
      : [REPLY.ramInfo, ...word(scale), ...word(offset)];
  }

  #settingInfo(id: number): number[] {
    const setting = this.settings.get(id) ?? { scale: 0, offset: 0, default: 0, min: 0, max: 0 };
    const words = [setting.scale, setting.offset, setting.default, setting.min, setting.max];
    return words.flatMap((value, i) =>
      i === 0 || this.#options.old ? [REPLY.settingInfo + i, ...word(value)] : word(value),
    );
  }

  #writeById(body: Uint8Array): number[] {
    const [flags = 0, id = 0] = body;
    const value = u16(body, 2);
    if ((flags & WRITE.setting) === 0) return [this.#writeRam(id, value) ? REPLY.ramWritten : REPLY.noSuchRam];
    return this.#writeSetting(id, value, (flags & WRITE.ramOnly) !== 0);
  }

  #writeSelected(value: number): number[] {
    const selected = this.#selected;
    this.#selected = undefined;
    if (selected === undefined) return [REPLY.unknownCommand];
    if (selected.setting) return this.#writeSetting(selected.id, value, false);
    return [this.#writeRam(selected.id, value) ? REPLY.ramWritten : REPLY.noSuchRam];
  }

  #writeSetting(id: number, value: number, ramOnly: boolean): number[] {
    const setting = this.settings.get(id);
    if (setting === undefined || value < setting.min || value > setting.max) return [REPLY.noSuchSetting];
    setting.raw = value;
    if (!ramOnly) this.eepromWrites++;
    if (id === SETTING.chargeCurrent)
      this.#multi.chargeCurrent = value * this.#multi.phases * this.#multi.unitsPerPhase;
    return [REPLY.settingWritten, 0];
  }

  #writeRam(id: number, value: number): boolean {
    if (id === RAM.chargeState) {
      this.#soc = value;
      return true;
    }
    const place = id - this.#essAt() - 1;
    if (this.#multi.ess[this.#phase - 1] === undefined || place < 0 || place >= ESS_WORDS) return false;
    if (place === ESS_WORD.setpoint)
      this.#multi.order(this.#phase, { setpoint: (0 - toSigned(value)) * this.#multi.unitsPerPhase });
    if (place === ESS_WORD.disableCharge) this.#multi.order(this.#phase, { disableCharge: value !== 0 });
    if (place === ESS_WORD.disableFeedIn) this.#multi.order(this.#phase, { disableFeedIn: value !== 0 });
    return true;
  }

  #ram(id: number): number | undefined {
    if (id >= ASSISTANT_RAM) return this.#assistantWord(id);
    const power = this.#multi.powers[this.#phase - 1];
    const share = (watts: number | undefined): number => Math.round((watts ?? 0) / this.#multi.unitsPerPhase) & 0xffff;
    switch (id) {
      case RAM.chargeState:
        return this.#soc ?? Math.round((this.#multi.battery.soc / 100) * SOC_STEPS);
      case RAM.batteryVoltage:
        return Math.round(this.#multi.battery.volts * CENTI);
      case RAM.batteryRipple:
        return RIPPLE_CENTIVOLTS;
      case RAM.ignoreAcInput:
        return 0;
      case RAM.inverterPower:
        return this.#options.noPowers ? undefined : share(power?.inverter);
      case RAM.mainsPower:
        return this.#options.noPowers ? undefined : share(-(power?.input ?? 0));
      case RAM.outputPower:
        return this.#options.noPowers ? undefined : share(power?.output);
      default:
        return undefined;
    }
  }

  /** Sensors first, then ESS, then others, then the end. */
  #assistantWord(id: number): number {
    const { otherAssistant } = this.#options;
    const words = [
      ...this.#sensors().flatMap(sensor => this.#sensorWords(sensor)),
      ...this.#essWords(),
      ...(otherAssistant === undefined ? [] : [otherAssistant << 4]),
    ];
    return words[id - ASSISTANT_RAM] ?? 0;
  }

  #sensors(): readonly SimulatedSensor[] {
    return this.address === 0 ? (this.#options.sensors ?? []) : [];
  }

  #essAt(): number {
    return ASSISTANT_RAM + this.#sensors().length * (SENSOR_WORDS + 1);
  }

  #sensorWords(sensor: SimulatedSensor): number[] {
    const words = [SENSOR_HEAD, 0, 0, 0, 0];
    words[1 + SENSOR_WORD.info] = sensor.location | (sensor.phase << 5);
    words[1 + SENSOR_WORD.current] = Math.round((sensor.watts / this.#multi.outputVolts) * CENTI);
    words[1 + SENSOR_WORD.power] = Math.round(sensor.watts);
    return words;
  }

  #essWords(): number[] {
    const ess = this.#multi.ess[this.#phase - 1];
    if (ess === undefined) return [];
    const setpoint = Math.round(-ess.setpoint / this.#multi.unitsPerPhase) & 0xffff;
    return [ESS_HEAD, setpoint, Number(ess.disableCharge), Number(ess.disableFeedIn), 0];
  }
}

function firstSettings(): Map<number, SettingInfo & { raw: number }> {
  const rows: readonly (readonly [id: number, scale: number, raw: number, min: number, max: number])[] = [
    [SETTING.flags0, 1, 0x00a0, 0, 0xffff],
    [SETTING.flags1, 1, 0, 0, 0xffff],
    [SETTING.absorptionVoltage, -100, 5760, 4000, 6600],
    [SETTING.floatVoltage, -100, 5520, 4000, 6600],
    [SETTING.chargeCurrent, 1, 35, 0, 35],
    [SETTING.inverterVoltage, 1, 230, 210, 245],
    [SETTING.acInput1Limit, -10, 160, 28, 500],
    [SETTING.assistBoost, -10, 20, 10, 25],
    [SETTING.acInput2Limit, -10, 160, 28, 500],
    [SETTING.batteryCapacity, 1, 200, 0, 50_000],
  ];
  return new Map(rows.map(([id, scale, raw, min, max]) => [id, { scale, offset: 0, default: raw, min, max, raw }]));
}
