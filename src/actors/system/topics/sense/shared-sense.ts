import type { Outcome } from '../../outcome.ts';
import type { Picture, SeenDevice } from '../../picture.ts';
import { defineTopic } from '../../topic.ts';
import { put } from '../dvcc/chargers.ts';
import { DVCC_SETTING } from '../dvcc/dvcc.ts';
import { hasEss } from '../ess/assistant.ts';
import { vebusChoice } from '../vebus-choice.ts';

const VOLTAGE_SENSE = '/Settings/SystemSetup/SharedVoltageSense';
const TEMPERATURE_SENSE = '/Settings/SystemSetup/SharedTemperatureSense';
const CURRENT_SENSE = '/Settings/SystemSetup/BatteryCurrentSense';
const DISABLE = '/Debug/DisableBatterySense';
const ON_BIT = 1;
const VECAN = 'VE.Can';

/** Temperatures change slowly: they go out with every third step. */
const TEMPERATURE_STEPS = 3;

/** `/Control/BatteryCurrentSense` */
const CURRENT = { off: 0, ledByOthers: 1, noChargers: 2, noMonitor: 3, on: 4 } as const;

const LINK = ['/Link/VoltageSense', '/Link/BatteryCurrent', '/Link/TemperatureSense', '/Mgmt/Connection'];
const CONNECTION = ['/Mgmt/Connection'];
const CHARGERS = ['solarcharger', 'inverter', 'alternator'] as const;

interface Memory {
  /** Steps until the temperature goes out. */
  wait: number;
}

/** What one device measures at the battery, for all chargers. */
export const sharedSense = defineTopic<undefined, Memory>({
  name: 'shared-sense',
  about:
    'With DVCC, chargers and the VE.Bus system go by voltage, temperature and current of whoever measures them best at the battery: told every 3 s, the temperature every 9 s, never to the device that they come from.',
  reads: {
    devices: {
      solarcharger: [...LINK, '/Link/NetworkMode'],
      alternator: [...LINK, '/Link/NetworkMode'],
      inverter: LINK,
      vecan: LINK,
      vebus: [
        '/Hub4/AssistantId',
        '/Dc/0/Voltage',
        '/FirmwareFeatures/BolUBatAndTBatSense',
        '/BatterySense/Voltage',
        '/BatterySense/Temperature',
        ...CONNECTION,
      ],
      battery: CONNECTION,
      acsystem: CONNECTION,
      multi: CONNECTION,
      charger: CONNECTION,
      fuelcell: CONNECTION,
      dcsystem: CONNECTION,
      temperature: CONNECTION,
    },
    settings: [DVCC_SETTING, VOLTAGE_SENSE, TEMPERATURE_SENSE, CURRENT_SENSE],
    own: [
      '/Dc/Battery/Voltage',
      '/Dc/Battery/VoltageService',
      '/Dc/Battery/Current',
      '/Dc/Battery/Temperature',
      '/Dc/Battery/TemperatureService',
      DISABLE,
    ],
    topics: [vebusChoice],
    last: ['/Control/SolarChargeVoltage'],
  },
  publishes: {
    '/Control/BatteryVoltageSense': '1 when the VE.Bus system was told the voltage of the battery',
    '/Control/SolarChargerVoltageSense':
      '1 when chargers were told a voltage: that of the battery, or with ESS that of the VE.Bus system, which leads then',
    '/Control/BatteryCurrentSense':
      '4 when chargers were told the current of the battery; 3 without a battery monitor, 2 without chargers that take it, 1 when they are led by voltage or ESS, 0 when off',
    '/Control/SolarChargerTemperatureSense': '1 when chargers or the VE.Bus system were told the temperature',
  },
  accepts: { [DISABLE]: { initial: 0, take: value => (typeof value === 'number' ? value : undefined) } },
  everyMs: 3_000,
  onBeatOnly: true,
  start: () => ({ wait: TEMPERATURE_STEPS }),
  compute(look, out, memory) {
    const dvcc = isOn(look, DVCC_SETTING) && look.ownNumber(DISABLE) === 0;
    const vebus = look.device(look.result(vebusChoice).multi);
    out.part(() => shareVoltage(look, out, vebus, dvcc && isOn(look, VOLTAGE_SENSE)));
    out.part(() => out.set('/Control/BatteryCurrentSense', shareCurrent(look, out, vebus, dvcc)));
    out.part(() => {
      if (memory.wait > 0 && !look.isExplaining) {
        if (look.last('/Control/SolarChargerTemperatureSense') === null)
          out.set('/Control/SolarChargerTemperatureSense', 0);
        else out.keep('/Control/SolarChargerTemperatureSense');
      } else {
        const isTold = dvcc && isOn(look, TEMPERATURE_SENSE) && shareTemperature(look, out, vebus);
        out.set('/Control/SolarChargerTemperatureSense', Number(isTold));
      }
    });
    if (look.beats > 0) memory.wait = (memory.wait + TEMPERATURE_STEPS - 1) % TEMPERATURE_STEPS;
    return undefined;
  },
});

