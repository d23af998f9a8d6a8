/** Devices on a VE.Can network, from their claim to their service and back. */
import t from 'tap';
import {
  simulateBatteryMonitor,
  simulateGps,
  simulateSolarCharger,
  simulateTankSensor,
} from '../../../../src/drivers/vecan/simulators/simulator.ts';
import { BatteryBank } from '../../../../src/drivers/vedirect/simulators/battery-bank.ts';
import { SimulatedShunt } from '../../../../src/drivers/vedirect/simulators/shunt.ts';
import { SimulatedSolarCharger } from '../../../../src/drivers/vedirect/simulators/solar-charger.ts';
import { NETWORK, vecanPlant } from '../../../support/vecan-plant.ts';

const SOLAR = 'com.victronenergy.solarcharger.socketcan_can0_vi0_uc30688';
const BATTERY = 'com.victronenergy.battery.socketcan_can0_vi0_uc231681';
const TANK = 'com.victronenergy.tank.socketcan_can0_vi0_uc1072';
const TEMPERATURE = 'com.victronenergy.temperature.socketcan_can0_vi0_uc1072';
const GPS = 'com.victronenergy.gps.socketcan_can0_vi0_uc2044';

t.test('the network is a service of its own, with our address in the settings', async t => {
  const { session, value, world } = await vecanPlant();
  t.equal(session.address, 100);
  t.equal(value(NETWORK, '/Connected'), 1);
  t.equal(value(NETWORK, '/Link/NetworkMode'), null);
  t.ok(world.service(NETWORK)?.has('/Link/ChargeVoltage'));
});

t.test('a solar charger: who it is, its registers, its messages', async t => {
  const { clock, value, wireFor, names, said } = await vecanPlant();
  const mppt = new SimulatedSolarCharger({ clock, productId: 0xa102, sun: () => 1 });
  const { bank } = mppt;
  const node = simulateSolarCharger(wireFor(), mppt);
  await clock.advance(20_000);
  t.same(names('solarcharger'), [SOLAR], said.join('\n'));
  t.equal(value(SOLAR, '/ProductId'), 0xa102);
  t.equal(value(SOLAR, '/ProductName'), 'SmartSolar MPPT VE.Can 150/70');
  t.equal(value(SOLAR, '/FirmwareVersion'), 0x0115ff);
  t.equal(value(SOLAR, '/Mgmt/Connection'), 'VE.Can');
  t.equal(value(SOLAR, '/N2kUniqueNumber'), 30_688);
  t.equal(value(SOLAR, '/N2kDeviceInstance'), 0);
  t.equal(value(SOLAR, '/Serial'), 'HQ2132SIM02');
  t.equal(value(SOLAR, '/Devices/0/Gateway'), 'socketcan:can0');
  t.equal(value(SOLAR, '/Devices/0/Nad'), node.address);
  t.equal(value(SOLAR, '/Devices/0/ServiceName'), SOLAR);
  t.ok(Math.abs(Number(value(SOLAR, '/Dc/0/Voltage')) - bank.volts) < 0.3);
  t.ok(Number(value(SOLAR, '/Yield/Power')) > 100);
  t.ok(Number(value(SOLAR, '/Pv/V')) > 20);
  t.equal(value(SOLAR, '/State'), 3);
  t.equal(value(SOLAR, '/Mode'), 1);
  t.match(value(SOLAR, '/History/Daily/0/Yield'), Number);
  node.silent = true;
  await clock.advance(17_000);
  t.same(names('solarcharger'), [], 'silent: gone');
  node.silent = false;
  await clock.advance(14_000);
  t.same(names('solarcharger'), [SOLAR], 'and back');
  node.release();
});

t.test('several devices at the same time', async t => {
  const { clock, value, wireFor, session } = await vecanPlant();
  const bank = new BatteryBank();
  simulateBatteryMonitor(wireFor(1), new SimulatedShunt({ clock, bank, productId: 0xa389 }));
  simulateTankSensor(wireFor(2));
  simulateGps(wireFor(3));
  await clock.advance(15_000);
  t.equal(value(BATTERY, '/ProductName'), 'SmartShunt 500A/50mV');
  t.ok(Math.abs(Number(value(BATTERY, '/Soc')) - bank.charge * 100) < 1.5);
  t.ok(Math.abs(Number(value(BATTERY, '/Dc/0/Voltage')) - bank.volts) < 0.2);
  t.equal(value(TANK, '/FluidType'), 1);
  t.equal(value(TANK, '/Capacity'), 0.2);
  t.ok(Number(value(TANK, '/Level')) > 60);
  t.ok(Math.abs(Number(value(TANK, '/Remaining')) - Number(value(TANK, '/Level')) * 0.002) < 0.001);
  t.equal(value(TANK, '/ProductName'), 'Tank adapter');
  t.equal(value(TEMPERATURE, '/TemperatureType'), 4);
  t.ok(Number(value(TEMPERATURE, '/Temperature')) > 10);
  t.equal(value(GPS, '/Fix'), 1);
  t.ok(Math.abs(Number(value(GPS, '/Position/Latitude')) - 52.7) < 0.02);
  t.equal(value(GPS, '/NrOfSatellites'), 9);
  t.ok(Math.abs(Number(value(GPS, '/UtcTimestamp')) - clock.wall() / 1000) < 3);
  t.equal(session.faults, 0);
});
