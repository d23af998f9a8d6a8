/** D-Bus messages: the header and what stands in it. (D-Bus specification, "Message Format") */
import { WireReader } from './wire-reader.ts';
import { isInterfaceName, isMemberName, isObjectPath, WIRE_LIMITS } from './wire-types.ts';
import { WireWriter } from './wire-writer.ts';

export const MESSAGE_TYPE = { call: 1, reply: 2, error: 3, signal: 4 } as const;
export const FLAG = { noReplyExpected: 1, noAutoStart: 2 } as const;

const FIELD = {
  path: 1,
  interface: 2,
  member: 3,
  errorName: 4,
  replySerial: 5,
  destination: 6,
  sender: 7,
  signature: 8,
} as const;
const HEADER_BYTES = 16;
const LITTLE_ENDIAN = 0x6c;
const BIG_ENDIAN = 0x42;
const PROTOCOL_VERSION = 1;

/** What a message says about itself. Strings that it does not have are empty, numbers 0. */
export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly serial: number;
  readonly replySerial: number;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly errorName: string;
  readonly sender: string;
  readonly signature: string;
  /** Reads the body. Undefined when the message was longer than we take: its body was thrown away. */
  readonly body: WireReader | undefined;
}

/** A message that is none: what is wrong with it. */
export interface Malformed {
  readonly fault: string;
}

/** How long a message is and how long its header, from its first 16 bytes; `fault` when they are no header. */
export function measure(bytes: Buffer, at: number): { header: number; total: number } | Malformed {
  const endianness = bytes.readUInt8(at);
  if (endianness !== LITTLE_ENDIAN && endianness !== BIG_ENDIAN) return { fault: 'unknown byte order' };
  if (bytes.readUInt8(at + 3) !== PROTOCOL_VERSION) return { fault: 'unknown protocol version' };
  const little = endianness === LITTLE_ENDIAN;
  const body = little ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4);
  const fields = little ? bytes.readUInt32LE(at + 12) : bytes.readUInt32BE(at + 12);
  if (fields > WIRE_LIMITS.arrayBytes || body > WIRE_LIMITS.messageBytes) return { fault: 'impossible length' };
  const header = padded8(HEADER_BYTES + fields);
  return { header, total: header + body };
}

/** Reads a whole message, or (its body thrown away) its whole header. Never throws. */
export function parseMessage(bytes: Buffer): Message | Malformed {
  if (bytes.length < HEADER_BYTES) return { fault: 'message ends early' };
  const measured = measure(bytes, 0);
  if ('fault' in measured) return measured;
  const little = bytes[0] === LITTLE_ENDIAN;
  const type = bytes.readUInt8(1);
  const reader = new WireReader(bytes, 12, Math.min(measured.header, bytes.length), little);
  const fieldsEnd = reader.arrayEnd(8);
  let replySerial = 0;
  let path = '';
  let iface = '';
  let member = '';
  let errorName = '';
  let sender = '';
  let signature = '';
  while (reader.within(fieldsEnd)) {
    reader.align(8);
    switch (reader.byte()) {
      case FIELD.path:
        path = text(reader, 'o', likely.path);
        break;
      case FIELD.interface:
        iface = text(reader, 's', likely.iface);
        break;
      case FIELD.member:
        member = text(reader, 's', likely.member);
        break;
      case FIELD.errorName:
        errorName = text(reader, 's', likely.errorName);
        break;
      case FIELD.sender:
        sender = text(reader, 's', likely.sender);
        break;
      case FIELD.replySerial:
        if (reader.signature('u') === 'u') replySerial = reader.uint32();
        else reader.fail('header field of the wrong type');
        break;
      case FIELD.signature:
        if (reader.signature('g') === 'g') signature = reader.signature(likely.signature);
        else reader.fail('header field of the wrong type');
        break;
      default:
        reader.skipVariant();
    }
  }
  const serial = little ? bytes.readUInt32LE(8) : bytes.readUInt32BE(8);
  const missing = lacks(type, serial, replySerial, path, iface, member, errorName);
  if (missing !== undefined) reader.fail(missing);
  if (reader.fault !== undefined) return { fault: reader.fault };
  const body =
    bytes.length < measured.total ? undefined : new WireReader(bytes, measured.header, measured.total, little);
  const flags = bytes.readUInt8(2);
  likely = { path, iface, member, errorName, sender, signature };
  return { type, flags, serial, replySerial, path, interface: iface, member, errorName, sender, signature, body };
}

