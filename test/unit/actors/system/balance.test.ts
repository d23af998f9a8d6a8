/** What comes in goes out somewhere: sums over plants made at random, by themselves and against a reckoning of the test. */
import t, { type Test } from 'tap';
import { type Random, seededRandom } from '../../../../src/kernel/random.ts';
import { SystemPlant } from '../../../support/system-plant.ts';

const PLANTS = 40;
const CHANGES = 8;
const PHASES = [1, 2, 3] as const;
const SETTINGS = {
  '/Settings/SystemSetup/HasDcSystem': 1,
  '/Settings/SystemSetup/HasAcInLoads': 1,
  '/Settings/SystemSetup/HasAcOutSystem': 1,
  '/Settings/SystemSetup/AcInput1': 1,
};

type Values = Record<string, number>;

/** Type of device → how many there may be, and what one of them measures. */
const KINDS: Readonly<Record<string, { readonly most: number; readonly measures: readonly string[] }>> = {
  vebus: {
    most: 1,
    measures: ['/Dc/0/Voltage', '/Dc/0/Current', ...acPaths('/Ac/ActiveIn', 'P'), ...acPaths('/Ac/Out', 'P')],
  },
  grid: { most: 1, measures: acPaths('/Ac', 'Power') },
  pvinverter: { most: 3, measures: acPaths('/Ac', 'Power') },
  solarcharger: { most: 3, measures: ['/Dc/0/Voltage', '/Dc/0/Current', '/Load/I'] },
  charger: { most: 2, measures: ['/Dc/0/Voltage', '/Dc/0/Current'] },
  alternator: { most: 2, measures: ['/Dc/0/Voltage', '/Dc/0/Current', '/Dc/0/Power'] },
  fuelcell: { most: 1, measures: ['/Dc/0/Voltage', '/Dc/0/Current'] },
  battery: { most: 1, measures: ['/Dc/0/Voltage', '/Dc/0/Current', '/Dc/0/Power'] },
};
/** What is not measured. */
const FIXED: Readonly<Record<string, Values>> = {
  vebus: { '/State': 3, '/Ac/ActiveIn/ActiveInput': 0, '/Ac/ActiveIn/Connected': 1, '/Ac/NumberOfAcInputs': 1 },
};
const AT_GRID = 0;
const AT_OUTPUT = 1;

function acPaths(group: string, name: string): string[] {
  return PHASES.map(phase => `${group}/L${phase}/${name}`);
}

/** Watts and amperes of both directions, volts around a battery. */
function measured(random: Random, path: string): number {
  if (path.endsWith('Voltage')) return Math.round(480 + random() * 80) / 10;
  return Math.round((random() - 0.3) * 2_000) / 10;
}

interface Made {
  readonly name: string;
  readonly type: string;
  readonly values: Values;
}

class KnownPlant {
  readonly plant = new SystemPlant({ settings: SETTINGS });
  readonly devices: Made[] = [];

  async start(random: Random): Promise<this> {
    await this.plant.start();
    for (const [type, { most, measures }] of Object.entries(KINDS)) {
      const count = Math.round(random() * (most + 0.9) - 0.4);
      for (let n = 0; n < count; n++) {
        const values: Values = { '/DeviceInstance': n, ...FIXED[type] };
        if (type === 'pvinverter') values['/Position'] = random() < 0.5 ? AT_GRID : AT_OUTPUT;
        for (const path of measures) values[path] = measured(random, path);
        this.devices.push({ name: `${type}.n${n}`, type, values });
        this.plant.add(`${type}.n${n}`, values);
      }
    }
    return this;
  }

  change(random: Random): void {
    const made = this.devices[Math.floor(random() * this.devices.length)];
    const { measures } = KINDS[made?.type ?? ''] ?? { measures: [] };
    const path = measures[Math.floor(random() * measures.length)];
    if (made === undefined || path === undefined) return;
    made.values[path] = measured(random, path);
    this.plant.set(made.name, path, made.values[path]);
  }

  remove(made: Made): void {
    this.devices.splice(this.devices.indexOf(made), 1);
    this.plant.remove(made.name);
  }

  of(type: string): Values[] {
    return this.devices.filter(made => made.type === type).map(made => made.values);
  }

  shown(path: string): number {
    const value = this.plant.get(path);
    return typeof value === 'number' ? value : 0;
  }
}

function sum(devices: readonly Values[], value: (of: Values) => number): number {
  return devices.reduce((total, device) => total + value(device), 0);
}

function at(device: Values | undefined, path: string): number {
  return device?.[path] ?? 0;
}

const volts = (device: Values): number => at(device, '/Dc/0/Voltage');
const watts = (device: Values): number => volts(device) * at(device, '/Dc/0/Current');

