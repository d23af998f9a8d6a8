import t from 'tap';
import { convert, SETTING_LIMITS, settingText } from '../../../../src/actors/settings/setting.ts';
import {
  addSetting,
  type Change,
  CODE,
  removeSetting,
  setDefault,
  setValue,
} from '../../../../src/actors/settings/settings-rules.ts';
import { SettingsTree } from '../../../../src/actors/settings/settings-tree.ts';
import { documentOf, parseSettings, treeOf } from '../../../../src/actors/settings/settings-xml.ts';
import { writeXml } from '../../../../src/actors/settings/xml.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { definition } from '../../../support/settings-store.ts';

t.test('conversion to the type of a setting', async t => {
  const CASES: [type: 'i' | 'f' | 's', from: Parameters<typeof convert>[1], to: number | string | null][] = [
    ['i', 7, 7],
    ['i', '7', 7],
    ['i', ' -7 ', -7],
    ['i', 3.9, 3],
    ['i', -3.9, -3],
    ['i', '3.9', null],
    ['i', 'x', null],
    ['i', '', null],
    ['i', 2 ** 53, null],
    ['i', Number.POSITIVE_INFINITY, null],
    ['i', null, null],
    ['i', [1], null],
    ['f', 3, 3],
    ['f', '1e3', 1000],
    ['f', '.5', 0.5],
    ['f', 'nan', null],
    ['f', Number.NaN, null],
    ['f', '1e999', null],
    ['f', -0, 0],
    ['s', 'text', 'text'],
    ['s', 5, '5'],
    ['s', 2.5, '2.5'],
    ['s', 1e-9, '1e-09'],
    ['s', 'a\nb\tc\r', 'a\nb\tc\r'],
    ['s', 'bell\x07', null],
    ['s', '\ud800', null],
    ['s', '\ud83d\ude00', '\ud83d\ude00'],
    ['s', { a: 1 }, null],
  ];
  for (const [type, from, to] of CASES) t.equal(convert(type, from), to, `${JSON.stringify(from)} as ${type}`);
  t.equal(settingText('f', 100), '100.0');
  t.equal(settingText('i', 100), '100');
});

t.test('limits', async t => {
  const tree = new SettingsTree();
  const long = 'x'.repeat(SETTING_LIMITS.stringChars);
  t.equal(addSetting(tree, definition('/Settings/s', long)).code, CODE.done);
  t.equal(addSetting(tree, definition('/Settings/t', `${long}x`)).code, CODE.default);
  t.equal(setValue(tree, '/Settings/s', `${long}x`).code, CODE.refused);
  t.equal(addSetting(tree, definition(`/Settings/${'a'.repeat(SETTING_LIMITS.pathChars)}`, 1)).code, CODE.path);
  for (let n = 0; tree.count < SETTING_LIMITS.settings && n <= SETTING_LIMITS.settings; n++)
    addSetting(tree, definition(`/Settings/n/${n}`, n));
  t.equal(tree.count, SETTING_LIMITS.settings);
  t.equal(addSetting(tree, definition('/Settings/one/more', 1)).code, CODE.refused);
  t.equal(tree.isGroup('/Settings/one'), false, 'nothing is left behind');
  t.equal(setValue(tree, '/Settings/n/5', 6).code, CODE.done, 'those that are there still work');

  const full = new SettingsTree();
  let code: number = CODE.done;
  let count = 0;
  for (; code === CODE.done; count++) code = addSetting(full, definition(`/Settings/n${count}`, long)).code;
  t.equal(code, CODE.refused);
  t.ok(count * 2 * long.length >= SETTING_LIMITS.totalChars, `${count} long texts`);
});

t.test('paths', async t => {
  const tree = new SettingsTree();
  const add = (path: string) => addSetting(tree, definition(path, 1)).code;
  t.equal(add('/Settings/a/b'), CODE.done);
  t.equal(add('/Settings/a/b/c'), CODE.path, 'a setting is in the way');
  t.equal(add('/Settings/a'), CODE.isGroup);
  t.equal(add('/Settings/Devices'), CODE.isGroup);
  t.equal(add('/Settings/a//b'), CODE.path);
  t.equal(add('/Settings/a/'), CODE.path);
  t.equal(add('/Settings/ä'), CODE.path);
  t.equal(add('/Settings/a b'), CODE.path);
  t.equal(add('/Settings/_a'), CODE.underscore);
  t.equal(add('/Settings'), CODE.notInSettings);
  t.equal(add('/Other/a'), CODE.notInSettings);
});

t.test('a limit of 0 is a limit', async t => {
  const tree = new SettingsTree();
  addSetting(tree, definition('/Settings/a', 5, { min: 0, max: 10 }));
  t.equal(setValue(tree, '/Settings/a', -1).code, CODE.refused);
  addSetting(tree, definition('/Settings/b', 5, { min: 0, max: 0 }));
  t.equal(setValue(tree, '/Settings/b', -1).code, CODE.done);
});