/** What the message before said of itself: the next one often says the same. */
let likely = { path: '', iface: '', member: '', errorName: '', sender: '', signature: '' };

function text(reader: WireReader, type: string, probably: string): string {
  if (reader.signature(type) !== type) reader.fail('header field of the wrong type');
  return reader.ascii(probably);
}

/** What a message of this type must have and this one has not. */
function lacks(
  type: number,
  serial: number,
  replySerial: number,
  path: string,
  iface: string,
  member: string,
  errorName: string,
): string | undefined {
  if (serial === 0) return 'message without a serial';
  switch (type) {
    case MESSAGE_TYPE.call:
      return path === '' || member === '' ? 'call without path or member' : undefined;
    case MESSAGE_TYPE.signal:
      return path === '' || iface === '' || member === '' ? 'signal without path, interface or member' : undefined;
    case MESSAGE_TYPE.reply:
      return replySerial === 0 ? 'reply to nothing' : undefined;
    case MESSAGE_TYPE.error:
      return replySerial === 0 || errorName === '' ? 'error without a name or to nothing' : undefined;
    default:
      return undefined;
  }
}

/** The header of a message to send. What is left out or empty is not sent. */
export interface Header {
  readonly type: number;
  readonly flags?: number;
  readonly path?: string;
  readonly interface?: string;
  readonly member?: string;
  readonly errorName?: string;
  readonly replySerial?: number;
  readonly destination?: string;
  readonly signature?: string;
}

/** One buffer serves all messages, as they are written one after the other. */
const shared = new WireWriter();
let sharedInUse = false;

/** Writes a message. @returns its bytes, or what is wrong with it */
export function encodeMessage(
  header: Header,
  serial: number,
  writeBody?: (writer: WireWriter) => void,
): Buffer | Malformed {
  // A text that is asked for while a body is written may itself send something.
  const writer = sharedInUse ? new WireWriter() : shared;
  const nested = sharedInUse;
  sharedInUse = true;
  try {
    writer.reset();
    writer.byte(LITTLE_ENDIAN);
    writer.byte(header.type);
    writer.byte(header.flags ?? 0);
    writer.byte(PROTOCOL_VERSION);
    writer.uint32(0);
    writer.uint32(serial);
    writeFields(writer, header);
    writer.align(8);
    const bodyAt = writer.at;
    writeBody?.(writer);
    if (writer.fault !== undefined) return { fault: writer.fault };
    writer.patch32(4, writer.at - bodyAt);
    return writer.taken();
  } finally {
    if (!nested) sharedInUse = false;
  }
}

function writeFields(writer: WireWriter, header: Header): void {
  const mark = writer.beginArray(8);
  const { path, interface: iface, member, errorName, replySerial, destination, signature } = header;
  if (path) {
    if (!isObjectPath(path)) writer.fail(`"${path}" is not an object path`);
    field(writer, FIELD.path, 'o', path);
  }
  if (iface) {
    if (!isInterfaceName(iface)) writer.fail(`"${iface}" is not an interface name`);
    field(writer, FIELD.interface, 's', iface);
  }
  if (member) {
    if (!isMemberName(member)) writer.fail(`"${member}" is not a member name`);
    field(writer, FIELD.member, 's', member);
  }
  if (errorName) field(writer, FIELD.errorName, 's', isInterfaceName(errorName) ? errorName : FALLBACK_ERROR);
  if (replySerial) {
    writer.align(8);
    writer.byte(FIELD.replySerial);
    writer.signature('u');
    writer.uint32(replySerial);
  }
  if (destination) field(writer, FIELD.destination, 's', destination);
  if (signature) {
    writer.align(8);
    writer.byte(FIELD.signature);
    writer.signature('g');
    writer.signature(signature);
  }
  writer.endArray(mark, 8);
}

/** Stands for an error name that is none: the caller must get an answer all the same. */
const FALLBACK_ERROR = 'org.freedesktop.DBus.Error.Failed';

function field(writer: WireWriter, code: number, type: string, value: string): void {
  writer.align(8);
  writer.byte(code);
  writer.signature(type);
  writer.string(value);
}

function padded8(length: number): number {
  return (length + 7) & -8;
}