function isOn(look: Picture, setting: string): boolean {
  return ((look.setting(setting) ?? 0) & ON_BIT) === 1;
}

function shareVoltage(look: Picture, out: Outcome, vebus: SeenDevice | undefined, isShared: boolean): void {
  const volts = look.ownNumber('/Dc/Battery/Voltage');
  const source = look.ownText('/Dc/Battery/VoltageService');
  let toVebus = false;
  let toChargers = false;
  if (volts !== null && source !== null) {
    toVebus =
      isShared &&
      vebus !== undefined &&
      vebus.name !== source &&
      vebus.number('/FirmwareFeatures/BolUBatAndTBatSense') === 1;
    if (toVebus && vebus !== undefined) put(out, vebus, '/BatterySense/Voltage', volts);
    if (hasEss(vebus)) {
      look.note(() => `with ESS all chargers go by the voltage of ${vebus.name}`);
      toChargers = tellChargers(look, out, '/Link/VoltageSense', vebus.number('/Dc/0/Voltage'), vebus.name);
    } else if (isShared) toChargers = tellChargers(look, out, '/Link/VoltageSense', volts, source);
  }
  out.set('/Control/BatteryVoltageSense', Number(toVebus));
  out.set('/Control/SolarChargerVoltageSense', Number(toChargers));
}

function shareCurrent(look: Picture, out: Outcome, vebus: SeenDevice | undefined, dvcc: boolean): number {
  if (!dvcc || (look.setting(CURRENT_SENSE) ?? 0) === 0) return CURRENT.off;
  // The end of charge is not for the chargers to find then.
  if (hasEss(vebus) || look.last('/Control/SolarChargeVoltage') === 1) return CURRENT.ledByOthers;
  const source = look.ownText('/Dc/Battery/VoltageService');
  const isMonitor = source?.startsWith('com.victronenergy.battery.') === true;
  const amperes = isMonitor ? look.ownNumber('/Dc/Battery/Current') : null;
  if (amperes === null) return CURRENT.noMonitor;
  const takers = [...look.inArrivalOrder(...CHARGERS), ...networksBeside(look, source)].filter(device =>
    device.has('/Link/BatteryCurrent'),
  );
  for (const device of takers) put(out, device, '/Link/BatteryCurrent', amperes);
  return takers.length === 0 ? CURRENT.noChargers : CURRENT.on;
}

function shareTemperature(look: Picture, out: Outcome, vebus: SeenDevice | undefined): boolean {
  const celsius = look.ownNumber('/Dc/Battery/Temperature');
  const source = look.ownText('/Dc/Battery/TemperatureService');
  if (celsius === null || source === null) return false;
  let isTold = tellChargers(look, out, '/Link/TemperatureSense', celsius, source);
  if (vebus !== undefined && vebus.name !== source && vebus.has('/BatterySense/Temperature')) {
    put(out, vebus, '/BatterySense/Temperature', celsius);
    isTold = true;
  }
  return isTold;
}

/** Tells a value to all chargers that take it, and to VE.Can unless it comes from there. */
function tellChargers(
  look: Picture,
  out: Outcome,
  path: '/Link/VoltageSense' | '/Link/TemperatureSense',
  value: number | null,
  source: string,
): boolean {
  if (value === null) return false;
  let isTold = false;
  for (const device of look.inArrivalOrder(...CHARGERS)) {
    if (device.name === source || !takesPart(device, path)) continue;
    put(out, device, path, value);
    isTold = true;
  }
  for (const device of networksBeside(look, source)) {
    put(out, device, path, value);
    isTold = true;
  }
  return isTold;
}

/** The VE.Can interfaces, unless the value comes from such a network: it is heard there already. */
function networksBeside(look: Picture, source: string | null): readonly SeenDevice[] {
  const origin = look.device(source)?.text('/Mgmt/Connection') ?? '';
  return origin === '' || origin === VECAN ? [] : look.devices('vecan');
}

/** Who is in the network counts as told a temperature, even one that has no use for it. */
function takesPart(device: SeenDevice, path: '/Link/VoltageSense' | '/Link/TemperatureSense'): boolean {
  if (path === '/Link/VoltageSense') return device.has(path);
  return device.type === 'inverter' || device.number('/Link/NetworkMode') !== null;
}
