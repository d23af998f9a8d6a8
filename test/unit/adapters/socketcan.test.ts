/** CAN interfaces of the machine, with a folder as /sys and a channel of our own as the addon. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { troublesOf } from '../../../src/adapters/can-errors.ts';
import { linkState, setUpLink, stateOf } from '../../../src/adapters/ip-link.ts';
import { SocketCan } from '../../../src/adapters/socketcan.ts';
import type { RawChannel, RawMessage } from '../../../src/adapters/socketcan-socket.ts';
import { Fault } from '../../../src/kernel/fault.ts';
import { ALL_EXTENDED, type CanFrame, type CanTrouble } from '../../../src/ports/can.ts';

/** What the addon would be: takes so many frames, then none. */
class Channel implements RawChannel {
  static last: Channel;
  readonly name: string;
  readonly sent: { readonly id: number; readonly ext: boolean }[] = [];
  filters: readonly { readonly id: number; readonly mask: number; readonly invert?: boolean }[] = [];
  errors = 0;
  takes = Number.POSITIVE_INFINITY;
  running = false;
  #message: (message: RawMessage) => void = () => {};
  #stopped: () => void = () => {};

  constructor(name: string, _timestamps: boolean, _protocol: number, nonBlocking: boolean) {
    if (name === 'can9') throw new Error('Error while creating channel');
    if (!nonBlocking) throw new Error('it would block');
    this.name = name;
    Channel.last = this;
  }
  addListener(event: 'onMessage' | 'onStopped', listener: ((message: RawMessage) => void) | (() => void)): void {
    if (event === 'onMessage') this.#message = listener;
    else this.#stopped = listener as () => void; // as the events are declared
  }
  start(): void {
    this.running = true;
  }
  stop(): void {
    if (!this.running) throw new Error('Channel not started');
    this.running = false;
    this.#stopped();
  }
  send(message: { readonly id: number; readonly ext: boolean }): number {
    if (this.takes-- <= 0) return -1;
    this.sent.push({ id: message.id, ext: message.ext });
    return 16;
  }
  setRxFilters(filters: typeof this.filters): void {
    this.filters = filters;
  }
  setErrorFilters(mask: number): void {
    this.errors = mask;
  }
  hear(message: Partial<RawMessage>): void {
    this.#message({ id: 0, data: new Uint8Array(8), ...message });
  }
  /** As when the interface is not there any more. */
  end(): void {
    this.#stopped();
    this.running = false;
  }
}

