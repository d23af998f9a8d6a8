/**
 * com.victronenergy.system: the system as a whole. Paths and texts are those of the program that clients know,
 * dumped from it while it ran; it prints a space before most units, and percent behind two powers.
 */
import { relay, switchableOutputs } from './common.ts';
import { acSource, inactiveActive, noYes, offOn, systemState } from './enums.ts';
import { productRows } from './product.ts';
import type { Row, Schema } from './row.ts';
import { each, perPhase, sourced } from './table.ts';
import {
  choice,
  dict,
  int,
  labelled,
  list,
  mixed,
  percent0,
  percent1,
  spoken,
  text,
  watts0,
  writable,
} from './units.ts';

const watts = { type: 'float', unit: 'W', suffix: ' W', decimals: 0 } as const satisfies Row;
/** Powers that the stock program prints as percent. */
const wattsAsPercent = { type: 'float', unit: 'W', suffix: ' %', decimals: 0 } as const satisfies Row;
const amperes = { type: 'float', unit: 'A', suffix: ' A', decimals: 1 } as const satisfies Row;
const volts = { type: 'float', unit: 'V', suffix: ' V', decimals: 2 } as const satisfies Row;
/** Volts without their unit, as the stock program prints set points. */
const voltsPlain = { type: 'float', unit: 'V', text: 'plain' } as const satisfies Row;
const secondsPlain = { type: 'int', unit: 's', text: 'plain' } as const satisfies Row;
/** A count that the stock program prints with the unit of a power. */
const phasesAsWatts = { type: 'int', suffix: ' W', decimals: 0 } as const satisfies Row;
/** A whole 0 prints as such, any other hysteresis with its decimal. */
const hysteresis = { ...percent1, enum: { 0: '0%' }, enumText: true } as const satisfies Row;
const scheduledTime = { type: 'uint', text: 'time' } as const satisfies Row;

const phasePower = { '/Current': amperes, '/Power': watts } as const satisfies Schema;

const acRows = sourced('systemcalc', {
  '/Ac/ActiveIn/FeedbackEnabled': noYes,
  '/Ac/ActiveIn/GridParallel': noYes,
  ...perPhase('/Ac/ActiveIn', phasePower),
  '/Ac/ActiveIn/NumberOfPhases': int,
  '/Ac/ActiveIn/ServiceType': text,
  '/Ac/ActiveIn/Source': labelled('Active AC input', acSource),
  ...perPhase('/Ac/Consumption', phasePower),
  '/Ac/Consumption/NumberOfPhases': int,
  ...perPhase('/Ac/ConsumptionOnInput', phasePower),
  '/Ac/ConsumptionOnInput/NumberOfPhases': int,
  ...perPhase('/Ac/ConsumptionOnOutput', phasePower),
  '/Ac/ConsumptionOnOutput/NumberOfPhases': int,
  '/Ac/Genset/DeviceType': int,
  ...perPhase('/Ac/Genset', phasePower),
  '/Ac/Genset/LastStartTime': int,
  '/Ac/Genset/NumberOfPhases': int,
  '/Ac/Genset/ProductId': int,
  '/Ac/Genset/RunningByConditionCode': int,
  '/Ac/Genset/Runtime': int,
  '/Ac/Grid/DeviceType': int,
  ...perPhase('/Ac/Grid', phasePower),
  '/Ac/Grid/NumberOfPhases': int,
  '/Ac/Grid/ProductId': int,
  '/Ac/HasAcLoads': noYes,
  '/Ac/In/{n}/Connected': noYes,
  '/Ac/In/{n}/DeviceInstance': int,
  '/Ac/In/{n}/ServiceName': text,
  '/Ac/In/{n}/ServiceType': text,
  '/Ac/In/{n}/Source': acSource,
  '/Ac/In/{n}/VrmDeviceInstance': int,
  '/Ac/In/NumberOfAcInputs': int,
  ...perPhase('/Ac/PvOnGenset', phasePower),
  '/Ac/PvOnGenset/NumberOfPhases': int,
  ...perPhase('/Ac/PvOnGrid', phasePower),
  '/Ac/PvOnGrid/NumberOfPhases': phasesAsWatts,
  ...perPhase('/Ac/PvOnOutput', phasePower),
  '/Ac/PvOnOutput/NumberOfPhases': phasesAsWatts,
});

