/** What numbers in NMEA 2000 messages stand for (fact sheet vecan-n2k, section 5; names of the standard). */
import type { Meanings } from './field.ts';

export const OFF_ON: Meanings = { 0: 'Off', 1: 'On' };
/** What a switch is told to do. */
export const SWITCH_ORDERS: Meanings = { 0: 'Off', 1: 'On', 2: 'Reserved', 3: 'Take no action (no change)' };
export const NO_YES: Meanings = { 0: 'No', 1: 'Yes' };
export const GOOD_WARNING_ERROR: Meanings = { 0: 'Good', 1: 'Warning', 2: 'Error' };

export const DEVICE_CLASSES: Meanings = {
  10: 'System tools',
  20: 'Safety systems',
  25: 'Internetwork device',
  30: 'Electrical Distribution',
  35: 'Electrical Generation',
  40: 'Steering and Control surfaces',
  50: 'Propulsion',
  60: 'Navigation',
  70: 'Communication',
  75: 'Sensor Communication Interface',
  80: 'Instrumentation/general systems',
  85: 'External Environment',
  90: 'Internal Environment',
  100: 'Deck + cargo + fishing equipment systems',
  110: 'Human Interface',
  120: 'Display',
  125: 'Entertainment',
};

export const INDUSTRIES: Meanings = {
  0: 'Global',
  1: 'Highway',
  2: 'Agriculture',
  3: 'Construction',
  4: 'Marine Industry',
  5: 'Industrial',
};

export const CERTIFICATION_LEVELS: Meanings = { 0: 'Level A', 1: 'Level B' };
export const ISO_CONTROLS: Meanings = { 0: 'ACK', 1: 'NAK', 2: 'Access Denied', 3: 'Address Busy' };
export const LIST_FUNCTIONS: Meanings = { 0: 'Transmit PGN list', 1: 'Receive PGN list' };
export const CONTROLLER_STATES: Meanings = { 0: 'Error Active', 1: 'Error Passive', 2: 'Bus Off' };
export const EQUIPMENT_STATES: Meanings = { 0: 'Operational', 1: 'Fault' };

export const ENGINE_INSTANCES: Meanings = { 0: 'Single Engine or Dual Engine Port', 1: 'Dual Engine Starboard' };
export const AGS_MODES: Meanings = { 0: 'Off', 1: 'On', 2: 'Automatic' };
export const AGS_OPERATING_STATES: Meanings = {
  0: 'Quiet time',
  1: 'Auto on',
  2: 'Auto off',
  3: 'Manual On',
  4: 'Manual Off',
  5: 'Generator shutdown',
  6: 'External shutdown',
  7: 'Fault',
  8: 'Suspend',
  9: 'Not operating',
};
export const GEARS: Meanings = { 0: 'Forward', 1: 'Neutral', 2: 'Reverse' };
export const GENERATOR_STATES: Meanings = {
  0: 'Preheating',
  1: 'Start delay',
  2: 'Cranking',
  3: 'Starter cooling',
  4: 'Warming up',
  5: 'Cooling down',
  6: 'Spinning up',
  7: 'Shutdown bypass',
  8: 'Stopping',
  9: 'Running',
  10: 'Stopped',
  11: 'Crank delay',
};

/** 7 and up are those of Victron. */
export const FLUID_TYPES: Meanings = {
  0: 'Fuel',
  1: 'Water',
  2: 'Gray water',
  3: 'Live well',
  4: 'Oil',
  5: 'Black water',
  6: 'Gasoline',
  7: 'Diesel',
  8: 'LPG',
  9: 'LNG',
  10: 'Hydraulic oil',
  11: 'Raw water',
};

