/**
 * com.victronenergy.settings as others see it, made from the tables in `settings/`: each setting is a path that may be
 * written. The service itself takes any setting that a program adds.
 */
import type { Row, Schema } from './row.ts';
import type { SettingRow } from './setting-row.ts';
import { canPortSettings } from './settings/canbus.ts';
import { deviceSettings } from './settings/devices.ts';
import { digitalInputSettings } from './settings/digitalinputs.ts';
import { essSettings } from './settings/ess.ts';
import { dcGeneratorSettings, generatorSettings } from './settings/generator.ts';
import { modbusSettings } from './settings/modbus.ts';
import { otherSettings, platformSettings } from './settings/platform.ts';
import { pumpOwnSettings, pumpSettings } from './settings/pump.ts';
import { relaySettings } from './settings/relay.ts';
import { systemSettingTemplates } from './settings/system.ts';
import { tempRelayOwnSettings, tempRelaySettings, tempSensorSettings } from './settings/temprelay.ts';

const BRIGHTNESS_LIMIT = 100;

const ROW_TYPES = { i: 'int', f: 'float', s: 'string' } as const;

/** All settings that are known, with `{n}` and `{name}` where there are several alike. */
export const knownSettings: readonly SettingRow[] = [
  ...systemSettingTemplates,
  ...essSettings,
  ...generatorSettings('{n}'),
  ...dcGeneratorSettings('{n}'),
  ...relaySettings,
  ...pumpSettings,
  ...pumpOwnSettings,
  ...tempRelaySettings,
  ...tempRelayOwnSettings,
  ...tempSensorSettings('{name}'),
  ...digitalInputSettings('{name}'),
  ...canPortSettings('{name}'),
  ...deviceSettings('{name}', 'battery', 0),
  ...modbusSettings,
  ...platformSettings(BRIGHTNESS_LIMIT),
  ...otherSettings,
];

export const settingsSchema: Schema = Object.fromEntries(knownSettings.map(setting => [setting.path, rowOf(setting)]));

function rowOf(setting: SettingRow): Row {
  const { type, unit, min, max, label, source } = setting;
  return {
    type: ROW_TYPES[type],
    writable: true,
    ...(unit === undefined ? {} : { unit }),
    ...(setting.enum === undefined ? {} : { enum: setting.enum }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(label === undefined ? {} : { label }),
    ...(source === undefined ? {} : { source }),
  };
}
