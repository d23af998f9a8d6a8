/**
 * Settings files of older versions: what was renamed, moved or counted otherwise since. One step a change of meaning,
 * run for every file that is older than the step, in this order. An update may be given up, and the version of before
 * runs with the file of the new one: a new step leaves the settings that it takes over where they are, under their old
 * names, for one more version.
 * Facts: the migrations of the settings program on gateways today, up to version 19.
 */
import type { Machine } from './machine.ts';
import { moveAnalogInputs, moveCgwacsDevices, nameCgwacsDevices } from './migrate-devices.ts';
import { SETTINGS_VERSION, versionOf } from './settings-xml.ts';
import type { XmlElement } from './xml.ts';
import { ensure, find, findAll, removeAt, renameChild, setSetting, tagOf, textAt } from './xml-path.ts';

/** What has to become of the password file, which is no part of the settings. */
export type PasswordFile = 'keep' | 'empty' | 'remove';

export interface Migration {
  readonly steps: string[];
  passwordFile: PasswordFile;
}

interface Step {
  readonly name: string;
  /** Files of a version below this need the step. */
  readonly below: number;
  run(root: XmlElement, machine: Machine, migration: Migration): void;
}

const STEPS: readonly Step[] = [
  { name: 'can-profile', below: 2, run: canProfile },
  {
    name: 'remote-support',
    below: 2,
    run: root => {
      if (textAt(root, 'System/RemoteSupport') === '1') setSetting(root, 'System/SSHLocal', 'i', 1);
    },
  },
  { name: 'mqtt', below: 3, run: mqtt },
  { name: 'remote-support-port', below: 4, run: root => removeAt(root, 'System/RemoteSupportPort') },
  { name: 'analog-integers', below: 6, run: analogIntegers },
  { name: 'fronius', below: 8, run: froniusInstances },
  { name: 'cgwacs-names', below: 8, run: nameCgwacsDevices },
  { name: 'cgwacs', below: 8, run: moveCgwacsDevices },
  { name: 'analog-inputs', below: 9, run: (root, machine) => moveAnalogInputs(root, machine.analogPins) },
  {
    name: 'fischer-panda',
    below: 11,
    run: root => {
      const enabled = find(root, 'FischerPanda0/AutoStartEnabled');
      if (enabled === undefined) return;
      enabled.text = textAt(root, 'Services/FischerPandaAutoStartStop') === '1' ? '1' : '0';
      removeAt(root, 'Services/FischerPandaAutoStartStop');
    },
  },
  { name: 'genset', below: 12, run: root => renameChild(root, 'FischerPanda0', 'Generator1') },
  { name: 'analog-classes', below: 13, run: analogClasses },
  { name: 'vedirect-classes', below: 13, run: vedirectClasses },
  { name: 'security', below: 14, run: security },
  {
    name: 'broken-instances',
    below: 15,
    run: root => {
      for (const device of findAll(root, 'Devices/*'))
        if (find(device, 'ClassAndVrmInstance')?.attributes.size === 0) removeAt(device, 'ClassAndVrmInstance');
    },
  },
  {
    name: 'dess-limits',
    below: 18,
    run: root => {
      for (const name of ['GridImportLimit', 'GridExportLimit', 'BatteryDischargeLimit', 'BatteryChargeLimit'])
        find(root, `DynamicEss/${name}`)?.attributes.set('type', 'f');
    },
  },
  { name: 'brief-view', below: 17, run: briefView },
  {
    name: 'relay-polarity',
    below: 19,
    run: root => {
      for (const relay of ['Relay', 'Relay/_1']) {
        const polarity = find(root, `${relay}/Polarity`);
        if (polarity !== undefined && textAt(root, `${relay}/Function`) === '2') polarity.text = '0';
      }
    },
  },
];

/** Brings `root` to our version. Names the steps that ran. */
export function migrate(root: XmlElement, machine: Machine): Migration {
  const from = versionOf(root);
  const migration: Migration = { steps: [], passwordFile: 'keep' };
  for (const step of STEPS) {
    if (from >= step.below) continue;
    step.run(root, machine, migration);
    migration.steps.push(step.name);
  }
  root.attributes.set('version', String(SETTINGS_VERSION));
  return migration;
}

/** Removes what belongs to the devices of the machine that the file comes from. */
export function cleanForeign(root: XmlElement): void {
  for (const path of ['Devices', 'CanBms', 'Fronius/InverterIds', 'Fronius/Inverters', 'Victron/Products'])
    removeAt(root, path);
}

/** 0 off, 1 VE.Can, 3 BMS of LG RESU, 4 Oceanvolt. */
function canProfile(root: XmlElement, { canInterface }: Machine): void {
  if (canInterface === null || find(root, `Canbus/${canInterface}/Profile`) !== undefined) return;
  const on = (service: string) => textAt(root, `Services/${service}`) === '1';
  const off = textAt(root, 'Services/VeCan') === '0';
  const profile = on('LgResu') ? 3 : on('OceanvoltMotorDrive') || on('OceanvoltValence') ? 4 : off ? 0 : 1;
  setSetting(root, `Canbus/${canInterface}/Profile`, 'i', profile);
  for (const service of ['LgResu', 'OceanvoltMotorDrive', 'OceanvoltValence', 'VeCan'])
    removeAt(root, `Services/${service}`);
}

function mqtt(root: XmlElement): void {
  if (find(root, 'Services') === undefined) return;
  const local = textAt(root, 'Services/Mqtt') === '1';
  const vrm = local || textAt(root, 'Services/Vrmpubnub') === '1';
  setSetting(root, 'Services/MqttLocal', 'i', Number(local));
  setSetting(root, 'Services/MqttLocalInsecure', 'i', Number(local));
  setSetting(root, 'Services/MqttVrm', 'i', Number(vrm));
  removeAt(root, 'Services/Mqtt');
  removeAt(root, 'Services/Vrmpubnub');
}

