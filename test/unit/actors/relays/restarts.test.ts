/**
 * Pump and temperature relay against themselves: one that is killed and started again at any moment switches as one
 * that is not. From one seed; a failing seed is the bug report.
 */
import t from 'tap';
import { tankPumpActor } from '../../../../src/actors/tank-pump/tank-pump-actor.ts';
import { temperatureRelayActor } from '../../../../src/actors/temperature-relay/temperature-relay-actor.ts';
import type { GatewayActor } from '../../../../src/bus/gateway-context.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';
import type { Value } from '../../../../src/schema/row.ts';
import { GeneratorBench, SYSTEM, TANK } from '../../../support/generator-bench.ts';
import { SimulatedService } from '../../../support/memory-bus.ts';

const SEEDS = 10;
const STEPS = 60;
const SENSOR = 'com.victronenergy.temperature.adc_builtin_5';
const AT = '/Settings/TempSensorRelay/adc_builtin_5';

interface Plant {
  readonly name: string;
  readonly actor: () => GatewayActor;
  readonly settings: Readonly<Record<string, Value>>;
  readonly service: string;
  readonly path: string;
}

const PLANTS: readonly Plant[] = [
  {
    name: 'tank pump',
    actor: tankPumpActor,
    settings: {
      '/Settings/Relay/Function': 3,
      '/Settings/Pump0/TankService': 'com.victronenergy.tank/20',
      '/Settings/Pump0/StartValue': 30,
      '/Settings/Pump0/StopValue': 70,
    },
    service: TANK,
    path: '/Level',
  },
  {
    name: 'temperature relay',
    actor: temperatureRelayActor,
    settings: {
      '/Settings/Relay/Function': 4,
      '/Settings/Relay/1/Function': 4,
      [`${AT}/Enabled`]: 1,
      [`${AT}/0/Relay`]: 0,
      [`${AT}/0/SetValue`]: 70,
      [`${AT}/0/ClearValue`]: 50,
      [`${AT}/1/Relay`]: 1,
      [`${AT}/1/SetValue`]: 30,
      [`${AT}/1/ClearValue`]: 45,
    },
    service: SENSOR,
    path: '/Temperature',
  },
];

async function begun(plant: Plant): Promise<GeneratorBench> {
  const bench = new GeneratorBench(plant.actor);
  bench.set(plant.settings);
  bench.system('/Relay/1/State', 0);
  bench.bus.add(new SimulatedService(SENSOR, { '/DeviceInstance': 24, '/Temperature': 47 }));
  bench.bus.set(TANK, '/Level', 50);
  await bench.start();
  await bench.seconds(3);
  return bench;
}

const relays = (bench: GeneratorBench): Value[] => [0, 1].map(n => bench.bus.get(SYSTEM, `/Relay/${n}/State`));

for (const plant of PLANTS) {
  t.test(`${plant.name}: kills change nothing`, async t => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = seededRandom(seed);
      const calm = await begun(plant);
      const killed = await begun(plant);
      for (let step = 0; step < STEPS; step++) {
        const value = Math.round(random() * 100);
        const kill = random() < 0.4;
        for (const bench of [calm, killed]) bench.bus.set(plant.service, plant.path, value);
        if (kill) {
          await killed.crash();
          await killed.start();
        }
        for (const bench of [calm, killed]) await bench.seconds(3);
        if (JSON.stringify(relays(calm)) !== JSON.stringify(relays(killed))) {
          t.same(relays(killed), relays(calm), `seed ${seed}, step ${step}, at ${value}`);
          return;
        }
      }
      t.same(killed.relayWrites, calm.relayWrites, `seed ${seed}: the relay is switched as often, and no more`);
    }
  });
}
