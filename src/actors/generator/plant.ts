/** What the conditions look at, read from the services of the plant (fact list, section 2.4). */
import { SYSTEM_SERVICE } from '../../bus/board-relay.ts';
import type { ActorWorld } from '../../bus/gateway-context.ts';
import { serviceType } from '../../bus/service-view.ts';
import { SETTINGS_SERVICE } from '../../bus/settings-client.ts';
import { SOURCE_GENERATOR } from './alarms.ts';
import type { ConditionValues } from './conditions.ts';
import { AC_INPUTS, type AcInput } from './decision.ts';

const PHASES = ['L1', 'L2', 'L3'] as const;
/** AcLoad/Measurement */
const MEASURE_TOTAL = 0;
const MEASURE_INVERTER_OUT = 1;
const MEASURE_HIGHEST_PHASE = 2;
/** Types that a battery monitor chosen by its name may have. */
const BATTERY_TYPES = ['battery', 'vebus'];

/** The inverter/charger: the VE.Bus system that the system service names, else the first RS system. */
export function inverterService(world: ActorWorld): string | null {
  const vebus = world.value(SYSTEM_SERVICE, '/VebusService');
  if (typeof vebus === 'string' && vebus !== '') return vebus;
  return world.ofType('acsystem').find(service => service.get('/DeviceInstance') === 0)?.name ?? null;
}

/** Where battery values come from. */
export interface BatterySource {
  readonly service: string;
  readonly voltage: string;
  readonly current: string;
  readonly soc: string;
}

/**
 * @param selection `default`: the battery monitor of the system; `nobattery`; `com_victronenergy_battery_288/Dc/0`
 * @returns null when none is selected, undefined when the selected one is not there
 */
export function batterySource(world: ActorWorld, selection: string): BatterySource | null | undefined {
  if (selection === 'nobattery') return null;
  if (selection === 'default') return sourceAt(SYSTEM_SERVICE, '/Dc/Battery', '/Dc/Battery/Soc');
  const match = /^com_victronenergy_([a-z]+)_(\d+)(\/.+)$/.exec(selection);
  const [, type = '', instance, prefix = ''] = match ?? [];
  if (!BATTERY_TYPES.includes(type)) return undefined;
  const service = world.ofType(type).find(one => one.get('/DeviceInstance') === Number(instance));
  return service === undefined ? undefined : sourceAt(service.name, prefix, '/Soc');
}

function sourceAt(service: string, prefix: string, soc: string): BatterySource {
  return { service, voltage: `${prefix}/Voltage`, current: `${prefix}/Current`, soc };
}

export interface PlantSelection {
  /** Setting BatteryService */
  readonly battery: string;
  /** Setting AcLoad/Measurement */
  readonly acLoad: number;
  /** Setting TankLevel/TankService */
  readonly tank: string;
}

export interface PlantPicture {
  readonly inverter: string | null;
  readonly batteryUsed: boolean;
  readonly values: ConditionValues;
  readonly soc: number | null;
  readonly acAvailable: Readonly<Record<AcInput, number | null>>;
  readonly tankLevel: number | null;
  /** The generator is what arrives at the active AC input; null when the inverter does not say. */
  readonly acArrives: boolean | null;
}

export function readPlant(world: ActorWorld, selection: PlantSelection): PlantPicture {
  const read = reader(world);
  const inverter = inverterService(world);
  const battery = batterySource(world, selection.battery);
  const fromBattery = (path: 'voltage' | 'current' | 'soc'): number | null =>
    battery ? read(battery.service, battery[path]) : null;
  const soc = fromBattery('soc');
  const current = fromBattery('current');
  return {
    inverter,
    batteryUsed: battery !== null,
    soc,
    values: {
      soc,
      acload: acLoad(read, inverter, selection.acLoad),
      batterycurrent: current === null ? null : -current,
      batteryvoltage: fromBattery('voltage'),
      inverterhightemp: inverterAlarm(read, inverter, 'HighTemperature'),
      inverteroverload: inverterAlarm(read, inverter, 'Overload'),
    },
    acAvailable: { ac1: acAvailable(read, inverter, 'ac1'), ac2: acAvailable(read, inverter, 'ac2') },
    tankLevel: tankLevel(read, selection.tank),
    acArrives: acArrives(read, inverter),
  };
}

type Read = (service: string | null, path: string) => number | null;

function reader(world: ActorWorld): Read {
  return (service, path) => {
    const value = service === null ? null : world.value(service, path);
    return typeof value === 'number' ? value : null;
  };
}

function acLoad(read: Read, inverter: string | null, measurement: number): number | null {
  const out = PHASES.map(phase => read(inverter, `/Ac/Out/${phase}/P`));
  // Without the inverter the sums of the system say nothing about its load.
  if (out[0] === null) return null;
  switch (measurement) {
    case MEASURE_TOTAL:
      return sum(
        PHASES.flatMap(phase => [
          read(SYSTEM_SERVICE, `/Ac/ConsumptionOnInput/${phase}/Power`),
          read(SYSTEM_SERVICE, `/Ac/ConsumptionOnOutput/${phase}/Power`),
        ]),
      );
    case MEASURE_INVERTER_OUT:
      return sum(out);
    case MEASURE_HIGHEST_PHASE:
      return highest(out);
    default:
      return null;
  }
}

