import t from 'tap';
import { addSetting, setValue } from '../../../../src/actors/settings/settings-rules.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { testClock } from '../../../support/clock.ts';
import { PowerCutFiles } from '../../../support/power-cut-files.ts';
import { CONF, changesOf, definition, openSettings } from '../../../support/settings-store.ts';

const A = '/Settings/g/a';
const EMPTY = '<?xml version=\'1.0\' encoding=\'UTF-8\'?>\n<Settings version="19" unique-id=""/>\n';

/** A machine that has run: `a` set to 1, 2, 3 with a snapshot after each, then to 4, which is only in the journal. */
async function used(): Promise<PowerCutFiles> {
  const files = new PowerCutFiles();
  const clock = testClock();
  const { tree, store } = await openSettings(files, clock);
  await store.store(changesOf(addSetting(tree, definition(A, 0))));
  for (const value of [1, 2, 3]) {
    await store.store(changesOf(setValue(tree, A, value)));
    await clock.advance(60);
  }
  await store.store(changesOf(setValue(tree, A, 4)));
  return files.afterKill();
}

async function valueAfterStart(files: PowerCutFiles): Promise<{ value: unknown; warnings: string[] }> {
  const { tree, warnings } = await openSettings(files, testClock());
  return { value: tree.get(A)?.value, warnings };
}

t.test('a killed program loses nothing, and settings.xml is brought up to date at start', async t => {
  const files = await used();
  t.match(files.text(`${CONF}/settings.xml`), '>3</a>');
  t.same(await valueAfterStart(files), { value: 4, warnings: [] });
  t.match(files.text(`${CONF}/settings.xml`), '>4</a>');
});

t.test('a damaged settings.xml is replaced from the last-good copy and the journals; no change is lost', async t => {
  const DAMAGES: Record<string, (bytes: Uint8Array) => Uint8Array> = {
    empty: () => new Uint8Array(),
    'cut short': bytes => bytes.slice(0, bytes.length / 2),
    zeros: bytes => new Uint8Array(bytes.length),
    'not UTF-8': bytes => bytes.map(byte => byte | 0x80),
    'another document': () => new TextEncoder().encode('<html/>'),
  };
  for (const [name, damage] of Object.entries(DAMAGES)) {
    const files = await used();
    files.put(`${CONF}/settings.xml`, damage(files.bytes(`${CONF}/settings.xml`) ?? new Uint8Array()));
    const { value, warnings } = await valueAfterStart(files);
    t.equal(value, 4, name);
    t.equal(warnings.length, 2, `${name}: one line says what was wrong, one what was done`);
    t.match(warnings[0], /settings\.xml is damaged, .* kept as settings\.xml\.damaged-1/, name);
    t.ok(files.names().includes(`${CONF}/settings.xml.damaged-1`), name);
    t.equal((await valueAfterStart(files.afterKill())).value, 4, `${name}: and at the next start`);
  }
});

t.test('the power is cut while a damaged file is being replaced', async t => {
  for (let cut = 1; cut <= 12; cut++) {
    const random = seededRandom(cut);
    const files = (await used()).survivors(random);
    files.put(`${CONF}/settings.xml`, '<Settings');
    files.cutIn(cut);
    await openSettings(files, testClock()).catch(() => {});
    const { value } = await valueAfterStart(files.survivors(random));
    t.equal(value, 4, `cut at operation ${cut}`);
  }
});

t.test('damaged without a copy: starts empty, keeps the file, says so', async t => {
  const files = new PowerCutFiles();
  files.put(`${CONF}/settings.xml`, '<Settings><oops');
  const { tree, warnings } = await openSettings(files, testClock());
  t.equal(tree.count, 0);
  t.match(warnings, [/damaged/]);
  t.equal(files.text(`${CONF}/settings.xml.damaged-1`), '<Settings><oops');
  t.equal(files.text(`${CONF}/settings.xml`), EMPTY);
});

t.test('only the newest damaged files are kept', async t => {
  let files = new PowerCutFiles();
  for (let time = 1; time <= 6; time++) {
    files.put(`${CONF}/settings.xml`, `<broken ${time}`);
    await openSettings(files, testClock());
    files = files.afterKill();
  }
  const kept = files.names().filter(name => name.includes('damaged'));
  t.same(
    kept,
    [4, 5, 6].map(n => `${CONF}/settings.xml.damaged-${n}`),
  );
});

