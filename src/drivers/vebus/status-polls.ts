/** Rows of the poll plan: lights, states, inputs, state of charge, and who else is on the bus. */
import { PRESENCE } from '../../protocols/mk2/info-frames.ts';
import { isMode, MODE } from '../../protocols/mk2/interface.ts';
import { alarmLevel, LED, type Led, ledState, ledsTell, sensorAlarms } from '../../protocols/mk2/leds.ts';
import { RAM } from '../../protocols/mk2/ram.ts';
import {
  answered,
  askAcInput,
  askHeldMode,
  askLeds,
  askPresence,
  askState,
  readRam,
  setLines,
  setState,
} from '../../protocols/mk2/requests.ts';
import { ramValue } from '../../protocols/mk2/scaling.ts';
import { shownState, usesInput } from '../../protocols/mk2/states.ts';
import { INTERFACE, versionOf } from '../../protocols/mk2/versions.ts';
import type { Poll, Shown, VebusPath } from './poll.ts';
import type { VebusSystem } from './system.ts';

const SECOND = 1_000;
const NO_INPUT = 240;
const NO_ACTIVE_INPUT = 3;

const LED_PATHS = {
  mains: '/Leds/Mains',
  absorption: '/Leds/Absorption',
  bulk: '/Leds/Bulk',
  float: '/Leds/Float',
  inverter: '/Leds/Inverter',
  overload: '/Leds/Overload',
  lowBattery: '/Leds/LowBattery',
  temperature: '/Leds/Temperature',
} as const satisfies Record<Led, string>;

async function readLeds(system: VebusSystem): Promise<Shown | undefined> {
  const status = answered(await system.line.ask(askLeds));
  if (status === undefined) return undefined;
  system.leds = status;
  const sensors = sensorAlarms(status);
  const levels = {
    HighTemperature: alarmLevel(status.alarms, 'highTemperature'),
    LowBattery: alarmLevel(status.alarms, 'lowBattery'),
    Overload: alarmLevel(status.alarms, 'overload'),
    Ripple: alarmLevel(status.alarms, 'ripple'),
  };
  // Which phase it is of several is not told.
  const single = system.phases === 1;
  return [
    ...(Object.keys(LED) as Led[]).map(
      // the keys of a record of them
      led => [LED_PATHS[led], ledsTell(status) ? ledState(status, led) : null] as const,
    ),
    ...(Object.keys(levels) as (keyof typeof levels)[]).flatMap(
      // as above
      (alarm): Shown => [
        [`/Alarms/${alarm}`, levels[alarm]],
        [`/Alarms/L1/${alarm}`, single ? levels[alarm] : null],
      ],
    ),
    ['/Alarms/TemperatureSensor', sensors.temperatureSensor],
    ['/Alarms/VoltageSensor', sensors.voltageSensor],
    ['/VebusError', status.error],
  ];
}

async function readState(system: VebusSystem): Promise<Shown | undefined> {
  const state = answered(await system.line.ask(askState(), { address: system.master.address }));
  if (state === undefined) return undefined;
  system.state = state;
  return [
    ['/VebusMainState', state.state],
    ['/VebusSubstate', state.substate],
    ['/VebusChargeState', state.substate],
    ['/State', shownState(state.state, state.substate, system.leds?.error ?? 0)],
    ...shownInput(system),
  ];
}

/** 0 or 1; undefined when no input feeds the system, or it is not known. */
export function activeInput(system: VebusSystem): number | undefined {
  const { state, input } = system;
  if (state === undefined || input === undefined) return undefined;
  return usesInput(state.state) && input.active !== NO_ACTIVE_INPUT ? input.active : undefined;
}

function shownInput(system: VebusSystem): Shown {
  if (system.state === undefined || system.input === undefined) return [];
  const active = activeInput(system);
  return [
    ['/Ac/ActiveIn/ActiveInput', active ?? NO_INPUT],
    ['/Ac/ActiveIn/Connected', active === undefined ? 0 : 1],
    ['/Alarms/GridLost', gridLost(system, active) ? 2 : 0],
    ['/Settings/SystemSetup/AcInput1', system.installation().acInput1],
    ['/Settings/SystemSetup/AcInput2', system.installation().acInput2],
    ['/Settings/Alarm/System/GridLost', system.installation().gridLostAlarm],
  ];
}

const GRID = 1;
const SHORE = 3;

/** The user wants to hear of it, there is a grid by the settings, the switch is not against it, and no input is active. */
function gridLost(system: VebusSystem, active: number | undefined): boolean {
  const { acInput1, acInput2, gridLostAlarm } = system.installation();
  const expected = [acInput1, acInput2].some(input => input === GRID || input === SHORE);
  const wanted = system.panel.mode === MODE.chargerOnly || system.panel.mode === MODE.on;
  return gridLostAlarm === 1 && expected && wanted && active === undefined;
}

