/** VREG registers of VE.Direct devices by what they are called here (fact sheet vedirect, section 5.2). */
import type { Register } from './register.ts';

type Registers = Readonly<Record<string, Register>>;

/** Every VE.Direct device. */
export const COMMON_REGISTERS = {
  productId: { id: 0x0100, type: 'u16', skip: 1 },
  /** 24 bits: see `firmwareOf24Bits`. */
  appVersion: { id: 0x0102, type: 'u24', skip: 1 },
  groupId: { id: 0x0104, type: 'u8' },
  serialNumber: { id: 0x010a, type: 'string' },
  modelName: { id: 0x010b, type: 'string' },
  customName: { id: 0x010c, type: 'string', access: 'rw', storage: 'flash' },
  uptime: { id: 0x0120, type: 'u32', unit: 's' },
  capabilities: { id: 0x0140, type: 'u32', always: true },
  deviceMode: { id: 0x0200, type: 'u8', access: 'rw' },
  deviceState: { id: 0x0201, type: 'u8' },
  /** The older form of `offReason`, its low 8 bits. */
  offReason8: { id: 0x0205, type: 'u8', always: true },
  offReason: { id: 0x0207, type: 'u32', always: true },
  warningReason: { id: 0x031c, type: 'u16', always: true },
  alarmReason: { id: 0x031e, type: 'u16', always: true },
  settingsChanged: { id: 0xec41, type: 'u32' },
} as const satisfies Registers;

/** Solar chargers, and the charger block of Orion XS and smart DC-DC converters. */
export const CHARGER_REGISTERS = {
  panelVoltage: { id: 0xedbb, type: 'u16', scale: 0.01, unit: 'V' },
  panelPower: { id: 0xedbc, type: 'u32', scale: 0.01, unit: 'W' },
  panelCurrent: { id: 0xedbd, type: 'u16', scale: 0.1, unit: 'A' },
  panelMaximumVoltage: { id: 0xedb8, type: 'u16', scale: 0.01, unit: 'V' },
  trackerMode: { id: 0xedb3, type: 'u8' },
  chargerVoltage: { id: 0xedd5, type: 'u16', scale: 0.01, unit: 'V' },
  chargerCurrent: { id: 0xedd7, type: 's16', scale: 0.1, unit: 'A' },
  internalTemperature: { id: 0xeddb, type: 's16', scale: 0.01, unit: '°C' },
  ratedCurrent: { id: 0xeddf, type: 'u16', scale: 0.1, unit: 'A' },
  chargerError: { id: 0xedda, type: 'u8', always: true },
  userYield: { id: 0xeddc, type: 'u32', scale: 0.01, unit: 'kWh' },
  systemYield: { id: 0xeddd, type: 'u32', scale: 0.01, unit: 'kWh' },
  // 16 bits on VE.Direct chargers, 32 on newer ones: the frame's length decides.
  yieldToday: { id: 0xedd3, type: 'u16', scale: 0.01, unit: 'kWh' },
  maximumPowerToday: { id: 0xedd2, type: 'u16', unit: 'W' },
  yieldYesterday: { id: 0xedd1, type: 'u16', scale: 0.01, unit: 'kWh' },
  maximumPowerYesterday: { id: 0xedd0, type: 'u16', unit: 'W' },
  loadCurrent: { id: 0xedad, type: 'u16', scale: 0.1, unit: 'A' },
  loadVoltage: { id: 0xeda9, type: 'u16', scale: 0.01, unit: 'V' },
  loadState: { id: 0xeda8, type: 'u8' },
  loadControl: { id: 0xedab, type: 'u8', access: 'rw', storage: 'flash' },
  loadOffReason: { id: 0xed91, type: 'u8', always: true },
  batteryTemperature: { id: 0xedec, type: 'u16', scale: 0.01, unit: 'K' },

  chargeCurrentLimit: { id: 0xedf0, type: 'u16', scale: 0.1, unit: 'A', access: 'rw', storage: 'flash' },
  absorptionVoltage: { id: 0xedf7, type: 'u16', scale: 0.01, unit: 'V', access: 'rw', storage: 'flash' },
  floatVoltage: { id: 0xedf6, type: 'u16', scale: 0.01, unit: 'V', access: 'rw', storage: 'flash' },
  equaliseVoltage: { id: 0xedf4, type: 'u16', scale: 0.01, unit: 'V', access: 'rw', storage: 'flash' },
  temperatureCompensation: { id: 0xedf2, type: 's16', scale: 0.01, unit: 'mV/K', access: 'rw', storage: 'flash' },
  absorptionTimeLimit: { id: 0xedfb, type: 'u16', scale: 0.01, unit: 'h', access: 'rw', storage: 'flash' },
  adaptiveMode: { id: 0xedfe, type: 'u8', access: 'rw', storage: 'flash' },
  /** 1 to 8, 255 is user defined. */
  batteryType: { id: 0xedf1, type: 'u8', always: true, access: 'rw', storage: 'flash' },
  batteryVoltage: { id: 0xedef, type: 'u8', unit: 'V' },
  /** 0 is automatic. */
  batteryVoltageSetting: { id: 0xedea, type: 'u8', unit: 'V', access: 'rw', storage: 'flash' },
  bmsPresent: { id: 0xede8, type: 'u8', access: 'rw', storage: 'flash' },
  tailCurrent: { id: 0xede7, type: 'u16', scale: 0.1, unit: 'A', access: 'rw', storage: 'flash' },
  /** 0xFFFF is "as much as the charger can", given as null. */
  lowTemperatureCurrent: { id: 0xede6, type: 'u16', scale: 0.1, unit: 'A', access: 'rw', storage: 'flash' },
  equaliseAutoStop: { id: 0xede5, type: 'u8', access: 'rw', storage: 'flash' },
  equaliseCurrent: { id: 0xede4, type: 'u8', unit: '%', access: 'rw', storage: 'flash' },
  equaliseDuration: { id: 0xede3, type: 'u16', scale: 0.01, unit: 'h', access: 'rw', storage: 'flash' },
  lowTemperatureLevel: { id: 0xede0, type: 's16', scale: 0.01, unit: '°C', access: 'rw', storage: 'flash' },
  rebulkOffset: { id: 0xed2e, type: 'u16', scale: 0.01, unit: 'V', access: 'rw', storage: 'flash' },
} as const satisfies Registers;

