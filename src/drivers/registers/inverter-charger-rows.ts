/** Where the registers of inverter/chargers and inverters with solar inputs stand on D-Bus: RS devices. */
import {
  AC_INPUT_1,
  AC_INPUT_2,
  AC_OUTPUT,
  ENERGIES,
  type PhaseRegisters,
  INVERTER_CHARGER_REGISTERS as R,
  TRACKERS,
} from '../../protocols/vedirect/inverter-charger-registers.ts';
import {
  CHARGER_REGISTERS as C,
  LINK_REGISTERS as L,
  MONITOR_REGISTERS as M,
} from '../../protocols/vedirect/registers.ts';
import { fromKelvin, link, once, type RegisterRow, slow, told, writable } from './register-row.ts';

/** What is measured at a side, phase by phase. What the service has no path for is left out when it is shown. */
function side(base: string, phases: readonly PhaseRegisters[]): readonly RegisterRow[] {
  return phases.flatMap((phase, n) => {
    const path = `${base}/L${n + 1}`;
    return [
      told(phase.voltage, `${path}/V`),
      told(phase.current, `${path}/I`),
      told(phase.power, `${path}/P`),
      told(phase.apparentPower, `${path}/S`),
      told(phase.frequency, `${path}/F`),
    ];
  });
}

/** Two bits for each input: 1 when its limit may be set. */
function adjustable(input: number): (value: number | string | null) => number | null {
  return value => (typeof value === 'number' ? Number(((value >> (2 * (input - 1))) & 3) === 1) : null);
}

/** Of devices with several trackers; others know none of these. */
export const TRACKER_ROWS: readonly RegisterRow[] = TRACKERS.flatMap((tracker, n) => [
  told(tracker.mode, `/Pv/${n}/MppOperationMode`),
  told(tracker.voltage, `/Pv/${n}/V`),
  told(tracker.power, `/Pv/${n}/P`),
]);

/** Beside the rows of inverters. */
export const INVERTER_CHARGER_ROWS: readonly RegisterRow[] = [
  ...side('/Ac/Out', AC_OUTPUT),
  ...side('/Ac/In/1', AC_INPUT_1),
  ...side('/Ac/In/2', AC_INPUT_2),
  told(R.activeInput, '/Ac/ActiveIn/ActiveInput'),
  writable(slow(R.input1Limit, '/Ac/In/1/CurrentLimit')),
  writable(slow(R.input2Limit, '/Ac/In/2/CurrentLimit')),
  slow(R.inputLimitsAdjustable, '/Ac/In/1/CurrentLimitIsAdjustable', adjustable(1)),
  slow(R.inputLimitsAdjustable, '/Ac/In/2/CurrentLimitIsAdjustable', adjustable(2)),
  slow(R.input1Type, '/Ac/In/1/Type'),
  slow(R.input2Type, '/Ac/In/2/Type'),
  once(R.phases, '/Ac/NumberOfPhases'),
  once(R.acInputs, '/Ac/NumberOfAcInputs'),
  once(R.trackers, '/NrOfTrackers'),
  slow(R.pvInverterAvailable, '/Ac/PvInverterAvailable'),
  told(M.mainCurrent, '/Dc/0/Current'),
  told(M.mainPower, '/Dc/0/Power'),
  slow(R.batteryRipple, '/Dc/0/RippleVoltage'),
  slow(C.batteryTemperature, '/Dc/0/Temperature', fromKelvin),
  told(M.stateOfCharge, '/Soc'),
  told(M.timeToGo, '/TimeToGo'),
  told(C.chargerError, '/ErrorCode'),
  told(C.panelVoltage, '/Pv/V'),
  told(C.panelPower, '/Yield/Power'),
  told(C.trackerMode, '/MppOperationMode'),
  told(C.userYield, '/Yield/User'),
  slow(C.systemYield, '/Yield/System'),
  ...TRACKER_ROWS,
  ...ENERGIES.map(([name, register]) => slow(register, `/Energy/${name}`)),
  link(L.linkChargeCurrentLimit, '/Link/ChargeCurrent'),
  link(R.dischargeCurrentLimit, '/Link/DischargeCurrent'),
  told(R.networkYieldPower, '/Link/Yield/Power'),
  writable(slow(C.chargeCurrentLimit, '/Settings/ChargeCurrentLimit')),
  writable(slow(C.bmsPresent, '/Settings/BmsPresent')),
];
