/** Generators and mains on D-Bus (fact sheet vecan-n2k, section 7; AC meters: tables/ac-bus.ts). */
import type { Message } from '../../../protocols/nmea2000/message.ts';
import * as simple from '../../../protocols/nmea2000/tables/ac.ts';
import * as bus from '../../../protocols/nmea2000/tables/ac-bus.ts';
import * as dc from '../../../protocols/nmea2000/tables/dc.ts';
import { agsStatus, engineDynamic, engineRapid } from '../../../protocols/nmea2000/tables/engine.ts';
import { dcgensetSchema } from '../../../schema/dcgenset.ts';
import { gensetSchema } from '../../../schema/genset.ts';
import { gridSchema } from '../../../schema/grid.ts';
import { type DerivedRow, type PathRow, type ServiceKind, shows, showsField, showsLine, toCelsius } from './row.ts';

const PASCAL_PER_KILOPASCAL = 1000;

/** `/StatusCode`, by the states of PGN 127514. */
const STATUS_OF_GENERATOR: Readonly<Record<number, number>> = {
  0: 2,
  1: 1,
  2: 3,
  3: 3,
  4: 4,
  5: 9,
  6: 5,
  7: 8,
  8: 9,
  9: 8,
  10: 0,
  11: 3,
};
const RUNNING = 8;
const STANDBY = 0;

/** An engine turns: without better knowledge the generator runs. */
const TURNING_RPM = 100;

const ENGINE: readonly PathRow[] = [
  shows(engineRapid, 'speed', '/Engine/Speed'),
  shows(engineDynamic, 'temperature', '/Engine/CoolantTemperature', toCelsius),
  shows(engineDynamic, 'oilPressure', '/Engine/OilPressure', pascal => pascal / PASCAL_PER_KILOPASCAL),
  shows(engineDynamic, 'oilTemperature', '/Engine/OilTemperature', toCelsius),
  shows(engineDynamic, 'engineLoad', '/Engine/Load'),
  shows(engineDynamic, 'totalEngineHours', '/Engine/OperatingHours'),
  shows(engineDynamic, 'alternatorPotential', '/StarterVoltage'),
  shows(agsStatus, 'generatorState', '/StatusCode', state => STATUS_OF_GENERATOR[state] ?? null),
  shows(engineRapid, 'speed', '/StatusCode', rpm => (rpm >= TURNING_RPM ? RUNNING : STANDBY)),
];

const SIMPLE: readonly (readonly [power: Message, voltage: Message])[] = [
  [simple.acPowerA, simple.acVoltageA],
  [simple.acPowerB, simple.acVoltageB],
  [simple.acPowerC, simple.acVoltageC],
];

/** Each phase by each of the ways in which it is told; the finest first. */
function phases(measured: readonly (readonly [power: Message, quantities: Message])[]): PathRow[] {
  return measured.flatMap(([power, quantities], line) => {
    const base = `/Ac/L${line + 1}`;
    const [simplePower, simpleVoltage] = SIMPLE[line] ?? [];
    return [
      ...[simple.acOutputStatus, simple.acInputStatus].flatMap(message => [
        showsLine(message, line, 'voltage', `${base}/Voltage`),
        showsLine(message, line, 'current', `${base}/Current`),
        showsLine(message, line, 'realPower', `${base}/Power`),
        ...(line === 0 ? [showsLine(message, line, 'frequency', '/Ac/Frequency')] : []),
      ]),
      ...(simplePower === undefined || simpleVoltage === undefined
        ? []
        : [
            showsField(simpleVoltage, 'acVoltageLineToNeutral', `${base}/Voltage`),
            showsField(simplePower, 'acRmsCurrent', `${base}/Current`),
            showsField(simplePower, 'power', `${base}/Power`),
          ]),
      showsField(quantities, 'lineNeutralAcRmsVoltage', `${base}/Voltage`),
      showsField(quantities, 'lineLineAcRmsVoltage', `${base}/VoltageLineToLine`),
      showsField(quantities, 'acRmsCurrent', `${base}/Current`),
      showsField(power, 'realPower', `${base}/Power`),
    ];
  });
}

const TOTAL: DerivedRow = {
  path: '/Ac/Power',
  from: ['/Ac/L1/Power'],
  optional: ['/Ac/L2/Power', '/Ac/L3/Power'],
  read: (...watts) => watts.reduce((sum, one) => sum + one, 0),
};

const AC_FIRST = ['/Ac/L1/Voltage', '/Ac/L1/Current', '/Ac/L1/Power', '/Ac/Power', '/Ac/Frequency'] as const;

export const genset: ServiceKind = {
  type: 'genset',
  schema: gensetSchema,
  productId: null,
  first: [...AC_FIRST, '/Engine/Speed', '/Engine/OperatingHours', '/StatusCode', '/StarterVoltage', '/ErrorCode'],
  rows: [
    ...ENGINE,
    shows(bus.generatorPower, 'realPower', '/Ac/Power'),
    shows(bus.generatorQuantities, 'acFrequency', '/Ac/Frequency'),
    shows(bus.generatorEnergy, 'totalEnergyExport', '/Ac/Energy/Forward'),
    ...phases([
      [bus.generatorPowerA, bus.generatorQuantitiesA],
      [bus.generatorPowerB, bus.generatorQuantitiesB],
      [bus.generatorPowerC, bus.generatorQuantitiesC],
    ]),
    shows(simple.acVoltageA, 'frequency', '/Ac/Frequency'),
    shows(bus.generatorQuantitiesA, 'acFrequency', '/Ac/Frequency'),
  ],
  derived: [TOTAL],
};

export const dcgenset: ServiceKind = {
  type: 'dcgenset',
  schema: dcgensetSchema,
  productId: null,
  first: ['/Dc/0/Voltage', '/Dc/0/Current', '/Dc/0/Power', '/Engine/Speed', '/StatusCode', '/ErrorCode'],
  rows: [
    ...ENGINE,
    shows(dc.batteryStatus, 'voltage', '/Dc/0/Voltage'),
    shows(dc.batteryStatus, 'current', '/Dc/0/Current'),
    shows(dc.dcVoltageCurrent, 'dcVoltage', '/Dc/0/Voltage'),
    shows(dc.dcVoltageCurrent, 'dcCurrent', '/Dc/0/Current'),
  ],
  derived: [
    {
      path: '/Dc/0/Power',
      from: ['/Dc/0/Voltage', '/Dc/0/Current'],
      read: (volts = 0, amperes = 0) => Math.round(volts * amperes),
    },
  ],
};

export const grid: ServiceKind = {
  type: 'grid',
  schema: gridSchema,
  productId: null,
  first: AC_FIRST,
  rows: [
    shows(bus.utilityPower, 'realPower', '/Ac/Power'),
    shows(bus.utilityQuantities, 'acFrequency', '/Ac/Frequency'),
    shows(bus.utilityEnergy, 'totalEnergyImport', '/Ac/Energy/Forward'),
    shows(bus.utilityEnergy, 'totalEnergyExport', '/Ac/Energy/Reverse'),
    ...phases([
      [bus.utilityPowerA, bus.utilityQuantitiesA],
      [bus.utilityPowerB, bus.utilityQuantitiesB],
      [bus.utilityPowerC, bus.utilityQuantitiesC],
    ]),
    shows(simple.acVoltageA, 'frequency', '/Ac/Frequency'),
    shows(bus.utilityQuantitiesA, 'acFrequency', '/Ac/Frequency'),
  ],
  derived: [TOTAL],
};
