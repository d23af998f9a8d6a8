import type { Value } from '../../../schema/row.ts';
import type { SettingRow } from '../../../schema/setting-row.ts';
import { type Maybe, times } from '../arithmetic.ts';
import { jsonText } from '../json-text.ts';
import type { Outcome } from '../outcome.ts';
import type { Picture, SeenDevice } from '../picture.ts';
import { defineTopic } from '../topic.ts';

/** Power above which a battery counts as charging, below the negative of which as discharging. Watts. */
const IDLE_POWER = 30;
const NAMES = ['/CustomName', '/ProductName'];
const MAIN = ['/Dc/0/Voltage', '/Dc/0/Current', '/Dc/0/Power', '/Dc/0/Temperature', '/Soc', '/TimeToGo'];
const STARTER = ['/StarterVoltage'];

/** One battery that a device measures. */
interface Tap {
  readonly device: SeenDevice;
  /** The output or input that measures it; null for the device as a whole. */
  readonly channel: number | null;
  /** `main` has all values, `channel` those of one output, `starter` only a voltage. */
  readonly kind: 'main' | 'channel' | 'starter';
}

/** All batteries, for display. */
export const batteries = defineTopic<undefined, { listed: string[]; active: string | null }>({
  name: 'batteries',
  about:
    'All batteries that devices measure: monitors and their starter batteries, outputs of chargers, inverter/chargers, starter batteries of generator sets. The user chooses which are listed; monitors are to begin with.',
  reads: {
    devices: {
      battery: [...NAMES, ...MAIN, '/State', '/Dc/1/Voltage', '/Dc/1/Current', '/Dc/1/Power'],
      charger: [...NAMES, ...[0, 1, 2].flatMap(n => [`/Dc/${n}/Voltage`, `/Dc/${n}/Current`, `/Dc/${n}/Power`])],
      vebus: [...NAMES, ...MAIN],
      multi: [...NAMES, ...MAIN],
      inverter: [...NAMES, ...MAIN],
      genset: [...NAMES, ...STARTER],
      dcgenset: [...NAMES, ...STARTER, '/Dc/0/Voltage', '/Dc/0/Current', '/Dc/0/Power'],
    },
    own: ['/ActiveBatteryService'],
  },
  publishes: {
    '/Batteries': 'the batteries that the user wants to see, and the active battery monitor',
    '/AvailableBatteries': 'all batteries that could be listed, as JSON',
  },
  everyMs: 5_000,
  onBeatOnly: true,
  onArrivals: true,
  start: () => ({ listed: [], active: null }),
  compute(look, out, memory) {
    const active = look.ownText('/ActiveBatteryService');
    // Between the beats only a battery that has gone, or is no longer the monitor, counts: none may be shown as such.
    const isTrue = memory.listed.every(name => look.device(name) !== undefined);
    if (look.beats === 0 && isTrue && (memory.active === null || memory.active === active)) {
      out.keep('/Batteries', '/AvailableBatteries');
      return undefined;
    }
    const taps = look
      .inArrivalOrder('battery', 'charger', 'vebus', 'multi', 'inverter', 'genset', 'dcgenset')
      .flatMap(tapsOf);
    for (const tap of taps) addSettings(out, tap);
    const listed = taps.filter(tap => idOf(tap) === active || (isValid(tap) && isEnabled(look, tap)));
    out.set(
      '/Batteries',
      listed.map(tap => describeTap(look, tap, idOf(tap) === active)),
    );
    memory.listed = listed.map(tap => tap.device.name);
    memory.active = active;
    const available = taps
      .filter(isValid)
      .map(tap => [idOf(tap), { name: nameOf(tap.device), channel: tap.channel, type: tap.device.type }]);
    out.set('/AvailableBatteries', jsonText(Object.fromEntries(available)));
    return undefined;
  },
});