/** What a charger has done since its user reset it: one record (list of registers). */
const CUMULATIVE = 0x1043;
export const CUMULATIVE_REGISTERS = {
  operationTime: { id: CUMULATIVE, type: 'u32', at: 1, unit: 's' },
  charged: { id: CUMULATIVE, type: 'u32', at: 5, scale: 0.1, unit: 'Ah' },
  cyclesStarted: { id: CUMULATIVE, type: 'u32', at: 9 },
  cyclesCompleted: { id: CUMULATIVE, type: 'u32', at: 13 },
  powerUps: { id: CUMULATIVE, type: 'u32', at: 17 },
  deepDischarges: { id: CUMULATIVE, type: 'u32', at: 21 },
} as const satisfies Registers;

/** History records: see history-records.ts. */
export const HISTORY_TOTALS = 0x104f;
/** Today. Yesterday is the next register, and so on. */
export const HISTORY_TODAY = 0x1050;
export const HISTORY_DAYS = 31;

/** Between the devices of a system, and from a system to them. All live in RAM for a minute. */
export const LINK_REGISTERS = {
  linkAlgorithm: { id: 0x2000, type: 'u8', access: 'rw', storage: 'ram' },
  linkChargeVoltage: { id: 0x2001, type: 'u16', scale: 0.01, unit: 'V', access: 'rw', storage: 'ram' },
  linkVoltageSense: { id: 0x2002, type: 'u16', scale: 0.01, unit: 'V', access: 'rw', storage: 'ram' },
  linkTemperatureSense: { id: 0x2003, type: 's16', scale: 0.01, unit: '°C', access: 'rw', storage: 'ram' },
  /** 1 start equalising, 2 stop it, 3 synchronise the GUI, 4 synchronise the day. */
  linkCommand: { id: 0x2004, type: 'u8', access: 'w', storage: 'ram' },
  linkElapsedTime: { id: 0x2007, type: 'u32', scale: 0.001, unit: 's', access: 'rw', storage: 'ram' },
  linkAbsorptionTime: { id: 0x2008, type: 'u16', scale: 0.01, unit: 'h', access: 'rw', storage: 'ram' },
  linkErrorCode: { id: 0x2009, type: 'u8', always: true, access: 'rw', storage: 'ram' },
  linkBatteryCurrent: { id: 0x200a, type: 's32', scale: 0.001, unit: 'A', access: 'rw', storage: 'ram' },
  linkDeviceState: { id: 0x200c, type: 'u8', access: 'rw', storage: 'ram' },
  linkNetworkInfo: { id: 0x200d, type: 'u16', always: true },
  /** Bits: `NETWORK_MODE`. */
  linkNetworkMode: { id: 0x200e, type: 'u8', always: true, access: 'rw', storage: 'ram' },
  linkNetworkStatus: { id: 0x200f, type: 'u8', always: true },
  linkTotalChargeCurrent: { id: 0x2013, type: 's32', scale: 0.001, unit: 'A', access: 'rw', storage: 'ram' },
  linkChargeCurrentPercentage: { id: 0x2014, type: 'u8', unit: '%', access: 'rw', storage: 'ram' },
  linkChargeCurrentLimit: { id: 0x2015, type: 'u16', scale: 0.1, unit: 'A', access: 'rw', storage: 'ram' },
  linkEqualisationPending: { id: 0x2018, type: 'u8' },
  /** The register has minutes. */
  linkEqualisationTime: { id: 0x2019, type: 'u16', scale: 60, unit: 's' },
  linkTotalDcInputPower: { id: 0x2027, type: 'u32', scale: 0.01, unit: 'W' },
} as const satisfies Registers;

