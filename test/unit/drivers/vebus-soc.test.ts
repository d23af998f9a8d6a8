/** The state of charge of a battery monitor reaches a VE.Bus system, through the system calculation. */
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
