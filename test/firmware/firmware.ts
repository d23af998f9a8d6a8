/**
 * `npm run test:firmware [-- --power-cuts N]`: makes the image, boots it in QEMU, and checks from outside what an
 * integrator counts on. Wants `npm run package -- armv7`. Ends with a line "N passed, N failed".
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { constants, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { blocksBySecond } from '../../src/cli/capture.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { CheckList } from '../support/check-list.ts';
import { Guest, type GuestOptions } from './guest.ts';

const IMAGE = 'dist/gxd-firmware-armv7.img';
const CAPTURE = 'test/fixtures/vedirect/bmv702.dump';
const MEMORY_LIMIT_MB = 60;
const BACK_LIMIT_S = 5;
/** CAP_NET_BIND_SERVICE, the only capability. */
const CAPABILITIES = 0x400n;
const DEVICE = 'com.victronenergy.battery.ttyUSB0';
const LOG = '/data/log/gxd/current';
/** Until something has happened in the guest, in its seconds. */
const PATIENCE_S = 30;
const SETTING = '/Settings/FirmwareTest/Number';

const { values: options } = parseArgs({
  options: { 'power-cuts': { type: 'string', default: '2' }, seed: { type: 'string', default: '1' } },
});
const powerCuts = Number(options['power-cuts']);

if (!existsSync('dist/gxd-armv7-dynamic')) throw new Error('npm run package -- armv7 comes first');
run('node', 'build/firmware-tools.mjs');
run('node', 'build/image.mjs', '--console');
mkdirSync('.build', { recursive: true });
const folder = mkdtempSync(resolve('.build/firmware-test-'));
const guestOptions: GuestOptions = { disk: join(folder, 'disk.img'), folder, modbusPort: await freePort() };
copyFileSync(IMAGE, guestOptions.disk, constants.COPYFILE_FICLONE);

const list = new CheckList();
let guest = await Guest.start(guestOptions);
try {
  await checkBoot();
  await checkPolicy();
  await checkDevice();
  await checkInterfaces();
  await checkSurvival();
} finally {
  await guest.cutPower();
  const failed = list.end();
  if (failed === 0) rmSync(folder, { recursive: true, force: true });
  else console.log(`the console's record is in ${folder}`);
  process.exitCode = failed;
}

async function checkBoot(): Promise<void> {
  await list.check('boots; settings and system are on the system bus', async () => {
    await guest.until(/gxd-image bus at ([\d.]+) s/);
    await guest.openShell();
    const settings = await untilOwned('com.victronenergy.settings');
    const system = await untilOwned('com.victronenergy.system');
    return `settings ${settings} s, system ${system} s after the kernel began`;
  });
  await list.check('the service is not root, and may do no more than listen on port 502', async () => {
    const status = await guest.run(`cat /proc/${await pidOfGxd()}/status`);
    const field = (name: string): string => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1] ?? '';
    assert.equal(field('Uid'), '200\t200\t200\t200');
    for (const set of ['CapEff', 'CapPrm', 'CapBnd']) assert.equal(BigInt(`0x${field(set)}`), CAPABILITIES, set);
    assert.equal(field('NoNewPrivs'), '1');
    assert.match(field('Groups'), /\b20\b/);
  });
  await list.check(`memory: at most ${MEMORY_LIMIT_MB} MB`, async () => {
    const rollup = await guest.run(`cat /proc/${await pidOfGxd()}/smaps_rollup`);
    const megabytes = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1]) / 1024;
    assert.ok(megabytes('Rss') <= MEMORY_LIMIT_MB, `${megabytes('Rss').toFixed(1)} MB`);
    const figures = ['Rss', 'Pss', 'Private_Dirty'].map(name => `${name} ${megabytes(name).toFixed(1)} MB`);
    return figures.join(', ');
  });
  await list.check('the root file system cannot be written', async () => {
    assert.notEqual((await guest.tell('touch /etc/x 2>&1')).code, 0);
  });
}

async function checkPolicy(): Promise<void> {
  const nobody = 'setuidgid nobody ';
  const item = (member: string, ...rest: string[]): string =>
    call('com.victronenergy.settings', '/Settings/Relay/Function', `com.victronenergy.BusItem.${member}`, ...rest);
  const refused = async (command: string): Promise<void> =>
    assert.match((await guest.tell(`${command} 2>&1`)).out, /AccessDenied|rejected/);
  await list.check('a stranger on the bus may read', async () => {
    assert.match(await guest.run(nobody + item('GetValue')), /int32/);
  });
  await list.check('a stranger may neither write nor add settings', async () => {
    await refused(nobody + item('SetValue', 'variant:int32:1'));
    const settings = 'com.victronenergy.Settings.AddSetting';
    const add = ['string:A', 'string:B', 'variant:int32:0', 'string:i', 'variant:int32:0', 'variant:int32:0'];
    await refused(nobody + call('com.victronenergy.settings', '/', settings, ...add));
  });
  await list.check('a stranger cannot own our names, and nobody else can but the service', async () => {
    const own = bus('RequestName', 'string:com.victronenergy.fake', 'uint32:4');
    await refused(nobody + own);
    await refused(own);
  });
  await list.check('a stranger cannot listen to what is meant for others', async () => {
    const monitor = 'org.freedesktop.DBus.Monitoring.BecomeMonitor';
    await refused(nobody + call('org.freedesktop.DBus', '/org/freedesktop/DBus', monitor, 'array:string:', 'uint32:0'));
  });
  await list.check('a member of the group gxd may write', async () => {
    const member = '/usr/bin/setpriv --reuid=nobody --regid=nogroup --groups=gxd ';
    assert.match(await guest.run(member + item('SetValue', 'variant:int32:2')), /int32 0/);
  });
}