function same(t: Test, got: number, wanted: number, what: string): void {
  t.ok(Math.abs(got - wanted) < 1e-6 * (1 + Math.abs(wanted)), `${what}: ${got}, reckoned ${wanted}`);
}

/** What the sources give, the battery takes or the DC loads use. */
function dcIsBalanced(t: Test, known: KnownPlant): void {
  const solar = sum(known.of('solarcharger'), one => volts(one) * (at(one, '/Dc/0/Current') + at(one, '/Load/I')));
  same(t, known.shown('/Dc/Pv/Power'), solar, 'solar');
  same(t, known.shown('/Dc/Charger/Power'), sum(known.of('charger'), watts), 'chargers');
  same(
    t,
    known.shown('/Dc/Alternator/Power'),
    sum(known.of('alternator'), one => at(one, '/Dc/0/Power')),
    'alternators',
  );
  same(t, known.shown('/Dc/FuelCell/Power'), sum(known.of('fuelcell'), watts), 'fuel cells');
  const [battery] = known.of('battery');
  if (battery === undefined) return;
  same(t, known.shown('/Dc/Battery/Power'), at(battery, '/Dc/0/Power'), 'battery');
  const sources = ['Pv', 'Charger', 'Alternator', 'FuelCell'].map(name => known.shown(`/Dc/${name}/Power`));
  const all = sources.reduce((total, one) => total + one, sum(known.of('vebus'), watts));
  same(t, known.shown('/Dc/System/Power') + known.shown('/Dc/Battery/Power'), all, 'DC loads and battery take it all');
}

/** What comes from grid and sun and battery, the loads use: phase by phase. */
function acIsBalanced(t: Test, known: KnownPlant): void {
  const [multi] = known.of('vebus');
  const [meter] = known.of('grid');
  for (const phase of PHASES) {
    const at_ = (place: number): number =>
      sum(
        known.of('pvinverter').filter(one => one['/Position'] === place),
        one => at(one, `/Ac/L${phase}/Power`),
      );
    const shown = (group: string): number => known.shown(`/Ac/${group}/L${phase}/Power`);
    same(t, shown('PvOnGrid'), at_(AT_GRID), `PV at the grid, phase ${phase}`);
    same(t, shown('PvOnOutput'), at_(AT_OUTPUT), `PV at the output, phase ${phase}`);
    same(
      t,
      shown('Consumption'),
      shown('ConsumptionOnInput') + shown('ConsumptionOnOutput'),
      `loads of phase ${phase}`,
    );
    const taken = at(multi, `/Ac/ActiveIn/L${phase}/P`);
    const given = at(multi, `/Ac/Out/L${phase}/P`);
    if (meter !== undefined) same(t, shown('Grid'), at(meter, `/Ac/L${phase}/Power`), `grid, phase ${phase}`);
    else if (multi !== undefined) same(t, shown('Grid'), taken - at_(AT_GRID), `grid without a meter, phase ${phase}`);
    if (meter === undefined || multi === undefined) continue;
    const onInput = shown('Grid') + shown('PvOnGrid') - taken;
    const onOutput = given + shown('PvOnOutput');
    // Loads give nothing: what measures differently at the same moment is not shown as their work.
    same(t, shown('Consumption'), Math.max(0, onInput) + Math.max(0, onOutput), `loads, phase ${phase}`);
    if (onInput >= 0 && onOutput >= 0)
      same(t, shown('Grid') + at_(AT_GRID) + at_(AT_OUTPUT), shown('Consumption') + taken - given, `phase ${phase}`);
  }
}

for (let seed = 1; seed <= PLANTS; seed++) {
  t.test(`plant ${seed}`, async t => {
    const random = seededRandom(seed);
    const known = await new KnownPlant().start(random);
    for (let n = 0; n < CHANGES; n++) {
      known.change(random);
      await known.plant.settle();
    }
    dcIsBalanced(t, known);
    acIsBalanced(t, known);
    // One after the other goes, and is out of all sums in the same tick: no time passes.
    while (known.devices.length > 0) {
      const made = known.devices[Math.floor(random() * known.devices.length)];
      if (made !== undefined) known.remove(made);
      await known.plant.settle();
      dcIsBalanced(t, known);
      acIsBalanced(t, known);
    }
    const left = [...known.plant.tree()].filter(([path, value]) => /\/(Power|Current)$/.test(path) && value !== null);
    t.same(
      left.filter(([, value]) => value !== 0),
      [],
      'nothing is left of them',
    );
    t.same(known.plant.failures(), []);
    await known.plant.stop();
  });
}
