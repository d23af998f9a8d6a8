/**
 * A CAN bus at its full load: 2,000 frames a second, as many as go over a bus of 250 kbit/s. The program runs as it
 * does on a gateway, beside a real dbus-daemon; the bus comes to it over TCP, as this machine need not have CAN. A third
 * of the frames is nothing to it: filters take them out. Run alone: node build/run-ts.mjs test/bench/can.bench.ts
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { CanBus, serveBus } from '../../src/adapters/can-bus.ts';
import { NodeNet } from '../../src/adapters/node-net.ts';
import { SystemClock } from '../../src/adapters/system-clock.ts';
import { DbusBus } from '../../src/bus/dbus/dbus-bus.ts';
import { World } from '../../src/bus/world.ts';
import { CanBatterySimulator } from '../../src/drivers/can-bms/simulator.ts';
import {
  simulateBatteryMonitor,
  simulateGps,
  simulateSolarCharger,
} from '../../src/drivers/vecan/simulators/simulator.ts';
import { SimulatedShunt } from '../../src/drivers/vedirect/simulators/shunt.ts';
import { SimulatedSolarCharger } from '../../src/drivers/vedirect/simulators/solar-charger.ts';
import { LogBook } from '../../src/kernel/log.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { ALL_STANDARD, type CanFilter, type CanFrame } from '../../src/ports/can.ts';
import { BROADCAST, encodeId } from '../../src/protocols/nmea2000/can-id.ts';
import { splitFastPacket } from '../../src/protocols/nmea2000/fast-packet.ts';
import { encodeMessage, type Message, type ValuesOf } from '../../src/protocols/nmea2000/message.ts';
import { GROUP_FUNCTION, PROPRIETARY_SINGLE } from '../../src/protocols/nmea2000/pgns.ts';
import { batteryStatus, dcDetailedStatus } from '../../src/protocols/nmea2000/tables/dc.ts';
import { gnssPosition, positionRapid } from '../../src/protocols/nmea2000/tables/navigation.ts';
import { addressClaim, isoRequest } from '../../src/protocols/nmea2000/tables/network.ts';
import { encodeVregValue, VREG_PRIORITY } from '../../src/protocols/nmea2000/vreg.ts';
import { CHARGER_REGISTERS as C } from '../../src/protocols/vedirect/registers.ts';
import type { Value } from '../../src/schema/row.ts';
import { TestDaemon } from '../support/dbus-daemon.ts';
import { startGxd } from '../support/program.ts';

/** Nobody can make more of a bus of 250 kbit/s: a frame of 29 bits and 8 octets has about 125 bits. */
const FRAMES_PER_SECOND = 2_000;
const TICK_MS = 10;
const SECONDS = 15;
const START_MS = 20_000;
const QUIET_MS = 1_000;
const LIMIT_PERCENT = 15;
const DRIVERS = 2;
const SCANNER = 'com.victronenergy.canscanner';
const ADDRESSES = { mppt: 60, shunt: 61, gps: 62, stranger: 63 } as const;
/** Wind, heading, rudder, attitude, water depth: nothing that a gateway shows. */
const STRANGE_PGNS = [130_306, 127_250, 127_245, 127_257, 128_267];
const STRANGE_PER_TICK = 7;