function machine(t: Test): { readonly can: SocketCan; readonly plug: (name: string, flags?: string) => string } {
  const folder = mkdtempSync(join(tmpdir(), 'gxd-can-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const sys = join(folder, 'sys');
  const udev = join(folder, 'udev');
  mkdirSync(udev, { recursive: true });
  writeFileSync(join(udev, 'n7'), 'E:VE_NAME=BMS-Can port\nE:VE_CAN_CONFIG=bms-only\n');
  const plug = (name: string, flags = '0x40081'): string => {
    const net = join(sys, 'class/net', name);
    mkdirSync(net, { recursive: true });
    writeFileSync(join(net, 'type'), name.includes('can') ? '280\n' : '1\n');
    writeFileSync(join(net, 'ifindex'), '7\n');
    writeFileSync(join(net, 'flags'), `${flags}\n`);
    return net;
  };
  return { can: new SocketCan({ sys, udev, channel: Channel }), plug };
}

t.test('interfaces and what the image says of them; what cannot be opened is named', async t => {
  const { can, plug } = machine(t);
  t.same(await can.list(), []);
  plug('eth0');
  plug('can1', '0x40080');
  plug('can0');
  plug('can9');
  t.same(await can.list(), ['can0', 'can1', 'can9']);
  t.same(await can.facts('can0'), { label: 'BMS-Can port', config: 'bms-only' });
  t.same(await can.facts('can4'), {});
  for (const name of ['can4', 'eth0', '../can0'])
    await t.rejects(can.open(name, []), new Fault('configuration', `cannot open ${name}: no such CAN interface`));
  await t.rejects(can.open('can1', []), new Fault('device', 'cannot open can1: the interface is down'));
  await t.rejects(can.open('can9', []), { whose: 'configuration', message: /gives no CAN socket \(no permission/ });
});

t.test('frames come together, filtered by the kernel; errors once in a while', async t => {
  const { can, plug } = machine(t);
  plug('can0');
  const socket = await can.open('can0', [{ id: 0x350, mask: 0x7f0, extended: false }, ALL_EXTENDED]);
  const channel = Channel.last;
  t.same(channel.filters, [
    { id: 0x350, mask: 0xc000_07f0 },
    { id: 0x8000_0000, mask: 0xc000_0000 },
  ]);
  const heard: (readonly CanFrame[])[] = [];
  const troubles: CanTrouble[] = [];
  socket.onTrouble(trouble => troubles.push(trouble));
  const first = new Promise<void>(resolve =>
    socket.onFrames(frames => {
      heard.push(frames);
      resolve();
    }),
  );
  const data = Uint8Array.of(1, 2);
  channel.hear({ id: 0x351, data });
  channel.hear({ id: 0x305, data });
  channel.hear({ id: 0x351, rtr: true });
  channel.hear({ id: 0x9f80103, ext: true, data });
  channel.hear({ id: 0x9f80103, ext: true, data: new Uint8Array(64) });
  channel.hear({ id: 0x040, err: true });
  channel.hear({ id: 0x040, err: true });
  await first;
  t.same(heard, [
    [
      { id: 0x351, extended: false, data },
      { id: 0x9f80103, extended: true, data },
    ],
  ]);
  t.same(troubles, ['bus off']);
  await socket.setFilters([]);
  t.same(channel.filters, [{ id: 0, mask: 0, invert: true }]);
  t.ok(channel.errors > 0);
  await socket.close();
  t.notOk(channel.running);
  t.equal(channel.errors, 0, 'nothing gathers in a socket that nobody reads');
  await t.rejects(socket.send({ id: 1, extended: false, data }), { message: 'can0 was closed' });
});

t.test('what nobody takes waits, goes out later, or is given up', async t => {
  const { can, plug } = machine(t);
  plug('can0');
  const socket = await can.open('can0', []);
  const channel = Channel.last;
  const frame = { id: 0x305, extended: false, data: new Uint8Array(8) };
  channel.takes = 1;
  await socket.send(frame);
  const second = socket.send(frame);
  t.equal(socket.queued, 1);
  channel.takes = 1;
  await second;
  t.equal(channel.sent.length, 2);
  const many = Promise.allSettled(Array.from({ length: 101 }, () => socket.send(frame)));
  t.equal(socket.queued, 100);
  channel.takes = Number.POSITIVE_INFINITY;
  const settled = await many;
  t.equal(settled.filter(({ status }) => status === 'rejected').length, 1, 'one was too many');
  channel.takes = 0;
  const old = socket.send(frame);
  await t.rejects(old, { whose: 'device', message: /nobody takes the frames/ });
  const waiting = socket.send(frame);
  await socket.close();
  await t.rejects(waiting, { message: 'can0 was closed' });
});

t.test('an interface that goes, or is taken down, ends its sockets', async t => {
  const { can, plug } = machine(t);
  // The addon would keep the process alive.
  const alive = setInterval(() => {}, 1000);
  t.teardown(() => clearInterval(alive));
  const net = plug('can0');
  const watch = can.watch(() => {});
  const gone = await can.open('can0', []);
  const whyGone = new Promise<Error>(resolve => gone.onClose(resolve));
  Channel.last.end();
  t.match((await whyGone).message, /can0 is gone/);
  await gone.close();
  const down = await can.open('can0', []);
  const whyDown = new Promise<Error>(resolve => down.onClose(resolve));
  writeFileSync(join(net, 'flags'), '0x40080\n');
  t.match((await whyDown).message, /can0 was taken down/);
  t.notOk(Channel.last.running);
  await watch.release();
});

/** As `ip -details -statistics -json link show dev can0` of iproute2 6.1 prints it. */
const SHOWN = JSON.stringify([
  {
    ...{ ifindex: 3, ifname: 'can0', flags: ['NOARP', 'UP', 'LOWER_UP', 'ECHO'], mtu: 16, operstate: 'UP' },
    linkinfo: {
      info_kind: 'can',
      info_data: {
        state: 'ERROR-PASSIVE',
        berr_counter: { tx: 128, rx: 3 },
        restart_ms: 1000,
        bittiming: { bitrate: 250000, sample_point: '0.875' },
        clock: 24000000,
      },
      info_xstats: { restarts: 2, bus_error: 5, arbitration_lost: 0, error_warning: 4, error_passive: 3, bus_off: 2 },
    },
    stats64: {
      rx: { bytes: 80, packets: 10, errors: 0, dropped: 1, over_errors: 2, multicast: 0 },
      tx: { bytes: 8, packets: 1, errors: 0, dropped: 7, carrier_errors: 0, collisions: 0 },
    },
  },
]);

t.test('what ip shows', async t => {
  t.match(stateOf(SHOWN), {
    ...{ up: true, bitRate: 250_000, restartMs: 1000, bus: 'passive', receiveErrors: 3, transmitErrors: 128 },
    statistics: {
      ...{ received: 10, sent: 1, receiveDropped: 3, sendDropped: 7, busErrors: 5 },
      ...{ warnings: 4, passives: 3, busOffs: 2, restarts: 2 },
    },
    told: SHOWN,
  });
  const virtual = JSON.stringify([{ ifname: 'vcan0', flags: ['NOARP', 'UP'], linkinfo: { info_kind: 'vcan' } }]);
  t.match(stateOf(virtual), { up: true, bitRate: undefined, restartMs: undefined, bus: 'unknown' });
  for (const nothing of ['', '{}', '[]', '[{}]', 'no json', '[{"flags":{}}]']) t.equal(stateOf(nothing), undefined);
  const gone = async (): Promise<string> => {
    throw new Fault('system', 'Device "can7" does not exist.');
  };
  t.equal(await linkState('can7', gone), undefined);
});

t.test('setting up by ip, and what goes wrong with it', async t => {
  const setting = { bitRate: 250_000, restartMs: 1000 };
  const done: string[] = [];
  const ip =
    (shown: string, refusals: Readonly<Record<string, string>> = {}) =>
    async (args: readonly string[]): Promise<string> => {
      const words = args.join(' ');
      for (const [part, said] of Object.entries(refusals)) if (words.includes(part)) throw new Fault('system', said);
      if (args.includes('-json')) return shown;
      done.push(words.replace('link set dev ', ''));
      return '';
    };
  await setUpLink('can0', setting, ip(SHOWN));
  t.same(done.splice(0), [
    'can0 down',
    'can0 type can bitrate 250000',
    'can0 type can restart-ms 1000',
    'can0 up txqueuelen 100',
  ]);
  await setUpLink('can0', undefined, ip(SHOWN));
  t.same(done.splice(0), ['can0 down']);
  const virtual = JSON.stringify([{ flags: [], linkinfo: { info_kind: 'vcan' } }]);
  await setUpLink('vcan0', setting, ip(virtual));
  t.same(done.splice(0), ['vcan0 down', 'vcan0 up txqueuelen 100']);
  await setUpLink('can0', setting, ip(SHOWN, { 'restart-ms': 'RTNETLINK answers: Operation not supported' }));
  t.equal(done.splice(0).at(-1), 'can0 up txqueuelen 100', 'a controller without restart is none the worse');
  const refused = async (refusals: Readonly<Record<string, string>>, message: string) =>
    t.rejects(setUpLink('can0', setting, ip(SHOWN, refusals)), new Fault('configuration', message));
  await refused(
    { down: 'RTNETLINK answers: Operation not permitted' },
    'cannot set up can0: no permission (CAP_NET_ADMIN)',
  );
  await refused({ json: 'Device "can0" does not exist.' }, 'cannot set up can0: no such interface');
  await refused(
    { bitrate: 'RTNETLINK answers: Invalid argument' },
    'can0 does not know 250000 bit/s: RTNETLINK answers: Invalid argument',
  );
});

t.test('error frames', async t => {
  const frame = (id: number, controller = 0) => troublesOf(id, Uint8Array.of(0, controller, 0, 0, 0, 0, 0, 0));
  t.same(frame(0x040), ['bus off']);
  t.same(frame(0x100), ['restarted']);
  t.same(frame(0x004, 0x20), ['error passive']);
  t.same(frame(0x004, 0x08), ['error warning']);
  t.same(frame(0x004, 0x01), ['overrun']);
  t.same(frame(0x004, 0x40), [], 'active again');
  t.same(frame(0x028), ['no acknowledgement', 'damaged frame']);
  t.same(troublesOf(0x004, new Uint8Array()), []);
});
