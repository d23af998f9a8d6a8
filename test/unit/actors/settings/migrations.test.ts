import t from 'tap';
import type { Machine } from '../../../../src/actors/settings/machine.ts';
import { cleanForeign, migrate } from '../../../../src/actors/settings/migrations.ts';
import { parseSettings, treeOf } from '../../../../src/actors/settings/settings-xml.ts';
import { testClock } from '../../../support/clock.ts';
import { PowerCutFiles } from '../../../support/power-cut-files.ts';
import { CONF, openSettings } from '../../../support/settings-store.ts';

const NONE: Machine = { canInterface: null, analogPins: null, passwordSet: false };

function migrated(version: number, content: string, machine: Machine = NONE) {
  const root = parseSettings(new TextEncoder().encode(`<Settings version="${version}">${content}</Settings>`));
  const migration = migrate(root, machine);
  const remarks: string[] = [];
  const tree = treeOf(root, remark => remarks.push(remark));
  const values: Record<string, unknown> = {};
  for (const one of tree.settings()) values[one.path.replace('/Settings/', '')] = one.value;
  return { values, remarks, ...migration, version: root.attributes.get('version'), tree };
}

const i = (name: string, value: number | string) => `<${name} type="i">${value}</${name}>`;
const s = (name: string, value: string, fallback = '') => `<${name} type="s" default="${fallback}">${value}</${name}>`;

t.test('a file of our version is left alone', async t => {
  const { steps, values, passwordFile } = migrated(19, `<System>${i('VncLocal', 1)}</System>`);
  t.same([steps, values, passwordFile], [[], { 'System/VncLocal': 1 }, 'keep']);
});

