/** Which services the messages of one device belong to (fact sheet vecan-n2k, section 7). */
import type { Values } from '../../protocols/nmea2000/message.ts';
import { type Name, VICTRON } from '../../protocols/nmea2000/name.ts';
import * as ac from '../../protocols/nmea2000/tables/ac.ts';
import * as acBus from '../../protocols/nmea2000/tables/ac-bus.ts';
import * as dc from '../../protocols/nmea2000/tables/dc.ts';
import * as engine from '../../protocols/nmea2000/tables/engine.ts';
import * as environment from '../../protocols/nmea2000/tables/environment.ts';
import * as navigation from '../../protocols/nmea2000/tables/navigation.ts';
import { classOf, type ProductClass } from '../../protocols/vedirect/products.ts';
import * as acKinds from './rows/ac.ts';
import * as power from './rows/power.ts';
import type { ServiceKind } from './rows/row.ts';
import * as sensors from './rows/sensors.ts';

/** One service of a device. */
export interface Place {
  readonly kind: ServiceKind;
  /** Which of several of its kind on the device; empty for the main one. */
  readonly key: string;
  /** The instance proposed for it; undefined: that of the device. */
  readonly instance?: number;
  /** Place of a battery among those of its device. */
  readonly dc?: number;
  /** The message only adds to a service that others have begun. */
  readonly joins?: true;
}

const VICTRON_KINDS: Readonly<Record<ProductClass, ServiceKind | undefined>> = {
  battery: power.battery,
  solarcharger: power.solarcharger,
  charger: power.charger,
  inverter: power.inverter,
  multi: power.multi,
  dcdc: power.alternator,
  vebus: power.vebus,
  other: undefined,
};

/** Interfaces that are what hangs behind them. */
const INTERFACES: ReadonlyMap<number, ServiceKind> = new Map([
  [0x0100, power.battery],
  [0x0103, power.vebus],
  [0xa120, power.vebus],
]);

/** Class 35 "Electrical Generation", by the function in the NAME. */
const ELECTRICAL_GENERATION = 35;
const KIND_OF_FUNCTION: Readonly<Record<number, ServiceKind>> = {
  141: power.alternator,
  142: power.solarSource,
  143: power.windSource,
  144: power.fuelCellSource,
  151: acKinds.genset,
  153: acKinds.grid,
  160: power.charger,
  161: power.multi,
  162: power.inverter,
  170: power.battery,
};

/** What a DC side is, by PGN 127506; the rest are batteries. */
const DC_SOURCES: Readonly<Record<number, ServiceKind>> = {
  1: power.alternator,
  2: power.converterSource,
  3: power.solarSource,
  4: power.windSource,
};

/** A main device has so many outputs at most, each a battery. */
const OUTPUTS = 3;
const ANY = 255;

const DC: ReadonlySet<number> = pgns(dc);
/** What only says more of a side that others measure. */
const DC_DETAILS: ReadonlySet<number> = new Set(
  [dc.converterStatus, dc.batteryConfiguration, dc.chargerConfiguration, dc.inverterConfiguration].map(
    message => message.pgn,
  ),
);
const ENGINE: ReadonlySet<number> = pgns(engine);
const AC: ReadonlySet<number> = pgns(ac);
const GENERATOR: ReadonlySet<number> = new Set([...pgns(acBus)].filter(pgn => pgn >= acBus.generatorEnergy.pgn));
const UTILITY: ReadonlySet<number> = new Set(
  [...pgns(acBus)].filter(pgn => pgn >= acBus.utilityEnergy.pgn && pgn < acBus.generatorEnergy.pgn),
);
const POSITION: ReadonlySet<number> = new Set(
  [navigation.positionRapid, navigation.gnssPosition].map(message => message.pgn),
);
/** A clock or a compass alone is no receiver of positions. */
const NAVIGATION: ReadonlySet<number> = pgns(navigation);

/** The messages of one device, put where they belong. It learns from them what the device is. */
export class Placement {
  readonly #main: ServiceKind | undefined;
  /** Instance of a DC side → what it is. Of main devices: which instances there are. */
  readonly #sides = new Map<number, ServiceKind>();
  #makesPower = false;

  /** @param productId of Victron; undefined when the device did not tell one */
  constructor(name: Name, productId: number | undefined) {
    this.#main = mainKind(name, productId);
  }

  /** What the device is as a whole; undefined when its messages decide. */
  get main(): ServiceKind | undefined {
    return this.#main;
  }

