import type { Value } from '../../../schema/row.ts';
import { jsonText } from '../json-text.ts';
import type { Picture, SeenDevice } from '../picture.ts';
import { defineTopic } from '../topic.ts';
import { isConnected, NAME_PATHS, notConnected, readableName } from './device-names.ts';

const SETTING = '/Settings/SystemSetup/BatteryService';
const HAS_DC_SYSTEM = '/Settings/SystemSetup/HasDcSystem';
const AUTOMATIC = 'default';
const NONE = 'nobattery';

export interface BatteryChoice {
  /** The battery monitor of the system: a battery, vebus, acsystem, multi or inverter. */
  readonly service: string | null;
  readonly type: string | null;
}

/** Which device is the battery monitor. */
export const batteryChoice = defineTopic<BatteryChoice>({
  name: 'battery-choice',
  about: `Chooses the battery monitor: the one that ${SETTING} names (kept while that device is away), none, or an automatic choice.`,
  reads: {
    devices: {
      battery: [...NAME_PATHS, '/Info/MaxChargeVoltage'],
      vebus: [...NAME_PATHS, '/ExtraBatteryCurrent'],
      acsystem: [...NAME_PATHS, '/Soc'],
      multi: [...NAME_PATHS, '/Soc'],
      inverter: [...NAME_PATHS, '/Soc'],
      charger: [...NAME_PATHS],
      solarcharger: [...NAME_PATHS],
    },
    settings: [SETTING, HAS_DC_SYSTEM],
  },
  publishes: {
    '/AvailableBatteryServices': 'all devices that can be the battery monitor, by class and instance, as JSON',
    '/AvailableBatteryMeasurements': 'the same, by the names that measurements are selected by',
    '/AutoSelectedBatteryService': 'name of the automatic choice; invalid when the user has chosen',
    '/AutoSelectedBatteryMeasurement': 'the automatic choice, whether it is used or not',
    '/ActiveBatteryService': 'the battery monitor by class and instance',
    '/Dc/Battery/BatteryService': 'the battery monitor by its name on the bus',
  },
  compute(look, out) {
    out.part(() => {
      const available = availableMonitors(look);
      const names = (key: (device: SeenDevice) => string): Value => ({
        [AUTOMATIC]: 'Automatic',
        [NONE]: 'No battery monitor',
        ...Object.fromEntries(available.map(device => [key(device), readableName(device)])),
      });
      out.set('/AvailableBatteryServices', jsonText(names(device => device.id)));
      out.set('/AvailableBatteryMeasurements', names(measurementName));
    });
    const wanted = look.settingText(SETTING);
    const automatic = chooseByItself(look);
    out.set('/AutoSelectedBatteryMeasurement', automatic === undefined ? null : measurementName(automatic));
    let chosen: SeenDevice | undefined;
    if (wanted === AUTOMATIC) {
      chosen = automatic;
      out.set('/AutoSelectedBatteryService', automatic ? readableName(automatic) : 'No battery monitor found');
    } else if (wanted !== NONE) {
      chosen = chooseAsWanted(look, wanted);
    }
    out.set('/ActiveBatteryService', chosen?.id ?? null);
    out.set('/Dc/Battery/BatteryService', chosen?.name ?? null);
    return { service: chosen?.name ?? null, type: chosen?.type ?? null };
  },
});

function measurementName(device: SeenDevice): string {
  return `${device.id.replaceAll('.', '_').replaceAll('/', '_')}/Dc/0`;
}

function availableMonitors(look: Picture): SeenDevice[] {
  return [
    ...look.devices('vebus').filter(isConnected),
    ...look.devices('battery').filter(isConnected),
    ...look.devices('acsystem'),
    ...[...look.devices('multi'), ...look.devices('inverter')].filter(
      device => isConnected(device) && device.number('/Soc') !== null,
    ),
  ];
}

/** The device that the setting names; one that is away is not replaced by another. */
function chooseAsWanted(look: Picture, wanted: string): SeenDevice | undefined {
  const type = wanted.split('/')[0]?.split('.')[2] ?? '';
  if (!['battery', 'vebus', 'acsystem', 'multi', 'inverter'].includes(type)) {
    look.note(() => `${SETTING} is ${JSON.stringify(wanted)}, which names no battery monitor`);
    return undefined;
  }
  return look.choose(look.devices(type), {
    what: 'battery monitor',
    name: device => device.name,
    objections: [device => (device.id === wanted ? undefined : `${SETTING} selects ${wanted}`)],
    because: `${SETTING} selects it`,
  });
}

/**
 * A battery or monitor; without one, and without chargers that nobody counts, an inverter/charger that keeps its own
 * state of charge.
 */
function chooseByItself(look: Picture): SeenDevice | undefined {
  const battery = look.choose(look.devices('battery'), {
    what: 'battery monitor',
    name: device => device.name,
    objections: [notConnected],
    rank: device => [
      device.has('/Info/MaxChargeVoltage') ? 0 : 1,
      device.name.startsWith('com.victronenergy.battery.lynxparallel') ? 0 : 1,
      device.instance,
    ],
    because: 'batteries with a BMS first, of these parallel Lynx systems first, then the lowest device instance',
  });
  if (battery !== undefined) return battery;
  if (look.devices('charger').some(isConnected)) {
    look.note(() => 'an AC charger is connected: what it charges, an inverter/charger cannot count');
    return undefined;
  }
  const vebus = lowestConnected(look, 'vebus');
  return vebus === undefined ? chooseWithOwnSoc(look) : chooseVebus(look, vebus);
}

function chooseWithOwnSoc(look: Picture): SeenDevice | undefined {
  for (const type of ['acsystem', 'multi', 'inverter']) {
    const device = lowestConnected(look, type);
    if (device !== undefined && device.number('/Soc') !== null) return device;
  }
  return undefined;
}

function chooseVebus(look: Picture, vebus: SeenDevice): SeenDevice | undefined {
  const countsOthers = vebus.number('/ExtraBatteryCurrent') !== null;
  if (countsOthers && look.setting(HAS_DC_SYSTEM) === 0) return vebus;
  if (look.devices('solarcharger').some(isConnected)) {
    look.note(() => `${vebus.name} not chosen: it cannot count what the solar chargers and the DC loads do`);
    return undefined;
  }
  return vebus;
}

function lowestConnected(look: Picture, type: string): SeenDevice | undefined {
  return look.choose(look.devices(type), {
    what: `${type} as battery monitor`,
    name: device => device.name,
    objections: [notConnected],
    rank: device => [device.instance],
    because: 'the lowest device instance',
  });
}
