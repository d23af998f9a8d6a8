/** Rows of the poll plan: what the devices measure (fact sheet mk2-vebus, sections 3, 5 and 8). */
import { RAM } from '../../protocols/mk2/ram.ts';
import { answered, askAc, askDc, askEnergy, askRamInfo, readRam, readSnapshot } from '../../protocols/mk2/requests.ts';
import { ramForm, ramValue } from '../../protocols/mk2/scaling.ts';
import { ENERGY_COUNTERS } from '../../protocols/mk2/winmon.ts';
import { RollingEnergy } from './energy.ts';
import { measureAc, measureDc, product, sum } from './measurement.ts';
import type { Poll, Shown } from './poll.ts';
import { PHASES, type Phase, POWER_BY, type VebusSystem } from './system.ts';
import type { Unit } from './units.ts';

const SECOND = 1_000;

/** Without their scales nothing can be shown of an info frame. The first is what shows that the system is alive. */
const FIRST_VARIABLE = [RAM.batteryVoltage];
const DC_VARIABLES = [RAM.batteryCurrent, RAM.inverterPeriod];
const AC_VARIABLES = [RAM.mainsVoltage, RAM.mainsCurrent, RAM.inverterVoltage, RAM.inverterCurrent, RAM.mainsPeriod];
const OTHER_VARIABLES = [
  RAM.inverterPower,
  RAM.mainsPower,
  RAM.outputPower,
  RAM.chargeState,
  RAM.ignoreAcInput,
  RAM.batteryRipple,
];

/** Asks for the scales that are still missing. */
async function readScales(system: VebusSystem, ids: readonly number[]): Promise<Shown | undefined> {
  for (const id of ids) {
    if (system.forms.has(id)) continue;
    const answer = await system.line.ask(askRamInfo(id), { address: system.master.address, tries: 2 });
    if (answer === undefined) return undefined;
    const info = answered(answer);
    const form = info === undefined ? undefined : ramForm(info);
    if (form !== undefined) system.forms.set(id, form);
  }
  return [];
}

async function readDc(system: VebusSystem): Promise<Shown | undefined> {
  const info = answered(await system.line.ask(askDc));
  if (info === undefined) return undefined;
  const dc = measureDc(info, system.forms);
  system.dc = dc;
  return [
    ['/Dc/0/Voltage', dc.volts],
    ['/Dc/0/Current', dc.amperes],
  ];
}

async function readAc(system: VebusSystem, phase: Phase): Promise<Shown | undefined> {
  const info = answered(await system.line.ask(askAc(phase)));
  if (info === undefined) return undefined;
  if (info.phases !== undefined) system.phases = Math.min(info.phases, PHASES.length);
  const ac = measureAc(info, system.forms);
  system.ac.set(phase, ac);
  const shown: Shown = [
    [`/Ac/ActiveIn/L${phase}/V`, ac.inVolts],
    [`/Ac/ActiveIn/L${phase}/I`, ac.inAmperes],
    [`/Ac/ActiveIn/L${phase}/F`, ac.inHertz],
    [`/Ac/ActiveIn/L${phase}/S`, product(ac.inVolts, ac.inAmperes)],
    [`/Ac/Out/L${phase}/V`, ac.outVolts],
    [`/Ac/Out/L${phase}/I`, ac.outAmperes],
    [`/Ac/Out/L${phase}/F`, system.dc?.outputHertz ?? null],
    [`/Ac/Out/L${phase}/S`, product(ac.outVolts, ac.outAmperes)],
  ];
  return phase === 1 ? [...shown, ...phaseTotals(system)] : shown;
}

function phaseTotals(system: VebusSystem): Shown {
  const all = system.activePhases.map(phase => system.ac.get(phase));
  return [
    ['/Ac/NumberOfPhases', system.phases ?? null],
    ['/Ac/ActiveIn/S', sum(all.map(ac => product(ac?.inVolts, ac?.inAmperes)))],
    ['/Ac/Out/S', sum(all.map(ac => product(ac?.outVolts, ac?.outAmperes)))],
  ];
}

