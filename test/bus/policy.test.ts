/**
 * rootfs-overlay's policy on a real dbus-daemon, with accounts that every Debian has in place of the service's: `games`
 * for gxd, `nobody` for a stranger. Only root can speak for others; without root it is left out.
 */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { until } from '../support/bus-client.ts';
import { PROGRAM } from '../support/program.ts';

const POLICY = 'rootfs-overlay/etc/dbus-1/system.d/com.victronenergy.gxd.conf';
const STANDARD = '/usr/share/dbus-1/system.conf';
const SERVICE = { uid: 5, gid: 60 };
const STRANGER = { uid: 65_534, gid: 65_534 };
const MEMBER = { uid: 65_534, gid: SERVICE.gid };
const SETTINGS = 'com.victronenergy.settings';
const ROOT = { uid: 0, gid: 0 };

const skip = process.getuid?.() === 0 ? false : 'only root can speak for others';

t.test('who may do what on the bus', { skip }, async t => {
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
    .replace('</busconfig>', `<include>${join(folder, 'policy.conf')}</include></busconfig>`);
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
  t.teardown(() => gxd.kill());

  const LIMIT_MS = 10_000;
  /** What a call is answered by the bus: `AccessDenied`, or `ok` when it reached the service, whatever that said. */
  const send = (who: { uid: number; gid: number }, service: string, member: string, ...args: string[]): string => {
    const { stderr, error } = spawnSync(
      'dbus-send',
      [`--bus=${address}`, '--print-reply', `--dest=${service}`, '/', member, ...args],
      { ...who, encoding: 'utf8', timeout: LIMIT_MS },
    );
    if (error) throw error;
    return /^Error org\.freedesktop\.DBus\.Error\.(AccessDenied|ServiceUnknown)/m.exec(stderr)?.[1] ?? 'ok';
  };
  const bus = (who: { uid: number; gid: number }, member: string, ...args: string[]): string =>
    send(who, 'org.freedesktop.DBus', `org.freedesktop.DBus.${member}`, ...args);
  const item = (who: { uid: number; gid: number }, member: string, ...args: string[]): string =>
    send(who, SETTINGS, `com.victronenergy.BusItem.${member}`, ...args);

  const isUp = (): boolean => item(STRANGER, 'GetItems') === 'ok';
  await until('the settings are on the bus', isUp);
  t.equal(bus(STRANGER, 'ListNames'), 'ok', 'anybody is on the bus');
  for (const member of ['GetValue', 'GetText', 'GetItems', 'GetMin', 'GetMax', 'GetDefault'])
    t.equal(item(STRANGER, member), 'ok', `a stranger: ${member}`);
  for (const member of ['SetValue', 'SetDefault']) {
    t.equal(item(STRANGER, member, 'variant:int32:1'), 'AccessDenied', `a stranger: ${member}`);
    t.equal(item(MEMBER, member, 'variant:int32:1'), 'ok', `the group: ${member}`);
    t.equal(item(SERVICE, member, 'variant:int32:1'), 'ok', `the service: ${member}`);
    t.equal(item(ROOT, member, 'variant:int32:1'), 'ok', `root: ${member}`);
  }
  const add = 'com.victronenergy.Settings.AddSetting';
  t.equal(send(STRANGER, SETTINGS, add), 'AccessDenied', 'a stranger adds no setting');
  t.equal(send(MEMBER, SETTINGS, add), 'ok', 'the group does');

  const own = (who: { uid: number; gid: number }, name: string): string =>
    bus(who, 'RequestName', `string:${name}`, 'uint32:4');
  t.equal(own(SERVICE, 'com.victronenergy.system'), 'ok', 'the service owns its names');
  t.equal(own(SERVICE, 'org.example.other'), 'AccessDenied', 'and no others');
  for (const who of [STRANGER, MEMBER, ROOT]) t.equal(own(who, 'com.victronenergy.system'), 'AccessDenied');

  const monitor = 'org.freedesktop.DBus.Monitoring.BecomeMonitor';
  for (const who of [STRANGER, MEMBER, SERVICE])
    t.equal(send(who, 'org.freedesktop.DBus', monitor, 'array:string:', 'uint32:0'), 'AccessDenied', 'no listening in');
});