const dcRows = sourced('systemcalc', {
  '/Dc/Alternator/Power': labelled('Alternator power', watts),
  '/Dc/Battery/Alarms/CircuitBreakerTripped': int,
  '/Dc/Battery/BatteryService': text,
  '/Dc/Battery/Capacity': { type: 'float', unit: 'Ah', suffix: ' Ah', decimals: 0 },
  '/Dc/Battery/ChargeVoltage': voltsPlain,
  '/Dc/Battery/ConsumedAmphours': { type: 'float', unit: 'Ah', suffix: ' Ah', decimals: 1 },
  '/Dc/Battery/Current': labelled('Battery current', amperes),
  '/Dc/Battery/Power': labelled('Battery power', watts),
  '/Dc/Battery/ProductId': { type: 'int', text: 'hex-lower' },
  '/Dc/Battery/Soc': labelled('State of charge', { type: 'float', unit: '%', suffix: ' %', decimals: 0 }),
  '/Dc/Battery/State': labelled('Battery state', spoken({ 0: 'Idle', 1: 'Charging', 2: 'Discharging' })),
  '/Dc/Battery/Temperature': { type: 'float', unit: '°C', suffix: ' C', decimals: 1 },
  '/Dc/Battery/TemperatureService': text,
  '/Dc/Battery/TimeToGo': { type: 'float', unit: 's', suffix: ' s', decimals: 0 },
  '/Dc/Battery/Voltage': labelled('Battery voltage', volts),
  '/Dc/Battery/VoltageService': text,
  '/Dc/Charger/Power': labelled('Charger power', wattsAsPercent),
  '/Dc/FuelCell/Power': labelled('Fuel cell power', wattsAsPercent),
  '/Dc/InverterCharger/Current': amperes,
  '/Dc/InverterCharger/Power': watts,
  '/Dc/Pv/Current': amperes,
  '/Dc/Pv/Power': labelled('PV power', watts),
  '/Dc/System/Current': amperes,
  '/Dc/System/MeasurementType': choice({ 0: 'Calculated', 1: 'Measured' }),
  '/Dc/System/Power': labelled('DC system power', watts),
  '/Dc/Vebus/Current': amperes,
  '/Dc/Vebus/Power': watts,
});

/** What is under control, and by what means. */
const controlRows = sourced('systemcalc', {
  // No limit is a whole 0, a limit a number with its decimal.
  '/Control/ActiveSocLimit': { type: 'float', unit: '%', text: 'plain', enum: { 0: '0' }, enumText: true },
  '/Control/BatteryCurrentSense': int,
  '/Control/BatteryVoltageSense': int,
  '/Control/BmsParameters': int,
  // Two booleans of the stock program, printed as such in one of their states.
  '/Control/Dvcc': spoken({ 0: 'False', 1: '1' }),
  '/Control/EffectiveChargeVoltage': voltsPlain,
  '/Control/EssState': int,
  '/Control/ExtraBatteryCurrent': int,
  '/Control/MaxChargeCurrent': spoken({ 0: '0', 1: 'True' }),
  '/Control/ScheduledCharge': int,
  '/Control/ScheduledChargeStatus': spoken({ 0: 'OK', 1: 'NO_ESS', 2: 'NO_SOC', 3: 'ESS_MODE', 4: 'BLOCKED' }),
  '/Control/ScheduledSoc': percent0,
  '/Control/SolarChargeCurrent': int,
  '/Control/SolarChargeVoltage': int,
  '/Control/SolarChargerTemperatureSense': int,
  '/Control/SolarChargerVoltageSense': int,
  '/Control/VebusSoc': int,
  '/Debug/BatteryOperationalLimits/CurrentOffset': writable(mixed),
  '/Debug/BatteryOperationalLimits/SolarVoltageOffset': writable(mixed),
  '/Debug/BatteryOperationalLimits/VebusVoltageOffset': writable(mixed),
  '/Debug/DisableBatterySense': writable(int),
  '/Dvcc/Alarms/FirmwareInsufficient': int,
  '/Dvcc/Alarms/MultipleBatteries': int,
  '/Pv/Disable': writable(int),
});

