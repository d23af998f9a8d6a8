/** `gxd modbus`: the register map, and a small client for who installs. */
import { parseArgs } from 'node:util';
import { NodeNet } from '../adapters/node-net.ts';
import { SystemClock } from '../adapters/system-clock.ts';
import { describe } from '../kernel/fault.ts';
import type { Net } from '../ports/net.ts';
import { PDU_LIMITS } from '../protocols/modbus/pdu.ts';
import { type Register, rangeOf } from '../schema/modbus/register.ts';
import { RegisterMap } from '../schema/modbus/register-map.ts';
import { putRegisters, valueOfRegisters } from '../schema/modbus/register-value.ts';
import { type CliIo, EXIT, UsageError } from './io.ts';
import { ModbusClient } from './modbus-client.ts';
import { printMap, rowOf } from './modbus-map.ts';
import { table } from './table.ts';

const DEFAULT_PORT = 502;
/** Registers of one command. */
const REGISTERS_LIMIT = 2_000;

interface Span {
  readonly first: number;
  /** Undefined: the whole item that begins there. */
  readonly last: number | undefined;
}

/** One line of an answer: an item, or a register that is in no item. */
interface Shown {
  readonly register: number;
  readonly raw: string;
  readonly path: string;
  readonly value: number | string;
  readonly text: string;
}

/** @param net how to reach others; tests give their own */
export async function modbusCommand(args: readonly string[], io: CliIo, net: Net = new NodeNet()): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case 'map':
      return mapCommand(rest, io);
    case 'read':
      return readCommand(rest, io, net);
    case 'write':
      return writeCommand(rest, io, net);
    default:
      throw new UsageError('modbus takes map, read or write');
  }
}

function mapCommand(args: readonly string[], io: CliIo): number {
  const { flags } = parse(args, 0, 0, ['csv', 'md']);
  if (flags.has('csv') && flags.has('md')) throw new UsageError('--csv and --md exclude each other');
  printMap(flags.has('csv') ? 'csv' : flags.has('md') ? 'md' : 'text', io);
  return EXIT.done;
}

async function readCommand(args: readonly string[], io: CliIo, net: Net): Promise<number> {
  const { positionals, flags } = parse(args, 3, Number.POSITIVE_INFINITY, ['json']);
  const [host = '', unitText = '', ...spanTexts] = positionals;
  const unit = wholeNumber(unitText, 0, 255, 'unit id');
  const spans = spanTexts.map(parseSpan);
  const map = new RegisterMap();
  const wanted = spans.map(span => ({ first: span.first, count: countOf(span, map) }));
  if (wanted.reduce((sum, { count }) => sum + count, 0) > REGISTERS_LIMIT)
    throw new UsageError(`at most ${REGISTERS_LIMIT} registers at once`);
  const shown = await withClient(net, host, async client => {
    const lines: Shown[] = [];
    for (const { first, count } of wanted)
      lines.push(...itemsIn(first, await readSpan(client, unit, first, count), map));
    return lines;
  });
  if (flags.has('json')) io.out(JSON.stringify(shown, null, 2));
  else for (const line of table(shown.map(one => [one.register, one.path, one.text, one.raw]))) io.out(line);
  return EXIT.done;
}

async function writeCommand(args: readonly string[], io: CliIo, net: Net): Promise<number> {
  const { positionals, flags } = parse(args, 4, 4, ['raw']);
  const [host = '', unitText = '', registerText = '', valueText = ''] = positionals;
  const unit = wholeNumber(unitText, 0, 255, 'unit id');
  const address = wholeNumber(registerText, 0, 65_535, 'register');
  const register = flags.has('raw') ? undefined : new RegisterMap().at(address);
  if (register !== undefined && register.register !== address)
    throw new UsageError(`register ${address} is a part of the one at ${register.register}; --raw writes it alone`);
  const data = register === undefined ? wordOf(valueText) : registersOf(register, valueText);
  const quantity = data.length / 2;
  const functionCode = quantity === 1 ? 6 : 16;
  await withClient(net, host, client => client.ask(unit, { kind: 'write', functionCode, address, quantity, data }));
  io.out(`${address} ${register?.path ?? ''} written: ${valueText}`.replace('  ', ' '));
  return EXIT.done;
}

function parse(
  args: readonly string[],
  least: number,
  most: number,
  known: readonly string[],
): { readonly positionals: readonly string[]; readonly flags: ReadonlySet<string> } {
  try {
    const { values, positionals } = parseArgs({
      // A negative number is a value, not an option.
      args: args.map(arg => (/^-\d/.test(arg) ? ` ${arg}` : arg)),
      strict: true,
      allowPositionals: true,
      options: Object.fromEntries(known.map(name => [name, { type: 'boolean' as const }])),
    });
    if (positionals.length < least) throw new UsageError('something is missing');
    if (positionals.length > most) throw new UsageError(`too many arguments: ${positionals.slice(most).join(' ')}`);
    const flags = new Set(known.filter(name => values[name] === true));
    return { positionals: positionals.map(arg => arg.trimStart()), flags };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(describe(error).split('. ')[0] ?? 'wrong options');
  }
}

