/**
 * Modbus application protocol (MODBUS Application Protocol Specification V1.1b3): what stands in a request and in a
 * response, without the frame around it. Register functions only. Nothing here throws.
 */

export const FUNCTION = {
  readHoldingRegisters: 3,
  readInputRegisters: 4,
  writeSingleRegister: 6,
  writeMultipleRegisters: 16,
} as const;

/** Set in the function code of an exception response. */
const EXCEPTION_BIT = 0x80;

export const EXCEPTION = {
  illegalFunction: 1,
  illegalDataAddress: 2,
  illegalDataValue: 3,
  serverDeviceFailure: 4,
  acknowledge: 5,
  serverDeviceBusy: 6,
  memoryParityError: 8,
  gatewayPathUnavailable: 10,
  gatewayTargetFailedToRespond: 11,
} as const;

export type ExceptionCode = (typeof EXCEPTION)[keyof typeof EXCEPTION];

const EXCEPTION_NAMES: Readonly<Record<number, string>> = {
  1: 'illegal function',
  2: 'illegal data address',
  3: 'illegal data value',
  4: 'server device failure',
  5: 'acknowledge',
  6: 'server device busy',
  8: 'memory parity error',
  10: 'gateway path unavailable',
  11: 'gateway target device failed to respond',
};

export const PDU_LIMITS = {
  /** Registers of one read. */
  readRegisters: 125,
  /** Registers of one write. The specification says 123; servers in the field take as many as of a read. */
  writeRegisters: 125,
  /** Bytes of a request or response, without unit id: a write of 125 registers. */
  bytes: 6 + 2 * 125,
} as const;

export type Request =
  | { readonly kind: 'read'; readonly functionCode: 3 | 4; readonly address: number; readonly quantity: number }
  | {
      readonly kind: 'write';
      readonly functionCode: 6 | 16;
      readonly address: number;
      readonly quantity: number;
      /** Two bytes a register, high byte first. */
      readonly data: Uint8Array;
    };

/** A request that cannot be carried out as it stands, with what could be read of it. */
export interface Refusal {
  readonly kind: 'refused';
  readonly functionCode: number;
  readonly exception: ExceptionCode;
  readonly reason: string;
  readonly address: number;
  readonly quantity: number;
}

/** Reads a request. `pdu` starts at the function code. */
export function decodeRequest(pdu: Uint8Array): Request | Refusal {
  const functionCode = pdu[0] ?? 0;
  switch (functionCode) {
    case FUNCTION.readHoldingRegisters:
    case FUNCTION.readInputRegisters:
      return decodeRead(pdu, functionCode);
    case FUNCTION.writeSingleRegister:
      if (pdu.length < 5) return tooShort(pdu);
      return { kind: 'write', functionCode, address: word(pdu, 1), quantity: 1, data: pdu.subarray(3, 5) };
    case FUNCTION.writeMultipleRegisters:
      return decodeWriteMultiple(pdu);
    default:
      return refused(pdu, EXCEPTION.illegalFunction, 'this function is not supported');
  }
}

function decodeRead(pdu: Uint8Array, functionCode: 3 | 4): Request | Refusal {
  if (pdu.length < 5) return tooShort(pdu);
  const quantity = word(pdu, 3);
  if (quantity === 0 || quantity > PDU_LIMITS.readRegisters)
    return refused(pdu, EXCEPTION.illegalDataValue, `1 to ${PDU_LIMITS.readRegisters} registers can be read at once`);
  return { kind: 'read', functionCode, address: word(pdu, 1), quantity };
}

function decodeWriteMultiple(pdu: Uint8Array): Request | Refusal {
  if (pdu.length < 6) return tooShort(pdu);
  const quantity = word(pdu, 3);
  const bytes = pdu[5] ?? 0;
  if (quantity === 0 || quantity > PDU_LIMITS.writeRegisters)
    return refused(
      pdu,
      EXCEPTION.illegalDataValue,
      `1 to ${PDU_LIMITS.writeRegisters} registers can be written at once`,
    );
  if (bytes !== 2 * quantity)
    return refused(pdu, EXCEPTION.illegalDataValue, `byte count ${bytes} does not fit ${quantity} registers`);
  if (pdu.length < 6 + bytes) return tooShort(pdu);
  return {
    kind: 'write',
    functionCode: FUNCTION.writeMultipleRegisters,
    address: word(pdu, 1),
    quantity,
    data: pdu.subarray(6, 6 + bytes),
  };
}

