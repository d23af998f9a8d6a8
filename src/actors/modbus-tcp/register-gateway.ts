/** Answers Modbus requests from the world: what each register shows at this moment, and writes to its items. */
import type { ActorWorld } from '../../bus/gateway-context.ts';
import type { ServiceView } from '../../bus/service-view.ts';
import type { Clock } from '../../kernel/clock.ts';
import {
  decodeRequest,
  EXCEPTION,
  type ExceptionCode,
  encodeException,
  encodeWriteResponse,
  PDU_LIMITS,
  type Request,
} from '../../protocols/modbus/pdu.ts';
import type { DerivedRegister, ItemType, Register } from '../../schema/modbus/register.ts';
import { RegisterMap } from '../../schema/modbus/register-map.ts';
import { putRegisters, valueOfRegisters, valueToWrite } from '../../schema/modbus/register-value.ts';
import type { Row, Value } from '../../schema/row.ts';
import type { UnitIndex } from './units.ts';

/** A request that was answered by an exception, for people to read. */
export interface RequestError {
  readonly functionCode: number;
  readonly unit: number;
  readonly address: number;
  readonly quantity: number;
  readonly reason: string;
}

export interface RegisterGatewayOptions {
  readonly world: ActorWorld;
  readonly clock: Clock;
  readonly units: UnitIndex;
  /** Whether clients may write at present. */
  readonly writable: () => boolean;
}

class Exception {
  readonly code: ExceptionCode;
  readonly reason: string;

  constructor(code: ExceptionCode, reason: string) {
    this.code = code;
    this.reason = reason;
  }
}

/** A part of a request: `count` registers of one item, from its register `offset` on. */
interface Segment {
  readonly register: Register;
  readonly service: ServiceView;
  readonly offset: number;
  readonly count: number;
}

/** Looks at one item of a request: `count` of its registers, from `offset` on. */
type Visit = (register: Register, service: ServiceView, offset: number, count: number) => Exception | undefined;

/** How a value goes to its item: the row that decides its type on the bus. */
const WRITE_ROWS: Readonly<Record<ItemType, Row>> = {
  float: { type: 'float' },
  int: { type: 'int' },
  uint: { type: 'uint' },
  string: { type: 'string' },
};

/** Shown by an error summary when there is an error. */
const UNKNOWN_ERROR = 0xff00;

export class RegisterGateway {
  readonly #map = new RegisterMap();
  /** Where the answers of reads are put together. */
  readonly #response = new Uint8Array(PDU_LIMITS.bytes);
  readonly #options: RegisterGatewayOptions;

  constructor(options: RegisterGatewayOptions) {
    this.#options = options;
  }

