/** The schema of each service type, for code that meets services only by their names. */
import { acloadSchema } from './acload.ts';
import { acsystemSchema } from './acsystem.ts';
import { adcSchema } from './adc.ts';
import { alternatorSchema } from './alternator.ts';
import { batterySchema } from './battery.ts';
import { bleSchema } from './ble.ts';
import { bmsSchema } from './bms.ts';
import { canopenmotordriveSchema } from './canopenmotordrive.ts';
import { canscannerSchema } from './canscanner.ts';
import { chargerSchema } from './charger.ts';
import { dcdcSchema } from './dcdc.ts';
import { dcgensetSchema } from './dcgenset.ts';
import { dcloadSchema } from './dcload.ts';
import { dcsourceSchema } from './dcsource.ts';
import { dcsystemSchema } from './dcsystem.ts';
import { digitalinputSchema } from './digitalinput.ts';
import { digitalinputsSchema } from './digitalinputs.ts';
import { eebusSchema } from './eebus.ts';
import { evSchema } from './ev.ts';
import { evchargerSchema } from './evcharger.ts';
import { froniusSchema } from './fronius.ts';
import { fuelcellSchema } from './fuelcell.ts';
import { generatorSchema } from './generator.ts';
import { gensetSchema } from './genset.ts';
import { gpsSchema } from './gps.ts';
import { gridSchema } from './grid.ts';
import { gxdSchema } from './gxd.ts';
import { heatpumpSchema } from './heatpump.ts';
import { hub4Schema } from './hub4.ts';
import { inverterSchema } from './inverter.ts';
import { loggerSchema } from './logger.ts';
import { meteoSchema } from './meteo.ts';
import { modbusclientSchema } from './modbusclient.ts';
import { modbustcpSchema } from './modbustcp.ts';
import { modemSchema } from './modem.ts';
import { motordriveSchema } from './motordrive.ts';
import { multiSchema } from './multi.ts';
import { opportunityloadsSchema } from './opportunityloads.ts';
import { platformSchema } from './platform.ts';
import { pulsemeterSchema } from './pulsemeter.ts';
import { pumpSchema } from './pump.ts';
import { pvinverterSchema } from './pvinverter.ts';
import type { Schema } from './row.ts';
import { serialscannerSchema } from './serialscanner.ts';
import { settingsSchema } from './settings.ts';
import { shellySchema } from './shelly.ts';
import { solarchargerSchema } from './solarcharger.ts';
import { switchSchema } from './switch.ts';
import { systemSchema } from './system.ts';
import { tankSchema } from './tank.ts';
import { temperatureSchema } from './temperature.ts';
import { temprelaySchema } from './temprelay.ts';
import { vebusSchema } from './vebus.ts';
import { vecanSchema } from './vecan.ts';

const SCHEMAS: ReadonlyMap<string, Schema> = new Map<string, Schema>([
  ['acload', acloadSchema],
  ['acsystem', acsystemSchema],
  ['adc', adcSchema],
  ['alternator', alternatorSchema],
  ['battery', batterySchema],
  ['ble', bleSchema],
  ['bms', bmsSchema],
  ['canopenmotordrive', canopenmotordriveSchema],
  ['canscanner', canscannerSchema],
  ['charger', chargerSchema],
  ['dcdc', dcdcSchema],
  ['dcgenset', dcgensetSchema],
  ['dcload', dcloadSchema],
  ['dcsource', dcsourceSchema],
  ['dcsystem', dcsystemSchema],
  ['digitalinput', digitalinputSchema],
  ['digitalinputs', digitalinputsSchema],
  ['eebus', eebusSchema],
  ['ev', evSchema],
  ['evcharger', evchargerSchema],
  ['fronius', froniusSchema],
  ['fuelcell', fuelcellSchema],
  ['generator', generatorSchema],
  ['genset', gensetSchema],
  ['gps', gpsSchema],
  ['grid', gridSchema],
  ['gxd', gxdSchema],
  ['heatpump', heatpumpSchema],
  ['hub4', hub4Schema],
  ['inverter', inverterSchema],
  ['logger', loggerSchema],
  ['meteo', meteoSchema],
  ['modbusclient', modbusclientSchema],
  ['modbustcp', modbustcpSchema],
  ['modem', modemSchema],
  ['motordrive', motordriveSchema],
  ['multi', multiSchema],
  ['opportunityloads', opportunityloadsSchema],
  ['platform', platformSchema],
  ['pulsemeter', pulsemeterSchema],
  ['pump', pumpSchema],
  ['pvinverter', pvinverterSchema],
  ['serialscanner', serialscannerSchema],
  ['settings', settingsSchema],
  ['shelly', shellySchema],
  ['solarcharger', solarchargerSchema],
  ['switch', switchSchema],
  ['system', systemSchema],
  ['tank', tankSchema],
  ['temperature', temperatureSchema],
  ['temprelay', temprelaySchema],
  ['vebus', vebusSchema],
  ['vecan', vecanSchema],
]);

/** @param serviceType `battery` of com.victronenergy.battery.ttyUSB0 */
export function schemaOf(serviceType: string): Schema | undefined {
  return SCHEMAS.get(serviceType);
}

/** All service types that have a schema. */
export function serviceTypes(): Iterable<string> {
  return SCHEMAS.keys();
}