t.test('both settings.xml and its copy are damaged', async t => {
  const files = await used();
  files.put(`${CONF}/settings.xml`, 'x');
  files.put(`${CONF}/settings.xml.bak`, 'y');
  const { value, warnings } = await valueAfterStart(files);
  t.equal(value, undefined);
  t.match(warnings, [/settings.xml is damaged/, /settings.xml.bak is damaged/]);
});

t.test('an older program has written settings.xml: its values are newer than the journal', async t => {
  const files = await used();
  const theirs = files.text(`${CONF}/settings.xml`)?.replace('>3</a>', '>77</a>') ?? '';
  files.put(`${CONF}/settings.xml`, theirs);
  const { value, warnings } = await valueAfterStart(files);
  t.equal(value, 77);
  t.match(warnings, [/written by another program/]);
  t.equal(files.text(`${CONF}/settings.xml`), theirs, 'and the file is left as it is');

  const clock = testClock();
  const { tree, store } = await openSettings(files, clock);
  await store.store(changesOf(setValue(tree, A, 78)));
  t.equal((await valueAfterStart(files.afterKill())).value, 78, 'new changes are kept on top');
});

t.test('an older program has only read: nothing is lost', async t => {
  const files = await used();
  t.equal((await valueAfterStart(files.afterKill())).value, 4);
});

t.test('a removed settings.xml is a reset, not a damage', async t => {
  const files = await used();
  await files.remove(`${CONF}/settings.xml`);
  const { value, warnings } = await valueAfterStart(files);
  t.equal(value, undefined);
  t.match(warnings, [/has been removed/]);
  t.equal(files.text(`${CONF}/settings.xml`), EMPTY);
});

t.test('settings.xml.import', async t => {
  const imported = (id: string) =>
    `<Settings version="19" unique-id="${id}"><g><a type="i">9</a></g><Devices><d><x type="i">1</x></d></Devices></Settings>`;

  t.test('replaces all, and goes', async t => {
    const files = await used();
    files.put(`${CONF}/settings.xml.import`, imported('me'));
    const { tree } = await openSettings(files, testClock(), 'me');
    t.equal(tree.get(A)?.value, 9);
    t.equal(tree.get('/Settings/Devices/d/x')?.value, 1);
    t.notOk(files.names().includes(`${CONF}/settings.xml.import`));
    t.match(files.text(`${CONF}/settings.xml`), 'unique-id="me"');
    t.match(files.text(`${CONF}/settings.xml.bak`), '>3</a>', 'what was before is the last-good copy');
  });

  t.test('of another machine comes without its devices', async t => {
    const files = await used();
    files.put(`${CONF}/settings.xml.import`, imported('other'));
    const { tree } = await openSettings(files, testClock(), 'me');
    t.equal(tree.get(A)?.value, 9);
    t.equal(tree.get('/Settings/Devices/d/x'), undefined);
  });

  t.test('damaged: is put aside, all stays', async t => {
    const files = await used();
    files.put(`${CONF}/settings.xml.import`, '<Settings');
    const { value, warnings } = await valueAfterStart(files);
    t.equal(value, 4);
    t.match(warnings, [/settings.xml.import is damaged/]);
    t.ok(files.names().includes(`${CONF}/settings.xml.import.damaged-1`));
  });

  t.test('the power is cut on the way: the old or the new, never neither', async t => {
    for (let cut = 1; cut <= 14; cut++) {
      const random = seededRandom(cut);
      const files = (await used()).survivors(random);
      files.put(`${CONF}/settings.xml.import`, imported('me'));
      files.cutIn(cut);
      await openSettings(files, testClock(), 'me').catch(() => {});
      const { tree } = await openSettings(files.survivors(random), testClock(), 'me');
      t.equal(tree.get(A)?.value, 9, `cut at operation ${cut}`);
    }
  });
});

t.test('the identity of the machine: kept when it is not known', async t => {
  const files = new PowerCutFiles();
  files.put(`${CONF}/settings.xml`, '<Settings version="19" unique-id="abc"/>');
  const clock = testClock();
  const { tree, store } = await openSettings(files, clock, null);
  await store.store(changesOf(addSetting(tree, definition(A, 1))));
  await clock.advance(60);
  t.match(files.text(`${CONF}/settings.xml`), 'unique-id="abc"');
});
