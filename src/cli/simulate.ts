/** `gxd simulate KIND --link …`: a simulated device, to be found by a driver on a serial line or on CAN. */
import { parseArgs } from 'node:util';
import { CanBus, serveBus } from '../adapters/can-bus.ts';
import { NodeNet } from '../adapters/node-net.ts';
import { SocketCan } from '../adapters/socketcan.ts';
import { SystemClock } from '../adapters/system-clock.ts';
import { describe } from '../kernel/fault.ts';
import { ALL_EXTENDED, ALL_STANDARD } from '../ports/can.ts';
import type { Connection } from '../ports/net.ts';
import { type CliIo, EXIT, UsageError } from './io.ts';
import { Pty } from './pty.ts';
import { SIMULATED_CAN_KINDS, type SimulatedCanKind } from './simulated-can.ts';
import { type DeviceEnd, SIMULATED_KINDS, type SimulatedKind } from './simulated-devices.ts';

const QUEUE_BYTES = 16_384;
const BUS = 'can0';

/** Ends what was started. */
type Stop = () => Promise<void>;

export async function simulateCommand(args: readonly string[], io: CliIo): Promise<number> {
  const { name, link } = parseOptions(args);
  const [kind = '', variant = ''] = name.split(':', 2);
  const onCan = SIMULATED_CAN_KINDS.find(one => one.name === kind);
  const onLine = SIMULATED_KINDS.find(one => one.name === name);
  let stop: Stop;
  if (onCan !== undefined) stop = await startOnCan(onCan, variant, link ?? 'tcp:0', io);
  else if (onLine !== undefined) stop = await startOnLine(onLine, link ?? 'pty', io);
  else {
    const known = [...SIMULATED_KINDS, ...SIMULATED_CAN_KINDS].map(one => one.name);
    throw new UsageError(`simulate takes one of ${known.join(', ')}`);
  }
  await new Promise<void>(resolve => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await stop();
  return EXIT.done;
}

function parseOptions(args: readonly string[]): { readonly name: string; readonly link: string | undefined } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { link: { type: 'string' } },
    });
    if (positionals.length > 1) throw new UsageError('simulate takes one device');
    return { name: positionals[0] ?? '', link: values.link };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(describe(error).split('. ')[0] ?? 'wrong options');
  }
}

function startOnLine(kind: SimulatedKind, link: string, io: CliIo): Promise<Stop> {
  const port = tcpPort(link);
  if (port !== undefined) return atTcp(kind, port, io);
  if (link !== 'pty' && !/^pty:./.test(link)) throw new UsageError('--link takes pty, pty:PATH or tcp:PORT');
  return atPty(kind, link, io);
}

/** 0 is one that the system chooses. @returns undefined for a link that is none */
function tcpPort(link: string): number | undefined {
  const port = /^tcp:(\d{1,5})$/.exec(link)?.[1];
  return port !== undefined && Number(port) <= 65_535 ? Number(port) : undefined;
}

async function atPty(kind: SimulatedKind, link: string, io: CliIo): Promise<Stop> {
  const pty = await Pty.open(link === 'pty' ? undefined : link.slice('pty:'.length), why => endFor(why, io));
  const device = kind.make(new SystemClock(), bytes => pty.write(bytes));
  pty.onData(bytes => device.receive?.(bytes));
  io.out(`${kind.what}: ${pty.path}   (Ctrl-C ends)`);
  return async () => {
    await device.release();
    await pty.close();
  };
}

/** One device; every connection hears it, as at a serial server. */
async function atTcp(kind: SimulatedKind, port: number, io: CliIo): Promise<Stop> {
  const connections = new Set<Connection>();
  const device: DeviceEnd = kind.make(new SystemClock(), bytes => {
    for (const connection of connections) connection.write(bytes);
  });
  const listener = await new NodeNet().listen({ port, host: '127.0.0.1', queueBytes: QUEUE_BYTES }, connection => {
    connections.add(connection);
    connection.onData(bytes => device.receive?.(bytes));
    connection.onClose(() => connections.delete(connection));
  });
  io.out(`${kind.what}: tcp://127.0.0.1:${listener.port}   (Ctrl-C ends)`);
  return async () => {
    await device.release();
    await listener.release();
    for (const connection of connections) connection.destroy();
  };
}

/** On an interface of the machine, or on a bus of its own that is served over TCP. */
async function startOnCan(kind: SimulatedCanKind, variant: string, link: string, io: CliIo): Promise<Stop> {
  const clock = new SystemClock();
  const filters = [ALL_STANDARD, ALL_EXTENDED];
  const name = /^can:([\w.-]{1,15})$/.exec(link)?.[1];
  if (name !== undefined) {
    const socket = await new SocketCan().open(name, filters);
    socket.onClose(reason => endFor(describe(reason), io));
    const device = kind.make(clock, socket, variant);
    io.out(`${kind.what}: ${name}   (Ctrl-C ends)`);
    return async () => {
      await device.release();
      await socket.close();
    };
  }
  const port = tcpPort(link);
  if (port === undefined) throw new UsageError('--link takes tcp:PORT or can:NAME for a device on CAN');
  const bus = new CanBus(BUS);
  const device = kind.make(clock, bus.join(filters), variant);
  const served = await serveBus(new NodeNet(), bus, port);
  io.out(`${kind.what}: ${BUS}=tcp://127.0.0.1:${served.port}   (Ctrl-C ends)`);
  return async () => {
    await device.release();
    await served.release();
  };
}

function endFor(why: string, io: CliIo): void {
  io.err(`gxd: ${why}`);
  process.kill(process.pid, 'SIGTERM');
}
