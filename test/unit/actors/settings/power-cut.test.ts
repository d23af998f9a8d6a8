/**
 * The power is cut at every operation of a run that stores settings, again during the recovery from it, and once more.
 * However the medium tears what was not synced: the settings load, and each is as last acknowledged or as in flight
 * when the power went.
 */
import t from 'tap';
import { addSetting, removeSetting, setValue } from '../../../../src/actors/settings/settings-rules.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { testClock } from '../../../support/clock.ts';
import { PowerCutFiles } from '../../../support/power-cut-files.ts';
import { changesOf, definition, openSettings } from '../../../support/settings-store.ts';

/** What a path may be after a cut: its states in the order they were asked for, from the last acknowledged one. */
class Expectation {
  readonly #states = new Map<string, (number | undefined)[]>();
  readonly #acknowledged = new Map<string, number>();

  asked(path: string, value: number | undefined): () => void {
    const states = this.#states.get(path) ?? [undefined];
    this.#states.set(path, states);
    const index = states.push(value) - 1;
    return () => this.#acknowledged.set(path, Math.max(index, this.#acknowledged.get(path) ?? 0));
  }

  /** Which paths are neither as last acknowledged nor later. */
  wrong(valueAt: (path: string) => unknown): string[] {
    return [...this.#states].flatMap(([path, states]) => {
      const allowed = states.slice(this.#acknowledged.get(path) ?? 0);
      const value = valueAt(path);
      return allowed.includes(value as number | undefined) ? [] : [`${path} is ${value}, not one of ${allowed}`];
    });
  }

  /** After a recovery that has been seen: what was found is what must stay. */
  settle(valueAt: (path: string) => unknown): void {
    for (const path of this.#states.keys()) {
      this.#states.set(path, [valueAt(path) as number | undefined]);
      this.#acknowledged.set(path, 0);
    }
  }
}

const PATHS = ['/Settings/g/a', '/Settings/g/b', '/Settings/g/sub/c', '/Settings/d'];

/** Some life: adding, setting, several at once, removing, snapshots in between. Ends when the power does. */
async function live(files: PowerCutFiles, expected: Expectation, from: number): Promise<void> {
  const clock = testClock();
  const { tree, store } = await openSettings(files, clock);
  const store1 = async (path: string, value: number | undefined): Promise<void> => {
    const outcome =
      value === undefined
        ? removeSetting(tree, path)
        : tree.get(path) === undefined
          ? addSetting(tree, definition(path, value))
          : setValue(tree, path, value);
    const acknowledge = expected.asked(path, value);
    if (await store.store(changesOf(outcome))) acknowledge();
  };
  let value = from;
  for (let round = 0; round < 3 && !files.isCut; round++) {
    for (const path of PATHS) {
      await store1(path, value++);
      if (files.isCut) return;
    }
    await Promise.all([
      store1('/Settings/g/a', value++),
      store1('/Settings/g/b', value++),
      store1('/Settings/g/a', value++),
    ]);
    await clock.advance(60);
    await store1('/Settings/d', undefined);
    await clock.advance(60);
  }
  if (!files.isCut) await store.close();
}

/** A run with a cut, and what the next start makes of it. */
async function cutAndRecover(seed: number, cuts: readonly number[]): Promise<string[]> {
  const random = seededRandom(seed);
  const expected = new Expectation();
  let files = new PowerCutFiles(random);
  const problems: string[] = [];
  let from = 1;
  for (const cut of cuts) {
    files.cutIn(cut);
    try {
      await live(files, expected, from);
    } catch (error) {
      // Reading fails too once the power is off.
      if (!files.isCut) problems.push(String(error));
    }
    from += 1000;
    files = files.survivors(random);
    const look = files.survivors(() => 0.99);
    const { tree, warnings } = await openSettings(look, testClock());
    problems.push(...expected.wrong(path => tree.get(path)?.value));
    problems.push(...warnings.filter(line => /damaged|removed/.test(line)));
    expected.settle(path => tree.get(path)?.value);
  }
  return problems;
}

t.test('the power is cut at every operation', async t => {
  const files = new PowerCutFiles();
  await live(files, new Expectation(), 1);
  t.ok(files.operations > 60, `${files.operations} operations`);
  const problems: string[] = [];
  for (let cut = 1; cut <= files.operations + 1; cut++)
    for (let variant = 0; variant < 5; variant++)
      for (const problem of await cutAndRecover(cut * 100 + variant, [cut]))
        problems.push(`cut at operation ${cut}, variant ${variant}: ${problem}`);
  t.same(problems, []);
});

t.test('the power is cut again while recovering, and once more', async t => {
  for (let seed = 1; seed <= 80; seed++) {
    const random = seededRandom(seed);
    const cuts = [20 + Math.floor(random() * 60), 1 + Math.floor(random() * 12), 1 + Math.floor(random() * 40)];
    const problems = await cutAndRecover(seed, cuts);
    if (problems.length > 0) t.same(problems, [], `seed ${seed}, cuts ${cuts}`);
  }
  t.pass('80 seeds');
});
