/** `gxd simulate KIND --link pty|tcp:PORT`: a simulated device, to be opened by a driver. */
import { parseArgs } from 'node:util';
import { NodeNet } from '../adapters/node-net.ts';
import { SystemClock } from '../adapters/system-clock.ts';
import { describe } from '../kernel/fault.ts';
import type { Connection } from '../ports/net.ts';
import { type CliIo, EXIT, UsageError } from './io.ts';
import { Pty } from './pty.ts';
import { type DeviceEnd, SIMULATED_KINDS, type SimulatedKind } from './simulated-devices.ts';

const QUEUE_BYTES = 16_384;

interface Options {
  readonly kind: SimulatedKind;
  /** `pty`, `pty:PATH` or `tcp:PORT` */
  readonly link: string;
}

export async function simulateCommand(args: readonly string[], io: CliIo): Promise<number> {
  const { kind, link } = parseOptions(args);
  const [how, where] = [link.split(':', 1)[0], link.slice(link.indexOf(':') + 1)];
  const stop = how === 'tcp' ? await atTcp(kind, Number(where), io) : await atPty(kind, link, io);
  await new Promise<void>(resolve => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await stop();
  return EXIT.done;
}

function parseOptions(args: readonly string[]): Options {
  let link: string;
  let names: string[];
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { link: { type: 'string', default: 'pty' } },
    });
    link = values.link;
    names = positionals;
  } catch (error) {
    throw new UsageError(describe(error).split('. ')[0] ?? 'wrong options');
  }
  const kind = SIMULATED_KINDS.find(one => one.name === names[0]);
  if (kind === undefined || names.length > 1)
    throw new UsageError(`simulate takes one of ${SIMULATED_KINDS.map(one => one.name).join(', ')}`);
  const port = /^tcp:(\d{1,5})$/.exec(link)?.[1];
  const isPort = port !== undefined && Number(port) <= 65_535;
  if (!isPort && link !== 'pty' && !/^pty:./.test(link)) throw new UsageError('--link takes pty, pty:PATH or tcp:PORT');
  return { kind, link };
}

async function atPty(kind: SimulatedKind, link: string, io: CliIo): Promise<() => Promise<void>> {
  const pty = await Pty.open(link === 'pty' ? undefined : link.slice('pty:'.length), why => {
    io.err(`gxd: ${why}`);
    process.kill(process.pid, 'SIGTERM');
  });
  const device = kind.make(new SystemClock(), bytes => pty.write(bytes));
  pty.onData(bytes => device.receive?.(bytes));
  io.out(`${kind.what}: ${pty.path}   (Ctrl-C ends)`);
  return async () => {
    await device.release();
    await pty.close();
  };
}

/** One device; every connection hears it, as at a serial server. */
async function atTcp(kind: SimulatedKind, port: number, io: CliIo): Promise<() => Promise<void>> {
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