t.test('class and instance of devices', async t => {
  const tree = new SettingsTree();
  const path = (device: string) => `/Settings/Devices/${device}/ClassAndVrmInstance`;
  const add = (device: string, text: string) => addSetting(tree, definition(path(device), text));
  const value = (device: string) => tree.get(path(device))?.value;
  t.equal(add('a', 'battery:1').code, CODE.done);
  add('b', 'battery:1');
  add('c', 'battery:00002');
  t.same([value('a'), value('b'), value('c')], ['battery:1', 'battery:2', 'battery:3']);
  t.equal(tree.get(path('c'))?.default, 'battery:2');
  for (const text of ['battery:3.5', 'battery', 'battery:', 'a:b:1', 'battery:x', 'battery:99999999999'])
    t.equal(add('q', text).code, CODE.default, text);
  t.equal(add('b', 'battery:1.5').code, CODE.default, 'also when it is there already');
  add('b', 'tank:1');
  t.same([value('b'), tree.get(path('b'))?.default], ['battery:2', 'tank:1'], 'another default does not move it');
  t.equal(setValue(tree, path('a'), 'tank:1').code, CODE.done);
  t.equal(value('a'), 'tank:1');
  t.equal(setValue(tree, path('a'), 'tank').code, CODE.refused);
  t.equal(setValue(tree, path('a'), 5).code, CODE.refused);
  setValue(tree, path('c'), 'battery:2');
  t.equal(value('c'), 'battery:3', 'taken: the next free one, which is its own');
  t.equal(setDefault(tree, path('a')).code, CODE.refused);
  t.same(setDefault(tree, '/Settings/Devices').changes, [], 'nor with its group');
  t.equal(addSetting(tree, definition('/Settings/Other/ClassAndVrmInstance', 'any')).code, CODE.done);
});

t.test('back to the default', async t => {
  const tree = new SettingsTree();
  addSetting(tree, definition('/Settings/g/a', 1));
  addSetting(tree, definition('/Settings/g/h/b', 'x'));
  setValue(tree, '/Settings/g/a', 2);
  setValue(tree, '/Settings/g/h/b', 'y');
  const outcome = setDefault(tree, '/Settings/g');
  t.same(
    outcome.changes.map(one => [one.path, one.after?.value]),
    [
      ['/Settings/g/a', 1],
      ['/Settings/g/h/b', 'x'],
    ],
  );
  tree.put({ path: '/Settings/m', type: 'i', value: 4, default: null, min: null, max: null, silent: false });
  t.equal(setDefault(tree, '/Settings/m').code, CODE.refused, 'it has none');
});

t.test('groups vanish with their last setting, but for those that are always there', async t => {
  const tree = new SettingsTree();
  addSetting(tree, definition('/Settings/a/b/c', 1));
  addSetting(tree, definition('/Settings/a/d', 1));
  addSetting(tree, definition('/Settings/Devices/x/y', 1));
  removeSetting(tree, '/Settings/a/b/c');
  t.equal(tree.isGroup('/Settings/a/b'), false);
  t.equal(tree.isGroup('/Settings/a'), true);
  removeSetting(tree, '/Settings/a/d');
  removeSetting(tree, '/Settings/Devices/x/y');
  t.same([...tree.emptyGroups()], ['/Settings/Devices']);
  t.equal(removeSetting(tree, '/Settings/a/d').code, CODE.refused);
});

t.test(
  'random operations: the tree stays consistent, the file gives it back, undoing gives the start back',
  async t => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = seededRandom(seed);
      const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
      const names = ['a', 'b', '1c', 'Devices', 'ClassAndVrmInstance'];
      const path = () =>
        `/Settings${Array.from({ length: 1 + Math.floor(random() * 3) }, () => `/${pick(names)}`).join('')}`;
      const value = () => pick<number | string>([0, 1, -5, 3.7, 1e9, '', 'x', '7', 'tank:1', 'tank:2', 2 ** 40]);
      const tree = new SettingsTree();
      const changes: Change[] = [];
      for (let n = 0; n < 120; n++) {
        const kind = random();
        const outcome =
          kind < 0.5
            ? addSetting(
                tree,
                definition(path(), value(), {
                  type: pick(['i', 'f', 's']),
                  min: pick([null, 0]),
                  max: pick([null, 0, 10]),
                }),
              )
            : kind < 0.8
              ? setValue(tree, path(), value())
              : kind < 0.95
                ? removeSetting(tree, path())
                : setDefault(tree, path());
        changes.push(...outcome.changes);
      }
      const text = writeXml(documentOf(tree, ''));
      const remarks: string[] = [];
      const again = treeOf(parseSettings(new TextEncoder().encode(text)), remark => remarks.push(remark));
      const sorted = (one: SettingsTree) => [...one.settings()].sort((a, b) => (a.path < b.path ? -1 : 1));
      const instances = sorted(tree).filter(
        one => /^\/Settings\/Devices\/[^/]+\/ClassAndVrmInstance$/.test(one.path) && one.type === 's',
      );
      const problems = [
        ...remarks,
        ...(JSON.stringify(sorted(again)) === JSON.stringify(sorted(tree)) ? [] : ['the file gives another tree']),
        ...(writeXml(documentOf(again, '')) === text ? [] : ['the file is not the same again']),
        ...(new Set(instances.map(one => one.value)).size === instances.length
          ? []
          : ['two devices have one instance']),
      ];
      for (const change of [...changes].reverse()) {
        if (change.before === undefined) tree.delete(change.path);
        else tree.put(change.before);
      }
      if (tree.count !== 0) problems.push('undoing does not lead back');
      t.same(problems, [], `seed ${seed}`);
    }
  },
);