/** Powers of one device in watts, signed as on D-Bus: inverter above 0 charging, input above 0 consuming. */
interface Powers {
  readonly inverter: number | null;
  readonly input: number | null;
  readonly output: number | null;
}

/** The same way of measuring, when only the masters tell. */
const OF_MASTERS: Readonly<Record<number, number>> = {
  [POWER_BY.snapshot]: POWER_BY.snapshotOfMasters,
  [POWER_BY.ram]: POWER_BY.ramOfMasters,
};

const POWER_VARIABLES = [RAM.inverterPower, RAM.outputPower, RAM.mainsPower] as const;

function powersOf(system: VebusSystem, words: readonly (number | undefined)[]): Powers {
  const [inverter = null, output = null, mains = null] = POWER_VARIABLES.map((id, i) => {
    const form = system.forms.get(id);
    const raw = words[i];
    return form === undefined || raw === undefined ? null : ramValue(form, raw);
  });
  return { inverter, output, input: mains === null ? null : 0 - mains };
}

/** Undefined: no answer. Null: the device cannot do it. */
async function readPowers(system: VebusSystem, unit: Unit, first: boolean): Promise<Powers | null | undefined> {
  const { line } = system;
  if (system.powerBy === POWER_BY.ram) {
    const words: number[] = [];
    for (const id of [RAM.inverterPower, RAM.mainsPower]) {
      const answer = await line.ask(readRam(id), { address: unit.address });
      if (answer === undefined) return undefined;
      const word = answered(answer);
      if (word === undefined) return null;
      words.push(word);
    }
    const { inverter, input } = powersOf(system, [words[0], undefined, words[1]]);
    return { inverter, input, output: inverter === null || input === null ? null : input - inverter };
  }
  const answer = await line.ask(readSnapshot(POWER_VARIABLES, first), { address: unit.address });
  if (answer === undefined) return undefined;
  const words = answered(answer);
  return words === undefined ? null : powersOf(system, words);
}

async function readAllPowers(system: VebusSystem): Promise<Shown | undefined> {
  if (system.powerBy === POWER_BY.voltAmperes) return powersByVoltAmperes(system);
  const powers = new Map<Unit, Powers>();
  // The slaves do not tell: each stands for its master.
  const told =
    system.quirks === 0 ? system.units : system.activePhases.flatMap(phase => system.unitsOf(phase).slice(0, 1));
  for (const unit of told) {
    const one = await readPowers(system, unit, powers.size === 0);
    if (one === undefined) return undefined;
    if (one === null) {
      system.powerBy = system.powerBy === POWER_BY.snapshot ? POWER_BY.ram : POWER_BY.voltAmperes;
      return undefined;
    }
    powers.set(unit, one);
  }
  const all = (which: keyof Powers, phase: Phase): number | null => {
    const units = system.unitsOf(phase);
    if (system.quirks === 0) return sum(units.map(unit => powers.get(unit)?.[which]));
    const [master] = units;
    const one = master === undefined ? undefined : powers.get(master)?.[which];
    return typeof one === 'number' ? one * units.length : null;
  };
  return [
    ...shownPowers(system, all, system.quirks === 0 ? system.powerBy : OF_MASTERS[system.powerBy]),
    ...system.units.flatMap((unit): Shown => {
      const one = powers.get(unit);
      return [
        [`/Devices/${unit.index}/Ac/In/P`, one?.input ?? null],
        [`/Devices/${unit.index}/Ac/Out/P`, one?.output ?? null],
        [`/Devices/${unit.index}/Ac/Inverter/P`, one?.inverter ?? null],
      ];
    }),
  ];
}

function powersByVoltAmperes(system: VebusSystem): Shown {
  return shownPowers(
    system,
    (which, phase) => {
      const ac = system.ac.get(phase);
      if (which === 'input') return product(ac?.inVolts, ac?.inAmperes);
      return which === 'output' ? product(ac?.outVolts, ac?.outAmperes) : null;
    },
    POWER_BY.voltAmperes,
  );
}

