/**
 * The instance of a device, kept by the settings service under the name of the device, so that it stays the same on
 * every port and over every restart (fact sheet serial-starter, section 6).
 */
import type { GatewayContext } from '../bus/gateway-context.ts';
import { type PublishedService, SET_DONE, SET_REFUSED } from '../bus/published-service.ts';
import { SETTINGS_SERVICE, type SettingsOf } from '../bus/settings-client.ts';
import type { Owned } from '../kernel/actor.ts';
import type { SettingRow } from '../schema/setting-row.ts';
import { deviceSettings } from '../schema/settings/devices.ts';

/** Without an answer of the settings service for so long the proposed instance is taken. */
const SETTINGS_MS = 800;
/** Devices remembered by one actor; those beyond get what is proposed. */
const DEVICE_LIMIT = 200;
const CLASS_AND_INSTANCE = /^([a-z]+):(\d{1,6})$/;

type Declared = SettingsOf<'place' | 'name'>;

/** Settings are declared once for each device, however often it comes and goes. */
const declaredBy = new WeakMap<GatewayContext, Map<string, Promise<Declared>>>();

/** What the settings say of a device. */
export interface DeviceInstance {
  readonly instance: number;
  /** The name given by the user, for devices that keep none themselves. */
  readonly customName: string;
  /** Keeps a name. @returns whether it was taken */
  rename(name: string): Promise<boolean>;
  /** Asks for another instance: `onChange` tells which one it got. @returns whether it was taken */
  move(instance: number): Promise<boolean>;
  /** Calls the listener when somebody gives the device another instance. */
  onChange(listener: (instance: number) => void): Owned;
}

/**
 * @param device unique, the same on every start, fit for a path: `vedirect_HQ1419K5H9C`
 * @param type the type of its service: `battery`
 * @param proposed the instance by its port
 * @returns what the settings service says, or the proposal when there is none in time; never rejects
 */
export async function deviceInstance(
  context: GatewayContext,
  device: string,
  type: string,
  proposed: number,
): Promise<DeviceInstance> {
  const declaring = declare(context, pathSafe(device), type, proposed);
  const declared = await inTime(context, declaring);
  if (declared === undefined) return withoutSettings(context, proposed, declaring);
  const [, kind, instance = proposed] = CLASS_AND_INSTANCE.exec(declared.string('place')) ?? [];
  // The device has become one of another class: a shunt that was set to measure something else.
  if (kind !== type) context.spawn(declared.set('place', `${type}:${instance}`));
  return {
    instance: Number(instance),
    customName: declared.string('name'),
    rename: async name => (await declared.set('name', name)).ok,
    move: async wanted => (await declared.set('place', `${type}:${wanted}`)).ok,
    onChange: listener => onPlace(declared, listener),
  };
}

/** Lets clients name a device that keeps no name itself. */
export function letRename(service: Pick<PublishedService, 'onWriteAny' | 'setAny'>, known: DeviceInstance): void {
  service.onWriteAny('/CustomName', async name => {
    if (typeof name !== 'string' || !(await known.rename(name))) return SET_REFUSED;
    service.setAny('/CustomName', name);
    return SET_DONE;
  });
}

function onPlace(declared: Declared, listener: (instance: number) => void): Owned {
  return declared.onChange((key, value) => {
    const match = key === 'place' ? CLASS_AND_INSTANCE.exec(String(value)) : null;
    if (match !== null) listener(Number(match[2]));
  });
}

/** What is proposed, until a settings service comes after all: then its instance is told as a change. */
function withoutSettings(
  context: GatewayContext,
  proposed: number,
  declaring: Promise<Declared> | undefined,
): DeviceInstance {
  return {
    instance: proposed,
    customName: '',
    rename: () => Promise.resolve(false),
    move: () => Promise.resolve(false),
    onChange: listener => {
      let watch: Owned | undefined;
      let released = false;
      const late = declaring?.then(declared => {
        if (released) return;
        const instance = CLASS_AND_INSTANCE.exec(declared.string('place'))?.[2];
        if (instance !== undefined && Number(instance) !== proposed) listener(Number(instance));
        watch = onPlace(declared, listener);
      });
      if (late !== undefined) context.spawn(late);
      return {
        release: () => {
          released = true;
          void watch?.release();
        },
      };
    },
  };
}

/** Undefined when there are too many devices. */
function declare(
  context: GatewayContext,
  device: string,
  type: string,
  proposed: number,
): Promise<Declared> | undefined {
  let devices = declaredBy.get(context);
  if (devices === undefined) {
    devices = new Map();
    declaredBy.set(context, devices);
  }
  const known = devices.get(device);
  if (known !== undefined || devices.size >= DEVICE_LIMIT) return known;
  const [place, name] = deviceSettings(device, type, proposed) as readonly [SettingRow, SettingRow]; // its two rows
  const declared = context.settings.declare({ place, name });
  devices.set(device, declared);
  return declared;
}

function inTime(context: GatewayContext, declared: Promise<Declared> | undefined): Promise<Declared | undefined> {
  if (declared === undefined) return Promise.resolve(undefined);
  // A settings service that is not there at all is waited for just as long: it may be starting beside us.
  const waitMs = context.world.service(SETTINGS_SERVICE) === undefined ? SETTINGS_MS / 2 : SETTINGS_MS;
  return new Promise((resolve, reject) => {
    const timer = context.clock.after(waitMs, () => resolve(undefined));
    declared.then(settings => {
      timer.cancel();
      resolve(settings);
    }, reject);
  });
}

/** What cannot stand in a path becomes an underscore. */
function pathSafe(text: string): string {
  return text.replace(/[^A-Za-z0-9_]/g, '_').slice(0, 64);
}