export const DC_TYPES: Meanings = {
  0: 'Battery',
  1: 'Alternator',
  2: 'Convertor',
  3: 'Solar cell',
  4: 'Wind generator',
};
export const CHARGER_STATES: Meanings = {
  0: 'Not charging',
  1: 'Bulk',
  2: 'Absorption',
  3: 'Overcharge',
  4: 'Equalise',
  5: 'Float',
  6: 'No float',
  7: 'Constant VI',
  8: 'Disabled',
  9: 'Fault',
};
export const CHARGER_MODES: Meanings = { 0: 'Standalone', 1: 'Primary', 2: 'Secondary', 3: 'Echo' };
export const CHARGING_ALGORITHMS: Meanings = {
  0: 'Trickle',
  1: 'Constant voltage / Constant current',
  2: '2 stage (no float)',
  3: '3 stage',
};
export const TEMPERATURE_STATES: Meanings = { 0: 'Cold', 1: 'Warm', 2: 'Hot' };
export const INVERTER_STATES: Meanings = { 0: 'Invert', 1: 'AC passthru', 2: 'Load sense', 3: 'Fault', 4: 'Disabled' };
export const INVERTER_MODES: Meanings = {
  0: 'Standalone',
  1: 'Series Master',
  2: 'Series Slave',
  3: 'Parallel Master',
  4: 'Parallel Slave',
};
export const BATTERY_TYPES: Meanings = { 0: 'Flooded', 1: 'Gel', 2: 'AGM' };
export const BATTERY_VOLTAGES: Meanings = { 0: '6V', 1: '12V', 2: '24V', 3: '32V', 4: '36V', 5: '42V', 6: '48V' };
export const BATTERY_CHEMISTRIES: Meanings = { 0: 'Pb (Lead)', 1: 'Li', 2: 'NiCd', 3: 'ZnO', 4: 'NiMH' };

export const AC_LINES: Meanings = { 0: 'Line 1', 1: 'Line 2', 2: 'Line 3' };
export const ACCEPTABILITIES: Meanings = { 0: 'Bad level', 1: 'Bad frequency', 2: 'Being qualified', 3: 'Good' };
export const LAGGING_LEADING: Meanings = { 0: 'Leading', 1: 'Lagging', 2: 'Error' };
export const WAVEFORMS: Meanings = { 0: 'Sine wave', 1: 'Modified sine wave' };

export const NORTHS: Meanings = { 0: 'True', 1: 'Magnetic', 2: 'Error' };
export const TIME_SOURCES: Meanings = {
  0: 'GPS',
  1: 'GLONASS',
  2: 'Radio Station',
  3: 'Local Cesium clock',
  4: 'Local Rubidium clock',
  5: 'Local Crystal clock',
};
export const VARIATION_SOURCES: Meanings = {
  0: 'Manual',
  1: 'Automatic Chart',
  2: 'Automatic Table',
  3: 'Automatic Calculation',
  4: 'WMM 2000',
  5: 'WMM 2005',
  6: 'WMM 2010',
  7: 'WMM 2015',
  8: 'WMM 2020',
};
export const SATELLITE_SYSTEMS: Meanings = {
  0: 'GPS',
  1: 'GLONASS',
  2: 'GPS+GLONASS',
  3: 'GPS+SBAS/WAAS',
  4: 'GPS+SBAS/WAAS+GLONASS',
  5: 'Chayka',
  6: 'integrated',
  7: 'surveyed',
  8: 'Galileo',
};
export const FIX_METHODS: Meanings = {
  0: 'no GNSS',
  1: 'GNSS fix',
  2: 'DGNSS fix',
  3: 'Precise GNSS',
  4: 'RTK Fixed Integer',
  5: 'RTK float',
  6: 'Estimated (DR) mode',
  7: 'Manual Input',
  8: 'Simulate mode',
};
export const FIX_INTEGRITIES: Meanings = { 0: 'No integrity checking', 1: 'Safe', 2: 'Caution', 3: 'Unsafe' };

export const TEMPERATURE_SOURCES: Meanings = {
  0: 'Sea Temperature',
  1: 'Outside Temperature',
  2: 'Inside Temperature',
  3: 'Engine Room Temperature',
  4: 'Main Cabin Temperature',
  5: 'Live Well Temperature',
  6: 'Bait Well Temperature',
  7: 'Refrigeration Temperature',
  8: 'Heating System Temperature',
  9: 'Dew Point Temperature',
  10: 'Apparent Wind Chill Temperature',
  11: 'Theoretical Wind Chill Temperature',
  12: 'Heat Index Temperature',
  13: 'Freezer Temperature',
  14: 'Exhaust Gas Temperature',
  15: 'Shaft Seal Temperature',
};
export const HUMIDITY_SOURCES: Meanings = { 0: 'Inside', 1: 'Outside' };
export const PRESSURE_SOURCES: Meanings = {
  0: 'Atmospheric',
  1: 'Water',
  2: 'Steam',
  3: 'Compressed Air',
  4: 'Hydraulic',
  5: 'Filter',
  6: 'AltimeterSetting',
  7: 'Oil',
  8: 'Fuel',
};
