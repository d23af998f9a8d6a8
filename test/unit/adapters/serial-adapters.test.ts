/** What is known of serial ports by udev and the kernel, and their lock files. */
import { mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { DeviceFolder } from '../../../src/adapters/device-folder.ts';
import { FolderLocks } from '../../../src/adapters/port-locks.ts';
import { AllLinks } from '../../../src/adapters/tcp-links.ts';
import { udevFacts } from '../../../src/adapters/udev-facts.ts';
import { Fault } from '../../../src/kernel/fault.ts';
import { MemoryLinks } from '../../support/memory-links.ts';
import { MemoryNet } from '../../support/memory-net.ts';

function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'gxd-ports-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

t.test('facts: of udev, of the kernel where udev keeps nothing, of nobody', async t => {
  const folder = folderOf(t);
  const folders = { udev: join(folder, 'udev'), sys: join(folder, 'sys') };
  mkdirSync(folders.udev);
  const usb = join(folders.sys, 'devices/usb1/1-2');
  mkdirSync(join(usb, '1-2:1.0/ttyUSB9'), { recursive: true });
  mkdirSync(join(folders.sys, 'class/tty/null'), { recursive: true });
  t.same(await udevFacts('/dev/null', folders), {});
  symlinkSync(join(usb, '1-2:1.0/ttyUSB9'), join(folders.sys, 'class/tty/null/device'));
  t.same(await udevFacts('/dev/null', folders), { bus: 'platform' });
  for (const [name, value] of Object.entries({ idVendor: '0403', idProduct: '6015', product: 'VE Direct cable' }))
    writeFileSync(join(usb, name), `${value}\n`);
  const bySys = { bus: 'usb', vendorId: '0403', productId: '6015', product: 'VE_Direct_cable' };
  t.same(await udevFacts('/dev/null', folders), bySys);
  // The null device is 1:3.
  writeFileSync(
    join(folders.udev, 'c1:3'),
    'I:1\nE:ID_BUS=usb\nE:ID_MODEL=MK3-USB_Interface\nE:ID_SERIAL_SHORT=HQ19\nE:VE_SERVICE=mkx\nE:BAD\n',
  );
  t.same(await udevFacts('/dev/null', folders), {
    ...bySys,
    product: 'MK3-USB_Interface',
    serial: 'HQ19',
    veService: 'mkx',
  });
  t.same(await udevFacts('/dev/is-not-there', folders), {});
});

t.test('locks: one owner; those of the dead do not count', async t => {
  const folder = join(folderOf(t), 'serial-starter');
  const locks = new FolderLocks(folder);
  t.ok(await locks.take('ttyUSB0'));
  t.equal(readlinkSync(join(folder, 'ttyUSB0')), String(process.pid));
  t.ok(await locks.take('ttyUSB0'), 'it is ours already');
  await locks.release('ttyUSB0');
  symlinkSync(String(process.ppid), join(folder, 'ttyUSB0'));
  t.notOk(await locks.take('ttyUSB0'));
  await locks.release('ttyUSB0');
  t.equal(readlinkSync(join(folder, 'ttyUSB0')), String(process.ppid), 'not ours to give back');
  symlinkSync('4194999', join(folder, 'ttyUSB1'));
  t.ok(await locks.take('ttyUSB1'), 'its owner is dead');
  writeFileSync(join(folder, 'ttyUSB2'), '');
  t.notOk(await locks.take('ttyUSB2'), 'made by hand');
  t.ok(await new FolderLocks('/is/not/there').take('ttyUSB0'), 'a system without locks');
});

t.test('ports: by pattern, over TCP, told apart when plugged again', async t => {
  const folder = folderOf(t);
  const ports = new DeviceFolder();
  const path = join(folder, 'ttyUSB0');
  symlinkSync('/dev/null', path);
  writeFileSync(join(folder, 'other'), '');
  const tcp = 'tcp://192.0.2.1:4000';
  t.same(await ports.find([join(folder, 'ttyUSB*'), join(folder, 'missing/tty*'), tcp]), [path, tcp].sort());
  const first = await ports.identity(path);
  t.equal(await ports.identity(path), first);
  rmSync(path);
  t.equal(await ports.identity(path), '');
  const changed = new Promise<void>(resolve => {
    const watch = ports.watch([join(folder, 'ttyUSB*')], () => {
      void watch.release();
      resolve();
    });
  });
  symlinkSync('/dev/null', path);
  // Watching alone does not keep a program running.
  const awake = setInterval(() => {}, 1_000);
  await changed;
  clearInterval(awake);
  t.not(await ports.identity(path), first);
});

t.test('links over TCP: a name that is none is a fault of the configuration', async t => {
  const links = new AllLinks(new MemoryLinks(), new MemoryNet());
  for (const name of ['tcp://', 'tcp://host', 'tcp://host:0', 'tcp://host:99999', 'tcp://a b:1'])
    await t.rejects(
      links.open(name, { baudRate: 4_800 }),
      new Fault('configuration', `cannot open ${name}: a link over TCP is tcp://host:port`),
    );
});