/** Battery monitors and shunts. */
export const MONITOR_REGISTERS = {
  mainVoltage: { id: 0xed8d, type: 's16', scale: 0.01, unit: 'V' },
  mainCurrent: { id: 0xed8f, type: 's16', scale: 0.1, unit: 'A' },
  mainCurrentFine: { id: 0xed8c, type: 's32', scale: 0.001, unit: 'A' },
  mainPower: { id: 0xed8e, type: 's16', unit: 'W' },
  auxiliaryVoltage: { id: 0xed7d, type: 's16', scale: 0.01, unit: 'V' },
  consumed: { id: 0xeeff, type: 's32', scale: 0.1, unit: 'Ah' },
  stateOfCharge: { id: 0x0fff, type: 'u16', scale: 0.01, unit: '%' },
  /** Null is also "endless". */
  timeToGo: { id: 0x0ffe, type: 'u16', scale: 60, unit: 's' },
  monitorTemperature: { id: 0xedec, type: 'u16', scale: 0.01, unit: 'K' },
  midVoltage: { id: 0x0382, type: 'u16', scale: 0.01, unit: 'V' },
  midDeviation: { id: 0x0383, type: 's16', scale: 0.1, unit: '%' },
  synchronised: { id: 0xeeb6, type: 'u8' },
  /** `MONITOR_MODES` */
  monitorMode: { id: 0xeeb8, type: 's16' },
  /** 0 starter voltage, 1 mid-point, 2 temperature */
  auxiliaryInput: { id: 0xeef8, type: 'u8', access: 'rw', storage: 'flash' },

  deepestDischarge: { id: 0x0300, type: 's32', scale: 0.1, unit: 'Ah' },
  lastDischarge: { id: 0x0301, type: 's32', scale: 0.1, unit: 'Ah' },
  averageDischarge: { id: 0x0302, type: 's32', scale: 0.1, unit: 'Ah' },
  chargeCycles: { id: 0x0303, type: 's32' },
  fullDischarges: { id: 0x0304, type: 's32' },
  totalDrawn: { id: 0x0305, type: 's32', scale: 0.1, unit: 'Ah' },
  minimumVoltage: { id: 0x0306, type: 's32', scale: 0.01, unit: 'V' },
  maximumVoltage: { id: 0x0307, type: 's32', scale: 0.01, unit: 'V' },
  timeSinceFullCharge: { id: 0x0308, type: 's32', unit: 's' },
  automaticSyncs: { id: 0x0309, type: 's32' },
  lowVoltageAlarms: { id: 0x030a, type: 's32' },
  highVoltageAlarms: { id: 0x030b, type: 's32' },
  lowAuxiliaryAlarms: { id: 0x030c, type: 's32' },
  highAuxiliaryAlarms: { id: 0x030d, type: 's32' },
  minimumAuxiliaryVoltage: { id: 0x030e, type: 's32', scale: 0.01, unit: 'V' },
  maximumAuxiliaryVoltage: { id: 0x030f, type: 's32', scale: 0.01, unit: 'V' },
  dischargedEnergy: { id: 0x0310, type: 'u32', scale: 0.01, unit: 'kWh' },
  chargedEnergy: { id: 0x0311, type: 'u32', scale: 0.01, unit: 'kWh' },

  // Alarm thresholds of voltages are in tenths on BMV-70x.
  alarmLowVoltage: { id: 0x0320, type: 'u16', scale: 0.1, unit: 'V', access: 'rw', storage: 'flash' },
  alarmLowVoltageClear: { id: 0x0321, type: 'u16', scale: 0.1, unit: 'V', access: 'rw', storage: 'flash' },
  alarmHighVoltage: { id: 0x0322, type: 'u16', scale: 0.1, unit: 'V', access: 'rw', storage: 'flash' },
  alarmHighVoltageClear: { id: 0x0323, type: 'u16', scale: 0.1, unit: 'V', access: 'rw', storage: 'flash' },
  alarmLowSoc: { id: 0x0328, type: 'u16', scale: 0.1, unit: '%', access: 'rw', storage: 'flash' },
  alarmLowSocClear: { id: 0x0329, type: 'u16', scale: 0.1, unit: '%', access: 'rw', storage: 'flash' },
  relayControl: { id: 0x034e, type: 'u8', access: 'rw' },
  relayMode: { id: 0x034f, type: 'u8', access: 'rw', storage: 'flash' },
  capacity: { id: 0x1000, type: 'u16', unit: 'Ah', access: 'rw', storage: 'flash' },
  chargedVoltage: { id: 0x1001, type: 'u16', scale: 0.1, unit: 'V', access: 'rw', storage: 'flash' },
  chargedCurrent: { id: 0x1002, type: 'u16', scale: 0.1, unit: '%', access: 'rw', storage: 'flash' },
  chargedTime: { id: 0x1003, type: 'u16', scale: 60, unit: 's', access: 'rw', storage: 'flash' },
  chargeEfficiency: { id: 0x1004, type: 'u16', unit: '%', access: 'rw', storage: 'flash' },
  peukertExponent: { id: 0x1005, type: 'u16', scale: 0.01, access: 'rw', storage: 'flash' },
  currentThreshold: { id: 0x1006, type: 'u16', scale: 0.01, unit: 'A', access: 'rw', storage: 'flash' },
  timeToGoPeriod: { id: 0x1007, type: 'u16', scale: 60, unit: 's', access: 'rw', storage: 'flash' },
  dischargeFloor: { id: 0x1008, type: 'u16', scale: 0.1, unit: '%', access: 'rw', storage: 'flash' },
  dischargeFloorClear: { id: 0x1009, type: 'u16', scale: 0.1, unit: '%', access: 'rw', storage: 'flash' },
  relayMinimumTime: { id: 0x100a, type: 'u16', scale: 60, unit: 's', access: 'rw', storage: 'flash' },
  relayOffDelay: { id: 0x100b, type: 'u16', scale: 60, unit: 's', access: 'rw', storage: 'flash' },
  socAfterBulk: { id: 0x100c, type: 'u16', scale: 0.1, unit: '%', access: 'rw', storage: 'flash' },
  // Commands: set without a value.
  zeroCurrent: { id: 0x1029, type: 'u8', access: 'w' },
  synchronise: { id: 0x102c, type: 'u8', access: 'w' },
  clearHistory: { id: 0x1030, type: 'u8', access: 'w' },
} as const satisfies Registers;