t.test('each step by itself', async t => {
  const CASES: [
    name: string,
    version: number,
    from: string,
    to: Record<string, unknown>,
    machine?: Partial<Machine>,
  ][] = [
    [
      'CAN profile of LG',
      1,
      `<Services>${i('LgResu', 1)}</Services>`,
      { 'Canbus/can0/Profile': 3 },
      { canInterface: 'can0' },
    ],
    [
      'CAN profile, off',
      1,
      `<Services>${i('VeCan', 0)}</Services>`,
      { 'Canbus/can0/Profile': 0 },
      { canInterface: 'can0' },
    ],
    ['CAN profile, none', 1, '', { 'Canbus/can0/Profile': 1 }, { canInterface: 'can0' }],
    ['remote support', 1, `<System>${i('RemoteSupport', 1)}</System>`, { 'System/SSHLocal': 1 }],
    [
      'MQTT of VRM only',
      2,
      `<Services>${i('Vrmpubnub', 1)}</Services>`,
      { 'Services/MqttLocal': 0, 'Network/VrmPortal': 2 },
    ],
    [
      'port of remote support',
      3,
      `<System>${i('RemoteSupportPort', 5)}</System>`,
      { 'System/RemoteSupportPort': undefined },
    ],
    [
      'integers kept as floats',
      5,
      '<Tank><_3><FluidType type="f" default="2.0">1.0</FluidType></_3></Tank>',
      { 'Tank/3/FluidType2': 1, 'Tank/3/FluidType': undefined },
    ],
    [
      'PV inverters',
      7,
      `<Fronius>${s('InverterIds', 'I1,2x')}</Fronius>`,
      { 'Devices/I1/ClassAndVrmInstance': 'pvinverter:20', 'Devices/2x/ClassAndVrmInstance': 'pvinverter:21' },
    ],
    [
      'names of energy meters',
      7,
      `<CGwacs>${s('DeviceIds', 'A1')}</CGwacs><Devices><A1>${i('x', 1)}</A1><A1_S>${i('y', 2)}</A1_S></Devices>`,
      { 'Devices/cgwacs_A1/x': 1, 'Devices/cgwacs_A1_S/y': 2 },
    ],
    [
      'energy meters',
      7,
      `<CGwacs><Devices><D77>${s('ServiceType', 'grid')}${i('DeviceInstance', 30)}${i('DeviceType', 71)}${s('CustomName', 'Main')}${i('IsMultiPhase', 1)}` +
        `<L2>${s('ServiceType', 'pvinverter')}${i('DeviceInstance', 40)}${i('Position', 1)}</L2></D77></Devices></CGwacs>`,
      {
        'Devices/cgwacs_77/ClassAndVrmInstance': 'grid:30',
        'Devices/cgwacs_77/SupportMultiphase': 1,
        'Devices/cgwacs_77/CustomName': 'Main',
        'Devices/cgwacs_77/IsMultiphase': 1,
        'Devices/cgwacs_77_S/ClassAndVrmInstance': 'pvinverter:40',
        'Devices/cgwacs_77_S/Enabled': 1,
        'Devices/cgwacs_77_S/Position': 1,
        'CGwacs/Devices/D77/DeviceType': undefined,
      },
    ],
    [
      'analog inputs',
      8,
      '<AnalogInput><Resistive><_1><Function2 type="f">2</Function2></_1></Resistive></AnalogInput>' +
        '<Tank><_1><ResistanceWhenFull type="f">180.5</ResistanceWhenFull></_1></Tank>',
      {
        'Devices/adc_builtin0_4/Function': 2,
        'Devices/adc_builtin0_4/RawValueFull': 180.5,
        'Tank/1/ResistanceWhenFull': undefined,
      },
      { analogPins: { tank: ['4'], temperature: [] } },
    ],
    [
      'genset',
      10,
      `<Services>${i('FischerPandaAutoStartStop', 1)}</Services><FischerPanda0>${i('AutoStartEnabled', 0)}</FischerPanda0>`,
      { 'Generator1/AutoStartEnabled': 1, 'Services/FischerPandaAutoStartStop': undefined },
    ],
    [
      'classes of analog sensors; a number that is taken moves on',
      12,
      `<Devices><a>${s('ClassAndVrmInstance', 'analog:20', 'analog:20')}${i('FluidType', 1)}</a>` +
        `<b>${s('ClassAndVrmInstance', 'tank:20')}</b>` +
        `<c>${s('ClassAndVrmInstance', 'analog:24')}${i('TemperatureType2', 1)}</c></Devices>`,
      {
        'Devices/a/ClassAndVrmInstance': 'tank:21',
        'Devices/b/ClassAndVrmInstance': 'tank:20',
        'Devices/c/ClassAndVrmInstance': 'temperature:24',
      },
    ],
    [
      'classes with the whole name',
      12,
      `<Devices><a>${s('ClassAndVrmInstance', 'com.victronenergy.battery:1')}</a></Devices>`,
      { 'Devices/a/ClassAndVrmInstance': 'battery:1' },
    ],
    [
      'VRM off',
      13,
      `<Vrmlogger>${i('Logmode', 0)}</Vrmlogger>`,
      { 'Network/VrmPortal': 0, 'System/SecurityProfile': 3 },
    ],
    ['VRM one way', 13, `<Vrmlogger>${i('Logmode', 1)}</Vrmlogger>`, { 'Network/VrmPortal': 1 }],
    [
      'VRM both ways',
      13,
      `<Vrmlogger>${i('Logmode', 1)}</Vrmlogger><Services>${i('MqttVrm', 1)}</Services>`,
      { 'Network/VrmPortal': 2 },
    ],
    [
      'console with a password',
      13,
      `<System>${i('VncLocal', 1)}</System>`,
      { 'System/SecurityProfile': 1 },
      { passwordSet: true },
    ],
    ['console without one', 13, `<System>${i('VncLocal', 1)}</System>`, { 'System/SecurityProfile': 2 }],
    ['console by VRM', 13, `<System>${i('VncInternet', 1)}</System>`, { 'System/VncLocal': 1, 'Network/VrmPortal': 2 }],
    ['instances without anything', 14, '<Devices><a><ClassAndVrmInstance>x</ClassAndVrmInstance></a></Devices>', {}],
    [
      'limits of dynamic ESS',
      17,
      `<DynamicEss>${i('GridImportLimit', -1)}</DynamicEss>`,
      { 'DynamicEss/GridImportLimit': -1 },
    ],
    [
      'levels of the brief view',
      16,
      `<Gui><BriefView><Level>${s('_1', 'a', 'b')}${s('_2', 'c', 'c')}</Level></BriefView></Gui>`,
      { 'Gui2/BriefView/Level/1': 'a', 'Gui2/BriefView/Level/2': 'c', 'Gui/BriefView/Level/1': undefined },
    ],
    [
      'levels as they came',
      16,
      `<Gui><BriefView><Level>${s('_2', 'c', 'c')}</Level></BriefView></Gui>`,
      { 'Gui2/BriefView/Level/2': undefined },
    ],
    [
      'polarity of a manual relay',
      18,
      `<Relay>${i('Function', 2)}${i('Polarity', 1)}</Relay>`,
      { 'Relay/Polarity': 0 },
    ],
    ['polarity of another relay', 18, `<Relay>${i('Function', 1)}${i('Polarity', 1)}</Relay>`, { 'Relay/Polarity': 1 }],
  ];
  for (const [name, version, from, to, machine] of CASES) {
    const { values, remarks, version: now } = migrated(version, from, { ...NONE, ...machine });
    const found = Object.fromEntries(Object.keys(to).map(path => [path, values[path]]));
    t.same([found, remarks, now], [to, [], '19'], name);
  }
});

