/** What must always hold, on plants made at random. A failing case names its seed. */
import t, { type Test } from 'tap';
import { inDependencyOrder } from '../../../../src/actors/system/order.ts';
import type { Topic } from '../../../../src/actors/system/topic.ts';
import { TOPICS } from '../../../../src/actors/system/topics/all.ts';
import { type Random, seededRandom } from '../../../../src/kernel/random.ts';
import type { Value } from '../../../../src/schema/row.ts';
import { SystemPlant } from '../../../support/system-plant.ts';

const PLANTS = 60;
const STEPS = 25;

/** Type of device → all paths that any topic reads of it. */
const READ_PATHS = new Map<string, string[]>();
for (const { reads } of TOPICS)
  for (const [type, paths] of Object.entries(reads.devices ?? {}))
    READ_PATHS.set(type, [...new Set([...(READ_PATHS.get(type) ?? []), ...paths])]);
const TYPES = [...READ_PATHS.keys()].filter(type => type !== 'settings');
const SETTINGS = [...new Set(TOPICS.flatMap(topic => topic.reads.settings ?? []))];

/** Paths of topics that remember nothing: they follow from what is there now, whatever was before. */
const FORGETFUL = [...forgetfulTopics()].flatMap(topic => Object.keys(topic.publishes));

/** Neither with a memory of their own, nor made of what such topics make. */
function forgetfulTopics(): Set<Topic> {
  const publisher = new Map(TOPICS.flatMap(topic => Object.keys(topic.publishes).map(path => [path, topic] as const)));
  const forgetful = new Set<Topic>();
  for (const topic of inDependencyOrder(TOPICS)) {
    const { own = [], topics = [], last = [] } = topic.reads;
    const sources = [...topics, ...own.map(path => publisher.get(path))].filter(source => source !== topic);
    const remembers = topic.start !== undefined || topic.everyMs !== undefined || last.length > 0;
    if (!remembers && sources.every(source => source !== undefined && forgetful.has(source))) forgetful.add(topic);
  }
  return forgetful;
}

function pick<T>(random: Random, from: readonly T[]): T {
  const one = from[Math.floor(random() * from.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
}

/** Mostly sensible, sometimes missing, sometimes nonsense. */
function anyValue(random: Random, path: string): Value {
  const kind = random();
  if (kind < 0.1) return null;
  if (kind < 0.14)
    return pick<Value>(random, ['12.5', '', 'nonsense', 'NaN', [1, 2], { a: 1 }, -1, 1e12, 0.5, Number.NaN, Infinity]);
  if (/Name$|Connection$/.test(path)) return pick(random, ['A', 'VE.Direct', '/dev/ttyUSB0', 'VE.Can']);
  if (/Connected$|Mode$|ActiveInput$|Position$|Type$|State$|AssistantId$|Fix$/.test(path))
    return pick(random, [0, 1, 1, 2, 3, 4, 5, 9, 240]);
  if (/Soc$/.test(path)) return Math.round(random() * 100);
  if (/Voltage$|\/V$/.test(path)) return Math.round(random() * 600) / 10;
  return Math.round((random() - 0.4) * 1000);
}

interface Made {
  readonly name: string;
  readonly values: Map<string, Value>;
}

/** A plant whose devices the test knows too, in the order they appeared. */
class KnownPlant {
  readonly plant: SystemPlant;
  readonly devices: Made[] = [];
  readonly settings = new Map<string, number>();
  #made = 0;

  constructor(plant: SystemPlant) {
    this.plant = plant;
  }

  step(random: Random): void {
    const kind = random();
    if (this.devices.length < 3 || kind < 0.2) this.#add(random);
    else if (kind < 0.3) this.#remove(pick(random, this.devices));
    else if (kind < 0.4) this.#setting(random);
    else this.#change(random, pick(random, this.devices));
  }

  #add(random: Random): void {
    const type = pick(random, TYPES);
    const values = new Map<string, Value>([
      ['/DeviceInstance', random() < 0.1 ? null : Math.floor(random() * 4)],
      ['/Connected', 1],
      ['/ProductName', 'Device'],
      ['/Mgmt/Connection', 'test'],
    ]);
    for (const path of READ_PATHS.get(type) ?? []) if (random() < 0.8) values.set(path, anyValue(random, path));
    const made: Made = { name: `${type}.n${this.#made++}`, values };
    this.devices.push(made);
    this.plant.add(made.name, Object.fromEntries(values));
  }

  #remove(made: Made): void {
    this.devices.splice(this.devices.indexOf(made), 1);
    this.plant.remove(made.name);
  }

  #change(random: Random, made: Made): void {
    const path = pick(random, [...made.values.keys()]);
    const value = path === '/DeviceInstance' ? Math.floor(random() * 4) : anyValue(random, path);
    made.values.set(path, value);
    this.plant.set(made.name, path, value);
  }

  #setting(random: Random): void {
    const path = pick(
      random,
      SETTINGS.filter(one => !one.endsWith('Service') && !one.endsWith('TimeZone')),
    );
    const value = pick(random, [0, 1, 2]);
    this.settings.set(path, value);
    this.plant.settings?.set(path, value);
  }
}