const dynamicEssRows = sourced('systemcalc', {
  '/DynamicEss/Active': spoken({ 0: 'Off', 1: 'Auto', 4: 'Node-RED' }),
  '/DynamicEss/AllowGridFeedIn': noYes,
  '/DynamicEss/Available': noYes,
  '/DynamicEss/AvailableOverhead': watts0,
  '/DynamicEss/Capabilities': int,
  '/DynamicEss/ChargeHysteresis': hysteresis,
  '/DynamicEss/ChargeRate': watts0,
  '/DynamicEss/DischargeHysteresis': hysteresis,
  '/DynamicEss/ErrorCode': spoken({
    0: 'No error',
    1: 'No ESS',
    2: 'ESS mode',
    3: 'No matching schedule',
    4: 'SOC low',
    5: 'Battery capacity not configured',
  }),
  '/DynamicEss/Flags': spoken({ 0: 'NONE' }),
  '/DynamicEss/LastScheduledEnd': scheduledTime,
  '/DynamicEss/LastScheduledStart': scheduledTime,
  '/DynamicEss/MinimumSoc': percent1,
  '/DynamicEss/NumberOfSchedules': int,
  '/DynamicEss/ReactiveStrategy': int,
  '/DynamicEss/Restrictions': spoken({ 0: 'NONE', 1: 'BAT2GRID', 2: 'GRID2BAT' }),
  '/DynamicEss/Strategy': spoken({ 0: 'TARGETSOC', 1: 'SELFCONSUME', 2: 'PROBATTERY', 3: 'PROGRID' }),
  '/DynamicEss/TargetSoc': percent1,
  '/DynamicEss/WindowSlot': int,
  '/DynamicEss/WindowSoc': percent1,
  '/DynamicEss/WorkingSocPrecision': int,
  '/LoadShedding/Active': spoken({ 0: 'Off', 5: 'Recovery' }),
  '/LoadShedding/Available': noYes,
  '/LoadShedding/Capabilities': int,
  '/LoadShedding/ErrorCode': spoken({ 0: 'No error' }),
  '/LoadShedding/NextDisconnect': int,
});

const motorDriveRows = sourced('systemcalc', {
  '/MotorDrive/{n}/DeviceInstance': int,
  '/MotorDrive/{n}/RPM': { type: 'float', unit: 'rpm', text: 'whole' },
  '/MotorDrive/{n}/Service': text,
  '/MotorDrive/ConsumptionAhkm': { type: 'float', unit: 'Ah/km', text: 'whole' },
  '/MotorDrive/ConsumptionWhkm': { type: 'float', unit: 'Wh/km', text: 'whole' },
  '/MotorDrive/Current': { type: 'float', unit: 'A', decimals: 2 },
  '/MotorDrive/Power': { type: 'float', unit: 'W', text: 'whole' },
  '/MotorDrive/Range': { type: 'float', unit: 'km', text: 'whole' },
  '/MotorDrive/Voltage': { type: 'float', unit: 'V', decimals: 1 },
});

export const systemSchema = {
  ...productRows,
  ...relay,
  ...switchableOutputs,
  ...acRows,
  ...dcRows,
  ...controlRows,
  ...dynamicEssRows,
  ...motorDriveRows,
  ...sourced('systemcalc', {
    '/ActiveBatteryService': text,
    '/ActiveBmsInstance': int,
    '/ActiveBmsService': text,
    '/AutoSelectedBatteryMeasurement': text,
    '/AutoSelectedBatteryService': text,
    '/AutoSelectedTemperatureService': text,
    // JSON, as are the services below
    '/AvailableBatteries': text,
    '/AvailableBatteryMeasurements': dict,
    '/AvailableBatteryServices': text,
    '/AvailableBmsServices': list,
    '/AvailableTemperatureServices': dict,
    '/Batteries': list,
    '/Buzzer/State': writable(offOn),
    '/Devices/NumberOfVebusDevices': int,
    '/FirmwareBuild': text,
    '/GpsService': text,
    '/GpsSpeed': { type: 'float', unit: 'm/s', text: 'whole' },
    '/Hub': int,
    '/PvInvertersProductIds': list,
    '/ServiceMapping/{name}': text,
    ...each('/SystemState', inactiveActive, [
      'BatteryLife',
      'ChargeDisabled',
      'DischargeDisabled',
      'LowSoc',
      'PeakShaving',
      'SlowCharge',
      'UserChargeLimited',
      'UserDischargeLimited',
    ]),
    '/SystemState/State': labelled('System state', systemState),
    '/SystemType': labelled('System type', text),
    ...each('/Timers', secondsPlain, ['TimeOff', 'TimeOnGenerator', 'TimeOnGrid', 'TimeOnInverter']),
    '/VebusInstance': int,
    '/VebusService': text,
  }),
} as const satisfies Schema;