async function checkDevice(): Promise<void> {
  const feeding = await feed('usb0');
  await list.check('a battery monitor on a USB serial adapter is a service', async () => {
    const owned = await untilOwned(DEVICE);
    const value = await untilItem(DEVICE, '/Dc/0/Voltage', /double [0-9.]+/);
    return `${value}, ${owned} s after the kernel began`;
  });
  await list.check('Modbus TCP answers from outside with its voltage', async () => {
    const enable = call(
      'com.victronenergy.settings',
      '/Settings/Services/Modbus',
      'com.victronenergy.BusItem.SetValue',
      'variant:int32:1',
    );
    assert.match(await guest.run(enable), /int32 0/);
    await guest.run('until netstat -ltn | grep -q ":502 "; do sleep 1; done', PATIENCE_S * 5_000);
    const tenths = await readRegister(guestOptions.modbusPort, 840);
    assert.ok(tenths > 80 && tenths < 700, `${tenths}`);
    return `${tenths / 10} V`;
  });
  await list.check('unplugged, it leaves the bus; plugged in again, it is back', async () => {
    await guest.monitor('device_del serial0');
    const began = await guest.uptime();
    const gone = await untilOwned(DEVICE, false);
    await guest.monitor('device_add usb-serial,chardev=usb0,id=serial0,always-plugged=on');
    const back = await untilOwned(DEVICE);
    return `gone after ${(gone - began).toFixed(1)} s, back ${(back - gone).toFixed(1)} s later`;
  });
  feeding.stop();
}

async function checkInterfaces(): Promise<void> {
  await list.check("the kernel's SocketCAN carries frames", async () => {
    await guest.run('/usr/bin/ip link add vcan0 type vcan && /usr/bin/ip link set vcan0 up');
    const out = await guest.run(
      '(candump -n 1 vcan0 > /tmp/frames & sleep 1; cansend vcan0 19F21401#0102030405060708; wait); cat /tmp/frames',
    );
    assert.match(out, /19F21401 +\[8\] +01 02 03 04 05 06 07 08/);
  });
  await list.check('a relay that is written on the bus switches on the board', async () => {
    const relay = (on: number): Promise<string> =>
      guest.run(
        call('com.victronenergy.system', '/Relay/0/State', 'com.victronenergy.BusItem.SetValue', `variant:int32:${on}`),
      );
    assert.match(await relay(1), /int32 0/);
    assert.equal((await guest.gpio()) & 1, 1);
    assert.match(await relay(0), /int32 0/);
    assert.equal((await guest.gpio()) & 1, 0);
  });
}

async function checkSurvival(): Promise<void> {
  await list.check(`killed, the service is back within ${BACK_LIMIT_S} s`, async () => {
    const add = ['string:FirmwareTest', 'string:Number', 'variant:int32:0', 'string:i'];
    const limits = ['variant:int32:0', 'variant:int32:0'];
    const member = 'com.victronenergy.Settings.AddSetting';
    await guest.run(call('com.victronenergy.settings', '/Settings', member, ...add, ...limits));
    assert.match(await setNumber(7), /int32 0/);
    const pid = await pidOfGxd();
    // In one command: the console is slow.
    const out = await guest.run(
      `cat /proc/uptime; kill -9 ${pid}; while ! ${owns('com.victronenergy.settings')} || [ "$(pidof gxd)" = ${pid} ]; do usleep 200000; done; cat /proc/uptime`,
    );
    const [before = 0, after = 0] = [...out.matchAll(/^([\d.]+) [\d.]+$/gm)].map(match => Number(match[1]));
    assert.ok(after - before <= BACK_LIMIT_S, `${(after - before).toFixed(1)} s`);
    assert.equal(await number(), 7);
    return `${(after - before).toFixed(1)} s`;
  });
  await list.check('settings are there after a reboot', async () => {
    assert.match(await setNumber(8), /int32 0/);
    await guest.run('reboot');
    await guest.until(/gxd-boot slot 2/);
    await untilUp();
    assert.equal(await number(), 8);
  });
  const random = seededRandom(Number(options.seed));
  for (let cut = 1; cut <= powerCuts; cut++) {
    await list.check(`power cut ${cut}: nothing acknowledged is lost`, async () => {
      const from = (await number()) + 1;
      const writing = guest.tell(
        `i=${from}; while ${set('$i')} | grep -q 'int32 0'; do echo acknowledged $i; i=$((i+1)); done`,
      );
      writing.catch(() => {}); // The power goes before it ends.
      let last = from - 1;
      await guest.until(new RegExp(`acknowledged ${from}\n`));
      const end = performance.now() + 500 + random() * 4_000;
      while (performance.now() < end) {
        const next = await Promise.race([
          guest.until(/acknowledged (\d+)\n/),
          setTimeout(Math.max(0, end - performance.now())),
        ]);
        if (next === undefined) break;
        last = Number(next[1]);
      }
      await guest.cutPower();
      guest = await Guest.start(guestOptions);
      await untilUp();
      const kept = await number();
      assert.ok(kept >= last, `${last} was acknowledged, ${kept} is there`);
      return `${last} acknowledged, ${kept} kept`;
    });
  }
}

