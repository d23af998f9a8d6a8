import type { Maybe } from '../../arithmetic.ts';
import type { Picture, SeenDevice } from '../../picture.ts';
import { defineTopic } from '../../topic.ts';
import { batteryChoice } from '../battery-choice.ts';

const SETTING = '/Settings/SystemSetup/TemperatureService';
const AUTOMATIC = 'default';
const NO_SENSOR = 'nosensor';
/** `/TemperatureType` of a sensor that is fixed to a battery. */
const AT_BATTERY = 0;
const DEVICE_PATH = '/Dc/0/Temperature';
const SENSOR_PATH = '/Temperature';
/** Devices that measure the temperature of the battery beside what they are for. */
const DEVICE_TYPES = ['battery', 'vebus', 'solarcharger', 'inverter', 'multi', 'alternator'] as const;
const NAME_PATHS = ['/ProductName', '/Mgmt/Connection'];

interface Memory {
  /** There has been something that could measure. */
  hadSensor: boolean;
}

/** Which temperature is that of the battery. */
export const batteryTemperature = defineTopic<undefined, Memory>({
  name: 'battery-temperature',
  about: `The temperature of the battery: of the sensor that ${SETTING} selects, or of the battery monitor.`,
  reads: {
    devices: {
      ...Object.fromEntries(DEVICE_TYPES.map(type => [type, [DEVICE_PATH, ...NAME_PATHS]])),
      acsystem: [DEVICE_PATH, ...NAME_PATHS],
      temperature: [SENSOR_PATH, '/TemperatureType', ...NAME_PATHS],
    },
    settings: [SETTING],
    topics: [batteryChoice],
  },
  publishes: {
    '/Dc/Battery/Temperature': 'as the selected sensor measures it, or the battery monitor',
    '/Dc/Battery/TemperatureService': 'the device that measures it',
    '/AutoSelectedTemperatureService': 'its name',
    '/AvailableTemperatureServices': 'all sensors that can be selected: class, instance and path, and their names',
  },
  start: () => ({ hadSensor: false }),
  compute(look, out, memory) {
    const candidates = [...look.inArrivalOrder(...DEVICE_TYPES), ...look.devices('temperature')];
    memory.hadSensor ||= candidates.length > 0;
    out.part(() => {
      if (!memory.hadSensor) return;
      const usable = candidates.filter(device => notUsable(device) === undefined);
      out.set('/AvailableTemperatureServices', {
        [AUTOMATIC]: 'Automatic',
        [NO_SENSOR]: 'No sensor',
        ...Object.fromEntries(usable.map(device => [selector(device), nameOf(device)])),
      });
    });
    const sensor = choose(look, candidates);
    out.set('/Dc/Battery/Temperature', sensor === undefined ? null : temperatureOf(sensor));
    out.set('/Dc/Battery/TemperatureService', sensor?.name ?? null);
    out.set('/AutoSelectedTemperatureService', sensor === undefined ? null : nameOf(sensor));
    return undefined;
  },
});

function choose(look: Picture, candidates: readonly SeenDevice[]): SeenDevice | undefined {
  const wanted = look.settingText(SETTING);
  const monitor = look.result(batteryChoice).service;
  const known = candidates.some(device => device.name === monitor);
  const others = wanted !== AUTOMATIC || known ? [] : [look.device(monitor) ?? []].flat();
  return look.choose([...candidates, ...others], {
    what: 'temperature of the battery',
    name: device => device.name,
    objections: [
      device => {
        if (wanted === AUTOMATIC) return device.name === monitor ? undefined : 'it is not the battery monitor';
        return selector(device) === wanted ? undefined : `${SETTING} selects ${wanted}`;
      },
      notUsable,
    ],
    because: wanted === AUTOMATIC ? 'it is the battery monitor' : `${SETTING} selects it`,
  });
}

function notUsable(device: SeenDevice): string | undefined {
  if (device.type === 'temperature')
    return device.number('/TemperatureType') === AT_BATTERY ? undefined : 'it is not for a battery';
  return temperatureOf(device) === null ? 'it measures no temperature' : undefined;
}

/** Some inverters tell the temperature as a text. */
function temperatureOf(device: SeenDevice): Maybe {
  const path = pathOf(device);
  const text = device.text(path);
  if (text === null || text.trim() === '') return device.number(path);
  return Number.isFinite(Number(text)) ? Number(text) : null;
}

function pathOf(device: SeenDevice): string {
  return device.type === 'temperature' ? SENSOR_PATH : DEVICE_PATH;
}

/** `com.victronenergy.temperature/3/Temperature`, as the setting names a sensor. */
function selector(device: SeenDevice): string {
  return `${device.id}${pathOf(device)}`;
}

/**
 * Sensors at the sockets of the board are known by the number of the socket. Alternators go without their product, as
 * clients know them here.
 */
function nameOf(device: SeenDevice): string {
  const connection = device.text('/Mgmt/Connection') ?? 'None';
  const socket = connection.trim().split(/\s+/).at(-1) ?? '';
  if (device.type === 'temperature' && notUsable(device) === undefined && /^\d+$/.test(socket))
    return `Battery temperature sensor (${Number(socket)})`;
  const product = device.type === 'alternator' ? null : device.text('/ProductName');
  return `${product ?? 'None'} on ${connection}`;
}