/** `840`: the item there; `840-845`: these registers. */
function parseSpan(text: string): Span {
  const [from = '', to, ...rest] = text.split('-');
  if (rest.length > 0) throw new UsageError(`${text} is no register`);
  const first = wholeNumber(from, 0, 65_535, 'register');
  const last = to === undefined ? undefined : wholeNumber(to, first, 65_535, 'register');
  return { first, last };
}

function countOf({ first, last }: Span, map: RegisterMap): number {
  if (last !== undefined) return last - first + 1;
  const register = map.at(first);
  return register?.register === first ? register.size : 1;
}

function wholeNumber(text: string, min: number, max: number, what: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= min && number <= max)) throw new UsageError(`${text} is no ${what} (${min} to ${max})`);
  return number;
}

/** HOST, HOST:PORT, [V6], [V6]:PORT, or a bare IPv6 address. */
function hostAndPort(text: string): { readonly host: string; readonly port: number } {
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(text) ?? /^([^:]+):(\d+)$/.exec(text);
  const [, host = text, port] = bracketed ?? [];
  return { host, port: port === undefined ? DEFAULT_PORT : wholeNumber(port, 1, 65_535, 'port') };
}

async function withClient<T>(net: Net, text: string, work: (client: ModbusClient) => Promise<T>): Promise<T> {
  const { host, port } = hostAndPort(text);
  const client = await ModbusClient.connect(net, new SystemClock(), host, port);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

/** Registers of any number, read in portions that end between items where that is possible. */
async function readSpan(client: ModbusClient, unit: number, first: number, count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(2 * count);
  for (let done = 0; done < count; ) {
    const quantity = Math.min(PDU_LIMITS.readRegisters, count - done);
    const request = { kind: 'read', functionCode: 3, address: first + done, quantity } as const;
    bytes.set(await client.ask(unit, request), 2 * done);
    done += quantity;
  }
  return bytes;
}

/** What the registers from `first` on hold, item by item. */
function itemsIn(first: number, bytes: Uint8Array, map: RegisterMap): Shown[] {
  const shown: Shown[] = [];
  for (let at = 0; at < bytes.length; ) {
    const address = first + at / 2;
    const register = map.at(address);
    const whole = register !== undefined && register.register === address && at + 2 * register.size <= bytes.length;
    const length = whole ? 2 * register.size : 2;
    const part = bytes.subarray(at, at + length);
    shown.push(showItem(address, part, whole ? register : undefined));
    at += length;
  }
  return shown;
}

function showItem(address: number, bytes: Uint8Array, register: Register | undefined): Shown {
  const raw = `0x${Buffer.from(bytes).toString('hex')}`;
  const value = register === undefined ? null : valueOfRegisters(register, bytes);
  if (register === undefined || value === null) {
    const number = Buffer.from(bytes).readUInt16BE(0);
    return {
      register: address,
      raw,
      path: register === undefined ? '' : '(reserved)',
      value: number,
      text: String(number),
    };
  }
  const row = rowOf(register);
  const meaning = typeof value === 'number' ? row?.enum?.[value] : undefined;
  const text = meaning === undefined ? `${value}${row?.unit ?? ''}` : `${value} ${meaning}`;
  return { register: address, raw, path: `${register.service}${register.path}`, value, text };
}

/** The bytes for a value in the unit of its item. Refuses what the registers would not hold as it stands. */
function registersOf(register: Register, text: string): Uint8Array {
  if (!register.writable) throw new UsageError(`register ${register.register} is read only`);
  const bytes = new Uint8Array(2 * register.size);
  if (register.kind === 'string') {
    putRegisters(register, text, 0, register.size, bytes, 0);
    if (valueOfRegisters(register, bytes) !== text)
      throw new UsageError(`register ${register.register} holds ${2 * register.size} Latin-1 characters`);
    return bytes;
  }
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new UsageError(`${text} is no number`);
  putRegisters({ ...register, ...rangeOf(register.kind, 'float') }, value, 0, register.size, bytes, 0);
  const held = valueOfRegisters(register, bytes);
  const step = 1 / Math.abs(register.scale);
  if (typeof held !== 'number' || Math.abs(held - value) > step)
    throw new UsageError(`${text} is out of range for ${register.kind} with scale ${register.scale}`);
  return bytes;
}

/** One register as it is: 0 to 65535, or -32768 to -1. */
function wordOf(text: string): Uint8Array {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isInteger(value) || value < -0x8000 || value > 0xffff)
    throw new UsageError(`${text} does not fit one register`);
  return Uint8Array.of((value >> 8) & 0xff, value & 0xff);
}
