/** A battery with a BMS and solar chargers on one VE.Can network, and DVCC between them: how long a limit takes. */
import t from 'tap';
import { systemActor } from '../../../../src/actors/system/system-actor.ts';
import { SimulatedNode } from '../../../../src/drivers/vecan/simulators/simulated-node.ts';
import { simulateSolarCharger } from '../../../../src/drivers/vecan/simulators/simulator.ts';
import { BatteryBank } from '../../../../src/drivers/vedirect/simulators/battery-bank.ts';
import { SimulatedSolarCharger } from '../../../../src/drivers/vedirect/simulators/solar-charger.ts';
import { BMS_REGISTERS } from '../../../../src/protocols/nmea2000/vreg-registers.ts';
import { FLAG } from '../../../../src/protocols/vedirect/hex-frame.ts';
import { encodeRegister, type Register } from '../../../../src/protocols/vedirect/register.ts';
import { COMMON_REGISTERS, LINK_REGISTERS, MONITOR_REGISTERS } from '../../../../src/protocols/vedirect/registers.ts';
import { memoryMachine } from '../../../support/memory-machine.ts';
import { vecanPlant } from '../../../support/vecan-plant.ts';

const LIMIT_MS = 1_000;
const LYNX_SMART_BMS = 0xa3e5;
const NOTHING = new Uint8Array();

t.test('the limits of a BMS are in every charger of the network within a second, and it goes on charging', async t => {
  const { clock, bus, settings, supervisor, wireFor, value } = await vecanPlant();
  settings.set('/Settings/Services/Bol', 1);
  supervisor.add(systemActor(memoryMachine(clock, bus)));
  const bank = new BatteryBank({ nominal: 48, capacityAh: 280, charge: 0.5 });
  clock.every(1_000, beats => bank.step(beats));
  const chargers = [1, 2].map(seed => {
    const charger = new SimulatedSolarCharger({
      ...{ clock, bank, productId: 0xa109, serial: `HQ${seed}`, peakWatts: 4_000, ratedAmperes: 70 },
      sun: () => 1,
    });
    simulateSolarCharger(wireFor(seed), charger, { uniqueNumber: 500 + seed, preferredAddress: 50 + seed });
    return charger;
  });
  const held = new Map<number, Uint8Array>([
    [COMMON_REGISTERS.productId.id, Uint8Array.of(0, LYNX_SMART_BMS & 0xff, LYNX_SMART_BMS >> 8, 0)],
  ]);
  const bms = new SimulatedNode(wireFor(9).socket, clock, () => 0.5, {
    ...{ uniqueNumber: 900, deviceClass: 35, deviceFunction: 170, preferredAddress: 70 },
    ...{ model: 'BMS', firmware: 0x0110ff, messages: [] },
    registers: {
      get: id => ({ flags: held.has(id) ? 0 : FLAG.unknownId, value: held.get(id) ?? NOTHING }),
      set: () => ({ flags: FLAG.notSupported, value: NOTHING }),
    },
  });
  const says = (register: Register, number: number): void => {
    held.set(register.id, encodeRegister(register, number) ?? NOTHING);
    bms.tell(register.id);
  };
  clock.every(1_000, () => {
    says(MONITOR_REGISTERS.mainVoltage, bank.volts);
    says(MONITOR_REGISTERS.mainCurrentFine, bank.amperes);
    says(MONITOR_REGISTERS.stateOfCharge, bank.charge * 100);
  });
  says(BMS_REGISTERS.chargeVoltageLimit, 56.8);
  says(BMS_REGISTERS.chargeCurrentLimit, 100);
  await clock.advance(40_000);
  const number = (charger: SimulatedSolarCharger, { id }: Register): number =>
    charger.registers.get(id).value.reduceRight((sum, octet) => sum * 0x100 + octet, 0);
  const each = (register: Register): number[] => chargers.map(charger => number(charger, register));
  t.same(each(LINK_REGISTERS.linkChargeVoltage), [5_680, 5_680]);
  t.ok(
    each(LINK_REGISTERS.linkNetworkMode).every(mode => (mode & 0x0c) === 0x0c),
    'led from outside, by a BMS',
  );
  t.ok(bank.amperes > 60, `${bank.amperes} A`);
  t.equal(value('com.victronenergy.system', '/Control/Dvcc'), 1);

  const before = clock.monotonic();
  says(BMS_REGISTERS.chargeVoltageLimit, 54.2);
  while (each(LINK_REGISTERS.linkChargeVoltage).some(volts => volts !== 5_420) && clock.monotonic() - before < 9_000)
    await clock.advance(10);
  t.ok(clock.monotonic() - before <= LIMIT_MS, `voltage: ${clock.monotonic() - before} ms`);

  await clock.advance(7_000);
  const since = clock.monotonic();
  says(BMS_REGISTERS.chargeCurrentLimit, 20);
  const total = (): number => each(LINK_REGISTERS.linkChargeCurrentLimit).reduce((sum, one) => sum + one, 0);
  while (total() > 220 && clock.monotonic() - since < 9_000) await clock.advance(10);
  t.ok(clock.monotonic() - since <= LIMIT_MS, `current: ${clock.monotonic() - since} ms`);
  await clock.advance(60_000);
  t.ok(bank.amperes <= 22, `${bank.amperes} A`);
  t.ok(bank.amperes > 10);
  t.same(
    supervisor.status().flatMap(({ lastError }) => lastError ?? []),
    [],
  );
});
