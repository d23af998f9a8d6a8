/** Blocks of rows that several service types share. */
import { alarm, offOn, openClosed, position } from './enums.ts';
import { each, perPhase, sourced } from './table.ts';
import {
  ampereHours1,
  amperes1,
  bytes,
  celsius1,
  celsius2,
  choice,
  firmware,
  hertz1,
  int,
  kilowattHours1,
  kilowattHours2,
  labelled,
  list,
  minutes0,
  percent0,
  percent1,
  productId,
  ratio2,
  seconds,
  text,
  uint,
  volts0,
  volts1,
  volts2,
  watts0,
  writable,
} from './units.ts';

/** Devices behind a service, for remote configuration. */
export const subDevices = sourced('recorded', {
  '/Devices/{n}/CustomName': text,
  '/Devices/{n}/DeviceInstance': int,
  '/Devices/{n}/FirmwareVersion': firmware,
  '/Devices/{n}/Gateway': text,
  '/Devices/{n}/Nad': int,
  '/Devices/{n}/ProductId': productId,
  '/Devices/{n}/ProductName': text,
  '/Devices/{n}/ServiceName': text,
  '/Devices/{n}/VregLink': bytes,
});

/** Counted faults of a VE.Direct port. */
export const veDirectCounters = sourced(
  'recorded',
  each('/VEDirect', uint, [
    'HexChecksumErrors',
    'HexInvalidCharacterErrors',
    'HexUnfinishedErrors',
    'TextChecksumErrors',
    'TextParseError',
    'TextUnfinishedErrors',
  ]),
);

/** Devices on VE.Can or another NMEA 2000 network. */
export const n2k = sourced('recorded', {
  '/N2kDeviceInstance': writable(int),
  '/N2kSystemInstance': int,
  '/N2kUniqueNumber': uint,
});

export const relay = sourced('recorded', { '/Relay/{n}/State': labelled('Relay', writable(openClosed)) });

/** Energy meters: what a grid meter, load meter or PV inverter measures. */
export const acMeter = sourced('recorded', {
  '/Ac/Current': labelled('Current', amperes1),
  '/Ac/Energy/Forward': labelled('Energy from the net', kilowattHours1),
  '/Ac/Energy/Reverse': labelled('Energy to the net', kilowattHours1),
  '/Ac/Frequency': labelled('Frequency', hertz1),
  '/Ac/N/Current': labelled('Current in N', amperes1),
  '/Ac/PENVoltage': labelled('Voltage between N and PE', volts1),
  '/Ac/Power': labelled('Power', watts0),
  '/Ac/PowerFactor': ratio2,
  '/Ac/Voltage': labelled('Voltage', volts0),
  ...perPhase('/Ac', {
    '/Current': amperes1,
    '/Energy/Forward': kilowattHours1,
    '/Energy/Reverse': kilowattHours1,
    '/Power': watts0,
    '/PowerFactor': ratio2,
    '/Voltage': volts0,
    '/VoltageLineToLine': volts0,
  }),
});

/** How an energy meter is used, and how fast it is read. */
export const meterRole = sourced('program', {
  '/AllowedRoles': list,
  '/IsGenericEnergyMeter': int,
  '/NrOfPhases': int,
  '/PhaseSequence': choice({ 0: 'L1, L2, L3', 1: 'L1, L3, L2' }),
  '/Position': writable(position),
  '/PositionIsAdjustable': int,
  '/RefreshTime': { type: 'int', unit: 'ms' },
  '/RequestPowerSnapshot': int,
  '/Role': writable(text),
});

/** Alarms of battery monitors, also when they watch a source or load. */
export const monitorAlarms = sourced(
  'recorded',
  each('/Alarms', alarm, [
    'Alarm',
    'HighStarterVoltage',
    'HighTemperature',
    'HighVoltage',
    'LowSoc',
    'LowStarterVoltage',
    'LowTemperature',
    'LowVoltage',
    'MidVoltage',
  ]),
);

