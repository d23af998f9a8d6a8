/** Files of other versions of gxd: what an update, and an update that is given up, do to the settings. */
import t from 'tap';
import { encodeCommit, encodeHeader, identityOf, type JournalRecord } from '../../../../src/actors/settings/journal.ts';
import { addSetting, setValue } from '../../../../src/actors/settings/settings-rules.ts';
import { SETTINGS_VERSION } from '../../../../src/actors/settings/settings-xml.ts';
import { testClock } from '../../../support/clock.ts';
import { PowerCutFiles } from '../../../support/power-cut-files.ts';
import { CONF, changesOf, definition, openSettings } from '../../../support/settings-store.ts';

const NEWER = `<?xml version='1.0' encoding='UTF-8'?>
<Settings version="${SETTINGS_VERSION + 3}" unique-id="abc" layout="wide">
  <Future>
    <Curve type="curve" points="5">1 2 3</Curve>
    <Known type="i" min="0" max="9" default="1" silent="False" unit="A">7</Known>
  </Future>
  <Lists>
    <Items type="list">a,b</Items>
  </Lists>
</Settings>
`;
/** What this version does not know of it. */
const UNKNOWN = [
  `version="${SETTINGS_VERSION + 3}"`,
  'layout="wide"',
  '<Curve type="curve" points="5">1 2 3</Curve>',
  'unit="A"',
  '<Items type="list">a,b</Items>',
];

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A journal that extends `file`, with one commit. */
function journalOf(file: string, records: readonly JournalRecord[]): Uint8Array {
  const header = encodeHeader({ extends: identityOf(bytes(file)), previous: null });
  return new Uint8Array([...header, ...encodeCommit(records)]);
}

function put(settings: string, journal?: Uint8Array): PowerCutFiles {
  const files = new PowerCutFiles();
  files.put(`${CONF}/settings.xml`, settings);
  if (journal !== undefined) files.put(`${CONF}/settings.journal`, journal);
  return files;
}

t.test('a file of a newer version is read, and keeps what is not known through all changes', async t => {
  let files = put(NEWER);
  const clock = testClock();
  const { tree, store, warnings } = await openSettings(files, clock);
  t.same(warnings, []);
  t.equal(tree.get('/Settings/Future/Known')?.value, 7);
  await store.store(changesOf(setValue(tree, '/Settings/Future/Known', 8)));
  await store.store(changesOf(addSetting(tree, definition('/Settings/Older/New', 5))));
  await clock.advance(60);
  for (const start of ['when it is written', 'after a kill', 'after one more']) {
    const text = files.text(`${CONF}/settings.xml`) ?? '';
    for (const one of UNKNOWN) t.ok(text.includes(one), `${one} ${start}`);
    files = files.afterKill();
    const again = await openSettings(files, testClock());
    t.equal(again.tree.get('/Settings/Future/Known')?.value, 8);
    t.equal(again.tree.get('/Settings/Older/New')?.value, 5);
  }
});

t.test('a setting of a name that the newer version uses otherwise takes its place', async t => {
  const files = put(NEWER);
  const clock = testClock();
  const { tree, store } = await openSettings(files, clock);
  await store.store(changesOf(addSetting(tree, definition('/Settings/Lists/Items', 3))));
  await clock.advance(60);
  const { tree: again, warnings } = await openSettings(files.afterKill(), testClock());
  t.equal(again.get('/Settings/Lists/Items')?.value, 3);
  t.same(warnings, []);
});

t.test('the journal of a newer version: what is not known takes nothing else with it', async t => {
  const known: JournalRecord = {
    path: '/Settings/Future/Known',
    setting: { path: '/Settings/Future/Known', type: 'i', value: 9, default: 1, min: 0, max: 9, silent: false },
  };
  const setting = { ...known.setting, path: '/Settings/Future/Odd', type: 'curve' };
  const odd = { path: '/Settings/Future/Odd', setting } as unknown as JournalRecord; // of no type that we have
  const { tree } = await openSettings(put(NEWER, journalOf(NEWER, [odd, known])), testClock());
  t.equal(tree.get('/Settings/Future/Known')?.value, 9);
  t.equal(tree.get('/Settings/Future/Odd'), undefined);
});

t.test('an update after a power cut: the journal of the version before is not lost', async t => {
  const older = NEWER.replace(`"${SETTINGS_VERSION + 3}"`, '"18"').replace(/.*(Curve|Items).*\n/g, '');
  const changed: JournalRecord = {
    path: '/Settings/Future/Known',
    setting: { path: '/Settings/Future/Known', type: 'i', value: 3, default: 1, min: 0, max: 9, silent: false },
  };
  const plain = put(older, journalOf(older, [changed]));
  const damaged = put('<Settings', journalOf(older, [changed]));
  damaged.put(`${CONF}/settings.xml.bak`, older);
  for (const [name, files] of Object.entries({ plain, damaged })) {
    const { tree } = await openSettings(files, testClock());
    t.equal(tree.get('/Settings/Future/Known')?.value, 3, name);
    t.match(files.text(`${CONF}/settings.xml`), `version="${SETTINGS_VERSION}"`, name);
    t.equal((await openSettings(files.afterKill(), testClock())).tree.get('/Settings/Future/Known')?.value, 3, name);
  }
});