/** Integers that were kept as floats get a `2` behind their name. */
function analogIntegers(root: XmlElement): void {
  const paths = [
    'AnalogInput/Resistive/*/Function',
    'AnalogInput/Temperature/*/Function',
    'Tank/*/FluidType',
    'Tank/*/Standard',
    'Temperature/*/TemperatureType',
  ];
  const whole = (text: string | null | undefined) => String(Math.trunc(Number(text ?? '0')) || 0);
  for (const path of paths) {
    const slash = path.lastIndexOf('/');
    for (const group of findAll(root, path.slice(0, slash))) {
      const setting = find(group, path.slice(slash + 1));
      if (setting === undefined) continue;
      setting.text = whole(setting.text);
      setting.attributes.set('type', 'i');
      for (const name of ['min', 'max', 'default']) setting.attributes.set(name, whole(setting.attributes.get(name)));
      renameChild(group, setting.tag, `${setting.tag}2`);
    }
  }
}

/** PV inverters had their instance by their place in the list, from 20. */
function froniusInstances(root: XmlElement): void {
  ensure(root, 'Devices');
  const ids = textAt(root, 'Fronius/InverterIds');
  if (ids === '') return;
  ids.split(',').forEach((id, index) => {
    const name = id.trim();
    if (/^\w+$/.test(name))
      setSetting(root, `Devices/${tagOf(name)}/ClassAndVrmInstance`, 's', `pvinverter:${20 + index}`);
  });
}

/** Sensors of the class `analog` become tanks and temperatures, by the settings that they have. */
function analogClasses(root: XmlElement): void {
  for (const device of findAll(root, 'Devices/*')) {
    const instance = find(device, 'ClassAndVrmInstance');
    if (instance?.text?.startsWith('analog:') !== true) continue;
    const has = (name: string) => find(device, name) !== undefined || find(device, `${name}2`) !== undefined;
    if (has('FluidType')) changeClass(root, instance, 'tank');
    else if (has('TemperatureType')) changeClass(root, instance, 'temperature');
  }
}

/** `com.victronenergy.battery:1` → `battery:1` */
function vedirectClasses(root: XmlElement): void {
  const prefix = 'com.victronenergy.';
  for (const instance of findAll(root, 'Devices/*/ClassAndVrmInstance'))
    if (instance.text?.startsWith(prefix) === true)
      changeClass(root, instance, instance.text.slice(prefix.length).split(':')[0] ?? '');
}

/** Another class with the same number, or the next one that is free. */
function changeClass(root: XmlElement, instance: XmlElement, className: string): void {
  const [oldClass = '', number = ''] = (instance.text ?? '').split(':');
  if (!/^\d+$/.test(number)) return;
  const fallback = instance.attributes.get('default');
  if (fallback !== undefined) instance.attributes.set('default', fallback.replace(`${oldClass}:`, `${className}:`));
  const taken = new Set(
    findAll(root, 'Devices/*/ClassAndVrmInstance').map(one => (one === instance ? null : one.text)),
  );
  let next = Number(number);
  while (taken.has(`${className}:${next}`)) next++;
  instance.text = `${className}:${next}`;
}

const VRM_PORTAL = { off: 0, readOnly: 1, full: 2 } as const;
const SECURITY = { weak: 1, unsecured: 2, indeterminate: 3 } as const;

/** Remote console, MQTT and VRM had switches of their own; now a security profile and the VRM mode say it all. */
function security(root: XmlElement, machine: Machine, migration: Migration): void {
  const isOn = (path: string) => Number.parseInt(textAt(root, path), 10) === 1;
  const logMode = Number.parseInt(textAt(root, 'Vrmlogger/Logmode'), 10);
  let portal: number = VRM_PORTAL.full;
  if (logMode === 0) portal = VRM_PORTAL.off;
  else if (!Number.isNaN(logMode) && !isOn('Services/MqttVrm')) portal = VRM_PORTAL.readOnly;
  removeAt(root, 'Vrmlogger/Logmode');
  removeAt(root, 'Services/MqttVrm');

  let profile: number = SECURITY.indeterminate;
  if (isOn('System/VncLocal')) profile = machine.passwordSet ? SECURITY.weak : SECURITY.unsecured;
  // Without a password there was no console in the local network: an empty file would open it.
  else if (!machine.passwordSet) migration.passwordFile = 'remove';
  if (isOn('System/VncInternet')) {
    setSetting(root, 'System/VncLocal', 'i', 1);
    portal = VRM_PORTAL.full;
  }
  // The local broker knew no passwords: who used it must still get in.
  if (isOn('Services/MqttLocal') || isOn('Services/MqttLocalInsecure')) {
    profile = SECURITY.unsecured;
    migration.passwordFile = 'empty';
  }
  removeAt(root, 'Services/MqttLocalInsecure');
  setSetting(root, 'System/SecurityProfile', 'i', profile);
  setSetting(root, 'Network/VrmPortal', 'i', portal);
}

/** The levels of the brief view move to the new user interface, unless they are all as they came. */
function briefView(root: XmlElement): void {
  ensure(root, 'Gui2/BriefView/Level');
  const levels = findAll(root, 'Gui/BriefView/Level/*');
  if (levels.some(level => level.text !== (level.attributes.get('default') ?? null)))
    for (const level of levels) setSetting(root, `Gui2/BriefView/Level/${level.tag}`, 's', level.text ?? '');
  removeAt(root, 'Gui/BriefView/Level');
}