for (let seed = 1; seed <= PLANTS; seed++) {
  t.test(`plant ${seed}`, async t => {
    const random = seededRandom(seed);
    const known = new KnownPlant(await new SystemPlant().start());
    for (let i = 0; i < STEPS; i++) {
      known.step(random);
      if (random() < 0.6) await known.plant.settle();
      if (random() < 0.2) await known.plant.advance(Math.floor(random() * 4000));
    }
    await known.plant.settle();
    noFault(t, known.plant);
    phasesAddUp(t, known.plant);
    noTraceOfTheDead(t, known);
    await sameAsFresh(t, known);
    await known.plant.stop();
  });
}

/** Nothing throws, and every topic has said what it reads. */
function noFault(t: Test, plant: SystemPlant): void {
  t.same(plant.failures(), []);
  t.same(
    plant.log.filter(line => line.startsWith('error')),
    [],
  );
  for (const [path, value] of plant.tree())
    if (typeof value === 'number' && !Number.isFinite(value)) t.fail(`${path} is ${value}`);
}

/** Loads on input and output are the loads; the phases that are counted are those that are there. */
function phasesAddUp(t: Test, plant: SystemPlant): void {
  const number = (path: string): number | null => {
    const value = plant.get(path);
    return typeof value === 'number' ? value : null;
  };
  for (const group of ['Grid', 'Genset', 'Consumption', 'ConsumptionOnInput', 'ConsumptionOnOutput', 'PvOnGrid']) {
    const phases = [1, 2, 3].filter(n => number(`/Ac/${group}/L${n}/Power`) !== null);
    t.equal(number(`/Ac/${group}/NumberOfPhases`), phases.at(-1) ?? null, `phases of ${group}`);
  }
  for (const n of [1, 2, 3]) {
    const total = number(`/Ac/Consumption/L${n}/Power`);
    const onInput = number(`/Ac/ConsumptionOnInput/L${n}/Power`);
    const onOutput = number(`/Ac/ConsumptionOnOutput/L${n}/Power`);
    if (onInput === null && onOutput !== null && total !== null)
      t.ok(total >= onOutput, `loads of phase ${n} are at least those on the output`);
    if (onInput !== null) t.ok(Math.abs((total ?? 0) - onInput - (onOutput ?? 0)) < 1e-6, `loads of phase ${n} add up`);
    for (const part of [total, onInput, onOutput]) if (part !== null) t.ok(part >= 0, `loads of phase ${n}`);
  }
}

/** No name of a device that has gone stands anywhere. */
function noTraceOfTheDead(t: Test, { plant, devices }: KnownPlant): void {
  const living = new Set(devices.map(device => `com.victronenergy.${device.name}`));
  for (const [path, value] of plant.tree()) {
    const named = JSON.stringify(value)?.match(/com\.victronenergy\.\w+\.n\d+/g) ?? [];
    for (const name of named) if (!living.has(name)) t.fail(`${path} names ${name}, which has gone`);
  }
}

/** What was before does not matter: a system that starts now comes to the same. */
async function sameAsFresh(t: Test, known: KnownPlant): Promise<void> {
  const fresh = new SystemPlant();
  // As they stand on the old plant, where the system itself may have changed some.
  for (const { path } of settingsOf(known.plant)) {
    const value = known.plant.bus.get('com.victronenergy.settings', path);
    if (typeof value === 'number' || typeof value === 'string') fresh.settings?.set(path, value);
  }
  for (const { name } of known.devices) {
    const values = known.plant.bus.simulated(`com.victronenergy.${name}`)?.values ?? new Map<string, Value>();
    fresh.add(name, Object.fromEntries(values));
  }
  await fresh.start();
  const tree = fresh.tree();
  for (const path of FORGETFUL) if (!path.includes('{')) t.strictSame(known.plant.get(path), tree.get(path), path);
  await fresh.stop();
}

function settingsOf(plant: SystemPlant): { path: string }[] {
  const settings = plant.bus.simulated('com.victronenergy.settings');
  return [...(settings?.values.keys() ?? [])].map(path => ({ path }));
}
