import t from 'tap';
import { SettingsService } from '../../../../src/actors/settings/settings-service.ts';
import { addSystemDefaults, parseDefaults } from '../../../../src/actors/settings/system-defaults.ts';
import type { Signature, TypedData } from '../../../../src/bus/bus.ts';
import { answerCall } from '../../../../src/bus/bus-item.ts';
import { INVALID } from '../../../../src/bus/value.ts';
import { LogBook } from '../../../../src/kernel/log.ts';
import { testClock } from '../../../support/clock.ts';
import { PowerCutFiles } from '../../../support/power-cut-files.ts';
import { CONF, openSettings } from '../../../support/settings-store.ts';

const SETTINGS = 'com.victronenergy.Settings';
const PROFILE = '/Settings/System/SecurityProfile';

async function served(mayWrite?: (sender: string) => boolean) {
  const files = new PowerCutFiles();
  const clock = testClock();
  const lines: string[] = [];
  const log = new LogBook(clock, line => lines.push(line.message)).for('settings');
  const { tree, store } = await openSettings(files, clock);
  const service = new SettingsService(tree, store, log, mayWrite);
  const signals: string[] = [];
  service.registered({ signal: path => void signals.push(path) });
  const call = async (path: string, member: string, signature: Signature = '', ...body: TypedData[]) => {
    const answer = await answerCall(service, { path, interface: '', member, signature, body, sender: ':1.5' });
    return 'error' in answer ? answer.error : answer.body[0];
  };
  return { files, clock, tree, store, service, call, signals, lines, log };
}

t.test('arguments without variants, as older clients send them', async t => {
  const { call } = await served();
  t.equal(await call('/Settings', 'AddSetting', 'ssisii', 'g', 'a', 5, 'i', 0, 10), 0);
  t.equal(await call('/Settings/g/a', 'SetValue', 'i', 7), 0);
  t.same(await call('/Settings/g/a', 'GetValue'), { signature: 'i', value: 7 });
});

t.test("wrong arguments are the caller's fault", async t => {
  const { call, tree } = await served();
  const wrong = 'org.freedesktop.DBus.Error.InvalidArgs';
  t.equal(await call('/Settings', 'AddSetting', 's', 'g'), wrong);
  t.equal(await call('/Settings', 'AddSettings', 's', 'g'), wrong);
  t.equal(await call('/Settings', 'AddSettings', 'as', ['g']), wrong);
  t.equal(await call('/Settings', 'RemoveSettings', ''), wrong);
  t.equal(await call('/Settings', 'RemoveSettings', 'ai', [1]), wrong);
  await call('/Settings', 'AddSetting', 'ssisii', 'g', 'a', 5, 'i', 0, 10);
  t.equal(await call('/Settings/g/a', 'SetValue', ''), wrong);
  t.equal(tree.count, 1);
});

t.test('the security profile is only for those who may', async t => {
  const { call, signals } = await served();
  await call('/Settings', 'AddSetting', 'ssisii', 'System', 'SecurityProfile', 3, 'i', 0, 3);
  signals.length = 0;
  t.equal(await call(PROFILE, 'SetValue', 'i', 1), -1);
  t.equal(await call(PROFILE, 'SetDefault'), -1);
  t.equal(await call('/Settings', 'SetDefault'), -1);
  t.same(await call('/Settings', 'RemoveSettings', 'as', ['System/SecurityProfile']), [-1]);
  t.same(signals, []);

  const { call: allowed } = await served(sender => sender === ':1.5');
  await allowed('/Settings', 'AddSetting', 'ssisii', 'System', 'SecurityProfile', 3, 'i', 0, 3);
  t.equal(await allowed(PROFILE, 'SetValue', 'i', 1), 0);
});

