/** How inverter/chargers are cut off from the grid, and told to take it again. */
import type { Outcome } from '../../outcome.ts';
import type { Picture, SeenDevice } from '../../picture.ts';
import { putFlag } from '../dvcc/chargers.ts';
import { vebusChoice } from '../vebus-choice.ts';

const INPUTS = [1, 2] as const;
/** What is connected to an input: grid or shore. */
const GRIDS: readonly (number | null)[] = [1, 3];
const GRID = 1;
/** `/Mode` of a Multi RS. */
const RS_ON = 3;
const RS_INVERTER_ONLY = 2;

export const SWITCH_READS = {
  vebus: [
    '/Ac/NumberOfAcInputs',
    ...INPUTS.flatMap(input => [`/Ac/Control/IgnoreAcIn${input}`, `/Ac/State/AcIn${input}Available`]),
    '/Hub4/AssistantId',
  ],
  multi: ['/Ac/In/1/Type', '/Mode'],
} as const;
export const SWITCH_SETTINGS = INPUTS.map(inputSetting);

function inputSetting(input: number): string {
  return `/Settings/SystemSetup/AcInput${input}`;
}

/** Whether there is an inverter/charger that can be cut off. */
export function canSwitch(look: Picture): boolean {
  const multi = look.device(look.result(vebusChoice).multi);
  return look.devices('multi').length > 0 || (multi !== undefined && gridInputs(look, multi).length > 0);
}

/** Has all inverter/chargers take the grid, or ignore it. */
export function switchGrid(look: Picture, out: Outcome, isOn: boolean): void {
  const multi = look.device(look.result(vebusChoice).multi);
  if (multi !== undefined)
    for (const input of gridInputs(look, multi)) putFlag(out, multi, `/Ac/Control/IgnoreAcIn${input}`, Number(!isOn));
  for (const rs of look.devices('multi'))
    if (rs.number('/Ac/In/1/Type') === GRID) putFlag(out, rs, '/Mode', isOn ? RS_ON : RS_INVERTER_ONLY);
}

/** Whether there is power on an AC input, also on one that is ignored; null when nobody can tell. */
export function isGridThere(look: Picture): boolean | null {
  const multi = look.device(look.result(vebusChoice).multi);
  // Multi RS do not tell.
  if (multi === undefined) return look.devices('multi').length > 0 ? null : false;
  const states = inputs(multi).map(input => multi.number(`/Ac/State/AcIn${input}Available`));
  if (states.includes(1)) return true;
  return states.includes(null) || states.length === 0 ? null : false;
}

function inputs(multi: SeenDevice): number[] {
  const count = multi.number('/Ac/NumberOfAcInputs') ?? 0;
  return INPUTS.filter(input => input <= count);
}

function gridInputs(look: Picture, multi: SeenDevice): number[] {
  return inputs(multi).filter(input => GRIDS.includes(look.setting(inputSetting(input))));
}