  /** @returns the services that the message belongs to; none when it is of no use */
  places(pgn: number, values: Values): readonly Place[] {
    if (pgn === environment.fluidLevel.pgn) return tankPlace(values);
    if (pgn === environment.switchBankStatus.pgn) return bankPlace(values);
    if (pgn === environment.temperature.pgn || pgn === environment.temperatureExtended.pgn)
      return temperaturePlace(number(values, 'instance'), number(values, 'source'));
    if (pgn === environment.environment.pgn) return temperaturePlace(0, number(values, 'temperatureSource'));
    if (NAVIGATION.has(pgn)) return [{ kind: sensors.gps, key: 'gps', ...(POSITION.has(pgn) ? {} : { joins: true }) }];
    if (DC.has(pgn)) return this.#dcPlace(pgn, values);
    if (UTILITY.has(pgn)) return [{ kind: acKinds.grid, key: 'grid' }];
    if (GENERATOR.has(pgn) || pgn === engine.agsStatus.pgn) this.#makesPower = true;
    if (GENERATOR.has(pgn) || ENGINE.has(pgn)) return this.#enginePlace();
    return AC.has(pgn) && this.#main !== undefined ? this.#mainPlace() : [];
  }

  #mainPlace(dcIndex = 0): readonly Place[] {
    return this.#main === undefined ? [] : [{ kind: this.#main, key: '', dc: dcIndex }];
  }

  /** The engine of a boat is no generator: only what is known to make power is shown. */
  #enginePlace(): readonly Place[] {
    const main = this.#main;
    if (main === acKinds.genset || main === power.alternator) return this.#mainPlace();
    if (main !== undefined || !this.#makesPower) return [];
    return [{ kind: acKinds.genset, key: '' }];
  }

  #dcPlace(pgn: number, values: Values): readonly Place[] {
    const instance = dcInstance(pgn, values);
    const main = this.#main;
    if (main === acKinds.genset) return [{ kind: acKinds.dcgenset, key: 'dc' }];
    if (main === acKinds.grid) return [];
    if (main !== undefined) return this.#mainPlace(this.#outputOf(instance));
    const kind = this.#learn(pgn, instance, values);
    return [{ kind, key: `dc_${instance}`, instance, dc: 0, ...(DC_DETAILS.has(pgn) ? { joins: true } : {}) }];
  }

  /** Which output of a main device an instance is: they are told in the order of their instances. */
  #outputOf(instance: number): number {
    if (this.#sides.size < OUTPUTS && this.#main !== undefined) this.#sides.set(instance, this.#main);
    const index = [...this.#sides.keys()].sort((a, b) => a - b).indexOf(instance);
    return Math.max(0, index);
  }

  /** What a DC side is: a charger or inverter says so of its own; else PGN 127506 does; else it is a battery. */
  #learn(pgn: number, instance: number, values: Values): ServiceKind {
    const known = this.#sides.get(instance);
    const isConverter = known === power.charger || known === power.inverter;
    let kind = known ?? power.battery;
    if (pgn === dc.chargerStatus.pgn) kind = power.charger;
    else if (pgn === dc.inverterStatus.pgn && known !== power.charger) kind = power.inverter;
    else if (pgn === dc.dcDetailedStatus.pgn && !isConverter)
      kind = DC_SOURCES[number(values, 'dcType') ?? 0] ?? power.battery;
    this.#sides.set(instance, kind);
    return kind;
  }
}

/** What a device is by its product or by its NAME. */
function mainKind(name: Name, productId: number | undefined): ServiceKind | undefined {
  if (productId !== undefined && name.manufacturer === VICTRON) {
    const kind = INTERFACES.get(productId) ?? VICTRON_KINDS[classOf(productId)];
    if (kind !== undefined) return kind;
  }
  return name.deviceClass === ELECTRICAL_GENERATION ? KIND_OF_FUNCTION[name.deviceFunction] : undefined;
}

/** The instance of the battery that a message is about. */
function dcInstance(pgn: number, values: Values): number {
  const field =
    pgn === dc.dcVoltageCurrent.pgn || pgn === dc.converterStatus.pgn
      ? 'connectionNumber'
      : pgn === dc.chargerStatus.pgn || pgn === dc.chargerConfiguration.pgn
        ? 'batteryInstance'
        : pgn === dc.inverterStatus.pgn || pgn === dc.inverterConfiguration.pgn
          ? 'dcInstance'
          : 'instance';
  return number(values, field) ?? 0;
}

function tankPlace(values: Values): readonly Place[] {
  const instance = number(values, 'instance');
  const type = number(values, 'type');
  if (instance === undefined || type === undefined) return [];
  return [{ kind: sensors.tank, key: `tank_${instance}_${type}`, instance }];
}

function bankPlace(values: Values): readonly Place[] {
  const instance = number(values, 'instance') ?? 0;
  return [{ kind: sensors.switchBank, key: `bank_${instance}`, instance }];
}

function temperaturePlace(instance: number | undefined, source: number | undefined): readonly Place[] {
  if (instance === undefined || instance === ANY || source === undefined) return [];
  return [{ kind: sensors.temperature, key: `temperature_${instance}_${source}`, instance }];
}

function number(values: Values, field: string): number | undefined {
  const value = values[field];
  return typeof value === 'number' ? value : undefined;
}

function pgns(tables: Readonly<Record<string, { readonly pgn: number }>>): ReadonlySet<number> {
  return new Set(Object.values(tables).map(({ pgn }) => pgn));
}
