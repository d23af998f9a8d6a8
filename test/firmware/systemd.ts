/**
 * `npm run test:systemd`: the service under a real systemd, which is the first process of a machine of its own in
 * namespaces (systemd-root). Wants to be root. Ends with a line "N passed, N failed".
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { CheckList } from '../support/check-list.ts';

const ROOT = 'test/firmware/systemd-root';
/** CAP_NET_BIND_SERVICE and CAP_NET_ADMIN. */
const CAPABILITIES = 0x1400n;
/** Set by systemd-root in place of the unit's minute. */
const WATCHDOG_S = 6;
const PATIENCE_S = 60;
const STEP_MS = 200;
const CONFIRM = 'gxd-confirm-update.service';
const SETTINGS = 'com.victronenergy.settings';
const MODBUS = '/Settings/Services/Modbus';

for (const script of ['build/systemd-tools.mjs', 'build/bundle.mjs']) {
  const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${script} failed`);
}
mkdirSync('.build', { recursive: true });
const folder = mkdtempSync(resolve('.build/systemd-test-'));
for (const file of ['console', 'gxd.log']) writeFileSync(join(folder, file), '', { mode: 0o666 });
const machine = spawn('unshare', ['-m', '-p', '-n', '-f', '--kill-child', ROOT, resolve('.'), folder], {
  stdio: ['ignore', 'inherit', 'inherit'],
});

const list = new CheckList();
try {
  await checkUnit();
  await checkGivenUp();
} finally {
  machine.kill('SIGKILL');
  const code = list.end();
  if (code === 0) rmSync(folder, { recursive: true });
  else console.log(readFileSync(join(folder, 'gxd.log'), 'utf8').slice(-3_000));
  process.exitCode = code;
}

async function checkUnit(): Promise<void> {
  await list.check('it is active once settings and system are up', async () => {
    const began = performance.now();
    await until('active', () => property('ActiveState') === 'active');
    assert.equal(property('NRestarts'), '0');
    assert.match(get(SETTINGS, MODBUS), /int32/);
    return `${((performance.now() - began) / 1000).toFixed(1)} s`;
  });
  await list.check('not root: two capabilities, no more to be had, a part of the system calls', () => {
    const status = run('cat', `/proc/${pid()}/status`);
    const field = (name: string): string => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1] ?? '';
    assert.equal(field('Uid'), '200\t200\t200\t200');
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
      assert.equal(BigInt(`0x${field(set)}`), CAPABILITIES, set);
    assert.equal(field('NoNewPrivs'), '1');
    assert.equal(field('Seccomp'), '2');
    assert.match(field('Groups'), /\b20\b/);
  });
  await list.check('it writes in its own folders only', () => {
    const view = ['nsenter', '-m', '-r', '-w', '-S', '200', '-G', '200', '-t', pid()];
    const touch = (path: string): number | null => inside([...view, 'touch', path]).status;
    for (const path of ['/etc/x', '/usr/x', '/opt/gxd/x', '/data/x', '/run/x']) assert.notEqual(touch(path), 0, path);
    for (const path of ['/data/gxd/x', '/run/gxd/x', '/tmp/x', '/run/lock/serial-starter/x'])
      assert.equal(touch(path), 0, path);
  });
  await list.check('Modbus TCP listens on port 502', async () => {
    run('dbus-send', ...call(SETTINGS, MODBUS, 'SetValue'), 'variant:int32:1');
    await until('a listener', () => run('ss', '-ltn').includes(':502 '));
  });
  await list.check(`it gives signs of life: nothing happens for ${2 * WATCHDOG_S} s`, async () => {
    await setTimeout(2_000 * WATCHDOG_S);
    assert.equal(property('NRestarts'), '0');
  });
  await list.check('hanging, it is ended and started again', async () => {
    const began = performance.now();
    const hung = pid();
    run('kill', '-STOP', hung);
    await until('another process', () => !['0', hung].includes(pid()));
    const seconds = (performance.now() - began) / 1000;
    await until('active', () => property('ActiveState') === 'active');
    return `after ${seconds.toFixed(1)} s`;
  });
  await list.check('killed, it is back, with its settings', async () => {
    const before = pid();
    run('kill', '-KILL', before);
    await until('another process', () => !['0', before].includes(pid()));
    await until('active', () => property('ActiveState') === 'active');
    assert.match(get(SETTINGS, MODBUS), /int32 1$/m);
  });
  await list.check('an update is kept once it was well; its unit ends by itself', async () => {
    run('systemctl', 'start', CONFIRM);
    await until('kept', () => bootEnvironment('upgrade_available') === '0');
    assert.equal(bootEnvironment('bootcount'), '0');
    await until('its end', () => property('ActiveState', CONFIRM) === 'inactive');
    assert.equal(property('Result', CONFIRM), 'success');
    assert.match(run('cat', '/data/log/gxd-update'), /on trial, start 1\n.* is kept$/);
  });
  await list.check('stopped, it ends in order', () => {
    run('systemctl', 'stop', 'gxd.service');
    assert.equal(property('ActiveState'), 'inactive');
    assert.equal(property('Result'), 'success');
  });
}

/** The last of all, as the machine is to start again then. */
async function checkGivenUp(): Promise<void> {
  await list.check('an update that is not well in time is given up', async () => {
    run('fw_setenv', 'upgrade_available', '1');
    run('systemctl', 'start', CONFIRM);
    await until('given up', () => bootEnvironment('bootcount') === '9');
    assert.match(run('tail', '-n', '1', '/data/log/gxd-update'), /was not well for 4 s within 12 s: it is given up$/);
  });
}

/** A variable of the boot loader. */
function bootEnvironment(name: string): string {
  return inside(['fw_printenv', '-n', name]).out;
}

/** Runs a command in the machine. */
function inside(command: readonly string[]): { status: number | null; out: string } {
  const children = readFileSync(`/proc/${machine.pid}/task/${machine.pid}/children`, 'utf8').trim();
  const enter = ['-m', '-p', '-n', '-r', '-w', '-t', children, ...command];
  const { status, stdout, stderr } = spawnSync('nsenter', enter, { encoding: 'utf8', timeout: PATIENCE_S * 1000 });
  return { status, out: status === 0 ? stdout.trim() : stderr };
}

function run(...command: string[]): string {
  const { status, out } = inside(command);
  if (status !== 0) throw new Error(`${command.join(' ')}: ${out}`);
  return out;
}

function property(name: string, unit = 'gxd.service'): string {
  return inside(['systemctl', 'show', unit, '--value', '-p', name]).out;
}

function pid(): string {
  return property('MainPID');
}

function call(service: string, path: string, member: string): string[] {
  return ['--system', '--print-reply=literal', `--dest=${service}`, path, `com.victronenergy.BusItem.${member}`];
}

function get(service: string, path: string): string {
  return run('dbus-send', ...call(service, path, 'GetValue'));
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_S * 1000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${PATIENCE_S} s: ${what}`);
    await setTimeout(STEP_MS);
  }
}
