/** A guest that is updated: what it runs, what it keeps, and how an update is put on it. */
import assert from 'node:assert/strict';
import type { Bench } from './bench.ts';
import { call, getItem, owns, untilItem, write } from './commands.ts';
import type { Guest } from './guest.ts';

const SETTINGS = 'com.victronenergy.settings';
const SETTING = '/Settings/UpdateTest/Number';
/** Where the disk with the updates is mounted. */
const FOLDER = '/run/updates';

/** From power on, or a new start, to settings on the bus; it may take long on a machine that is busy. */
export async function untilSettings(guest: Guest): Promise<void> {
  await guest.until(/gxd-image bus at/);
  await guest.openShell();
  await guest.run(`until ${owns(SETTINGS)}; do sleep 1; done`);
}

export interface Running {
  readonly version: string;
  readonly slot: string;
  /** Of the boot loader's environment. */
  readonly environment: ReadonlyMap<string, string>;
}

export async function running(guest: Guest): Promise<Running> {
  const out = await guest.run(`cat /etc/gxd/version; sed 's/.*slot=//' /proc/cmdline; fw_printenv`);
  const [version = '', device = '', ...lines] = out.split('\n').map(line => line.trim());
  const variables = lines.filter(line => line.includes('=')).map(line => line.split('=', 2) as [string, string]);
  return { version, slot: device.slice(-1), environment: new Map(variables) };
}

/** A setting whose value must survive everything. */
export async function keepNumber(guest: Guest, value: number): Promise<void> {
  const add = ['string:UpdateTest', 'string:Number', 'variant:int32:0', 'string:i'];
  const limits = ['variant:int32:0', 'variant:int32:0'];
  await guest.run(call(SETTINGS, '/Settings', 'com.victronenergy.Settings.AddSetting', ...add, ...limits));
  await write(guest, SETTINGS, SETTING, value);
}

export async function checkNumber(guest: Guest, value: number): Promise<void> {
  assert.match(await guest.run(getItem(SETTINGS, SETTING)), new RegExp(`int32 ${value}$`, 'm'));
}

export async function mountUpdates(guest: Guest): Promise<void> {
  await guest.run(`mkdir -p ${FOLDER} && mount -o ro /dev/vdb ${FOLDER}`);
}

export function updateCommand(file: string, ...options: string[]): string {
  return ['gxd-update', ...options, `${FOLDER}/${file}`].join(' ');
}

/** Installs an update that is to be taken. @returns seconds that it took in the guest */
export async function install(guest: Guest, file: string, ...options: string[]): Promise<number> {
  const began = await guest.uptime();
  const { code, out } = await guest.tell(updateCommand(file, ...options));
  if (code !== 0) throw new Error(`${out}\n${await guest.run('tail -n 30 /run/gxd-update.log')}`);
  return (await guest.uptime()) - began;
}

/** Starts the guest again, to the settings of the system that is to come up then. */
export async function restart({ guest }: Bench, slot: number): Promise<void> {
  await guest.run('reboot');
  await guest.until(new RegExp(`gxd-boot slot ${slot} `));
  await untilSettings(guest);
}

/** gxd is all there, and not in safe mode. */
export async function checkWhole(guest: Guest): Promise<void> {
  await untilItem(guest, 'com.victronenergy.gxd', '/SafeMode', /int32 0/);
}
