/** What clients may write, and how it reaches the devices. Each answers with a result code of SetValue. */
import { SET_DONE, SET_NOT_WRITABLE, SET_REFUSED } from '../../bus/published-service.ts';
import { ASSISTANT, ESS_WORD } from '../../protocols/mk2/assistants.ts';
import type { AcInputInfo } from '../../protocols/mk2/info-frames.ts';
import { isMode } from '../../protocols/mk2/interface.ts';
import { RAM } from '../../protocols/mk2/ram.ts';
import {
  type Answer,
  answered,
  askAcInput,
  askState,
  CHARGER_ORDER,
  type Request,
  resetDevice,
  setState,
  type Written,
  writeById,
  writeOld,
} from '../../protocols/mk2/requests.ts';
import { nearestSettingWord, ramWord, settingWord } from '../../protocols/mk2/scaling.ts';
import { FLAG0, SETTING, type SettingName, withFlag, withUpsFunction } from '../../protocols/mk2/settings.ts';
import { COMBINED_FRAMES_FIRMWARE } from '../../protocols/mk2/versions.ts';
import type { Value } from '../../schema/row.ts';
import { essUnits, readKnownSetting, recordOf } from './device-polls.ts';
import { activeInput } from './status-polls.ts';
import { PHASES, type Phase, type VebusSystem } from './system.ts';
import type { Unit } from './units.ts';

const TRIES = 3;
const HOUR_MS = 3_600_000;
/** Settings end in an EEPROM of the device, which bears only so many writes: a program in a loop is stopped here. */
const EEPROM_WRITES_PER_HOUR = 30;
/** How often a written limit is looked for until it counts as not taken: a device needs a moment. */
const LIMIT_LOOKS = 8;
const DECI = 10;
const PERCENT = 100;
const SETPOINT_LIMIT_W = 32_767;

/** Asks the devices for what a client wrote. `now` is monotonic, in milliseconds. */
export type Control = (system: VebusSystem, value: Value, now: number) => Promise<number>;

/** A control that takes numbers. */
function numeric(run: (system: VebusSystem, value: number, now: number) => Promise<boolean | number>): Control {
  return async (system, value, now) => {
    if (typeof value !== 'number') return SET_REFUSED;
    const result = await run(system, value, now);
    return typeof result === 'number' ? result : result ? SET_DONE : SET_REFUSED;
  };
}

export const setMode: Control = numeric(async (system, mode) => {
  if (!isMode(mode)) return false;
  if (system.otherInCharge === true) return SET_NOT_WRITABLE;
  const takeBack = system.panel.setMode(mode);
  const told = setState(() => system.panel.state(activeInput(system)));
  if (answered(await system.line.ask(told, { tries: TRIES })) !== undefined) return true;
  takeBack();
  return false;
});

/** @param input 0 or 1; undefined for the active one. A limit reaches the active input only. */
export function setCurrentLimit(input?: number): Control {
  return numeric(async (system, amperes) => {
    const info = system.input;
    if (info === undefined || (input !== undefined && input !== info.active)) return false;
    if (!info.adjustable || system.otherInCharge === true) return SET_NOT_WRITABLE;
    const limit = Math.round(amperes * DECI);
    if (limit < 0 || limit > info.maximum) return false;
    const takeBack = system.panel.setLimit(info.active, limit);
    if (await limitTaken(system, info, limit)) return true;
    takeBack();
    return false;
  });
}

/** Tells the limit, and looks whether the device has it. */
async function limitTaken(system: VebusSystem, info: AcInputInfo, limit: number): Promise<boolean> {
  // What is below the smallest limit becomes the smallest.
  const expected = Math.max(limit, info.minimum);
  for (let look = 0; look < LIMIT_LOOKS; look++) {
    const told = setState(() => system.panel.state(info.active));
    if ((await system.line.ask(told, { tries: TRIES })) === undefined) return false;
    const after = answered(await system.line.ask(askAcInput, { tries: TRIES }));
    if (after === undefined || after.active !== info.active) return false;
    if (after.limit !== expected) continue;
    system.input = after;
    return true;
  }
  return false;
}

export const setSoc: Control = numeric(async (system, percent) => {
  const form = system.forms.get(RAM.chargeState);
  if (form === undefined) return SET_NOT_WRITABLE;
  if (percent < 0 || percent > PERCENT) return false;
  const raw = ramWord(form, percent / PERCENT);
  return raw !== undefined && (await writeRam(system, system.master, RAM.chargeState, raw));
});

/** @param phase 1 to 3. In watts taken from the AC input by the devices of the phase together, below 0 fed in. */
export function setSetpoint(phase: Phase): Control {
  return numeric(async (system, watts) => {
    const units = essUnits(system, phase);
    if (units.length === 0) return SET_NOT_WRITABLE;
    const share = Math.round(watts / units.length);
    if (Math.abs(share) > SETPOINT_LIMIT_W) return false;
    return writeEss(system, units, ESS_WORD.setpoint, -share & 0xffff);
  });
}

export function setEssFlag(word: number): Control {
  return numeric(async (system, value) => {
    const units = PHASES.flatMap(phase => essUnits(system, phase));
    if (units.length === 0) return SET_NOT_WRITABLE;
    if (value !== 0 && value !== 1) return false;
    return writeEss(system, units, word, value);
  });
}