function shownPowers(
  system: VebusSystem,
  of: (which: keyof Powers, phase: Phase) => number | null,
  measuredBy: number | undefined,
): Shown {
  const total = (which: keyof Powers): number | null => sum(system.activePhases.map(phase => of(which, phase)));
  return [
    ...system.activePhases.flatMap(
      (phase): Shown => [
        [`/Ac/ActiveIn/L${phase}/P`, of('input', phase)],
        [`/Ac/Out/L${phase}/P`, of('output', phase)],
      ],
    ),
    ['/Ac/ActiveIn/P', total('input')],
    ['/Ac/Out/P', total('output')],
    ['/Dc/0/Power', total('inverter') ?? product(system.dc?.volts, system.dc?.amperes)],
    ['/Ac/PowerMeasurementType', measuredBy ?? null],
  ];
}

/** What each device measures at its own terminals. */
async function readTerminals(system: VebusSystem): Promise<Shown | undefined> {
  const shown: Shown[number][] = [];
  for (const unit of system.units) {
    const base = `/Devices/${unit.index}/Diagnostics` as const;
    for (const [path, id] of [
      [`${base}/UBatTerminal`, RAM.batteryVoltage],
      [`${base}/UBatRipple`, RAM.batteryRipple],
    ] as const) {
      const form = system.forms.get(id);
      const answer = await system.line.ask(readRam(id), { address: unit.address });
      if (answer === undefined) return undefined;
      const raw = answered(answer);
      shown.push([path, form === undefined || raw === undefined ? null : ramValue(form, raw)]);
    }
  }
  return shown;
}

const COUNTER_RANGE = 256;

async function readEnergies(system: VebusSystem): Promise<Shown | undefined> {
  for (const unit of system.units) {
    const answer = await system.line.ask(askEnergy, { address: unit.address });
    if (answer === undefined) return undefined;
    const counters = answered(answer);
    if (counters === undefined) continue;
    let energies = system.energies.get(unit);
    if (energies === undefined) {
      energies = new Map(ENERGY_COUNTERS.map(name => [name, new RollingEnergy(COUNTER_RANGE)]));
      system.energies.set(unit, energies);
    }
    for (const [i, name] of ENERGY_COUNTERS.entries()) energies.get(name)?.count(counters[i] ?? 0);
  }
  return ENERGY_COUNTERS.map(name => [
    `/Energy/${name}`,
    sum([...system.energies.values()].map(energies => energies.get(name)?.kilowattHours)),
  ]);
}

function scales(name: string, ids: readonly number[]): Poll {
  return { name: `scales of ${name}`, everyMs: SECOND, once: true, read: system => readScales(system, ids) };
}

export const FIRST_SCALE = scales('the battery voltage', FIRST_VARIABLE);
export const DC_SCALES = scales('DC', DC_VARIABLES);
export const AC_SCALES = scales('AC', AC_VARIABLES);
export const OTHER_SCALES = scales('powers', OTHER_VARIABLES);

export const DC: Poll = { name: 'DC', everyMs: SECOND, read: readDc };
/** Once more as soon as the other scales are known. */
export const DC_AGAIN: Poll = { name: 'DC again', everyMs: SECOND, once: true, read: readDc };

export const AC: readonly Poll[] = PHASES.map(phase => ({
  name: `AC L${phase}`,
  everyMs: SECOND,
  when: system => system.activePhases.includes(phase),
  read: system => readAc(system, phase),
}));

export const POWERS: Poll = { name: 'powers', everyMs: SECOND, read: readAllPowers };

export const TERMINALS: Poll = {
  name: 'battery terminals',
  everyMs: 10 * SECOND,
  background: true,
  when: system => system.forms.has(RAM.batteryVoltage),
  read: readTerminals,
};

/** At 10 kW a counter rolls over in half an hour. */
export const ENERGIES: Poll = {
  name: 'energy',
  everyMs: 30 * SECOND,
  background: true,
  when: system => system.quirks === 0,
  read: readEnergies,
};