function tapsOf(device: SeenDevice): Tap[] {
  const channels = (...numbers: readonly number[]): Tap[] =>
    numbers.map(channel => ({ device, channel, kind: 'channel' }));
  switch (device.type) {
    case 'battery':
      return [{ device, channel: null, kind: 'main' }, ...channels(1)];
    case 'charger':
      return channels(0, 1, 2);
    case 'genset':
      return [{ device, channel: null, kind: 'starter' }];
    case 'dcgenset':
      return [...channels(0), { device, channel: null, kind: 'starter' }];
    default:
      return [{ device, channel: null, kind: 'main' }];
  }
}

/** `com.victronenergy.battery/256`, with the channel behind it when it is one. */
function idOf({ device, channel }: Tap): string {
  return channel === null ? device.id : `${device.id}/${channel}`;
}

function isValid({ device, channel, kind }: Tap): boolean {
  if (kind === 'starter') return device.number('/StarterVoltage') !== null;
  // An inverter/charger always stands for the battery it hangs on; an inverter does when it keeps the state of charge.
  if (device.type === 'vebus' || device.type === 'multi') return true;
  if (device.type === 'inverter') return device.number('/Soc') !== null;
  return device.number(`/Dc/${channel ?? 0}/Voltage`) !== null;
}

function settingPath(tap: Tap, name: string): string {
  return `/Settings/SystemSetup/Batteries/Configuration/${idOf(tap).replaceAll('.', '_')}/${name}`;
}

function addSettings(out: Outcome, tap: Tap): void {
  const shown = tap.device.type === 'battery' && tap.kind === 'main' ? 1 : 0;
  const rows: SettingRow[] = [
    { path: settingPath(tap, 'Service'), type: 's', default: idOf(tap) },
    { path: settingPath(tap, 'Name'), type: 's', default: '' },
    { path: settingPath(tap, 'Enabled'), type: 'i', default: shown, min: 0, max: 1 },
  ];
  for (const row of rows) out.addSetting(row);
}

function isEnabled(look: Picture, tap: Tap): boolean {
  const enabled = look.addedSetting(settingPath(tap, 'Enabled'));
  return enabled === null ? tap.device.type === 'battery' && tap.kind === 'main' : enabled === 1;
}

function nameOf(device: SeenDevice): string | null {
  const given = device.text('/CustomName');
  return given === null || given === '' ? device.text('/ProductName') : given;
}

function describeTap(look: Picture, tap: Tap, isActive: boolean): Value {
  const { device, channel, kind } = tap;
  const given = look.addedSetting(settingPath(tap, 'Name'));
  const common = {
    id: kind === 'channel' ? `${device.name}:${channel}` : device.name,
    name: typeof given === 'string' && given !== '' ? given : nameOf(device),
    active_battery_service: Number(isActive),
  };
  if (kind === 'starter')
    return present({ ...common, instance: device.instance, voltage: device.number('/StarterVoltage') });
  const group = `/Dc/${channel ?? 0}`;
  const voltage = device.number(`${group}/Voltage`);
  const current = device.number(`${group}/Current`);
  const told = device.number(`${group}/Power`);
  const electric = { voltage, current, power: told === null || told === 0 ? (times(voltage, current) ?? told) : told };
  if (kind === 'channel') return present({ ...common, ...electric });
  return present({
    ...common,
    ...electric,
    instance: device.instance,
    temperature: device.number('/Dc/0/Temperature'),
    soc: device.number('/Soc'),
    timetogo: device.number('/TimeToGo'),
    bmsstate: device.type === 'battery' ? device.number('/State') : null,
    state: chargeState(told),
  });
}

/** 0 idle, 1 charging, 2 discharging. */
function chargeState(power: Maybe): Maybe {
  if (power === null) return null;
  return power > IDLE_POWER ? 1 : power < -IDLE_POWER ? 2 : 0;
}

function present(entries: { readonly [key: string]: Value }): Value {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== null));
}