function tooShort(pdu: Uint8Array): Refusal {
  return refused(pdu, EXCEPTION.illegalDataValue, 'the request is cut short');
}

function refused(pdu: Uint8Array, exception: ExceptionCode, reason: string): Refusal {
  const address = pdu.length < 3 ? 0 : word(pdu, 1);
  const quantity = pdu.length < 5 ? 0 : word(pdu, 3);
  return { kind: 'refused', functionCode: pdu[0] ?? 0, exception, reason, address, quantity };
}

/** The request as bytes, from the function code on. */
export function encodeRequest(request: Request): Uint8Array {
  const single = request.functionCode === FUNCTION.writeSingleRegister;
  const data = request.kind === 'write' ? request.data : undefined;
  const multiple = data !== undefined && !single;
  const pdu = new Uint8Array(single ? 5 : multiple ? 6 + data.length : 5);
  pdu[0] = request.functionCode;
  putWord(pdu, 1, request.address);
  if (single) {
    pdu.set(data?.subarray(0, 2) ?? [], 3);
    return pdu;
  }
  putWord(pdu, 3, request.quantity);
  if (multiple) {
    pdu[5] = data.length;
    pdu.set(data, 6);
  }
  return pdu;
}

/** The answer to a read. `registers` holds two bytes a register. */
export function encodeReadResponse(functionCode: number, registers: Uint8Array): Uint8Array {
  const pdu = new Uint8Array(2 + registers.length);
  pdu[0] = functionCode;
  pdu[1] = registers.length;
  pdu.set(registers, 2);
  return pdu;
}

/** The answer to a write that was done: its first five bytes again. */
export function encodeWriteResponse(requestPdu: Uint8Array): Uint8Array {
  return requestPdu.slice(0, 5);
}

export function encodeException(functionCode: number, exception: ExceptionCode): Uint8Array {
  return Uint8Array.of(functionCode | EXCEPTION_BIT, exception);
}

export type Response =
  | { readonly kind: 'registers'; readonly data: Uint8Array }
  | { readonly kind: 'written' }
  | { readonly kind: 'exception'; readonly exception: number; readonly reason: string }
  | { readonly kind: 'fault'; readonly reason: string };

/** Reads the response to `request`. What does not answer it is a fault. */
export function decodeResponse(request: Request, pdu: Uint8Array): Response {
  const functionCode = pdu[0];
  if (functionCode === undefined) return fault('the response is empty');
  if (functionCode === (request.functionCode | EXCEPTION_BIT)) {
    const exception = pdu[1];
    if (exception === undefined) return fault('the exception has no code');
    return { kind: 'exception', exception, reason: exceptionName(exception) };
  }
  if (functionCode !== request.functionCode)
    return fault(`the response has function ${functionCode}, not ${request.functionCode}`);
  if (request.kind === 'read') {
    const bytes = 2 * request.quantity;
    if (pdu[1] !== bytes || pdu.length < 2 + bytes) return fault(`the response does not hold ${bytes} bytes`);
    return { kind: 'registers', data: pdu.subarray(2, 2 + bytes) };
  }
  if (pdu.length < 5 || word(pdu, 1) !== request.address) return fault('the response is for another register');
  return { kind: 'written' };
}

/** 2 → illegal data address */
export function exceptionName(exception: number): string {
  return EXCEPTION_NAMES[exception] ?? `exception ${exception}`;
}

function fault(reason: string): Response {
  return { kind: 'fault', reason };
}

/** Big-endian unsigned 16 bits at `at`; bytes that are not there are 0. */
export function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

export function putWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}
