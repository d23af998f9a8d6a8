/** What the numbers in VE.Direct fields and registers mean (fact sheet vedirect, section 4). */

type Meanings = Readonly<Record<number, string>>;

/** TEXT `CS`, register 0x0201, D-Bus `/State`. */
export const DEVICE_STATES: Meanings = {
  0: 'Off',
  1: 'Low power',
  2: 'Fault',
  3: 'Bulk',
  4: 'Absorption',
  5: 'Float',
  6: 'Storage',
  7: 'Equalise',
  8: 'Passthru',
  9: 'Inverting',
  10: 'Assisting',
  11: 'Power supply',
  244: 'Sustain',
  245: 'Wake-up',
  246: 'Repeated absorption',
  247: 'Auto equalise',
  248: 'Battery safe',
  249: 'Load detect',
  250: 'Blocked',
  251: 'Test',
  252: 'External control',
};
/** Of register 0x0201: the device cannot say. */
export const STATE_NOT_AVAILABLE = 255;

/** TEXT `MODE`, register 0x0200. */
export const DEVICE_MODES: Meanings = {
  1: 'Charger on',
  2: 'Inverter on',
  3: 'On',
  4: 'Off',
  5: 'Eco',
  252: 'Standby',
  253: 'Hibernate',
};

/** TEXT `MPPT`, register 0xEDB3, D-Bus `/MppOperationMode`. */
export const TRACKER_MODES: Meanings = { 0: 'Off', 1: 'Voltage or current limited', 2: 'MPP tracker active' };

/** Register 0xEDAB. */
export const LOAD_CONTROLS: Meanings = {
  0: 'Off',
  1: 'Automatic',
  2: 'Alternative 1',
  3: 'Alternative 2',
  4: 'On',
  5: 'User defined 1',
  6: 'User defined 2',
  7: 'Automatic energy selector',
};

/** Register 0xEDA8. */
export const LOAD_STATES: Meanings = { 0: 'Off', 1: 'On', 2: 'Connecting', 3: 'Activating' };

/** Bits of TEXT `AR` and `WARN`, registers 0x031E and 0x031C → item below `/Alarms`, null when there is none. */
export const ALARM_BITS = [
  { bit: 0x0001, meaning: 'Low voltage', alarm: 'LowVoltage' },
  { bit: 0x0002, meaning: 'High voltage', alarm: 'HighVoltage' },
  { bit: 0x0004, meaning: 'Low state of charge', alarm: 'LowSoc' },
  { bit: 0x0008, meaning: 'Low starter voltage', alarm: 'LowStarterVoltage' },
  { bit: 0x0010, meaning: 'High starter voltage', alarm: 'HighStarterVoltage' },
  { bit: 0x0020, meaning: 'Low temperature', alarm: 'LowTemperature' },
  { bit: 0x0040, meaning: 'High temperature', alarm: 'HighTemperature' },
  { bit: 0x0080, meaning: 'Mid-point voltage', alarm: 'MidVoltage' },
  { bit: 0x0100, meaning: 'Overload', alarm: 'Overload' },
  { bit: 0x0200, meaning: 'DC ripple', alarm: 'Ripple' },
  { bit: 0x0400, meaning: 'Low AC output voltage', alarm: 'LowVoltageAcOut' },
  { bit: 0x0800, meaning: 'High AC output voltage', alarm: 'HighVoltageAcOut' },
  { bit: 0x1000, meaning: 'Short circuit', alarm: null },
  { bit: 0x2000, meaning: 'BMS lockout', alarm: null },
  { bit: 0x4000, meaning: 'BMS cable', alarm: null },
] as const;

export type AlarmName = Exclude<(typeof ALARM_BITS)[number]['alarm'], null>;

/** D-Bus values of an alarm. */
export const ALARM = { ok: 0, warning: 1, alarm: 2 } as const;
export type AlarmLevel = (typeof ALARM)[keyof typeof ALARM];