/** Prints the figures. @returns whether all are within their limits */
export async function benchCan(report: (line: string) => void): Promise<boolean> {
  const clock = new SystemClock();
  const daemon = await TestDaemon.start();
  const data = mkdtempSync(join(tmpdir(), 'gxd-bench-'));
  const bus = new CanBus('can0');
  const served = await serveBus(new NodeNet(), bus, 0);
  const devices = plug(clock, bus);
  const gxd = startGxd(
    [
      ...['run', '--only', 'settings,can-scanner', '--data', data],
      ...['--can', `can0=tcp://127.0.0.1:${served.port}`, '--log', 'error'],
    ],
    { DBUS_SYSTEM_BUS_ADDRESS: daemon.address },
  );
  const log = new LogBook(clock, () => {}).for('bench');
  const watching = await DbusBus.open({ address: daemon.address, clock, random: seededRandom(1), log });
  const world = new World(watching, () => clock.monotonic());
  watching.observe(world);
  const onCan = (path: string): Value => world.value(SCANNER, `/Interfaces/can0/${path}`);
  try {
    const types = ['battery', 'gps', 'solarcharger'] as const;
    const began = performance.now();
    while (!types.every(type => world.ofType(type).length > 0)) {
      if (performance.now() - began > START_MS) throw new Error(`not all devices are there:\n${gxd.said}`);
      await setTimeout(QUIET_MS / 10);
    }
    await setTimeout(QUIET_MS);
    const idle = await cpuShare(gxd.pid, async () => setTimeout(QUIET_MS * 2));
    const sent = { frames: 0, packets: 0 };
    const share = await cpuShare(gxd.pid, () => flood(bus, sent));
    // What it has counted is asked for now and then.
    await setTimeout(11_000);
    const faults = Number(onCan('Faults'));
    // Two drivers, each with a socket of its own, hear every frame.
    const missed = Math.max(0, sent.frames * DRIVERS - Number(onCan('Received')));
    const perSecond = Math.round(sent.frames / SECONDS);
    const percent = share * 100;
    report(
      `CAN at full load: ${perSecond} frames/s, ${percent.toFixed(1)} % of a core (limit ${LIMIT_PERCENT} %), ` +
        `${(idle * 100).toFixed(1)} % with the devices alone; ${sent.packets} fast packets, ${faults} lost or damaged; ${missed} frames missed`,
    );
    return percent <= LIMIT_PERCENT && faults === 0 && missed === 0 && perSecond >= FRAMES_PER_SECOND * 0.98;
  } finally {
    await gxd.kill();
    for (const device of devices) await device.release();
    await served.release();
    await watching.close();
    await daemon.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

/** What a device hears: what is said to it, requests to all, and claims. Not what the flood says in its name. */
function earsOf(address: number): readonly CanFilter[] {
  const heard = (pgn: number, destination: number): CanFilter => ({
    id: (pgn << 8) | (destination << 8),
    mask: 0x1ff_ff00,
    extended: true,
  });
  const said = [isoRequest.pgn, GROUP_FUNCTION, PROPRIETARY_SINGLE].map(pgn => heard(pgn, address));
  return [...said, heard(isoRequest.pgn, BROADCAST), heard(addressClaim.pgn, BROADCAST)];
}

function plug(clock: SystemClock, bus: CanBus): readonly { release(): void | Promise<void> }[] {
  const wire = (address: number) => ({ clock, socket: bus.join(earsOf(address)), random: seededRandom(1) });
  const battery = bus.join([ALL_STANDARD]);
  return [
    simulateSolarCharger(wire(ADDRESSES.mppt), new SimulatedSolarCharger({ clock, productId: 0xa109 }), {
      preferredAddress: ADDRESSES.mppt,
    }),
    simulateBatteryMonitor(wire(ADDRESSES.shunt), new SimulatedShunt({ clock, productId: 0xa131 }), {
      preferredAddress: ADDRESSES.shunt,
    }),
    simulateGps(wire(ADDRESSES.gps), { preferredAddress: ADDRESSES.gps }),
    new CanBatterySimulator(clock, 'rec', frame => void battery.send(frame)),
  ];
}

/** Fills the bus for a while, in the names of the devices on it: each frame says something new. */
async function flood(bus: CanBus, sent: { frames: number; packets: number }): Promise<void> {
  const socket = bus.join([]);
  const began = performance.now();
  let sequence = 0;
  for (let tick = 0; performance.now() - began < SECONDS * 1000; tick++) {
    const frames: CanFrame[] = [];
    const share = (tick % 100) / 100;
    const say = <M extends Message>(message: M, source: number, values: ValuesOf<M>): void => {
      const bytes = encodeMessage(message, values);
      const id = encodeId({ priority: message.priority, pgn: message.pgn, source, destination: BROADCAST });
      const parts = message.kind === 'fast' ? splitFastPacket(bytes, sequence++) : [bytes];
      if (message.kind === 'fast') sent.packets++;
      frames.push(...parts.map(data => ({ id, extended: true, data })));
    };
    for (let n = 0; n < STRANGE_PER_TICK; n++) {
      const pgn = STRANGE_PGNS[n % STRANGE_PGNS.length] ?? 0;
      const id = encodeId({ priority: 2, pgn, source: ADDRESSES.stranger, destination: BROADCAST });
      frames.push({ id, extended: true, data: Uint8Array.of(tick & 0xff, n, 0, 0, 0, 0, 0, 0) });
    }
    if (tick % 2 === 0) say(gnssPosition, ADDRESSES.gps, { latitude: 52 + share, longitude: 5, altitude: share });
    else
      for (let n = 0; n < 3; n++)
        say(dcDetailedStatus, ADDRESSES.shunt, {
          instance: 0,
          dcType: 0,
          stateOfCharge: 50,
          timeRemaining: tick * 60 + n,
        });
    say(positionRapid, ADDRESSES.gps, { latitude: 52 + share, longitude: 5 + share });
    const room = (FRAMES_PER_SECOND * TICK_MS) / 1000;
    for (let n = 0; frames.length < room; n++) {
      if (n % 2 === 0)
        say(batteryStatus, ADDRESSES.shunt, { instance: 0, voltage: 50 + share, current: n + share * 10 });
      else frames.push(registerFrame(n, share));
    }
    for (const frame of frames) await socket.send(frame);
    sent.frames += frames.length;
    await setTimeout(Math.max(0, began + (tick + 1) * TICK_MS - performance.now()));
  }
  await socket.close();
}

function registerFrame(n: number, share: number): CanFrame {
  const register = [C.chargerCurrent, C.panelPower][n % 4 === 1 ? 0 : 1] ?? C.panelPower;
  const told = encodeVregValue(register, 10 + n + share);
  if (told === undefined) throw new Error('a register that does not take its value');
  const id = encodeId({ priority: VREG_PRIORITY, pgn: told.pgn, source: ADDRESSES.mppt, destination: BROADCAST });
  return { id, extended: true, data: told.message };
}

/** CPU of a process as a share of one core, while something goes on. */
async function cpuShare(pid: number, work: () => Promise<unknown>): Promise<number> {
  const [cpu, began] = [cpuSeconds(pid), performance.now()];
  await work();
  return (cpuSeconds(pid) - cpu) / ((performance.now() - began) / 1000);
}

/** User and system, in ticks of 10 ms: fields 14 and 15 of /proc/PID/stat. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

if (process.argv[1]?.endsWith('can.bench.mjs')) {
  const ok = await benchCan(text => process.stdout.write(`${text}\n`));
  process.exitCode = ok ? 0 : 1;
}
