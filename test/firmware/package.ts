/**
 * `npm run test:package [-- MACHINE …]`: makes the executables (armv7 and x64 unless told otherwise) and checks what is
 * promised of them. Ends with a line "N passed, N failed".
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CheckList } from '../support/check-list.ts';
import { TestDaemon } from '../support/dbus-daemon.ts';
import { Packaged } from './packaged.ts';

const CANNOT_RUN = 126;

const wanted = process.argv.slice(2);
const names = wanted.length > 0 ? wanted : ['armv7', 'x64'];
const list = new CheckList();

spawnSync(process.execPath, ['build/firmware-tools.mjs'], { stdio: 'inherit' });
// Where a launcher may unpack: the project itself may lie in a folder that others can write.
const caches = process.getuid?.() === 0 ? '/var/cache' : join(homedir(), '.cache');
mkdirSync(caches, { recursive: true });
const work = mkdtempSync(join(caches, 'gxd-package-test-'));
try {
  build();
  const first = new Map(names.map(name => [name, outputsOf(name).map(digest)]));
  build();
  for (const name of names) {
    await list.check(`${name}: the same bytes when made twice`, () =>
      assert.deepEqual(outputsOf(name).map(digest), first.get(name)),
    );
    await checkFile(name);
    await checkBase(name);
    await checkLauncher(new Packaged(name), join(work, name));
    await checkOnBus(new Packaged(name), join(work, name));
    if (new Packaged(name).emulated) continue;
    await checkDemonstration(new Packaged(name), 'static', join(work, name, 'runtimes'));
    await checkDemonstration(new Packaged(name, `dist/gxd-${name}-dynamic`), 'dynamic', join(work, name, 'runtimes'));
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = list.end();

function build(): void {
  const { status } = spawnSync(process.execPath, ['build/package.mjs', ...names], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the executables could not be made');
}

function outputsOf(name: string): string[] {
  return ['', '-dynamic', '.cdx.json', '.licences.txt'].map(ending => `dist/gxd-${name}${ending}`);
}

function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

async function checkFile(name: string): Promise<void> {
  const readelf = (...args: string[]): string => spawnSync('readelf', args, { encoding: 'utf8' }).stdout;
  await list.check(`${name}: a static executable`, () => {
    const program = `dist/gxd-${name}`;
    assert.doesNotMatch(readelf('-l', '-W', program), /INTERP/);
    assert.doesNotMatch(readelf('-d', '-W', program), /NEEDED/);
    return `${(statSync(program).size / 1e6).toFixed(1)} MB`;
  });
  await list.check(`${name}: the dynamic form needs no more than the C and C++ libraries`, () => {
    const program = `dist/gxd-${name}-dynamic`;
    const needed = [...readelf('-d', '-W', program).matchAll(/NEEDED.*\[(.+)\]/g)].map(match => match[1]);
    for (const library of needed)
      assert.match(String(library), /^(ld-linux.*|lib(dl|stdc\+\+|m|gcc_s|pthread|c))\.so\.\d$/);
    return `${(statSync(program).size / 1e6).toFixed(1)} MB`;
  });
  await list.check(`${name}: what is inside is listed, with its licences`, () => {
    const bom: unknown = JSON.parse(readFileSync(`dist/gxd-${name}.cdx.json`, 'utf8'));
    const components = Object(bom).components as { name: string; licenses: unknown[] }[]; // checked line by line below
    const inside = components.map(component => component.name);
    for (const part of [
      'node',
      'dbus-next',
      'serialport',
      '@serialport/bindings-cpp',
      'socketcan',
      'libc6',
      'libzstd-dev',
    ])
      assert.ok(inside.includes(part), part);
    assert.ok(components.every(component => component.licenses.length === 1));
    const texts = readFileSync(`dist/gxd-${name}.licences.txt`, 'utf8');
    for (const component of components) assert.ok(texts.includes(`\n${component.name} `), component.name);
    return `${components.length} components`;
  });
}

/** Another Node may be put inside; what cannot be one is refused, and the executables stay. */
async function checkBase(name: string): Promise<void> {
  const variable = `NODE_BASE_${name.toUpperCase()}`;
  const notNode = join(work, 'not-node', 'bin', 'node');
  mkdirSync(join(notNode, '..'), { recursive: true });
  writeFileSync(notNode, 'no');
  writeFileSync(join(work, 'not-node', 'LICENSE'), 'none');
  const wrong: readonly [string, RegExp][] = [
    ['/no/such/node', /there is no file/],
    [notNode, /is not a Node/],
    ['/bin/true', /LICENSE is missing/],
  ];
  await list.check(`${name}: ${variable} that names no Node is refused`, () => {
    const before = outputsOf(name).map(digest);
    for (const [file, says] of wrong) {
      const env = { ...process.env, [variable]: file };
      const { status, stderr } = spawnSync(process.execPath, ['build/package.mjs', name], { encoding: 'utf8', env });
      assert.notEqual(status, 0);
      assert.match(stderr, says);
    }
    assert.deepEqual(outputsOf(name).map(digest), before);
  });
}

