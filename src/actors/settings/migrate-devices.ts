/** Migrations of settings that moved below `/Settings/Devices`, one group a device. */
import type { Machine } from './machine.ts';
import type { XmlElement } from './xml.ts';
import { addSetting, ensure, find, findAll, removeAt, renameChild, tagOf, textAt } from './xml-path.ts';

/** Energy meters without the prefix `cgwacs_` get it, so that their counters are not lost. */
export function nameCgwacsDevices(root: XmlElement): void {
  const devices = find(root, 'Devices');
  if (devices === undefined) return;
  for (const id of textAt(root, 'CGwacs/DeviceIds').split(',')) {
    if (!/^[A-Za-z]\w*$/.test(id)) continue;
    renameChild(devices, id, `cgwacs_${id}`);
    renameChild(devices, `${id}_S`, `cgwacs_${id}_S`);
  }
}

/** Settings of energy meters, from `/Settings/CGwacs/Devices/D<serial>`. */
export function moveCgwacsDevices(root: XmlElement): void {
  const devices = ensure(root, 'Devices');
  for (const old of findAll(root, 'CGwacs/Devices/*')) {
    const name = `cgwacs_${old.tag.slice(1)}`;
    const type = Number.parseInt(textAt(old, 'DeviceType'), 10);
    const threePhase = (type >= 71 && type <= 73) || (type >= 340 && type <= 345);
    addSetting(
      devices,
      `${name}/ClassAndVrmInstance`,
      's',
      `${textAt(old, 'ServiceType')}:${textAt(old, 'DeviceInstance')}`,
    );
    addSetting(devices, `${name}/SupportMultiphase`, 'i', Number(threePhase));
    for (const [from, to, kind] of [
      ['CustomName', 'CustomName', 's'],
      ['L1ReverseEnergy', 'L1ReverseEnergy', 'f'],
      ['L2ReverseEnergy', 'L2ReverseEnergy', 'f'],
      ['L3ReverseEnergy', 'L3ReverseEnergy', 'f'],
      ['Position', 'Position', 'i'],
      ['IsMultiPhase', 'IsMultiphase', 'i'],
    ] as const)
      copy(old, from, devices, `${name}/${to}`, kind);
    // What was a second meter on L2 is a device of its own.
    addSetting(devices, `${name}_S/ClassAndVrmInstance`, 's', `pvinverter:${textAt(old, 'L2/DeviceInstance')}`);
    addSetting(devices, `${name}_S/Enabled`, 'i', Number(textAt(old, 'L2/ServiceType') === 'pvinverter'));
    copy(old, 'L2/Position', devices, `${name}_S/Position`, 'i');
    copy(old, 'L2/CustomName', devices, `${name}_S/CustomName`, 's');
  }
  removeAt(root, 'CGwacs/Devices');
}

function copy(old: XmlElement, from: string, devices: XmlElement, to: string, type: 'i' | 'f' | 's'): void {
  const text = textAt(old, from);
  if (text !== '') addSetting(devices, to, type, text);
}

/** Names that changed on the way. */
const ANALOG_NAMES: Readonly<Record<string, readonly [name: string, type: string]>> = {
  Function2: ['Function', 'i'],
  ResistanceWhenFull: ['RawValueFull', 'f'],
  ResistanceWhenEmpty: ['RawValueEmpty', 'f'],
};

/** Analog inputs, from three places by number or pin. Without a list of inputs nothing is touched. */
export function moveAnalogInputs(root: XmlElement, pins: Machine['analogPins']): void {
  if (pins === null) return;
  const devices = ensure(root, 'Devices');
  const move = (list: readonly string[], input: string, type: string): void => {
    list.forEach((pin, index) => {
      const device = ensure(devices, tagOf(`adc_builtin0_${pin}`));
      for (const path of [
        `AnalogInput/${input}/_${index + 1}`,
        `Devices/adc_iio_device0_${pin}`,
        `${type}/_${index + 1}`,
      ]) {
        for (const setting of findAll(root, `${path}/*`)) {
          const [name, kind] = ANALOG_NAMES[setting.tag] ?? [setting.tag];
          if (find(device, name) !== undefined) continue;
          setting.tag = name;
          if (kind !== undefined) setting.attributes.set('type', kind);
          device.children.push(setting);
        }
        removeAt(root, path);
      }
    });
  };
  move(pins.tank, 'Resistive', 'Tank');
  move(pins.temperature, 'Temperature', 'Temperature');
  for (const path of ['AnalogInput', 'Tank', 'Temperature']) removeAt(root, path);
}
