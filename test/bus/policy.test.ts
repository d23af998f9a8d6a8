/**
 * rootfs-overlay's policy on real dbus-daemons: one that forbids what is not allowed, as Debian's, and one that allows
 * all, as Venus OS has it. Accounts that every Debian has stand in for the service's: `games` for gxd, `nobody` for a
 * stranger. Only root can speak for others; without root it is left out.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { until } from '../support/bus-client.ts';
import { PROGRAM } from '../support/program.ts';

const POLICY = 'rootfs-overlay/etc/dbus-1/system.d/com.victronenergy.gxd.conf';
const STANDARD = '/usr/share/dbus-1/system.conf';
const SERVICE = { uid: 5, gid: 60 };
const STRANGER = { uid: 65_534, gid: 65_534 };
const MEMBER = { uid: 65_534, gid: SERVICE.gid };
const SETTINGS = 'com.victronenergy.settings';
const ROOT = { uid: 0, gid: 0 };
const LIMIT_MS = 10_000;

type Who = { readonly uid: number; readonly gid: number };
/** What a call is answered: `AccessDenied`, `ServiceUnknown`, or `ok` when it reached the service, whatever that said. */
type Send = (who: Who, service: string, member: string, ...args: string[]) => string;

/** How a bus that allows all says so. */
const ALLOW_ALL = `<policy context="default">
    <allow own="*"/><allow user="*"/><allow eavesdrop="true"/>
    <allow send_destination="*" eavesdrop="true"/><allow send_type="method_call"/><allow receive_type="method_call"/>
  </policy>`;

const skip = process.getuid?.() === 0 ? false : 'only root can speak for others';

t.test('on a bus that forbids what is not allowed', { skip }, async t => {
  const { send, item } = await startBus(t, '');
  for (const member of ['GetValue', 'GetText', 'GetItems', 'GetMin', 'GetMax', 'GetDefault'])
    t.equal(item(STRANGER, member), 'ok', `a stranger: ${member}`);
  t.equal(send(STRANGER, 'org.freedesktop.DBus', 'org.freedesktop.DBus.ListNames'), 'ok', 'anybody is on the bus');
  checkRights(t, send, item);
});

t.test('on a bus that allows all', { skip }, async t => {
  const { address, send, item } = await startBus(t, ALLOW_ALL);
  t.equal(
    send(STRANGER, 'org.freedesktop.DBus', 'org.freedesktop.DBus.RequestName', 'string:org.example', 'uint32:4'),
    'ok',
  );
  checkRights(t, send, item);

  // It may not become a monitor, so dbus-monitor asks for copies of all messages instead; it gets those for everybody.
  const monitor = spawn('dbus-monitor', [`--address`, address], { ...STRANGER, stdio: ['ignore', 'pipe', 'ignore'] });
  t.teardown(() => monitor.kill());
  let heard = '';
  monitor.stdout.setEncoding('utf8').on('data', text => {
    heard += text;
  });
  await until('it listens', () => heard.includes('NameAcquired'));
  const call = (path: string, member: string, ...args: string[]): number | null =>
    spawnSync(
      'dbus-send',
      [`--bus=${address}`, '--print-reply', `--dest=${SETTINGS}`, path, `com.victronenergy.${member}`, ...args],
      { ...MEMBER, timeout: LIMIT_MS },
    ).status;
  const zero = 'variant:int32:0';
  const add = call('/Settings', 'Settings.AddSetting', 'string:Policy', 'string:Test', zero, 'string:i', zero, zero);
  t.equal(add, 0);
  let value = 0;
  const isHeard = (): boolean => {
    value = 1 - value;
    t.equal(call('/Settings/Policy/Test', 'BusItem.SetValue', `variant:int32:${value}`), 0);
    return heard.includes('member=PropertiesChanged');
  };
  await until('what is meant for all is heard', isHeard);
  t.notMatch(heard, /^method (call|return)/m, 'what is meant for others is not');
});

