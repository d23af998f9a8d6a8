import t from 'tap';
import { FLASH, flashCost, WORST_BYTES_PER_HOUR } from '../../../../src/actors/settings/flash-budget.ts';
import { addSetting, removeSetting, setValue } from '../../../../src/actors/settings/settings-rules.ts';
import { STORE_LIMITS } from '../../../../src/actors/settings/store.ts';
import { testClock } from '../../../support/clock.ts';
import { PowerCutFiles } from '../../../support/power-cut-files.ts';
import { CONF, changesOf, definition, openSettings } from '../../../support/settings-store.ts';

const A = '/Settings/g/a';
const XML = `${CONF}/settings.xml`;

async function opened(files = new PowerCutFiles()) {
  const clock = testClock();
  const { tree, store, warnings } = await openSettings(files, clock);
  const add = (path: string, value: number | string) =>
    store.store(changesOf(addSetting(tree, definition(path, value))));
  const set = (path: string, value: number | string) => store.store(changesOf(setValue(tree, path, value)));
  return { files, clock, tree, store, warnings, add, set };
}

t.test('changes that come together share one sync', async t => {
  const { files, add, set } = await opened();
  await add(A, 0);
  const before = files.syncs;
  const all = await Promise.all(Array.from({ length: 100 }, (_, n) => set(A, n + 1)));
  t.ok(all.every(stored => stored));
  t.ok(files.syncs - before <= 2, `${files.syncs - before} syncs for 100 changes`);
});

t.test('a change that is none waits until the one before it is stored', async t => {
  const { files, tree, store, add } = await opened();
  await add(A, 0);
  const first = store.store(changesOf(setValue(tree, A, 6)));
  const syncs = files.syncs;
  t.equal(await store.store(changesOf(setValue(tree, A, 6))), true);
  t.ok(files.syncs > syncs, 'synced before it was acknowledged');
  t.equal(await first, true);
});

t.test('settings.xml follows soon, also under steady change', async t => {
  const { files, clock, add, set } = await opened();
  await add(A, 0);
  await clock.advance(STORE_LIMITS.snapshotDelayMs);
  t.match(files.text(XML), '>0</a>');
  for (let n = 1; n <= 20; n++) {
    await set(A, n);
    await clock.advance(20);
  }
  t.match(files.text(XML), /<a [^>]*>(1[5-9]|20)<\/a>/, 'a change every 20 ms does not put it off');
});

t.test('a clean end leaves all in settings.xml', async t => {
  const { files, store, add } = await opened();
  await add(A, 5);
  await store.close();
  t.match(files.text(XML), '>5</a>');
});

t.test('an end while the budget is used up does not wait', async t => {
  const { files, clock, store, add, set } = await opened();
  await add(A, 0);
  const storm: Promise<boolean>[] = [];
  for (let n = 1; n <= 2000; n++) {
    storm.push(set(A, n));
    await clock.advance(1);
  }
  await store.close();
  t.ok((await Promise.all(storm)).every(stored => stored));
  t.match(files.text(XML), '>2000</a>');
});

t.test('an hour of one client writing one setting as fast as it is answered', async t => {
  const { files, clock, add, set } = await opened();
  // A settings file as on a real machine: some 60 kB.
  await Promise.all(Array.from({ length: 500 }, (_, n) => add(`/Settings/group${n % 20}/setting${n}`, n)));
  await clock.advance(3_600_000);
  const [bytes, syncs] = [files.bytesWritten, files.syncs];
  let answered = 0;
  let running = true;
  const client = (async () => {
    for (let n = 1000; running; n++) {
      await set('/Settings/group1/setting1', n);
      answered++;
    }
  })();
  await clock.advance(3_600_000);
  running = false;
  const written = files.bytesWritten - bytes + (files.syncs - syncs) * FLASH.pageBytes;
  t.ok(written <= WORST_BYTES_PER_HOUR, `${written} of at most ${WORST_BYTES_PER_HOUR} bytes`);
  t.ok(answered > 7000, `${answered} changes stored`);
  await clock.advance(10_000);
  await client;
});

t.test('many clients writing all settings, every second', async t => {
  const { files, clock, add, set } = await opened();
  const COUNT = 300;
  const SECONDS = 600;
  await Promise.all(Array.from({ length: COUNT }, (_, n) => add(`/Settings/group${n % 20}/setting${n}`, n)));
  await clock.advance(3_600_000);
  const [bytes, syncs] = [files.bytesWritten, files.syncs];
  let largest = 0;
  const timer = clock.every(1000, () => {
    largest = Math.max(largest, files.bytes(`${CONF}/settings.journal`)?.length ?? 0);
    for (let n = 0; n < COUNT; n++) void set(`/Settings/group${n % 20}/setting${n}`, Math.floor(clock.monotonic()) + n);
  });
  await clock.advance(SECONDS * 1000);
  timer.cancel();
  t.ok(largest < STORE_LIMITS.journalBytes + 64 * 1024, `the journal has at most ${largest} bytes`);
  const written = files.bytesWritten - bytes + (files.syncs - syncs) * FLASH.pageBytes;
  const most = FLASH.burstBytes + SECONDS * FLASH.bytesPerSecond;
  t.ok(written > most * 0.8 && written <= most, `${written} of at most ${most} bytes`);
  await clock.advance(60_000);
});

t.test('figures of the flash budget', async t => {
  t.equal(WORST_BYTES_PER_HOUR, 63_176_704);
  t.equal(flashCost(1, 1), 8192);
  t.equal(flashCost(4097, 3), 5 * 4096);
});

t.test('a full medium', async t => {
  const { files, clock, tree, store, warnings, add, set } = await opened();
  await add(A, 1);
  await add('/Settings/g/b', 1);
  await clock.advance(100);
  files.setFull(true);
  t.equal(await set(A, 2), false, 'a change that is not stored is refused');
  t.equal(tree.get(A)?.value, 1, 'and undone');
  t.equal(await store.store(changesOf(removeSetting(tree, '/Settings/g/b'))), false);
  t.equal(tree.get('/Settings/g/b')?.value, 1);
  t.equal(await add('/Settings/new', 3), false);
  t.equal(tree.get('/Settings/new')?.value, 3, 'programs can still add what they need');
  await clock.advance(60_000);
  t.equal(warnings.length, 1, 'one line for all of it');
  t.match(warnings[0], /settings cannot be stored: ENOSPC/);

  files.setFull(false);
  await clock.advance(STORE_LIMITS.retryMs + 100);
  t.match(files.text(XML), '<new ', 'what was added is stored once there is room');
  t.equal(await set(A, 5), true);
  const { tree: next } = await openSettings(files.afterKill(), testClock());
  t.equal(next.get(A)?.value, 5);
});

t.test('changes built on one that failed are undone with it', async t => {
  const { files, tree, store, add } = await opened();
  await add(A, 1);
  files.setFull(true);
  const results = [2, 3, 4].map(value => store.store(changesOf(setValue(tree, A, value))));
  t.equal(tree.get(A)?.value, 4);
  t.same(await Promise.all(results), [false, false, false]);
  t.equal(tree.get(A)?.value, 1);
});

t.test('settings can be read where nothing can be written', async t => {
  const files = new PowerCutFiles();
  files.put(XML, '<Settings version="3"><g><a type="i">7</a></g></Settings>');
  files.setFull(true);
  const { tree, warnings, set } = await opened(files);
  t.equal(tree.get(A)?.value, 7);
  t.match(warnings, [/cannot be stored/]);
  t.equal(await set(A, 8), false);
});