/** History of battery monitors, also when they watch a source or load. */
export const monitorHistory = sourced('recorded', {
  '/History/AutomaticSyncs': int,
  '/History/AverageDischarge': ampereHours1,
  '/History/ChargeCycles': int,
  '/History/ChargedEnergy': kilowattHours2,
  '/History/DeepestDischarge': ampereHours1,
  '/History/DischargedEnergy': kilowattHours2,
  '/History/EnergyIn': kilowattHours2,
  '/History/EnergyOut': kilowattHours2,
  '/History/FullDischarges': int,
  '/History/HighStarterVoltageAlarms': int,
  '/History/HighVoltageAlarms': int,
  '/History/LastDischarge': ampereHours1,
  '/History/LowStarterVoltageAlarms': int,
  '/History/LowVoltageAlarms': int,
  '/History/MaximumStarterVoltage': volts2,
  '/History/MaximumVoltage': volts2,
  '/History/MinimumStarterVoltage': volts2,
  '/History/MinimumVoltage': volts2,
  '/History/TimeSinceLastFullCharge': seconds,
  '/History/TotalAhDrawn': ampereHours1,
});

/** What a battery monitor has connected. */
export const monitorSettings = sourced('recorded', {
  '/Settings/HasMidVoltage': int,
  '/Settings/HasStarterVoltage': int,
  '/Settings/HasTemperature': int,
  '/Settings/RelayMode': int,
});

/** Days and totals of solar chargers and of inverters with them. Older programs printed the days without units. */
export const solarHistory = sourced('recorded', {
  '/History/Daily/{n}/Consumption': kilowattHours2,
  '/History/Daily/{n}/LastError1': int,
  '/History/Daily/{n}/LastError2': int,
  '/History/Daily/{n}/LastError3': int,
  '/History/Daily/{n}/LastError4': int,
  '/History/Daily/{n}/MaxBatteryCurrent': amperes1,
  '/History/Daily/{n}/MaxBatteryVoltage': volts2,
  '/History/Daily/{n}/MaxPower': watts0,
  '/History/Daily/{n}/MaxPvVoltage': volts2,
  '/History/Daily/{n}/MinBatteryVoltage': volts2,
  '/History/Daily/{n}/Nr': int,
  '/History/Daily/{n}/Pv/{n}/MaxPower': watts0,
  '/History/Daily/{n}/Pv/{n}/MaxVoltage': volts2,
  '/History/Daily/{n}/Pv/{n}/Yield': kilowattHours2,
  '/History/Daily/{n}/Raw': bytes,
  '/History/Daily/{n}/TimeInAbsorption': minutes0,
  '/History/Daily/{n}/TimeInBulk': minutes0,
  '/History/Daily/{n}/TimeInFloat': minutes0,
  '/History/Daily/{n}/Yield': kilowattHours2,
  '/History/Overall/DaysAvailable': int,
  '/History/Overall/LastError1': int,
  '/History/Overall/LastError2': int,
  '/History/Overall/LastError3': int,
  '/History/Overall/LastError4': int,
  '/History/Overall/MaxBatteryVoltage': volts2,
  '/History/Overall/MaxPvVoltage': volts2,
  '/History/Overall/MinBatteryVoltage': volts2,
  '/History/Overall/Raw': bytes,
});

/** Charge cycles, as Orion and Blue Smart devices keep them. */
export const chargeCycles = sourced('names', {
  '/History/Cumulative/User/ChargedAh': labelled('Charged', ampereHours1),
  '/History/Cumulative/User/CyclesCompleted': int,
  '/History/Cumulative/User/CyclesStarted': int,
  '/History/Cumulative/User/NrOfDeepDischarges': int,
  '/History/Cumulative/User/NrOfPowerups': int,
  '/History/Cumulative/User/OperationTime': seconds,
  '/History/Cycle/CyclesAvailable': int,
  ...each('/History/Cycle/{n}', ampereHours1, [
    'AbsorptionCharge',
    'BulkCharge',
    'FloatCharge',
    'ReconditionCharge',
    'StorageCharge',
  ]),
  ...each('/History/Cycle/{n}', seconds, [
    'AbsorptionTime',
    'BulkTime',
    'FloatTime',
    'ReconditionTime',
    'StorageTime',
    'StartTime',
  ]),
  '/History/Cycle/{n}/BatteryType': int,
  '/History/Cycle/{n}/EndVoltage': volts2,
  '/History/Cycle/{n}/Error': int,
  '/History/Cycle/{n}/StartVoltage': volts2,
  '/History/Cycle/{n}/TerminationReason': int,
});