/** Phoenix inverters. */
export const INVERTER_REGISTERS = {
  acOutVoltage: { id: 0x2200, type: 's16', scale: 0.01, unit: 'V' },
  acOutCurrent: { id: 0x2201, type: 's16', scale: 0.1, unit: 'A' },
  /** 8 or 16 bits: the frame's length decides. */
  acOutNominalVoltage: { id: 0x2202, type: 'u8', unit: 'V' },
  acOutRatedPower: { id: 0x2203, type: 's16', unit: 'VA' },
  acOutApparentPower: { id: 0x2205, type: 's32', unit: 'VA' },
  loadSenseThreshold: { id: 0x2206, type: 'u16', unit: 'VA', access: 'rw', storage: 'flash' },
  loadSenseClear: { id: 0x2207, type: 'u16', unit: 'VA', access: 'rw', storage: 'flash' },
  acOutVoltageSetting: { id: 0x0230, type: 'u16', scale: 0.01, unit: 'V', access: 'rw', storage: 'flash' },
  acOutVoltageMinimum: { id: 0x0231, type: 'u16', scale: 0.01, unit: 'V' },
  acOutVoltageMaximum: { id: 0x0232, type: 'u16', scale: 0.01, unit: 'V' },
  inverterBatteryVoltage: { id: 0xed8d, type: 's16', scale: 0.01, unit: 'V' },
  inverterCurrent: { id: 0xeb4e, type: 's16', scale: 0.001, unit: 'A' },
  /** 0 is 60 Hz, 1 is 50 Hz. */
  frequencySetting: { id: 0xeb03, type: 'u8', access: 'rw', storage: 'flash' },
  shutdownLowVoltage: { id: 0x2210, type: 'u16', scale: 0.01, unit: 'V', access: 'rw', storage: 'flash' },
  inverterAlarmLowVoltage: { id: 0x0320, type: 'u16', scale: 0.01, unit: 'V', access: 'rw', storage: 'flash' },
  inverterAlarmLowVoltageClear: { id: 0x0321, type: 'u16', scale: 0.01, unit: 'V', access: 'rw', storage: 'flash' },
  dynamicCutOff: { id: 0xebba, type: 'u8', access: 'rw', storage: 'flash' },
  operatingTime: { id: 0x1040, type: 'u32', unit: 's' },
  energyOut: { id: 0x1041, type: 'u32', scale: 0.01, unit: 'kVAh' },
} as const satisfies Registers;