/** What holds on either. */
function checkRights(t: Test, send: Send, item: (who: Who, member: string, ...args: string[]) => string): void {
  for (const member of ['SetValue', 'SetDefault']) {
    t.equal(item(STRANGER, member, 'variant:int32:1'), 'AccessDenied', `a stranger: ${member}`);
    t.equal(item(MEMBER, member, 'variant:int32:1'), 'ok', `the group: ${member}`);
    t.equal(item(SERVICE, member, 'variant:int32:1'), 'ok', `the service: ${member}`);
    t.equal(item(ROOT, member, 'variant:int32:1'), 'ok', `root: ${member}`);
  }
  for (const member of ['AddSetting', 'AddSilentSetting', 'AddSettings', 'RemoveSettings']) {
    t.equal(send(STRANGER, SETTINGS, `com.victronenergy.Settings.${member}`), 'AccessDenied', `a stranger: ${member}`);
    t.equal(send(MEMBER, SETTINGS, `com.victronenergy.Settings.${member}`), 'ok', `the group: ${member}`);
  }
  const own = (who: Who, name: string): string =>
    send(who, 'org.freedesktop.DBus', 'org.freedesktop.DBus.RequestName', `string:${name}`, 'uint32:4');
  t.equal(own(SERVICE, 'com.victronenergy.system'), 'ok', 'the service owns its names');
  for (const who of [STRANGER, MEMBER, ROOT])
    for (const name of ['com.victronenergy.system', 'com.victronenergy.battery.ttyUSB0'])
      t.equal(own(who, name), 'AccessDenied', 'and nobody else');
  const monitor = 'org.freedesktop.DBus.Monitoring.BecomeMonitor';
  for (const who of [STRANGER, MEMBER, SERVICE])
    t.equal(send(who, 'org.freedesktop.DBus', monitor, 'array:string:', 'uint32:0'), 'AccessDenied', 'no listening in');
}

/** A bus with the standard policy, `more` and ours, and the settings on it. */
async function startBus(
  t: Test,
  more: string,
): Promise<{ address: string; send: Send; item: (who: Who, member: string, ...args: string[]) => string }> {
  const folder = mkdtempSync(join(tmpdir(), 'gxd-policy-'));
  chmodSync(folder, 0o755);
  const address = `unix:path=${join(folder, 'socket')}`;
  const policy = readFileSync(POLICY, 'utf8').replaceAll('"gxd"', '"games"');
  writeFileSync(join(folder, 'policy.conf'), policy);
  const standard = readFileSync(STANDARD, 'utf8')
    .replace(/<(user|syslog|fork)\/?>(.*<\/user>)?/g, '')
    .replace(/<(pidfile|servicehelper)>.*<\/\1>/g, '')
    .replace(/<standard_system_servicedirs\/>/, '')
    .replace(/<listen>.*<\/listen>/, `<listen>${address}</listen>`)
    .replace(/<include(dir)?[ >].*<\/include(dir)?>/g, '')
    .replace('</busconfig>', `${more}<include>${join(folder, 'policy.conf')}</include></busconfig>`);
  writeFileSync(join(folder, 'bus.conf'), standard);
  const daemon = spawn('dbus-daemon', [`--config-file=${join(folder, 'bus.conf')}`, '--nofork', '--print-address'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.teardown(() => {
    daemon.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  await new Promise(listening => daemon.stdout.once('data', listening));

  const data = join(folder, 'data');
  mkdirSync(data);
  chownSync(data, SERVICE.uid, SERVICE.gid);
  const gxd = spawn(process.execPath, [PROGRAM, 'run', '--only', 'settings', '--data', data], {
    ...SERVICE,
    env: { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: address },
    stdio: 'ignore',
  });
  // It writes its settings when it ends.
  t.teardown(async () => {
    const ended = once(gxd, 'exit');
    if (gxd.kill()) await ended;
  });

  const send: Send = (who, service, member, ...args) => {
    const { stderr, error } = spawnSync(
      'dbus-send',
      [`--bus=${address}`, '--print-reply', `--dest=${service}`, '/', member, ...args],
      { ...who, encoding: 'utf8', timeout: LIMIT_MS },
    );
    if (error) throw error;
    return /^Error org\.freedesktop\.DBus\.Error\.(AccessDenied|ServiceUnknown)/m.exec(stderr)?.[1] ?? 'ok';
  };
  const item = (who: Who, member: string, ...args: string[]): string =>
    send(who, SETTINGS, `com.victronenergy.BusItem.${member}`, ...args);
  const isUp = (): boolean => item(STRANGER, 'GetItems') === 'ok';
  await until('the settings are on the bus', isUp);
  return { address, send, item };
}