  /**
   * Answers one request: at once for a read, when the items have answered for a write.
   * @param pdu function code and data
   * @param failed hears of a request that is answered by an exception
   * @returns the PDU of the answer; that of a read is valid until the next request
   */
  answer(unit: number, pdu: Uint8Array, failed: (error: RequestError) => void): Uint8Array | Promise<Uint8Array> {
    const request = decodeRequest(pdu);
    const { functionCode, address, quantity } = request;
    const refuse = (code: ExceptionCode, reason: string): Uint8Array => {
      failed({ functionCode, unit, address, quantity, reason });
      return encodeException(functionCode, code);
    };
    if (request.kind === 'refused') return refuse(request.exception, request.reason);
    if (request.kind === 'read') {
      const response = this.#read(request, unit);
      return response instanceof Exception ? refuse(response.code, response.reason) : response;
    }
    return this.#write(request, unit).then(exception =>
      exception === undefined ? encodeWriteResponse(pdu) : refuse(exception.code, exception.reason),
    );
  }

  #read(request: Request, unit: number): Uint8Array | Exception {
    const { functionCode, quantity } = request;
    const response = this.#response;
    const end = 2 + 2 * quantity;
    response[0] = functionCode;
    response[1] = 2 * quantity;
    let at = 2;
    const exception = this.#eachItem(request, unit, (register, service, offset, count) => {
      const { derived } = register;
      const value = derived === undefined ? service.get(register.path) : this.#derive(derived, service);
      putRegisters(register, value, offset, count, response, at);
      at += 2 * count;
      return undefined;
    });
    return exception ?? response.subarray(0, end);
  }

  /** Writes item after item; the first that cannot be written ends it. All of the request is looked at before. */
  async #write(request: Request & { kind: 'write' }, unit: number): Promise<Exception | undefined> {
    const segments: Segment[] = [];
    const exception = this.#eachItem(request, unit, (register, service, offset, count) => {
      if (!this.#options.writable())
        return new Exception(EXCEPTION.illegalDataAddress, 'the gateway is set to read only');
      if (!register.writable)
        return new Exception(EXCEPTION.illegalDataAddress, `register ${register.register + offset} is read only`);
      segments.push({ register, service, offset, count });
      return undefined;
    });
    if (exception !== undefined) return exception;
    let at = 0;
    for (const segment of segments) {
      const bytes = request.data.subarray(at, at + 2 * segment.count);
      at += bytes.length;
      const refused = await this.#writeItem(segment, bytes);
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  async #writeItem({ register, service, offset, count }: Segment, bytes: Uint8Array): Promise<Exception | undefined> {
    const { path, size, item } = register;
    let whole = bytes;
    if (count < size) {
      // A part of a value: the rest stays as it is.
      whole = new Uint8Array(2 * size);
      putRegisters(register, service.get(path), 0, size, whole, 0);
      whole.set(bytes, 2 * offset);
    }
    const registerValue = valueOfRegisters(register, whole);
    if (registerValue === null)
      return new Exception(EXCEPTION.gatewayPathUnavailable, `register ${register.register} is reserved`);
    if (!service.has(path)) return new Exception(EXCEPTION.gatewayPathUnavailable, `${service.name} has no ${path}`);
    const value = valueToWrite(registerValue, item);
    const result = await this.#options.world.write(service.name, path, value, WRITE_ROWS[item]);
    return result.ok ? undefined : new Exception(EXCEPTION.gatewayPathUnavailable, result.reason);
  }

  /**
   * Calls `visit` for each item that the request covers, in order, until one returns an exception. Neighbouring
   * registers may belong to different service types; then the unit id must mean one of each.
   */
  #eachItem({ address: first, quantity }: Request, unit: number, visit: Visit): Exception | undefined {
    let register = this.#map.at(first);
    let service: ServiceView | undefined;
    let address = first;
    let left = quantity;
    while (left > 0) {
      if (register === undefined)
        return new Exception(EXCEPTION.illegalDataAddress, `register ${address} does not exist`);
      if (service?.type !== register.service) {
        service = this.#options.units.find(register.service, unit);
        if (service === undefined) return this.#noService(register, unit, address === first);
      }
      const offset = address - register.register;
      const count = Math.min(register.size - offset, left);
      const exception = visit(register, service, offset, count);
      if (exception !== undefined) return exception;
      address += count;
      left -= count;
      if (left > 0) register = this.#map.at(address);
    }
    return undefined;
  }

  /** A type that the unit id does not have: a matter of the unit at the first register, of the address further on. */
  #noService({ register, service }: Register, unit: number, isFirst: boolean): Exception {
    const code = isFirst ? EXCEPTION.gatewayPathUnavailable : EXCEPTION.illegalDataAddress;
    return new Exception(code, `register ${register} is of a ${service}, and unit id ${unit} is none`);
  }

  #derive({ derivation, paths }: DerivedRegister, service: ServiceView): Value {
    switch (derivation) {
      case 'quotient': {
        const divisor = numberAt(service, paths[1]);
        return divisor === 0 ? null : numberAt(service, paths[0]) / divisor;
      }
      case 'time':
        return Math.floor(this.#options.clock.wall() / 1000);
      case 'firmware': {
        const version = Math.trunc(numberAt(service, paths[0]));
        return Math.floor(version / 0x100) * 0x1_0000 + (version & 0xff);
      }
      case 'error-summary':
        return paths.some(path => (service.get(path) ?? '') !== '') ? UNKNOWN_ERROR : 0;
    }
  }
}

/** 0 for what is no number, as clients see it in a register of its own. */
function numberAt(service: ServiceView, path: string | undefined): number {
  const value = path === undefined ? null : service.get(path);
  return typeof value === 'number' ? value : 0;
}
