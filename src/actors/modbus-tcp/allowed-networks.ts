/** The list of networks that may connect: `192.168.1.0/24, 10.0.0.5, fd00::/8`. An empty list lets everybody in. */
import { MODBUS_TCP_LIMITS } from './limits.ts';

/** An address as its bytes: 4 or 16. */
type AddressBytes = readonly number[];

interface Network {
  readonly address: AddressBytes;
  /** Bits of the address that count. */
  readonly bits: number;
}

export interface AllowedNetworks {
  /** Entries that are no network; they let nobody in. */
  readonly wrong: readonly string[];
  allows(address: string): boolean;
}

/** Reads the list; entries are parted by commas or blanks. Of a list with wrong entries only, nobody is let in. */
export function allowedNetworks(list: string): AllowedNetworks {
  const entries = list.split(/[\s,]+/).filter(entry => entry !== '');
  if (entries.length === 0) return { wrong: [], allows: () => true };
  const wrong = entries.slice(MODBUS_TCP_LIMITS.networks);
  const networks: Network[] = [];
  for (const entry of entries.slice(0, MODBUS_TCP_LIMITS.networks)) {
    const network = parseNetwork(entry);
    if (network === undefined) wrong.push(entry);
    else networks.push(network);
  }
  return {
    wrong,
    allows: text => {
      const address = parseAddress(text);
      return address !== undefined && networks.some(network => contains(network, address));
    },
  };
}

function contains({ address, bits }: Network, other: AddressBytes): boolean {
  if (address.length !== other.length) return false;
  return address.every((byte, i) => {
    const counting = Math.min(8, Math.max(0, bits - 8 * i));
    const mask = (0xff << (8 - counting)) & 0xff;
    return (byte & mask) === ((other[i] ?? 0) & mask);
  });
}

function parseNetwork(entry: string): Network | undefined {
  const [text = '', bitsText, ...rest] = entry.split('/');
  const address = parseAddress(text);
  if (address === undefined || rest.length > 0) return undefined;
  const all = 8 * address.length;
  if (bitsText === undefined) return { address, bits: all };
  if (!/^\d{1,3}$/.test(bitsText) || Number(bitsText) > all) return undefined;
  return { address, bits: Number(bitsText) };
}

/** The bytes of an IPv4 or IPv6 address; undefined for anything else. A zone (`%eth0`) is left aside. */
function parseAddress(text: string): AddressBytes | undefined {
  const address = text.split('%', 1)[0] ?? '';
  return address.includes(':') ? parseV6(address) : parseV4(address);
}

function parseV4(text: string): AddressBytes | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.every(byte => byte <= 255) ? bytes : undefined;
}

function parseV6(text: string): AddressBytes | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = [groups(halves[0] ?? ''), groups(halves[1] ?? '')];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = [...head, ...Array.from({ length: Math.max(0, missing) }, () => 0), ...tail];
  return all.flatMap(group => [group >> 8, group & 0xff]);
}

/** `fe80:1` → its 16-bit groups; an IPv4 address at the end is two of them. */
function groups(text: string): number[] | undefined {
  if (text === '') return [];
  const found: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    const v4 = i === parts.length - 1 ? parseV4(part) : undefined;
    if (v4 !== undefined) {
      const [a = 0, b = 0, c = 0, d = 0] = v4;
      found.push((a << 8) | b, (c << 8) | d);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) found.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return found;
}