async function checkLauncher(packaged: Packaged, folder: string): Promise<void> {
  const { name } = packaged;
  const runtimes = join(folder, 'runtimes');
  mkdirSync(runtimes, { recursive: true });
  const refuses = (what: RegExp, program: Packaged, where: string): undefined => {
    const { code, err } = program.launch(['--unpack'], where);
    assert.match(err, what);
    assert.equal(code, CANNOT_RUN);
  };

  await list.check(`${name}: two first starts at once`, async () => {
    const both = [packaged, packaged].map(one => one.start(['--version'], runtimes).ended);
    for (const { code, out, err } of await Promise.all(both)) assert.deepEqual([code, out], [0, out], err);
    assert.equal(readdirSync(runtimes).length, 1);
  });
  await list.check(`${name}: says its version`, async () => {
    const began = performance.now();
    const { code, out, err } = await packaged.start(['--version'], runtimes).ended;
    assert.match(out, /^gxd \d+\.\d+\.\d+\n$/, err);
    assert.equal(code, 0);
    return `${Math.round(performance.now() - began)} ms${packaged.emulated ? ', emulated' : ''}`;
  });
  if (!packaged.emulated) {
    await list.check(`${name}: what the environment says of libraries and of Node changes nothing`, async () => {
      const environment = { NODE_OPTIONS: '--no-such-option', LD_PRELOAD: '/no/such.so', NODE_PATH: '/tmp' };
      assert.equal((await packaged.start(['--version'], runtimes, environment).ended).code, 0);
    });
    await list.check(`${name}: an empty root file system`, () => {
      const root = join(folder, 'root');
      mkdirSync(root);
      copyFileSync(packaged.file, join(root, 'gxd'));
      const chroot = process.getuid?.() === 0 ? ['chroot'] : ['unshare', '--map-root-user', 'chroot'];
      const [command = '', ...args] = [...chroot, root, '/gxd', '--version'];
      const { status, stdout, stderr } = spawnSync(command, args, {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] },
      });
      assert.equal(status, 0, stderr);
      assert.match(stdout, /^gxd /);
    });
  }

  const unpacked = packaged.launch(['--unpack'], runtimes).out.trim();
  await list.check(`${name}: a damaged runtime is noticed and made anew`, () => {
    const library = join(unpacked, 'libm.so.6');
    const before = digest(library);
    chmodSync(library, 0o700);
    appendFileSync(library, 'x');
    assert.match(packaged.launch(['--unpack'], runtimes).err, /is damaged, and is unpacked again/);
    assert.equal(digest(library), before);
  });
  await list.check(`${name}: a link in place of a file is not followed`, () => {
    const program = join(unpacked, 'gxd');
    const elsewhere = join(folder, 'elsewhere');
    copyFileSync(program, elsewhere);
    rmSync(program);
    symlinkSync(elsewhere, program);
    assert.match(packaged.launch(['--unpack'], runtimes).err, /is damaged, and is unpacked again/);
    assert.ok(statSync(program, { throwIfNoEntry: true }).isFile());
  });
  await list.check(`${name}: a runtime that nothing uses goes when room is needed`, () => {
    rmSync(unpacked, { recursive: true });
    mkdirSync(join(runtimes, 'runtime-old'));
    writeFileSync(join(runtimes, 'runtime-old', 'gxd'), 'old');
    packaged.launch(['--unpack'], runtimes);
    assert.deepEqual(readdirSync(runtimes), [unpacked.split('/').at(-1)]);
  });
  await list.check(`${name}: no runtime where others can write`, () => {
    const open = join(folder, 'open');
    mkdirSync(join(open, 'below'), { recursive: true });
    chmodSync(open, 0o1777);
    refuses(/which others can write/, packaged, join(open, 'below'));
    refuses(/which others can write/, packaged, '/tmp/gxd-runtime');
  });

  const bytes = readFileSync(packaged.file);
  const damages: readonly [string, (copy: Buffer) => Buffer, RegExp][] = [
    ['cut off', copy => copy.subarray(0, copy.length - 1000), /trailer is wrong or missing/],
    ['without most of its content', copy => copy.subarray(0, 2_000_000), /trailer is wrong or missing/],
    ['with a wrong table', copy => flip(copy, copy.length - 100), /its table is wrong/],
    ['with a wrong byte in its content', copy => flip(copy, Math.floor(copy.length / 2)), /the executable is damaged/],
  ];
  const nowhere = join(folder, 'nowhere');
  for (const [what, change, says] of damages) {
    await list.check(`${name}: an executable ${what} is not run`, () => {
      const damaged = new Packaged(name, join(folder, 'damaged'));
      writeFileSync(damaged.file, change(Buffer.from(bytes)), { mode: 0o755 });
      refuses(says, damaged, nowhere);
      const made = existsSync(nowhere) ? readdirSync(nowhere) : [];
      assert.deepEqual(
        made.filter(entry => !entry.startsWith('runtime-new-')),
        [],
      );
    });
  }
}

