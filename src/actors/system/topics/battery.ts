import { add, type Maybe, over, times } from '../arithmetic.ts';
import type { Outcome } from '../outcome.ts';
import type { Picture, SeenDevice } from '../picture.ts';
import { defineTopic } from '../topic.ts';
import { batteryChoice } from './battery-choice.ts';
import { dcChargers, fuelCells, type VoltageSource } from './dc-chargers.ts';
import { solar } from './solar.ts';
import { vebusPower } from './vebus-power.ts';

const HAS_DC_SYSTEM = '/Settings/SystemSetup/HasDcSystem';
const MONITOR_PATHS = [
  '/TimeToGo',
  '/ConsumedAmphours',
  '/ProductId',
  '/Dc/0/Voltage',
  '/Dc/0/Current',
  '/Dc/0/Power',
  '/Soc',
];

/** What the battery does. */
export const battery = defineTopic({
  name: 'battery',
  about:
    'What the battery does, from the battery monitor; without one, voltage and power from the other devices at the battery.',
  reads: {
    devices: {
      battery: [...MONITOR_PATHS, '/Mgmt/InsecureConnection', '/InstalledCapacity', '/Capacity'],
      vebus: [...MONITOR_PATHS, '/Dc/0/Capacity', '/State', '/Mgmt/InsecureConnection'],
      acsystem: [...MONITOR_PATHS, '/Mgmt/InsecureConnection'],
      multi: [...MONITOR_PATHS, '/Mgmt/InsecureConnection'],
      inverter: [...MONITOR_PATHS, '/Mgmt/InsecureConnection'],
      dcsystem: ['/Dc/0/Voltage', '/Dc/0/Power'],
    },
    settings: [HAS_DC_SYSTEM],
    own: ['/Dc/Charger/Power'],
    topics: [batteryChoice, solar, dcChargers, fuelCells, vebusPower],
  },
  publishes: {
    '/Dc/Battery/Soc': 'state of charge of the battery monitor',
    '/Dc/Battery/Voltage':
      'voltage of the battery monitor; without one that of a running VE.Bus system, another inverter, a solar charger, an AC charger, a fuel cell or a DC meter, in this order',
    '/Dc/Battery/VoltageService': 'the device that measures the voltage; none when it is connected insecurely',
    '/Dc/Battery/Current':
      'current of the battery monitor, or power over voltage where the power is calculated; positive charges',
    '/Dc/Battery/Power':
      'power of the battery monitor; with a VE.Bus system as monitor its own and that of the solar chargers; without a monitor what chargers and VE.Bus systems give, less the measured DC loads, unless there are loads that nobody measures; positive charges',
    '/Dc/Battery/TimeToGo': 'time to go of the battery monitor',
    '/Dc/Battery/ConsumedAmphours': 'consumed ampere hours of the battery monitor',
    '/Dc/Battery/ProductId': 'product of the battery monitor',
    '/Dc/Battery/Capacity': 'installed capacity of the battery monitor, else its capacity',
  },
  compute(look, out) {
    const monitor = look.device(look.result(batteryChoice).service);
    if (monitor === undefined) fromOthers(look, out);
    else fromMonitor(look, out, monitor);
  },
});

function fromMonitor(look: Picture, out: Outcome, monitor: SeenDevice): void {
  const isVebus = monitor.type === 'vebus';
  out.copy('/Dc/Battery/Soc', monitor, '/Soc');
  out.copy('/Dc/Battery/TimeToGo', monitor, '/TimeToGo');
  out.copy('/Dc/Battery/ConsumedAmphours', monitor, '/ConsumedAmphours');
  out.copy('/Dc/Battery/ProductId', monitor, '/ProductId');
  out.copy('/Dc/Battery/Voltage', monitor, '/Dc/0/Voltage');
  out.set('/Dc/Battery/VoltageService', () => (monitor.number('/Mgmt/InsecureConnection') === 1 ? null : monitor.name));
  if (isVebus) out.copy('/Dc/Battery/Capacity', monitor, '/Dc/0/Capacity');
  else if (monitor.type === 'battery')
    out.set('/Dc/Battery/Capacity', () => monitor.number('/InstalledCapacity') ?? monitor.number('/Capacity'));
  out.part(() => {
    const { power, current } = isVebus ? ofVebus(look, monitor) : ofMonitor(monitor);
    out.set('/Dc/Battery/Power', power);
    out.set('/Dc/Battery/Current', current);
  });
}

interface Flow {
  readonly power: Maybe;
  readonly current: Maybe;
}

function ofMonitor(monitor: SeenDevice): Flow {
  return { power: monitor.number('/Dc/0/Power'), current: monitor.number('/Dc/0/Current') };
}

/** A VE.Bus system measures only itself: what the solar chargers add is not in its current. */
function ofVebus(look: Picture, vebus: SeenDevice): Flow {
  const volts = vebus.number('/Dc/0/Voltage');
  const amperes = vebus.number('/Dc/0/Current');
  const own = times(volts, amperes);
  if (look.setting(HAS_DC_SYSTEM) === 1 || look.devices('dcsystem').length > 0) return { power: own, current: amperes };
  const power = add(look.result(solar).chargePower, own);
  return { power, current: volts !== null && volts > 0 ? over(power, volts) : null };
}

/** No battery monitor: what the other devices at the battery say. */
function fromOthers(look: Picture, out: Outcome): void {
  const voltage = look.choose(voltageSources(look), {
    what: 'battery voltage',
    name: source => source.service,
    because: 'VE.Bus, other inverters, solar chargers, AC chargers, fuel cells, DC meters, in this order',
  });
  if (voltage === undefined) return;
  out.set('/Dc/Battery/Voltage', voltage.volts);
  out.set('/Dc/Battery/VoltageService', voltage.service);
  const meters = look.devices('dcsystem');
  if (meters.length === 0 && look.setting(HAS_DC_SYSTEM) !== 0) {
    look.note(() => `${HAS_DC_SYSTEM} is on and nobody measures the DC loads: the battery power is not known`);
    return;
  }
  const loads = add(0, ...meters.map(meter => meter.number('/Dc/0/Power'))) ?? 0;
  const { chargePower } = look.result(solar);
  const power = chargePower + (look.ownNumber('/Dc/Charger/Power') ?? 0) + look.result(vebusPower).total - loads;
  out.set('/Dc/Battery/Power', power);
  out.set('/Dc/Battery/Current', voltage.volts > 0 ? power / voltage.volts : null);
}

function voltageSources(look: Picture): VoltageSource[] {
  const at = (device: SeenDevice | undefined): VoltageSource[] => {
    const volts = device?.number('/Dc/0/Voltage') ?? null;
    return device === undefined || volts === null ? [] : [{ volts, service: device.name }];
  };
  const running = look.devices('vebus').filter(vebus => (vebus.number('/State') ?? 0) !== 0);
  return [
    ...running.flatMap(at),
    ...at(look.inOrder('multi', 'inverter')[0]),
    ...[look.result(solar).voltage, look.result(dcChargers).voltage, look.result(fuelCells).voltage].filter(
      source => source !== null,
    ),
    ...at(look.devices('dcsystem')[0]),
  ];
}
