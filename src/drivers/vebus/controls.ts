/** The paths that clients may write, and what each does. */
import { ESS_WORD } from '../../protocols/mk2/assistants.ts';
import {
  type Control,
  orderCharger,
  resetSystem,
  setCurrentLimit,
  setEssFlag,
  setMaxChargeCurrent,
  setMode,
  setPowerAssist,
  setSetpoint,
  setSetting,
  setSoc,
  setUpsFunction,
} from './control.ts';
import { ESS, SETTINGS } from './device-polls.ts';
import type { Poll, VebusPath } from './poll.ts';
import { AC_INPUT, DEVICE_STATE, PANEL, SOC } from './status-polls.ts';
import { PHASES } from './system.ts';
import type { Unit } from './units.ts';

export interface ControlRow {
  readonly path: VebusPath;
  readonly control: Control;
  /** What is asked next, to show what came of it. */
  readonly next: Poll;
  /** Asks for something to happen, once: what was written does not stand there. */
  readonly order?: true;
  /** Has to be said again and again: the device forgets it after a while (fact sheet hub4-ess, section 1). */
  readonly expires?: true;
}

const SYSTEM_CONTROLS: readonly ControlRow[] = [
  { path: '/Mode', control: setMode, next: PANEL },
  { path: '/Ac/ActiveIn/CurrentLimit', control: setCurrentLimit(), next: AC_INPUT },
  { path: '/Ac/In/1/CurrentLimit', control: setCurrentLimit(0), next: AC_INPUT },
  { path: '/Ac/In/2/CurrentLimit', control: setCurrentLimit(1), next: AC_INPUT },
  { path: '/Soc', control: setSoc, next: SOC },
  { path: '/Dc/0/MaxChargeCurrent', control: setMaxChargeCurrent, next: SETTINGS },
  ...PHASES.map(
    (phase): ControlRow => ({
      path: `/Hub4/L${phase}/AcPowerSetpoint`,
      control: setSetpoint(phase),
      next: ESS,
      expires: true,
    }),
  ),
  { path: '/Hub4/DisableCharge', control: setEssFlag(ESS_WORD.disableCharge), next: ESS, expires: true },
  { path: '/Hub4/DisableFeedIn', control: setEssFlag(ESS_WORD.disableFeedIn), next: ESS, expires: true },
  { path: '/VebusSetChargeState', control: orderCharger, next: DEVICE_STATE, order: true },
  { path: '/SystemReset', control: resetSystem, next: DEVICE_STATE, order: true },
];

/** Settings of all devices at once, and of each. */
function settingControls(index?: number): readonly ControlRow[] {
  const prefix = index === undefined ? ('/Settings' as const) : (`/Devices/${index}/Settings` as const);
  return [
    { path: `${prefix}/AssistCurrentBoostFactor`, control: setSetting('assistBoost', index), next: SETTINGS },
    { path: `${prefix}/InverterOutputVoltage`, control: setSetting('inverterVoltage', index), next: SETTINGS },
    { path: `${prefix}/PowerAssistEnabled`, control: setPowerAssist(index), next: SETTINGS },
    { path: `${prefix}/UpsFunction`, control: setUpsFunction(index), next: SETTINGS },
  ];
}

export function controlsOf(units: readonly Unit[]): readonly ControlRow[] {
  return [...SYSTEM_CONTROLS, ...settingControls(), ...units.flatMap(unit => settingControls(unit.index))];
}