t.test('a change is told once it is stored, and not when it is not', async t => {
  const { call, signals, files } = await served();
  await call('/Settings', 'AddSetting', 'ssisii', 'g', 'a', 5, 'i', 0, 0);
  signals.length = 0;
  const syncs = files.syncs;
  const answered = call('/Settings/g/a', 'SetValue', 'i', 6);
  t.same([signals.length, files.syncs], [0, syncs]);
  t.equal(await answered, 0);
  t.same([signals.length, files.syncs > syncs], [1, true]);

  files.setFull(true);
  signals.length = 0;
  t.equal(await call('/Settings/g/a', 'SetValue', 'i', 7), -1);
  t.same(await call('/Settings/g/a', 'GetValue'), { signature: 'i', value: 6 });
  t.equal(await call('/Settings/g/a', 'SetDefault'), -1);
  t.same(await call('/Settings', 'RemoveSettings', 'as', ['g/a']), [-1]);
  t.same(signals, []);
  t.equal(await call('/Settings', 'AddSetting', 'ssisii', 'g', 'b', 5, 'i', 0, 0), 0);
  t.same(signals, ['/Settings/g/b']);
});

t.test('a read that follows a write in the same message block finds what was written', async t => {
  const { call, service } = await served();
  await call('/Settings', 'AddSetting', 'ssisii', 'g', 'a', 5, 'i', 0, 0);
  await call('/Settings', 'AddSetting', 'ssdsdd', 'g', 'f', 0.5, 'f', 0, 0);
  const written = [call('/Settings/g/a', 'SetValue', 'i', 6), service.write('/Settings/g/f', 1.5, INVALID, ':1.5')];
  t.same([service.item('/Settings/g/a')?.value, service.item('/Settings/g/f')?.value], [6, 1.5]);
  t.same(await Promise.all(written), [0, 0]);
});

t.test('silent settings are not logged', async t => {
  const { call, lines } = await served();
  await call('/Settings', 'AddSilentSetting', 'ssisii', 'g', 'quiet', 5, 'i', 0, 0);
  await call('/Settings', 'AddSetting', 'ssisii', 'g', 'loud', 5, 'i', 0, 0);
  await call('/Settings/g/quiet', 'SetValue', 'i', 6);
  await call('/Settings/g/loud', 'SetValue', 'i', 6);
  t.same(lines, ['/Settings/g/loud added to=5', '/Settings/g/loud changed from=5 to=6']);
});

t.test('introspection names all methods', async t => {
  const { service, call } = await served();
  await call('/Settings', 'AddSetting', 'ssisii', 'g', 'a', 5, 'i', 0, 0);
  t.match(
    service.introspect('/Settings'),
    new RegExp(`${SETTINGS}.*AddSetting.*AddSilentSetting.*AddSettings.*RemoveSettings`),
  );
  t.match(service.introspect('/Settings/g/a'), /GetDefault.*GetSilent.*GetAttributes/);
  t.equal(service.introspect('/Settings/none'), '');
});

t.test('settings that the image brings along', async t => {
  const { files, tree, log, lines } = await served();
  files.put(
    '/etc/settings.d/10-a',
    '# a comment\n\nSystem/A 5 i 0 10\n/System/B 1.5 f # more\nSystem/C text s 0 0 1\n',
  );
  files.put('/etc/settings.d/20-b', 'System/D 50 i 0 10\nSystem/E 1 i\n');
  files.put('/etc/settings.d/30-c', 'System/F\n');
  const changes = await addSystemDefaults(files, '/etc/settings.d', tree, log);
  t.same(
    changes.map(({ after }) => [after?.path, after?.value, after?.min, after?.max, after?.silent]),
    [
      ['/Settings/System/A', 5, 0, 10, false],
      ['/Settings/System/B', 1.5, null, null, false],
      ['/Settings/System/C', 'text', null, null, true],
      ['/Settings/System/E', 1, null, null, false],
    ],
  );
  t.match(lines, [/20-b: .*\/D not added, code -7/, /30-c: line 1: path, default and type wanted/]);
  t.same(parseDefaults(''), []);
  t.same(await addSystemDefaults(files, '/etc/none', tree, log), []);
});

t.test('settings.xml that a program of before can read: nothing but its own attributes', async t => {
  const { call, files, clock } = await served();
  await call('/Settings', 'AddSetting', 'ssisii', '2g', '1a', 5, 'i', 0, 10);
  await clock.advance(100);
  t.equal(
    files.text(`${CONF}/settings.xml`),
    '<?xml version=\'1.0\' encoding=\'UTF-8\'?>\n<Settings version="19" unique-id="">\n  <Devices/>\n  <_2g>\n' +
      '    <_1a type="i" min="0" max="10" default="5" silent="False">5</_1a>\n  </_2g>\n</Settings>\n',
  );
});
