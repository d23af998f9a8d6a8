/** What udev and the kernel know of a serial port: /run/udev/data, and /sys where udev keeps nothing. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { PortFacts } from '../ports/serial-ports.ts';

/** Folders between a port and its USB device. */
const CLIMB_LIMIT = 6;
const FIELD_CHARS = 128;

export interface SystemFolders {
  readonly udev: string;
  readonly sys: string;
}

const FOLDERS: SystemFolders = { udev: '/run/udev/data', sys: '/sys' };

/** @param path of the device. Never rejects: what cannot be read is left out. */
export async function udevFacts(path: string, folders: SystemFolders = FOLDERS): Promise<PortFacts> {
  const number = await deviceNumber(path);
  const text = number === undefined ? undefined : await contentOf(join(folders.udev, number));
  const properties = udevProperties(text ?? '');
  const fromSys = await sysFacts(basename(path), folders.sys);
  return { ...fromSys, ...factsOf(properties) };
}

/** Lines `E:NAME=value` of a udev database file. */
export function udevProperties(text: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^E:([A-Z0-9_]+)=(.*)$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined && match[2] !== '')
      properties.set(match[1], match[2].slice(0, FIELD_CHARS));
  }
  return properties;
}

function factsOf(properties: ReadonlyMap<string, string>): PortFacts {
  const of = (name: string, key: keyof PortFacts): PortFacts => {
    const value = properties.get(name);
    return value === undefined ? {} : { [key]: value };
  };
  return {
    ...(properties.get('ID_BUS') === 'usb' ? { bus: 'usb' as const } : {}),
    ...of('ID_MODEL', 'product'),
    ...of('ID_VENDOR_ID', 'vendorId'),
    ...of('ID_MODEL_ID', 'productId'),
    ...of('ID_SERIAL_SHORT', 'serial'),
    ...of('VE_SERVICE', 'veService'),
    ...of('VE_PRODUCT', 'veProduct'),
  };
}

/** `c188:0`; undefined for what is no device, or a pseudo terminal. */
async function deviceNumber(path: string): Promise<string | undefined> {
  try {
    const { rdev } = await stat(path);
    // Major and minor as Linux packs them.
    const major = (rdev >>> 8) & 0xfff;
    const minor = (rdev & 0xff) | ((rdev >>> 12) & 0xfff00);
    return rdev === 0 ? undefined : `c${major}:${minor}`;
  } catch {
    // It has gone already.
    return undefined;
  }
}

async function sysFacts(tty: string, sys: string): Promise<PortFacts> {
  let folder: string;
  try {
    folder = await realpath(join(sys, 'class/tty', tty, 'device'));
  } catch {
    // A pseudo terminal, or no /sys.
    return {};
  }
  for (let i = 0; i < CLIMB_LIMIT && folder.startsWith(sys); i++, folder = dirname(folder)) {
    const vendorId = await contentOf(join(folder, 'idVendor'));
    if (vendorId === undefined) continue;
    const [productId, product, serial] = await Promise.all(
      ['idProduct', 'product', 'serial'].map(name => contentOf(join(folder, name))),
    );
    return {
      bus: 'usb',
      vendorId,
      ...(productId === undefined ? {} : { productId }),
      ...(product === undefined ? {} : { product: product.replace(/\s+/g, '_') }),
      ...(serial === undefined ? {} : { serial }),
    };
  }
  return { bus: 'platform' };
}

async function contentOf(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    // Not every device has it.
    return undefined;
  }
}