/** On CAN there is one alarm for all phases, on VE.Bus one for each. */
function inverterAlarm(read: Read, inverter: string | null, alarm: string): number | null {
  return (
    read(inverter, `/Alarms/${alarm}`) ?? highest(PHASES.map(phase => read(inverter, `/Alarms/${phase}/${alarm}`)))
  );
}

function acAvailable(read: Read, inverter: string | null, input: AcInput): number | null {
  if (inverter === null) return null;
  const activeInput = read(inverter, '/Ac/ActiveIn/ActiveInput');
  if (serviceType(inverter) !== 'vebus') {
    // RS systems have one input, and say only which is active.
    if (input === 'ac2') return 0;
    return activeInput === null ? null : Number(activeInput === 0);
  }
  const available = read(inverter, input === 'ac1' ? '/Ac/State/AcIn1Available' : '/Ac/State/AcIn2Available');
  if (available !== null) return Number(available !== 0);
  // Firmware that does not say: for input 1 the active input will do. It cannot change over to input 2 by itself, so
  // that to stop because of input 2 would leave the house without power.
  if (input === 'ac2') return null;
  const connected = read(inverter, '/Ac/ActiveIn/Connected');
  return activeInput === null || connected === null ? null : Number(activeInput === 0 && connected === 1);
}

function acArrives(read: Read, inverter: string | null): boolean | null {
  const connected =
    inverter !== null && serviceType(inverter) === 'vebus'
      ? read(inverter, '/Ac/ActiveIn/Connected')
      : activeInputConnected(read(inverter, '/Ac/ActiveIn/ActiveInput'));
  if (connected === null) return null;
  return connected === 1 && read(SYSTEM_SERVICE, '/Ac/ActiveIn/Source') === SOURCE_GENERATOR;
}

function activeInputConnected(activeInput: number | null): number | null {
  return activeInput === null ? null : Number(activeInput === 0 || activeInput === 1);
}

function tankLevel(read: Read, service: string): number | null {
  // 0: fine; a sensor in trouble says nothing about the level.
  return (read(service, '/Status') ?? 0) === 0 ? read(service, '/Level') : null;
}

/** The AC inputs on which the generator is, by the settings of the system. */
export function generatorInputs(world: ActorWorld): AcInput[] {
  return AC_INPUTS.map(({ name }) => name).filter(
    name =>
      world.value(SETTINGS_SERVICE, `/Settings/SystemSetup/${name === 'ac1' ? 'AcInput1' : 'AcInput2'}`) ===
      SOURCE_GENERATOR,
  );
}

/** Whether the inverter can leave the engine without load. */
export function canKeepLoadAway(world: ActorWorld): boolean {
  const inverter = inverterService(world);
  if (inverter === null) return false;
  // VE.Bus firmware before AcIn1Available had IgnoreAcIn1, but not for the second input.
  const sign = serviceType(inverter) === 'vebus' ? '/Ac/State/AcIn1Available' : '/Ac/Control/IgnoreAcIn1';
  return world.value(inverter, sign) !== null;
}

/** Service → name, of the tanks there are; as JSON for the user interfaces. */
export function tankChoices(world: ActorWorld): string {
  const choices: Record<string, string> = {};
  for (const tank of world.ofType('tank')) {
    const named = tank.get('/CustomName');
    choices[tank.name] = String((named === '' ? null : named) ?? tank.get('/ProductName') ?? tank.name);
  }
  return JSON.stringify(choices);
}

function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((total, one) => total + (one ?? 0), 0);
}

function highest(values: readonly (number | null)[]): number | null {
  const known = values.filter(value => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** The items that decide, for an explanation. */
export function inputsOf(
  world: ActorWorld,
  batterySelection: string,
  tank: string,
): readonly (readonly [service: string, path: string])[] {
  const items: (readonly [string, string])[] = [];
  const battery = batterySource(world, batterySelection);
  if (battery) for (const path of [battery.soc, battery.current, battery.voltage]) items.push([battery.service, path]);
  const inverter = inverterService(world);
  if (inverter !== null) {
    for (const phase of PHASES) items.push([inverter, `/Ac/Out/${phase}/P`]);
    for (const alarm of ['HighTemperature', 'Overload']) {
      items.push([inverter, `/Alarms/${alarm}`]);
      for (const phase of PHASES) items.push([inverter, `/Alarms/${phase}/${alarm}`]);
    }
    for (const path of ['/Ac/State/AcIn1Available', '/Ac/State/AcIn2Available', '/Ac/ActiveIn/ActiveInput'])
      items.push([inverter, path]);
  }
  items.push([tank, '/Level']);
  return items.filter(([service, path]) => world.service(service)?.has(path));
}