async function writeEss(system: VebusSystem, units: readonly Unit[], word: number, raw: number): Promise<boolean> {
  let done = true;
  for (const unit of units) {
    const record = recordOf(unit, ASSISTANT.ess);
    if (record === undefined || !(await writeRam(system, unit, record.ram + word, raw))) done = false;
  }
  return done;
}

/**
 * Amperes into the battery, shared by all devices. It is kept in their RAM alone, because programs write it all the time:
 * older firmware, which would write its EEPROM, does not get it. Beyond what a device takes it is set to its nearest:
 * refused, a battery's limit that rises above it would leave the old one in force.
 */
export const setMaxChargeCurrent: Control = numeric(async (system, amperes, now) => {
  const share = amperes / system.units.length;
  const infos = system.units.map(unit => {
    const known = unit.settings.get('chargeCurrent');
    return known === undefined || unit.version.firmware < COMBINED_FRAMES_FIRMWARE ? undefined : known.info;
  });
  if (infos.includes(undefined)) return SET_NOT_WRITABLE;
  for (const [i, unit] of system.units.entries()) {
    const info = infos[i];
    const raw = info === undefined ? undefined : nearestSettingWord(info, share);
    if (raw === undefined || !(await writeSetting(system, unit, 'chargeCurrent', raw, now, true))) return false;
  }
  return true;
});

/** A setting of one device, or of all of them. */
export function setSetting(name: SettingName, index?: number): Control {
  return onUnits(index, (unit, value) => {
    const known = unit.settings.get(name);
    return known === undefined ? undefined : { name, raw: settingWord(known.info, value) };
  });
}

export function setPowerAssist(index?: number): Control {
  return setFlags(index, (flags, on) => withFlag(flags, FLAG0.powerAssist, on));
}

export function setUpsFunction(index?: number): Control {
  return setFlags(index, withUpsFunction);
}

function setFlags(index: number | undefined, change: (flags: number, on: boolean) => number): Control {
  return onUnits(index, (unit, value) => {
    const known = unit.settings.get('flags0');
    if (known === undefined) return undefined;
    return { name: 'flags0', raw: value === 0 || value === 1 ? change(known.raw, value === 1) : undefined };
  });
}

/** @param wordOf the setting and its word; undefined when the device does not have it, without word when it cannot be */
function onUnits(
  index: number | undefined,
  wordOf: (unit: Unit, value: number) => { name: SettingName; raw: number | undefined } | undefined,
): Control {
  return numeric(async (system, value, now) => {
    for (const unit of system.units) {
      if (index !== undefined && unit.index !== index) continue;
      const word = wordOf(unit, value);
      if (word === undefined) return SET_NOT_WRITABLE;
      if (word.raw === undefined) return false;
      if (!(await writeSetting(system, unit, word.name, word.raw, now, false))) return false;
    }
    return true;
  });
}

export const orderCharger: Control = numeric(async (system, order) => {
  if (order < CHARGER_ORDER.equalise || order > CHARGER_ORDER.float) return false;
  const options = { address: system.master.address, tries: TRIES };
  return answered(await system.line.ask(askState(order), options)) !== undefined;
});

const ALL_DEVICES = 0;

export const resetSystem: Control = numeric(async (system, value) => {
  if (value !== 1) return value === 0;
  return answered(await system.line.ask(resetDevice(ALL_DEVICES))) !== undefined;
});

async function writeRam(system: VebusSystem, unit: Unit, id: number, raw: number): Promise<boolean> {
  const answer = await ask(system, unit, writeById('ram', id, raw), writeOld('ram', id, raw));
  return answered(answer) !== undefined;
}

async function writeSetting(
  system: VebusSystem,
  unit: Unit,
  name: SettingName,
  raw: number,
  now: number,
  ramOnly: boolean,
): Promise<boolean> {
  if (unit.settings.get(name)?.raw === raw) return true;
  if (!ramOnly && !mayWriteEeprom(system, now)) return false;
  const id = SETTING[name];
  const answer = ramOnly
    ? await ask(system, unit, writeById('setting in RAM only', id, raw))
    : await ask(system, unit, writeById('setting', id, raw), writeOld('setting', id, raw));
  const written = answered(answer);
  if (written === undefined) return false;
  if (written.resetRequired) unit.resetRequired = true;
  // What the device really took is shown.
  return (await readKnownSetting(system, unit, name)) && unit.settings.get(name)?.raw === raw;
}

function mayWriteEeprom(system: VebusSystem, now: number): boolean {
  system.eepromWrites = system.eepromWrites.filter(at => now - at < HOUR_MS);
  if (system.eepromWrites.length >= EEPROM_WRITES_PER_HOUR) return false;
  system.eepromWrites.push(now);
  return true;
}

/** By id where the device knows that, else the old way. */
async function ask(
  system: VebusSystem,
  unit: Unit,
  byId: Request<Written>,
  old?: Request<Written>,
): Promise<Answer<Written> | undefined> {
  const options = { address: unit.address, tries: TRIES };
  const isOld = unit.version.firmware < COMBINED_FRAMES_FIRMWARE;
  if (isOld) return old === undefined ? undefined : system.line.ask(old, options);
  const answer = await system.line.ask(byId, options);
  const unknown = answer !== undefined && 'refused' in answer && answer.refused === 'unknown command';
  return unknown && old !== undefined ? system.line.ask(old, options) : answer;
}