async function untilUp(): Promise<void> {
  await guest.until(/gxd-image bus at/);
  await guest.openShell();
  await untilOwned('com.victronenergy.settings');
}

function call(service: string, path: string, member: string, ...rest: string[]): string {
  return `dbus-send --system --print-reply=literal --dest=${service} ${path} ${member} ${rest.join(' ')}`;
}

function bus(member: string, ...rest: string[]): string {
  return call('org.freedesktop.DBus', '/org/freedesktop/DBus', `org.freedesktop.DBus.${member}`, ...rest);
}

function owns(name: string): string {
  return `${bus('NameHasOwner', `string:${name}`)} | grep -q true`;
}

/** Waits for a name's owner, or until there is none. @returns when, seconds since the kernel began */
async function untilOwned(name: string, owned = true): Promise<number> {
  const out = await guest.run(
    `n=0; ${owned ? 'until' : 'while'} ${owns(name)}; do sleep 1; n=$((n+1)); [ $n -lt ${PATIENCE_S} ] || break; done; cat /proc/uptime; [ $n -lt ${PATIENCE_S} ] || { tail -n 40 ${LOG}; false; }`,
  );
  // The kernel's own messages may stand before it.
  return Number(/([\d.]+) [\d.]+$/m.exec(out)?.[1]);
}

/** @param pattern as the guest's `grep -E` knows them too */
async function untilItem(service: string, path: string, pattern: RegExp): Promise<string> {
  const get = call(service, path, 'com.victronenergy.BusItem.GetValue');
  const out = await guest.run(
    `n=0; until ${get} | grep -E '${pattern.source}'; do sleep 1; n=$((n+1)); [ $n -lt ${PATIENCE_S} ] || break; done`,
  );
  return pattern.exec(out)?.[0] ?? '';
}

async function pidOfGxd(): Promise<string> {
  return (await guest.run('pidof gxd')).trim();
}

function set(value: string): string {
  return call('com.victronenergy.settings', SETTING, 'com.victronenergy.BusItem.SetValue', `variant:int32:${value}`);
}

function setNumber(value: number): Promise<string> {
  return guest.run(set(`${value}`));
}

async function number(): Promise<number> {
  const get = call('com.victronenergy.settings', SETTING, 'com.victronenergy.BusItem.GetValue');
  const found = /int32 (\d+)/.exec(await guest.run(get));
  if (found === null) throw new Error(`${SETTING} is not there`);
  return Number(found[1]);
}

/** The recorded device, one block a second, on a USB serial adapter. */
async function feed(name: string): Promise<{ stop: () => void }> {
  const blocks = blocksBySecond(readFileSync(CAPTURE));
  const socket: Socket = await guest.usb(name);
  let next = 0;
  const timer = setInterval(() => {
    socket.write(blocks[next % blocks.length] ?? '');
    next++;
  }, 1000);
  socket.on('close', () => clearInterval(timer));
  return {
    stop: () => {
      clearInterval(timer);
      socket.destroy();
    },
  };
}

/** An input register of unit 100 by Modbus TCP. */
function readRegister(port: number, register: number): Promise<number> {
  return new Promise((done, fail) => {
    const socket = createConnection(port, '127.0.0.1');
    const request = Buffer.from([0, 1, 0, 0, 0, 6, 100, 3, register >> 8, register & 0xff, 0, 1]);
    let answer = Buffer.alloc(0);
    socket.once('connect', () => socket.write(request));
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('the connection was closed')));
    socket.on('data', chunk => {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length < 9) return;
      if (answer[7] !== 3) fail(new Error(`exception ${answer[8]}`));
      else if (answer.length >= 11) done(answer.readUInt16BE(9));
      else return;
      socket.destroy();
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise(listening => server.once('listening', listening));
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function run(command: string, ...args: string[]): void {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`);
}
