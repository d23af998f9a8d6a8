/**
 * Raw access to the registers of a device, for programs that configure it from afar: the methods GetVreg and SetVreg of
 * `/Devices/0/VregLink`, with the numbers of their results as the stock program for energy meters has them.
 */
import type { CallFailure, CallReply, IncomingCall, TypedData } from '../../bus/bus.ts';
import { ERROR } from '../../bus/bus-item.ts';
import { type PublishedService, SET_DONE, SET_REFUSED } from '../../bus/published-service.ts';
import type { Register } from '../../protocols/vedirect/register.ts';
import type { Value } from '../../schema/row.ts';
import type { RegisterLine, RegisterOutcome } from './register-line.ts';
import type { WriteBudget } from './write-budget.ts';

const VREG_LINK = 'com.victronenergy.VregLink';
const PATH = '/Devices/0/VregLink';

/** Results: 0 is done; the flags of the device's answer are added. Without a flag: no answer, or not asked. */
const READ_FAILED = 0x8000;
const WRITE_FAILED = 0x8100;
/** Octets that a register holds at most. */
const VALUE_OCTETS = 64;
/** Control registers: in RAM. All others may lie in flash. */
const LINK_FIRST = 0x2000;
const LINK_LAST = 0x20ff;

export interface VregLinkOptions {
  readonly line: RegisterLine;
  readonly budget: WriteBudget;
  /** Hears what the device says of a register. */
  readonly told: (register: number, value: Uint8Array) => void;
}

interface Result {
  readonly code: number;
  readonly data: readonly number[];
}

/**
 * Offers it where the schema of the service has the path. Besides the methods, SetValue takes `[low, high]` to read a
 * register and `[low, high, octets …]` to write one; the value is then `[low, high, octets …]` as the device has it.
 */
export function offerVregLink(service: PublishedService, options: VregLinkOptions): void {
  if (!service.has(PATH)) return;
  service.onCall(call => (call.path === PATH && call.interface === VREG_LINK ? answer(call, options) : undefined));
  service.hearsEveryWrite(PATH);
  service.onWriteAny(PATH, async value => {
    const [low, high, ...data] = octetsOf(value) ?? [];
    if (low === undefined || high === undefined) return SET_REFUSED;
    const register = low | (high << 8);
    const result = data.length === 0 ? await read(register, options) : await write(register, data, options);
    if (result.code !== 0) return SET_REFUSED;
    service.setAny(PATH, [low, high, ...result.data]);
    return SET_DONE;
  });
}

async function answer(call: IncomingCall, options: VregLinkOptions): Promise<CallReply | CallFailure> {
  const [register, data] = call.body;
  const octets = octetsOf(data);
  const isRegister = typeof register === 'number' && register >= 0 && register <= 0xffff;
  // Callers that do not know the signature send other integers.
  const isGet = call.member === 'GetVreg' && call.body.length === 1;
  const isSet = call.member === 'SetVreg' && call.body.length === 2 && octets !== undefined;
  if (!isRegister || !(isGet || isSet))
    return { error: ERROR.invalidArgs, message: `${VREG_LINK} has GetVreg(q) and SetVreg(qay)` };
  const result = isGet ? await read(register, options) : await write(register, octets ?? [], options);
  return { signature: 'qay', body: [result.code, result.data] };
}

async function read(register: number, { line, told }: VregLinkOptions): Promise<Result> {
  const outcome = await line.get(register);
  if (outcome.kind === 'value') told(register, outcome.value);
  return resultOf(outcome, READ_FAILED);
}

async function write(register: number, data: readonly number[], options: VregLinkOptions): Promise<Result> {
  const { line, budget, told } = options;
  const isInRam = register >= LINK_FIRST && register <= LINK_LAST;
  const budgeted: Register = { id: register, type: 'u8', access: 'rw', ...(isInRam ? {} : { storage: 'flash' }) };
  if (!isInRam && !budget.take(budgeted)) return { code: WRITE_FAILED, data: [] };
  const outcome = await line.set(register, Uint8Array.from(data));
  if (outcome.kind === 'value' && outcome.value.length > 0) told(register, outcome.value);
  return resultOf(outcome, WRITE_FAILED);
}

function resultOf(outcome: RegisterOutcome, failed: number): Result {
  if (outcome.kind === 'value') return { code: 0, data: [...outcome.value] };
  return { code: outcome.kind === 'refused' ? failed | outcome.flags : failed, data: [] };
}

/** Undefined for what are no octets, or too many. */
function octetsOf(value: Value | TypedData | undefined): readonly number[] | undefined {
  if (!Array.isArray(value) || value.length > VALUE_OCTETS + 2) return undefined;
  return value.every(one => Number.isInteger(one) && one >= 0 && one <= 0xff) ? value : undefined;
}