t.test('limits of dynamic ESS are floats', async t => {
  const { tree } = migrated(17, `<DynamicEss>${i('GridImportLimit', -1)}</DynamicEss>`);
  t.equal(tree.get('/Settings/DynamicEss/GridImportLimit')?.type, 'f');
});

t.test('the password file', async t => {
  t.equal(migrated(13, '').passwordFile, 'remove', 'an empty one would open what was closed');
  t.equal(migrated(13, '', { ...NONE, passwordSet: true }).passwordFile, 'keep');
  t.equal(migrated(13, `<Services>${i('MqttLocal', 1)}</Services>`).passwordFile, 'empty');

  const files = new PowerCutFiles();
  files.put(`${CONF}/settings.xml`, `<Settings version="13"><Services>${i('MqttLocal', 1)}</Services></Settings>`);
  files.put(`${CONF}/vncpassword.txt`, 'secret\n');
  files.put('/etc/venus/canbus_ports', 'can1 can0\n');
  const { tree } = await openSettings(files, testClock());
  t.equal(tree.get('/Settings/System/SecurityProfile')?.value, 2);
  t.equal(files.text(`${CONF}/vncpassword.txt`), '');
});

t.test('what the machine says', async t => {
  const files = new PowerCutFiles();
  files.put(`${CONF}/settings.xml`, '<Settings version="1"><Tank><_2><x type="i">1</x></_2></Tank></Settings>');
  files.put('/etc/venus/canbus_ports', 'can1 can0\n');
  files.put('/etc/venus/dbus-adc.conf', '# inputs\nref 1\ntank 3\n tank 5 \ntemp 7\n');
  const { tree } = await openSettings(files, testClock());
  t.equal(tree.get('/Settings/Canbus/can1/Profile')?.value, 1);
  t.equal(tree.get('/Settings/Devices/adc_builtin0_5/x')?.value, 1);
});

t.test('settings of another machine', async t => {
  const root = parseSettings(
    new TextEncoder().encode(
      `<Settings><Devices><a>${i('x', 1)}</a></Devices><CanBms>${i('y', 1)}</CanBms><Fronius>${s('InverterIds', 'a')}${i('Port', 80)}</Fronius></Settings>`,
    ),
  );
  cleanForeign(root);
  t.same(
    [...treeOf(root, () => {}).settings()].map(one => one.path),
    ['/Settings/Fronius/Port'],
  );
});