/** The level of every alarm from the bits of the warnings and of the alarms. */
export function alarmLevels(warnings: number, alarms: number): Record<AlarmName, AlarmLevel> {
  const level = (bit: number): AlarmLevel =>
    (alarms & bit) !== 0 ? ALARM.alarm : (warnings & bit) !== 0 ? ALARM.warning : ALARM.ok;
  const levels = ALARM_BITS.flatMap(({ bit, alarm }) => (alarm === null ? [] : [[alarm, level(bit)] as const]));
  // Every name of the table has just been given its level.
  return Object.fromEntries(levels) as Record<AlarmName, AlarmLevel>;
}

/** Bits of TEXT `OR`, register 0x0207, D-Bus `/DeviceOffReason`; the low ones of the older register 0x0205 too. */
export const OFF_REASONS: Meanings = {
  1: 'No input power',
  2: 'Switched off by the power switch',
  4: 'Switched off by the mode register',
  8: 'Remote input',
  16: 'Protection active',
  32: 'Pay-as-you-go out of credit',
  64: 'BMS',
  128: 'Engine shutdown detection',
  256: 'Analysing input voltage',
  512: 'Low battery temperature',
  1024: 'No panel power',
  2048: 'Low battery',
  4096: 'Low mains',
  8192: 'No CAN synchronisation',
  16384: 'Too few inverters',
  32768: 'Active alarm',
};

/** Bits of register 0xED91: why the load output is off. */
export const LOAD_OFF_REASONS: Meanings = {
  1: 'Battery low',
  2: 'Over-current',
  4: 'Timer',
  8: 'Remote',
  16: 'Lumeter',
  32: 'Pay-as-you-go',
  128: 'Starting up',
};

/** Bits of register 0x200E, D-Bus `/Link/NetworkMode`. */
export const NETWORK_MODE = {
  networked: 0x01,
  remoteCharge: 0x02,
  externalControl: 0x04,
  remoteBms: 0x08,
  groupMaster: 0x10,
  instanceMaster: 0x20,
  standbyCharger: 0x40,
  standbyInverter: 0x80,
} as const;

/** The meanings of all bits that are set, lowest first. */
export function meaningsOfBits(bits: number, meanings: Meanings): string[] {
  return Object.entries(meanings).flatMap(([bit, meaning]) => ((bits & Number(bit)) !== 0 ? [meaning] : []));
}

/** The D-Bus services a DC monitor can be. */
export type MonitorService = 'battery' | 'dcsource' | 'dcload' | 'dcsystem' | 'alternator';

/** TEXT `MON`, register 0xEEB8, D-Bus `/Settings/MonitorMode`. */
export const MONITOR_MODES: Readonly<Record<number, { readonly meaning: string; readonly service: MonitorService }>> = {
  [-9]: { meaning: 'Solar charger', service: 'dcsource' },
  [-8]: { meaning: 'Wind charger', service: 'dcsource' },
  [-7]: { meaning: 'Shaft generator', service: 'dcsource' },
  [-6]: { meaning: 'Alternator', service: 'alternator' },
  [-5]: { meaning: 'Fuel cell', service: 'dcsource' },
  [-4]: { meaning: 'Water generator', service: 'dcsource' },
  [-3]: { meaning: 'DC-DC charger', service: 'dcsource' },
  [-2]: { meaning: 'AC charger', service: 'dcsource' },
  [-1]: { meaning: 'Generic source', service: 'dcsource' },
  0: { meaning: 'Battery monitor', service: 'battery' },
  1: { meaning: 'Generic load', service: 'dcload' },
  2: { meaning: 'Electric drive', service: 'dcload' },
  3: { meaning: 'Fridge', service: 'dcload' },
  4: { meaning: 'Water pump', service: 'dcload' },
  5: { meaning: 'Bilge pump', service: 'dcload' },
  6: { meaning: 'DC system', service: 'dcsystem' },
  7: { meaning: 'Inverter', service: 'dcload' },
  8: { meaning: 'Water heater', service: 'dcload' },
};

/** A mode that is not in the table is still a source when negative, a load when positive. */
export function monitorService(mode: number): MonitorService {
  return MONITOR_MODES[mode]?.service ?? (mode < 0 ? 'dcsource' : 'dcload');
}
