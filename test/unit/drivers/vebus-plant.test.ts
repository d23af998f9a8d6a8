/** A VE.Bus system among others: told the state of charge by the system calculation, named and placed by the settings. */
import t from 'tap';
import { systemActor } from '../../../src/actors/system/system-actor.ts';
import { MultiSimulator, SimulatedMulti } from '../../../src/drivers/vebus/simulator.ts';
import { SimulatedShunt } from '../../../src/drivers/vedirect/simulators/shunt.ts';
import { memoryMachine } from '../../support/memory-machine.ts';
import { serialPlant } from '../../support/serial-plant.ts';

const VEBUS = 'com.victronenergy.vebus.ttyUSB1';
const BATTERY = 'com.victronenergy.battery.ttyUSB0';

t.test('the monitor says, the Multi shows', async t => {
  for (const ess of [false, true]) {
    const { clock, bus, links, plug, supervisor, value } = await serialPlant();
    supervisor.add(systemActor(memoryMachine(clock, bus)));
    plug(new SimulatedShunt({ clock }));
    const port = links.plug('/dev/ttyUSB1');
    const multi = new SimulatedMulti({ ess });
    const simulator = new MultiSimulator(clock, { multi }, bytes => port.send(bytes));
    port.onWrite = bytes => simulator.receive(bytes);
    await clock.advance(40_000);
    t.equal(value('com.victronenergy.system', '/Control/VebusSoc'), 1, ess ? 'with ESS' : 'without assistants');
    const told = Number(value(VEBUS, '/Soc'));
    t.ok(Math.abs(told - Number(value(BATTERY, '/Soc'))) < 1, `${told} %`);
    t.not(Math.round(told), Math.round(multi.battery.soc), 'not what the Multi would have said');
  }
});

t.test('a Multi is named, and its instance moved, by the settings', async t => {
  const { clock, links, settings, value, write } = await serialPlant();
  const port = links.plug('/dev/ttyUSB1');
  const simulator = new MultiSimulator(clock, { multi: new SimulatedMulti({}) }, bytes => port.send(bytes));
  port.onWrite = bytes => simulator.receive(bytes);
  await clock.advance(4_000);
  t.equal(value(VEBUS, '/DeviceInstance'), 289);
  t.equal(await write(VEBUS, '/CustomName', '120V appliances'), 0);
  t.equal(value(VEBUS, '/CustomName'), '120V appliances');
  settings?.set('/Settings/Devices/vebus_ttyUSB1/ClassAndVrmInstance', 'vebus:300');
  await clock.advance(1_000);
  t.equal(value(VEBUS, '/DeviceInstance'), 300);
  links.unplug('/dev/ttyUSB1');
  await clock.advance(2_000);
  const again = links.plug('/dev/ttyUSB1');
  simulator.release();
  const other = new MultiSimulator(clock, { multi: new SimulatedMulti({}) }, bytes => again.send(bytes));
  again.onWrite = bytes => other.receive(bytes);
  await clock.advance(5_000);
  t.equal(value(VEBUS, '/CustomName'), '120V appliances', 'kept');
  t.equal(value(VEBUS, '/DeviceInstance'), 300);
});