/** How chargers are told what to do, and what they sense. */
export const chargerLink = sourced('recorded', {
  '/Link/BatteryCurrent': writable(amperes1),
  '/Link/ChargeCurrent': writable(amperes1),
  '/Link/ChargeVoltage': writable(volts2),
  '/Link/CurrentSenseActive': int,
  '/Link/NetworkMode': writable(int),
  '/Link/NetworkStatus': int,
  '/Link/TemperatureSense': writable(celsius2),
  '/Link/TemperatureSenseActive': int,
  '/Link/VoltageSense': writable(volts2),
  '/Link/VoltageSenseActive': int,
});

/** How loud each alarm of an inverter may be. */
export const alarmLevels = sourced(
  'program',
  each('/Settings/AlarmLevel', writable(choice({ 0: 'Disabled', 1: 'Alarms only', 2: 'Alarms and warnings' })), [
    'HighTemperature',
    'HighVoltage',
    'HighVoltageAcOut',
    'LowSoc',
    'LowVoltage',
    'LowVoltageAcOut',
    'Overload',
    'Ripple',
    'ShortCircuit',
  ]),
);

/** A switch, dimmer or other output that users operate. */
export const switchableOutputs = sourced('recorded', {
  '/SwitchableOutput/{name}/Auto': writable(choice({ 0: 'Manual', 1: 'Auto' })),
  '/SwitchableOutput/{name}/Current': amperes1,
  '/SwitchableOutput/{name}/Dimming': writable(percent0),
  '/SwitchableOutput/{name}/LightControls': writable(list),
  '/SwitchableOutput/{name}/Measurement': { type: 'float' },
  '/SwitchableOutput/{name}/Name': text,
  '/SwitchableOutput/{name}/State': writable(offOn),
  // 0 off, 1 powered, 2 tripped, 4 over-temperature, 8 output fault, 9 on, 16 short, 32 disabled, 64 bypassed, 128 external
  '/SwitchableOutput/{name}/Status': int,
  '/SwitchableOutput/{name}/Temperature': celsius1,
  '/SwitchableOutput/{name}/Voltage': volts1,
  '/SwitchableOutput/{name}/Settings/Adjustable': int,
  '/SwitchableOutput/{name}/Settings/CustomName': writable(text),
  '/SwitchableOutput/{name}/Settings/Decimals': int,
  '/SwitchableOutput/{name}/Settings/DimmingMax': writable(percent1),
  '/SwitchableOutput/{name}/Settings/DimmingMin': writable(percent1),
  '/SwitchableOutput/{name}/Settings/Function': writable(int),
  '/SwitchableOutput/{name}/Settings/FuseDetection': writable(int),
  '/SwitchableOutput/{name}/Settings/FuseRating': writable({ type: 'float', unit: 'A', decimals: 0 }),
  '/SwitchableOutput/{name}/Settings/Group': writable(text),
  '/SwitchableOutput/{name}/Settings/Labels': list,
  '/SwitchableOutput/{name}/Settings/ShowUIControl': writable(int),
  '/SwitchableOutput/{name}/Settings/StepSize': { type: 'float' },
  '/SwitchableOutput/{name}/Settings/SwitchMode': writable(int),
  '/SwitchableOutput/{name}/Settings/Type': writable(
    choice({
      0: 'Momentary',
      1: 'Toggle',
      2: 'Dimmable',
      3: 'Temperature setpoint',
      4: 'Stepped',
      5: 'Slave',
      6: 'Dropdown',
      7: 'Slider',
      8: 'Numeric',
      9: 'Three-state',
      10: 'Bilge pump',
      11: 'RGB colour',
      12: 'White, warm to cold',
      13: 'RGB colour and white',
    }),
  ),
  '/SwitchableOutput/{name}/Settings/Unit': text,
  '/SwitchableOutput/{name}/Settings/ValidFunctions': int,
  '/SwitchableOutput/{name}/Settings/ValidTypes': int,
});
