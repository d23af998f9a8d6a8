/** The few registers that we have ourselves, for devices that ask who leads them (fact sheet vecan-n2k, section 6). */
import { VREG_CODES, type VregMessage } from '../../protocols/nmea2000/vreg.ts';
import { encodeText } from '../../protocols/vedirect/hex-values.ts';
import { COMMON_REGISTERS } from '../../protocols/vedirect/registers.ts';

export interface OwnRegisters {
  /** Four hexadecimal digits. */
  readonly productId: string;
  /** What VRM knows the gateway by. */
  readonly portalId: string;
  readonly model: string;
}

/** An answer, and whether it goes to all. */
export interface OwnAnswer {
  readonly message: VregMessage;
  readonly toAll: boolean;
}

/**
 * @param isAddressed whether it was sent to us alone: what was sent to all is never refused
 * @returns undefined when nothing is to be said
 */
export function answerRegister(message: VregMessage, isAddressed: boolean, own: OwnRegisters): OwnAnswer | undefined {
  if (message.kind === 'ping') return { message, toAll: true };
  if (!isAddressed) return undefined;
  if (message.kind === 'request') {
    const payload = read(message.register, own);
    return payload === undefined
      ? refusal(message.register, VREG_CODES.unknownRequested)
      : { message: { kind: 'value', register: message.register, payload }, toAll: true };
  }
  return message.kind === 'value' ? refusal(message.register, VREG_CODES.unknownCommanded) : undefined;
}

function read(register: number, { productId, portalId, model }: OwnRegisters): Uint8Array | undefined {
  const id = Number.parseInt(productId, 16);
  if (register === COMMON_REGISTERS.productId.id) return Uint8Array.of(0, id & 0xff, id >> 8, 0);
  if (register === COMMON_REGISTERS.serialNumber.id) return encodeText(portalId);
  return register === COMMON_REGISTERS.modelName.id ? encodeText(model) : undefined;
}

function refusal(register: number, code: number): OwnAnswer {
  return { message: { kind: 'acknowledge', register, code }, toAll: false };
}
