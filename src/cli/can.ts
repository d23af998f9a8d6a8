/** `gxd can list|dump|send`: CAN interfaces as gxd sees them, and frames on them, in the form of can-utils. */
import { parseArgs } from 'node:util';
import { AllCan, parseCanSelection } from '../adapters/all-can.ts';
import { NodeNet } from '../adapters/node-net.ts';
import { SocketCan } from '../adapters/socketcan.ts';
import { idText } from '../adapters/socketcand-text.ts';
import { describe } from '../kernel/fault.ts';
import { ALL_EXTENDED, ALL_STANDARD, type CanFilter, type CanFrame, type CanSocket } from '../ports/can.ts';
import { type CliIo, EXIT, UsageError } from './io.ts';
import { table } from './table.ts';

const FRAME_OCTETS = 8;

export async function canCommand(args: readonly string[], io: CliIo): Promise<number> {
  const [what = '', ...rest] = args;
  switch (what) {
    case 'list':
      return list(rest, io);
    case 'dump':
      return dump(rest, io);
    case 'send':
      return send(rest, io);
    default:
      throw new UsageError('can takes list, dump or send');
  }
}

async function list(args: readonly string[], io: CliIo): Promise<number> {
  const can = interfaces(args[0] ?? '*');
  const rows: string[][] = [];
  for (const name of await can.list()) {
    const { label = '', config = '' } = await can.facts(name);
    const state = await can.state(name).catch((error: unknown) => describe(error));
    if (state === undefined) continue;
    if (typeof state === 'string') rows.push([name, state]);
    else {
      const { received, sent, busOffs } = state.statistics;
      const rate = state.bitRate === undefined ? '' : String(state.bitRate);
      rows.push([
        ...[name, state.up ? 'up' : 'down', rate, state.bus],
        ...[received, sent, busOffs].map(String),
        ...[label, config],
      ]);
    }
  }
  const head = ['INTERFACE', 'STATE', 'BIT/S', 'BUS', 'RECEIVED', 'SENT', 'BUS OFF', 'LABEL', 'FOR'];
  for (const line of table([head, ...rows])) io.out(line);
  return EXIT.done;
}

/** Prints frames as candump does, and what the controller complains of. */
async function dump(args: readonly string[], io: CliIo): Promise<number> {
  const { values, positionals } = options(args, { count: { type: 'string' }, seconds: { type: 'string' } });
  const [name, ...patterns] = positionals;
  if (name === undefined) throw new UsageError('can dump takes an interface, and filters: 351:7FF, 09F80100:1FFFFF00');
  const count = positive(values['count'], '--count');
  const seconds = positive(values['seconds'], '--seconds');
  const filters = patterns.length === 0 ? [ALL_STANDARD, ALL_EXTENDED] : patterns.map(filterOf);
  const socket = await open(name, filters);
  const exit = await new Promise<number>(resolve => {
    let left = count;
    socket.onFrames(frames => {
      for (const frame of frames) {
        if (left-- <= 0) return;
        io.out(dumpLine(socket.interface, frame));
      }
      if (left <= 0) resolve(EXIT.done);
    });
    socket.onTrouble(trouble => io.err(`${socket.interface}: ${trouble}`));
    socket.onClose(reason => {
      io.err(`gxd: ${describe(reason)}`);
      resolve(EXIT.failed);
    });
    process.once('SIGINT', () => resolve(EXIT.done));
    process.once('SIGTERM', () => resolve(EXIT.done));
    if (Number.isFinite(seconds)) setTimeout(() => resolve(EXIT.done), seconds * 1000);
  });
  await socket.close();
  return exit;
}

async function send(args: readonly string[], io: CliIo): Promise<number> {
  const [name, ...texts] = args;
  if (name === undefined || texts.length === 0)
    throw new UsageError('can send takes an interface and frames: 351#1402B004');
  const frames = texts.map(frameOf);
  const socket = await open(name, []);
  try {
    for (const frame of frames) await socket.send(frame);
    // Over TCP they still have to leave us.
    while (socket.queued > 0) await new Promise(setImmediate);
  } finally {
    await socket.close();
  }
  io.out(`${frames.length} sent`);
  return EXIT.done;
}

function interfaces(selection: string): AllCan {
  try {
    return new AllCan(new SocketCan(), new NodeNet(), parseCanSelection(selection));
  } catch (error) {
    throw new UsageError(describe(error));
  }
}

async function open(selection: string, filters: readonly CanFilter[]): Promise<CanSocket> {
  const name = selection.split('=', 1)[0] ?? selection;
  return interfaces(selection).open(name, filters);
}

/** `  can0  351   [4]  14 02 B0 04` */
function dumpLine(name: string, { id, extended, data }: CanFrame): string {
  const octets = [...data].map(octet => octet.toString(16).toUpperCase().padStart(2, '0'));
  return `  ${name}  ${idText(id, extended).padStart(3)}   [${data.length}]  ${octets.join(' ')}`.trimEnd();
}

/** `351#1402B004`, `09F80103#`: as cansend takes it. */
function frameOf(text: string): CanFrame {
  const [, id, data] = /^([0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})#((?:[0-9A-Fa-f]{2}\.?)*)$/.exec(text) ?? [];
  if (id === undefined || data === undefined) throw new UsageError(`${text} is no frame: 351#1402B004, 09F80103#00`);
  const octets = Uint8Array.from(Buffer.from(data.replaceAll('.', ''), 'hex'));
  if (octets.length > FRAME_OCTETS) throw new UsageError(`${text} has more than ${FRAME_OCTETS} octets`);
  return { id: Number.parseInt(id, 16), extended: id.length > 3, data: octets };
}

/** `350:7F0` */
function filterOf(text: string): CanFilter {
  const [, id, mask] = /^([0-9A-Fa-f]{3}|[0-9A-Fa-f]{8}):([0-9A-Fa-f]{3,8})$/.exec(text) ?? [];
  if (id === undefined || mask === undefined) throw new UsageError(`${text} is no filter: 350:7F0, 09F80100:1FFFFF00`);
  return { id: Number.parseInt(id, 16), mask: Number.parseInt(mask, 16), extended: id.length > 3 };
}

type Known = Readonly<Record<string, { readonly type: 'string' }>>;

function options(
  args: readonly string[],
  known: Known,
): { readonly values: Readonly<Record<string, string | undefined>>; readonly positionals: readonly string[] } {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: known });
  } catch (error) {
    throw new UsageError(describe(error).split('. ')[0] ?? 'wrong options');
  }
}

function positive(text: string | undefined, option: string): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const number = Number(text);
  if (!(number > 0)) throw new UsageError(`${option} takes a number above 0`);
  return number;
}
