import { defineTopic } from '../topic.ts';

/** Types of services that have a place in the map: those that the system calculation deals with. */
const TYPES = [
  'acsystem',
  'alternator',
  'battery',
  'charger',
  'dcgenset',
  'dcsystem',
  'fuelcell',
  'generator',
  'genset',
  'gps',
  'grid',
  'heatpump',
  'hub4',
  'inverter',
  'motordrive',
  'multi',
  'pvinverter',
  'settings',
  'shelly',
  'solarcharger',
  'temperature',
  'vebus',
  'vecan',
] as const;

/** Where a device is to be found by its class and instance. */
export const serviceMapping = defineTopic({
  name: 'service-mapping',
  about: 'The name on the bus of each device, by its class and device instance, which stay the same on another port.',
  reads: { devices: Object.fromEntries(TYPES.map(type => [type, []])) },
  publishes: { '/ServiceMapping/{name}': 'the name on the bus of the device of this class and instance' },
  compute(look, out) {
    for (const device of look.inArrivalOrder(...TYPES))
      out.part(() => out.set(`/ServiceMapping/com_victronenergy_${device.type}_${device.instance}`, device.name));
  },
});
