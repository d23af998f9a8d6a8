/** What is asked of the bus inside a guest, as commands of its shell. */
import { Guest } from './guest.ts';

/** Until something has happened in the guest, in its seconds. */
const PATIENCE_S = 30;
const LOG = '/data/log/gxd/current';
const ITEM = 'com.victronenergy.BusItem';

export function call(service: string, path: string, member: string, ...rest: string[]): string {
  return `dbus-send --system --print-reply=literal --dest=${service} ${path} ${member} ${rest.join(' ')}`;
}

/** A method of the bus daemon. */
export function daemon(member: string, ...rest: string[]): string {
  return call('org.freedesktop.DBus', '/org/freedesktop/DBus', `org.freedesktop.DBus.${member}`, ...rest);
}

export function getItem(service: string, path: string): string {
  return call(service, path, `${ITEM}.GetValue`);
}

/** @param value an int32, or a word of the shell that stands for one */
export function setItem(service: string, path: string, value: number | string): string {
  return call(service, path, `${ITEM}.SetValue`, `variant:int32:${value}`);
}

/** Succeeds when a name is on the bus. */
export function owns(name: string): string {
  return `${daemon('NameHasOwner', `string:${name}`)} | grep -q true`;
}

/** Waits for a name's owner, or until there is none. @returns when, seconds since the kernel began */
export async function untilOwned(guest: Guest, name: string, owned = true): Promise<number> {
  const out = await guest.run(
    `n=0; ${owned ? 'until' : 'while'} ${owns(name)}; do sleep 1; n=$((n+1)); [ $n -lt ${PATIENCE_S} ] || break; done; cat /proc/uptime; [ $n -lt ${PATIENCE_S} ] || { tail -n 40 ${LOG}; false; }`,
  );
  return Guest.uptimes(out)[0] ?? Number.NaN;
}

/** Waits for a name that is like `pattern`, in the words of the guest's `grep`. @returns the name */
export async function untilNamed(guest: Guest, pattern: string): Promise<string> {
  const out = await guest.run(
    `n=0; until ${daemon('ListNames')} | grep -o '${pattern}'; do sleep 1; n=$((n+1)); [ $n -lt ${PATIENCE_S} ] || { tail -n 20 ${LOG}; false; break; }; done`,
  );
  return out.split('\n').at(-1) ?? '';
}

/**
 * Waits until an item reads as `pattern` says, which the guest's `grep -E` must know too.
 * Rejects when it does not in time.
 */
export async function untilItem(guest: Guest, service: string, path: string, pattern: RegExp): Promise<string> {
  const get = getItem(service, path);
  const out = await guest.run(
    `n=0; until ${get} | grep -E '${pattern.source}'; do sleep 1; n=$((n+1)); [ $n -lt ${PATIENCE_S} ] || { ${get}; tail -n 20 ${LOG}; false; break; }; done`,
  );
  return pattern.exec(out)?.[0] ?? '';
}

/** Writes an item; rejects when it does not answer 0. */
export async function write(guest: Guest, service: string, path: string, value: number): Promise<void> {
  const out = await guest.run(setItem(service, path, value));
  if (!/int32 0/.test(out)) throw new Error(`${service} ${path} does not take ${value}: ${out}`);
}

export async function pidOfGxd(guest: Guest): Promise<string> {
  return (await guest.run('pidof gxd')).trim();
}

/** From power on to settings on the bus. */
export async function untilUp(guest: Guest): Promise<void> {
  await guest.until(/gxd-image bus at/);
  await guest.openShell();
  await untilOwned(guest, 'com.victronenergy.settings');
}