function flip(bytes: Buffer, at: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at);
  return bytes;
}

async function checkOnBus(packaged: Packaged, folder: string): Promise<void> {
  await list.check(
    `${packaged.name}: its simulated device on a serial port is on the bus; both end in order`,
    async () => {
      const daemon = await TestDaemon.start();
      const port = join(folder, 'ttyUSB0');
      const runtimes = join(folder, 'runtimes');
      const device = packaged.start(['simulate', 'mppt', '--link', `pty:${port}`], runtimes);
      const environment = { DBUS_SYSTEM_BUS_ADDRESS: daemon.address };
      const began = performance.now();
      const gxd = packaged.start(
        ['run', '--data', join(folder, 'data'), '--serial', port, '--serial-locks', '', '--modbus-port', '15502'],
        runtimes,
        environment,
      );
      try {
        const up = await untilOwned('com.victronenergy.settings', daemon.address, gxd.ended);
        await untilOwned('com.victronenergy.solarcharger.ttyUSB0', daemon.address, gxd.ended);
        const seconds = ((performance.now() - began) / 1000).toFixed(1);
        for (const { code, err } of [await gxd.kill(), await device.kill()]) assert.equal(code, 0, err.slice(-2000));
        return `settings after ${((up - began) / 1000).toFixed(1)} s, the device after ${seconds} s`;
      } finally {
        await gxd.kill('SIGKILL');
        await device.kill('SIGKILL');
        await daemon.stop();
      }
    },
  );
}

/** Not under emulation: there a program cannot start itself again. */
async function checkDemonstration(packaged: Packaged, form: string, runtimes: string): Promise<void> {
  await list.check(`${packaged.name}: the demonstration, ${form} form`, async () => {
    const { code, out, err } = await packaged.start(['demo', '--seconds', '12'], runtimes).ended;
    assert.equal(code, 0, err.slice(-2000));
    for (const service of ['battery.ttyUSB0', 'solarcharger.ttyUSB1', 'vebus.ttyUSB4', 'settings', 'system'])
      assert.ok(out.includes(`com.victronenergy.${service}`), `${service} is not in\n${out.slice(-2000)}`);
  });
}

/** Waits for the owner of a name. @returns when, milliseconds */
async function untilOwned(name: string, address: string, ended: Promise<{ err: string }>): Promise<number> {
  let reason: string | undefined;
  void ended.then(({ err }) => {
    reason = err;
  });
  const LIMIT_MS = 180_000;
  const limit = performance.now() + LIMIT_MS;
  for (;;) {
    const { stdout } = spawnSync(
      'dbus-send',
      [
        `--bus=${address}`,
        '--print-reply',
        '--dest=org.freedesktop.DBus',
        '/',
        'org.freedesktop.DBus.NameHasOwner',
        `string:${name}`,
      ],
      { encoding: 'utf8' },
    );
    if (stdout.includes('boolean true')) return performance.now();
    await new Promise(resume => setTimeout(resume, 200));
    if (reason !== undefined) throw new Error(`gxd ended:\n${reason.slice(-2000)}`);
    if (performance.now() > limit) throw new Error(`no ${name} within ${LIMIT_MS} ms`);
  }
}
