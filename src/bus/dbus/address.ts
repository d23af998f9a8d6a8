/** Where the bus is: D-Bus addresses, as DBUS_SYSTEM_BUS_ADDRESS holds them. */
import { Fault } from '../../kernel/fault.ts';

export const SYSTEM_BUS_ADDRESS = 'unix:path=/var/run/dbus/system_bus_socket';

/** One place to connect to. An abstract socket is a path that starts with NUL. */
export type BusAddress =
  | { readonly transport: 'unix'; readonly path: string }
  | { readonly transport: 'tcp'; readonly host: string; readonly port: number };

/** Alternatives in one address at most. */
const ALTERNATIVES = 8;
const ADDRESS_CHARS = 1024;

/** The address of the system bus in this environment. */
export function systemBusAddress(environment: Readonly<Record<string, string | undefined>>): string {
  return environment['DBUS_SYSTEM_BUS_ADDRESS'] || SYSTEM_BUS_ADDRESS;
}

/**
 * Reads `unix:path=…`, `unix:abstract=…` and `tcp:host=…,port=…`, several parted by `;`, values percent-encoded.
 * Alternatives of another kind are passed over. Throws a Fault (configuration) when none is left.
 */
export function parseAddress(text: string): readonly BusAddress[] {
  if (text.length > ADDRESS_CHARS) throw new Fault('configuration', 'the bus address is too long');
  const found: BusAddress[] = [];
  let reason = 'it is empty';
  for (const part of text.split(';').slice(0, ALTERNATIVES)) {
    if (part === '') continue;
    const address = parseOne(part);
    if (typeof address === 'string') reason = address;
    else found.push(address);
  }
  if (found.length === 0) throw new Fault('configuration', `bus address "${text}": ${reason}`);
  return found;
}

/** How a person reads it. */
export function showAddress(address: BusAddress): string {
  if (address.transport === 'tcp') return `tcp:host=${address.host},port=${address.port}`;
  return address.path.startsWith('\0') ? `unix:abstract=${address.path.slice(1)}` : `unix:path=${address.path}`;
}

/** @returns the address, or what is wrong with it */
function parseOne(text: string): BusAddress | string {
  const colon = text.indexOf(':');
  if (colon < 0) return 'it has no transport (unix:, tcp:)';
  const options = new Map<string, string>();
  for (const option of text.slice(colon + 1).split(',')) {
    const equals = option.indexOf('=');
    const value = equals > 0 ? decoded(option.slice(equals + 1)) : undefined;
    if (value === undefined) return `"${option}" is not key=value`;
    options.set(option.slice(0, equals), value);
  }
  const transport = text.slice(0, colon);
  if (transport === 'tcp') {
    const port = Number(options.get('port'));
    if (!Number.isInteger(port) || port < 1 || port > 65535) return 'tcp: needs a port from 1 to 65535';
    return { transport, host: options.get('host') || 'localhost', port };
  }
  if (transport !== 'unix') return `the transport ${transport}: is not known`;
  const path = options.get('path');
  const abstract = options.get('abstract');
  if (path) return { transport, path };
  if (abstract) return { transport, path: `\0${abstract}` };
  return 'unix: needs path= or abstract=';
}

/** Percent-decoding; undefined when it is not well-formed or holds a NUL. */
function decoded(text: string): string | undefined {
  try {
    const value = decodeURIComponent(text);
    return value.includes('\0') ? undefined : value;
  } catch {
    // decodeURIComponent throws for nothing else than bad encoding.
    return undefined;
  }
}