const DECI = 10;

async function readInput(system: VebusSystem): Promise<Shown | undefined> {
  const input = answered(await system.line.ask(askAcInput));
  if (input === undefined) return undefined;
  system.input = input;
  const adjustable = input.adjustable && system.otherInCharge !== true ? 1 : 0;
  // A limit of 0 reads back as the smallest one.
  const zero = system.panel.limitOf(input.active) === 0 && input.limit === input.minimum;
  const limit = zero ? 0 : input.limit / DECI;
  const own: Shown = [
    ['/Ac/ActiveIn/CurrentLimit', limit],
    ['/Ac/ActiveIn/CurrentLimitIsAdjustable', adjustable],
  ];
  if (input.active === NO_ACTIVE_INPUT) return [...own, ...shownInput(system)];
  const n = input.active + 1;
  return [
    ...own,
    [`/Ac/In/${n === 1 ? 1 : 2}/CurrentLimit`, limit],
    [`/Ac/In/${n === 1 ? 1 : 2}/CurrentLimitIsAdjustable`, adjustable],
    ...shownInput(system),
  ];
}

const PERCENT = 100;

/** One variable of the master on one path; null when it cannot be read after all. */
async function readVariable(
  system: VebusSystem,
  path: VebusPath,
  id: number,
  convert = (value: number): number => value,
): Promise<Shown | undefined> {
  const form = system.forms.get(id);
  const answer = await system.line.ask(readRam(id), { address: system.master.address });
  if (answer === undefined) return undefined;
  const raw = answered(answer);
  return [[path, form === undefined || raw === undefined ? null : convert(ramValue(form, raw))]];
}

/** Whether a panel or a BMS is in charge. Nobody answers when there is none. */
async function readPresence(system: VebusSystem): Promise<Shown | undefined> {
  const panel = answered(await system.line.ask(askPresence(PRESENCE.panel))) ?? null;
  const bms = answered(await system.line.ask(askPresence(PRESENCE.bms))) ?? null;
  system.otherInCharge = panel !== null || bms !== null;
  return [
    ['/Devices/Dmc/Version', panel],
    ['/Devices/Bms/Version', bms],
    ['/ModeIsAdjustable', system.otherInCharge ? 0 : 1],
  ];
}

/** The mode that the interface holds from before. An interface that does not tell has no say. */
async function readHeldMode(system: VebusSystem): Promise<Shown | undefined> {
  const held = answered(await system.line.ask(askHeldMode));
  if (held !== undefined && isMode(held)) system.panel.held(held);
  return [['/Mode', system.panel.mode]];
}

async function tellPanel(system: VebusSystem): Promise<Shown | undefined> {
  if (system.otherInCharge !== false || !system.panel.sends) return [['/Mode', system.panel.mode]];
  const answer = await system.line.ask(setState(() => system.panel.state(activeInput(system))));
  return answer === undefined ? undefined : [['/Mode', system.panel.mode]];
}

async function tellLines(system: VebusSystem): Promise<Shown | undefined> {
  await system.line.ask(setLines);
  return [];
}

export const LEDS: Poll = { name: 'lights', everyMs: SECOND, read: readLeds };
export const DEVICE_STATE: Poll = { name: 'state', everyMs: SECOND, read: readState };
export const AC_INPUT: Poll = { name: 'AC input', everyMs: 2 * SECOND, read: readInput };
export const SOC: Poll = {
  name: 'state of charge',
  everyMs: 5 * SECOND,
  background: true,
  when: system => system.forms.has(RAM.chargeState),
  read: system => readVariable(system, '/Soc', RAM.chargeState, value => Math.round(value * PERCENT * DECI) / DECI),
};
export const IGNORE_INPUT: Poll = {
  name: 'ignore AC input',
  everyMs: 5 * SECOND,
  background: true,
  when: system => system.forms.has(RAM.ignoreAcInput),
  read: system => readVariable(system, '/Ac/State/IgnoreAcIn1', RAM.ignoreAcInput),
};
export const PRESENT_PANELS: Poll = {
  name: 'panels',
  everyMs: SECOND,
  once: true,
  background: true,
  read: readPresence,
};
export const HELD_MODE: Poll = {
  name: 'held mode',
  everyMs: SECOND,
  once: true,
  background: true,
  read: readHeldMode,
};
export const PANEL: Poll = { name: 'panel state', everyMs: SECOND, read: tellPanel };
/** The MK3 keeps a device reachable that was switched off. */
export const LINES: Poll = {
  name: 'lines',
  everyMs: SECOND,
  once: true,
  background: true,
  when: system => versionOf(system.interfaceVersion.number)?.productId === INTERFACE.mk3,
  read: tellLines,
};
