/** Settings of the platform: alarms, display, services, the system itself. */
import type { SettingRow } from '../setting-row.ts';
import { addedBy, flag, integer, string } from './setting.ts';

const OFF_WARNING_ALARM = { 0: 'Off', 1: 'Alarms only', 2: 'Alarms and warnings' } as const;
const INPUT_TYPES = { 0: 'Unused', 1: 'Grid', 2: 'Generator', 3: 'Shore power' } as const;

/** Alarms of VE.Bus devices that may be silenced; the default of each is "alarms only". */
const VEBUS_ALARMS = [
  'HighDcCurrent',
  'HighDcRipple',
  'HighDcVoltage',
  'HighTemperature',
  'InverterOverload',
  'LowBattery',
  'TemperatureSenseError',
  'VoltageSenseError',
] as const;

/** @param brightness the highest that the display has; 1 without a display */
export function platformSettings(brightness: number): readonly SettingRow[] {
  return addedBy('platform', [
    integer('/Settings/Alarm/Audible', 1, 0, 0, { label: 'Audible alarm' }),
    ...VEBUS_ALARMS.map(alarm => integer(`/Settings/Alarm/Vebus/${alarm}`, 1, 0, 2, { enum: OFF_WARNING_ALARM })),
    integer('/Settings/Alarm/Vebus/VeBusError', 2, 0, 2, { enum: OFF_WARNING_ALARM }),
    integer('/Settings/Gps/Format', 0),
    string('/Settings/Gps/SpeedUnit', 'km/h'),
    flag('/Settings/Gui/AutoBrightness', 1, 'Adaptive brightness'),
    integer('/Settings/Gui/Brightness', brightness, 1, brightness, { label: 'Brightness' }),
    integer('/Settings/Gui/DemoMode', 0, 0, 3, { label: 'Demo mode' }),
    integer('/Settings/Gui/DisplayOff', 600, 0, 0, { unit: 's', label: 'Display off after' }),
    string('/Settings/Gui/Language', 'en', { label: 'Language' }),
    integer('/Settings/Gui/RunningVersion', 1, 1, 2),
    flag('/Settings/Gui/TouchEnabled', 1, 'Touch'),
    flag('/Settings/LEDs/Enable', 1, 'Lights'),
    flag('/Settings/Services/AccessPoint', 1, 'Access point'),
    flag('/Settings/Services/BleSensors', 0, 'Bluetooth sensors'),
    flag('/Settings/Services/Bluetooth', 1, 'Bluetooth'),
    flag('/Settings/Services/Eebus', 0, 'EEBUS'),
    flag('/Settings/Services/EthernetLinkLocal', 1),
    flag('/Settings/Services/Evcc', 1, 'evcc'),
    integer('/Settings/Services/MqttLocal', 0, 0, 2, { label: 'MQTT' }),
    integer('/Settings/Services/NodeRed', 0, 0, 2, { label: 'Node-RED' }),
    flag('/Settings/Services/OpportunityLoads', 0, 'Opportunity loads'),
    flag('/Settings/Services/SignalK', 0, 'Signal K'),
    flag('/Settings/Services/Socketcand', 0),
    integer('/Settings/System/AccessLevel', 1, 0, 3, {
      enum: { 0: 'User', 1: 'User and installer', 2: 'Superuser', 3: 'Service' },
      label: 'Access level',
    }),
    integer('/Settings/System/AutoUpdate', 2, 0, 3, {
      enum: { 0: 'Off', 1: 'Check and update', 2: 'Check only', 3: 'Check and download' },
      label: 'Automatic update',
    }),
    flag('/Settings/System/ImageType', 0),
    integer('/Settings/System/LogLevel', 2),
    integer('/Settings/System/ReleaseType', 0, 0, 3),
    string('/Settings/System/TimeZone', '/UTC', { label: 'Time zone' }),
    string('/Settings/System/Units/Altitude'),
    string('/Settings/System/Units/Distance'),
    string('/Settings/System/Units/Temperature'),
    integer('/Settings/System/VolumeUnit', 0, 0, 0, { label: 'Volume unit' }),
    string('/Settings/SystemSetup/SystemName', '', { label: 'System name' }),
    integer('/Settings/Vebus/AllowMk3Fw212Update', 0, 0, 2),
  ]);
}

/** Settings of which only the names are known, and of the modem, MQTT, VRM and access to the machine. */
export const otherSettings: readonly SettingRow[] = [
  ...addedBy('modem', [
    string('/Settings/Modem/APN', '', { label: 'APN' }),
    flag('/Settings/Modem/Connect', 1),
    string('/Settings/Modem/PIN', '', { label: 'PIN' }),
    string('/Settings/Modem/Password'),
    flag('/Settings/Modem/RoamingPermitted', 0, 'Roaming'),
    string('/Settings/Modem/User'),
  ]),
  ...addedBy('systemcalc', [flag('/Settings/SystemSetup/WriteVebusSoc', 0)]),
  ...addedBy('acsystem', [flag('/Settings/Alarm/System/GridLost', 0, 'Alarm when the grid is lost')]),
  ...addedBy('names', [
    integer('/Settings/Gui/ElectricalPowerIndicator', 0, 0, 0, { enum: { 0: 'Watts', 1: 'Amperes' } }),
    integer('/Settings/Network/VrmPortal', 2, 0, 2, {
      enum: { 0: 'Off', 1: 'Read only', 2: 'Full' },
      label: 'VRM portal',
    }),
    flag('/Settings/Services/MqttLocalInsecure', 0),
    flag('/Settings/System/RemoteSupport', 0, 'Remote support'),
    integer('/Settings/System/SecurityProfile', 0, 0, 0, { label: 'Security profile' }),
    flag('/Settings/System/SSHLocal', 0, 'SSH on the LAN'),
    integer('/Settings/System/VncLocal', 0),
    integer('/Settings/SystemSetup/AcInput1', 0, 0, 0, { enum: INPUT_TYPES, label: 'AC input 1' }),
    integer('/Settings/SystemSetup/AcInput2', 0, 0, 0, { enum: INPUT_TYPES, label: 'AC input 2' }),
    flag('/Settings/Vrmlogger/HttpsEnabled', 1, 'Secure connection'),
    integer('/Settings/Vrmlogger/LogInterval', 900, 0, 0, { unit: 's', label: 'Log interval' }),
    integer('/Settings/Watchdog/VrmTimeout', 0, 0, 0, { unit: 's', label: 'Restart without contact after' }),
  ]),
];
