/** From power on to the service: who it runs as, what it may do, what it takes; and who may do what on the bus. */
import assert from 'node:assert/strict';
import type { Bench } from './bench.ts';
import { call, daemon, getItem, pidOfGxd, setItem, untilOwned } from './commands.ts';

const MEMORY_LIMIT_MB = 60;
/** CAP_NET_BIND_SERVICE and CAP_NET_ADMIN, which sets the bit rate of CAN interfaces. */
const CAPABILITIES = 0x1400n;
const SETTINGS = 'com.victronenergy.settings';
const RELAY_FUNCTION = '/Settings/Relay/Function';

export async function checkBoot({ guest, list }: Bench): Promise<void> {
  await list.check('boots; settings and system are on the system bus', async () => {
    const bus = await guest.until(/gxd-image bus at ([\d.]+) s/);
    await guest.openShell();
    const settings = await untilOwned(guest, SETTINGS);
    const system = await untilOwned(guest, 'com.victronenergy.system');
    return `bus ${bus[1]} s, settings ${settings} s, system ${system} s after the kernel began`;
  });
  await list.check('not root: the service may listen on port 502 and set up CAN interfaces, no more', async () => {
    const status = await guest.run(`cat /proc/${await pidOfGxd(guest)}/status`);
    const field = (name: string): string => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1] ?? '';
    assert.equal(field('Uid'), '200\t200\t200\t200');
    for (const set of ['CapEff', 'CapPrm', 'CapBnd']) assert.equal(BigInt(`0x${field(set)}`), CAPABILITIES, set);
    assert.equal(field('NoNewPrivs'), '1');
    assert.match(field('Groups'), /\b20\b/);
  });
  await list.check('the root file system cannot be written', async () => {
    assert.notEqual((await guest.tell('touch /etc/x 2>&1')).code, 0);
  });
}

/** Called when there is something to do for the service. */
export async function checkMemory({ guest, list }: Bench): Promise<void> {
  await list.check(`memory: at most ${MEMORY_LIMIT_MB} MB`, async () => {
    const rollup = await guest.run(`cat /proc/${await pidOfGxd(guest)}/smaps_rollup`);
    const megabytes = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1]) / 1024;
    assert.ok(megabytes('Rss') <= MEMORY_LIMIT_MB, `${megabytes('Rss').toFixed(1)} MB`);
    return ['Rss', 'Pss', 'Private_Dirty'].map(name => `${name} ${megabytes(name).toFixed(1)} MB`).join(', ');
  });
}

export async function checkPolicy({ guest, list }: Bench): Promise<void> {
  const nobody = 'setuidgid nobody ';
  const refused = async (command: string): Promise<void> =>
    assert.match((await guest.tell(`${command} 2>&1`)).out, /AccessDenied|rejected/);
  await list.check('a stranger on the bus may read', async () => {
    assert.match(await guest.run(nobody + getItem(SETTINGS, RELAY_FUNCTION)), /int32/);
  });
  await list.check('a stranger may neither write nor add settings', async () => {
    await refused(nobody + setItem(SETTINGS, RELAY_FUNCTION, 1));
    const add = ['string:A', 'string:B', 'variant:int32:0', 'string:i', 'variant:int32:0', 'variant:int32:0'];
    await refused(nobody + call(SETTINGS, '/', 'com.victronenergy.Settings.AddSetting', ...add));
  });
  await list.check('a stranger cannot own our names, and nobody else can but the service', async () => {
    const own = daemon('RequestName', 'string:com.victronenergy.fake', 'uint32:4');
    await refused(nobody + own);
    await refused(own);
  });
  await list.check('a stranger cannot listen to what is meant for others', async () => {
    const monitor = 'org.freedesktop.DBus.Monitoring.BecomeMonitor';
    await refused(nobody + call('org.freedesktop.DBus', '/org/freedesktop/DBus', monitor, 'array:string:', 'uint32:0'));
  });
  await list.check('a member of the group gxd may write', async () => {
    const member = '/usr/bin/setpriv --reuid=nobody --regid=nogroup --groups=gxd ';
    assert.match(await guest.run(member + setItem(SETTINGS, RELAY_FUNCTION, 2)), /int32 0/);
  });
}
