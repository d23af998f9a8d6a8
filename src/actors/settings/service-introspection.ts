/** What introspection says of settings beyond com.victronenergy.BusItem. */
import { BUS_ITEM } from '../../bus/bus-item.ts';

export const SETTINGS_INTERFACE = 'com.victronenergy.Settings';

type Arguments = string;
type Methods = Readonly<Record<string, readonly [takes: Arguments, gives: Arguments]>>;

const GROUP_METHODS: Methods = {
  AddSetting: ['s group,s name,v default,s type,v minimum,v maximum', 'i result'],
  AddSilentSetting: ['s group,s name,v default,s type,v minimum,v maximum', 'i result'],
  AddSettings: ['aa{sv} definitions', 'aa{sv} results'],
  RemoveSettings: ['as paths', 'ai results'],
};

const SETTING_METHODS: Methods = {
  GetSilent: ['', 'b silent'],
  GetAttributes: ['', 'v default,v minimum,v maximum,i silent'],
};

const GROUP_ITEM_METHODS: Methods = { SetDefault: ['', 'i result'] };
const SETTING_ITEM_METHODS: Methods = { ...GROUP_ITEM_METHODS, GetDefault: ['', 'v default'] };

function interfaceXml(name: string, methods: Methods): string {
  const parts = Object.entries(methods).map(
    ([method, [takes, gives]]) =>
      `<method name="${method}">${argumentsXml(takes, 'in')}${argumentsXml(gives, 'out')}</method>`,
  );
  return `<interface name="${name}">${parts.join('')}</interface>`;
}

function argumentsXml(list: Arguments, direction: 'in' | 'out'): string {
  if (list === '') return '';
  return list
    .split(',')
    .map(one => one.split(' '))
    .map(([type, name]) => `<arg name="${name}" type="${type}" direction="${direction}"/>`)
    .join('');
}

export const INTERFACES = {
  group: interfaceXml(BUS_ITEM, GROUP_ITEM_METHODS) + interfaceXml(SETTINGS_INTERFACE, GROUP_METHODS),
  setting: interfaceXml(BUS_ITEM, SETTING_ITEM_METHODS) + interfaceXml(SETTINGS_INTERFACE, SETTING_METHODS),
} as const;
