/** com.victronenergy.acsystem: several Multi RS as one system. */
import { alarmLevels } from './common.ts';
import { acInputType, activeInput, alarm, chargerState, essMode, multiMode } from './enums.ts';
import { productRows } from './product.ts';
import type { Schema } from './row.ts';
import { perPhase, sourced } from './table.ts';
import { amperes1, choice, hertz1, int, labelled, percent1, text, volts1, volts2, watts0, writable } from './units.ts';

export const acsystemSchema = {
  ...productRows,
  ...alarmLevels,
  ...sourced('modbus', {
    '/Ac/In/1/CurrentLimit': writable(amperes1),
    ...perPhase('/Ac/In/1', {
      '/F': labelled('Input frequency', hertz1),
      '/I': labelled('Input current', amperes1),
      '/P': labelled('Input power', watts0),
      '/V': labelled('Input voltage', volts1),
    }),
    '/Ac/In/2/CurrentLimit': writable(amperes1),
    ...perPhase('/Ac/Out', {
      '/F': labelled('Output frequency', hertz1),
      '/I': labelled('Output current', amperes1),
      '/P': labelled('Output power', watts0),
      '/V': labelled('Output voltage', volts1),
    }),
    '/Alarms/GridLost': labelled('Grid lost alarm', alarm),
    '/Alarms/PhaseRotation': labelled('Phase rotation alarm', alarm),
    '/Ess/AcPowerSetpoint': labelled('ESS setpoint', writable(watts0)),
    '/Ess/ActiveSocLimit': labelled('ESS active SOC limit', percent1),
    '/Ess/DisableFeedIn': labelled(
      'Disable Feed-in',
      writable(choice({ 0: 'Feed-in enabled', 1: 'Feed-in disabled' })),
    ),
    '/Pv/Disable': writable(choice({ 0: 'PV enabled', 1: 'PV Disabled' })),
    '/Settings/Ac/In/CurrentLimitEnergyMeter': labelled('AC current limit at grid meter', writable(amperes1)),
    '/Settings/Ess/Mode': labelled('ESS mode', writable(essMode)),
    '/State': labelled('System state', chargerState),
  }),
  ...sourced('systemcalc', {
    '/Ac/ActiveIn/ActiveInput': activeInput,
    '/Ac/Control/IgnoreAcIn1': writable(int),
    '/Ac/Control/IgnoreAcIn2': writable(int),
    '/Ac/In/1/Type': acInputType,
    '/Ac/In/2/Type': acInputType,
    '/Ac/NoFeedInReason': int,
    '/Ac/NumberOfAcInputs': int,
    '/Alarms/HighTemperature': alarm,
    '/Alarms/Overload': alarm,
    '/Capabilities/HasDynamicEssSupport': int,
    '/Dc/0/Current': amperes1,
    '/Dc/0/Power': watts0,
    '/Dc/0/Voltage': volts2,
    '/Ess/BatteryDischargeCapacity': watts0,
    '/Ess/BatteryDischargeSetpoint': writable(watts0),
    '/Ess/DisableCharge': writable(int),
    '/Ess/DisableDischarge': writable(int),
    '/Ess/InverterPowerSetpoint': writable(watts0),
    '/Ess/Sustain': int,
    '/Ess/UseInverterPowerSetpoint': writable(int),
    '/Mode': writable(multiMode),
    '/Settings/Ess/MinimumSocLimit': writable(percent1),
    '/Soc': percent1,
  }),
  ...sourced('program', {
    ...perPhase('/Pv', { '/AcCoupledPower': watts0 }),
  }),
  ...sourced('names', {
    '/Ac/In/1/CurrentLimitIsAdjustable': int,
    '/Ac/In/1/P': watts0,
    '/Ac/In/2/CurrentLimitIsAdjustable': int,
    ...perPhase('/Ac/In/2', { '/F': hertz1, '/I': amperes1, '/P': watts0, '/V': volts1 }),
    '/Ac/In/2/P': watts0,
    '/Ac/NumberOfPhases': int,
    '/Ac/Out/P': watts0,
    '/Capabilities/HasAcPassthroughSupport': int,
    '/Devices/Bms/Instance': int,
    '/Devices/Bms/Service': text,
    '/Devices/Bms/Version': text,
    '/Devices/Dmc/Instance': int,
    '/Devices/Dmc/Service': text,
    '/Devices/Dmc/Version': text,
    '/Devices/{n}/Instance': int,
    '/Devices/{n}/Service': text,
    '/IsInverterCharger': int,
    '/ModeIsAdjustable': int,
  }),
} as const satisfies Schema;
