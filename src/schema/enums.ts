/** Enumerations that several service types share (fact sheet dbus-paths, section 5). */
import { choice, spoken } from './units.ts';

/** Alarms of all devices. The recorded text is the number, but for VE.Bus: see `vebusAlarm`. */
export const alarm = choice({ 0: 'Ok', 1: 'Warning', 2: 'Alarm' });
export const offOn = choice({ 0: 'Off', 1: 'On' });
export const noYes = choice({ 0: 'No', 1: 'Yes' });
export const okError = choice({ 0: 'Ok', 1: 'Error' });
export const disabledEnabled = choice({ 0: 'Disabled', 1: 'Enabled' });
export const inactiveActive = choice({ 0: 'Inactive', 1: 'Active' });
export const openClosed = choice({ 0: 'Open', 1: 'Closed' });
export const stoppedStart = choice({ 0: 'Stop', 1: 'Start' });
export const manualAuto = choice({ 0: 'Manual', 1: 'Auto' });
export const connected = choice({ 0: 'Device is silent', 1: 'Connected' });
export const onOff14 = choice({ 1: 'On', 4: 'Off' });

/** As `alarm`; VE.Bus devices print the meaning, in lower case. */
export const vebusAlarm = spoken({ 0: 'ok', 1: 'warning', 2: 'alarm' });

const CHARGER_STATES = {
  0: 'Off',
  1: 'Low power',
  2: 'Fault',
  3: 'Bulk',
  4: 'Absorption',
  5: 'Float',
  6: 'Storage',
  7: 'Equalize',
  8: 'Passthru',
  9: 'Inverting',
  10: 'Power assist',
  11: 'Power supply',
  244: 'Sustain',
  245: 'Wake-up',
  246: 'Repeated absorption',
  247: 'Auto equalize',
  248: 'Battery safe',
  249: 'Load detect',
  250: 'Blocked',
  251: 'Test',
  252: 'External control',
} as const;

/** State of chargers, inverters and inverter/chargers. */
export const chargerState = choice(CHARGER_STATES);

/** State of the system: those of the inverter/charger, and what ESS does. */
export const systemState = choice({
  ...CHARGER_STATES,
  256: 'Discharging',
  257: 'Sustain',
  258: 'Recharge',
  259: 'Scheduled charge',
  260: 'Dynamic ESS',
});

/** What an AC input is connected to, as set by the user. */
export const acInputType = choice({ 0: 'Unused', 1: 'Grid', 2: 'Generator', 3: 'Shore power' });

/** What feeds the system at present. */
export const acSource = choice({
  0: 'Not available',
  1: 'Grid',
  2: 'Generator',
  3: 'Shore power',
  240: 'Not connected',
});

export const activeInput = choice({ 0: 'AC input 1', 1: 'AC input 2', 240: 'Disconnected' });

/** Where a meter, PV inverter or load is. */
export const position = choice({ 0: 'AC input 1', 1: 'AC output', 2: 'AC input 2' });

export const trackerMode = choice({
  0: 'Off',
  1: 'Voltage or current limited',
  2: 'Tracking the maximum power point',
  255: 'Not available',
});

/** Mode of inverter/chargers. */
export const multiMode = choice({ 1: 'Charger only', 2: 'Inverter only', 3: 'On', 4: 'Off', 251: 'Passthrough' });

export const essMode = choice({
  0: 'Self-consumption with BatteryLife',
  1: 'Self-consumption',
  2: 'Keep charged',
  3: 'External control',
});

/** Errors of chargers, inverters and inverter/chargers (fact sheet vedirect). */
export const chargerError = choice({
  0: 'No error',
  1: 'Battery temperature too high',
  2: 'Battery voltage too high',
  3: 'Battery temperature sensor miswired (+)',
  4: 'Battery temperature sensor miswired (-)',
  5: 'Battery temperature sensor disconnected',
  6: 'Battery voltage sense miswired (+)',
  7: 'Battery voltage sense miswired (-)',
  8: 'Battery voltage sense disconnected',
  9: 'Battery voltage wire losses too high',
  17: 'Charger temperature too high',
  18: 'Charger over-current',
  19: 'Charger current polarity reversed',
  20: 'Bulk time limit reached',
  22: 'Charger temperature sensor miswired',
  23: 'Charger temperature sensor disconnected',
  34: 'Input current too high',
});

/** Progress of a generator set, from its controller. */
export const gensetStatus = choice({
  0: 'Standby',
  1: 'Startup 1',
  2: 'Startup 2',
  3: 'Startup 3',
  4: 'Startup 4',
  5: 'Startup 5',
  6: 'Startup 6',
  7: 'Startup 7',
  8: 'Running',
  9: 'Stopping',
  10: 'Error',
});

/** Whether a sensor input can be believed; prints the meaning. */
export const sensorStatus = spoken({
  0: 'Ok',
  1: 'Open circuit',
  2: 'Short circuited',
  3: 'Reverse polarity',
  4: 'Unknown',
  5: 'Error',
});

const CHARGE_PROGRESS = {
  0: 'initialising',
  1: 'bulk',
  2: 'absorption',
  3: 'float',
  4: 'storage',
  5: 'repeated absorption',
  6: 'forced absorption',
  7: 'equalise',
  8: 'bulk stopped',
  9: 'unknown',
} as const;

/** How far a VE.Bus charger is (fact sheet mk2-vebus, section 6); prints the meaning. */
export const vebusSubstate = spoken(CHARGE_PROGRESS);

/** As `chargerState`, for VE.Bus devices and alternators, which print the meaning, in lower case. */
export const spokenChargerState = spoken(
  Object.fromEntries(Object.entries(CHARGER_STATES).map(([state, meaning]) => [state, meaning.toLowerCase()])),
);

/** A light of a VE.Bus device (fact sheet mk2-vebus, section 4); prints the meaning. */
export const led = spoken({ 0: 'off', 1: 'on', 2: 'blinking', 3: 'blinking in anti-phase' });

/** What a battery monitor is used for (fact sheet vedirect): below 0 sources, above 0 loads; prints the meaning. */
export const monitorMode = spoken({
  [-9]: 'solar',
  [-8]: 'wind',
  [-7]: 'shaft generator',
  [-6]: 'alternator',
  [-5]: 'fuel cell',
  [-4]: 'water generator',
  [-3]: 'DC-DC charger',
  [-2]: 'AC charger',
  [-1]: 'source',
  0: 'battery monitor',
  1: 'load',
  2: 'electric drive',
  3: 'fridge',
  4: 'water pump',
  5: 'bilge pump',
  6: 'DC system',
  7: 'inverter',
  8: 'water heater',
});

/** What is connected to a digital input. */
export const DIGITAL_INPUT_TYPES = {
  0: 'Disabled',
  1: 'Pulse meter',
  2: 'Door',
  3: 'Bilge pump',
  4: 'Bilge alarm',
  5: 'Burglar alarm',
  6: 'Smoke alarm',
  7: 'Fire alarm',
  8: 'CO2 alarm',
  9: 'Generator',
  10: 'Generic input',
  11: 'Touch input control',
} as const;

/** What is in a tank. */
export const FLUIDS = {
  0: 'Fuel',
  1: 'Fresh water',
  2: 'Waste water',
  3: 'Live well',
  4: 'Oil',
  5: 'Black water (sewage)',
  6: 'Gasoline',
  7: 'Diesel',
  8: 'LPG',
  9: 'LNG',
  10: 'Hydraulic oil',
  11: 'Raw water',
} as const;
