import t from 'tap';
import { decide, REACTION, type Situation } from '../../../../src/actors/system/topics/dynamic-ess/strategy.ts';
import { STRATEGY, type Window } from '../../../../src/actors/system/topics/dynamic-ess/windows.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { EssPlant, LIFE, PLAN } from '../../../support/ess-plant.ts';

const WINDOW: Window = {
  slot: 0,
  start: 0,
  duration: 3_600,
  target: 60,
  strategy: STRATEGY.targetSoc,
  restrictions: 0,
  flags: 0,
  mayFeedIn: true,
  keepsBattery: false,
  keepsGrid: false,
  isFast: false,
  isSolarOff: false,
};

/** Below a target of 60 %, with 1000 W to charge and no sun. */
function situation(window: Partial<Window> = {}, rest: Partial<Situation> = {}): Situation {
  return {
    window: { ...WINDOW, ...window },
    next: undefined,
    soc: 50,
    target: window.target ?? WINDOW.target,
    minimumSoc: 10,
    chargeHysteresis: 0,
    dischargeHysteresis: 0,
    overhead: -500,
    progress: 50,
    reactionBefore: null,
    hasNewTarget: false,
    round: Math.round,
    rate: () => 1_000,
    ...rest,
  };
}

t.test('what is done', async t => {
  const { targetSoc, proBattery, proGrid } = STRATEGY;
  const above = { soc: 70, rate: () => -1_000 };
  const on = { soc: 60 };
  const nextUp = { ...WINDOW, target: 80 };
  const nextDown = { ...WINDOW, target: 30 };
  const cases: readonly [string, number, Partial<Window>, Partial<Situation>][] = [
    ['from the grid', REACTION.chargeWithGrid, {}, {}],
    ['from the grid for the battery', REACTION.chargeWithGrid, { strategy: proBattery }, {}],
    ['not from the grid, with sun', REACTION.chargeFromSun, { keepsGrid: true }, { overhead: 300 }],
    ['not from the grid, no sun', REACTION.idleNoCharge, { keepsGrid: true }, {}],
    ['grid gets the sun, no sun', REACTION.acceptBelowTarget, { strategy: proGrid }, {}],
    ['more sun than planned goes out', REACTION.chargeFeedIn, {}, { overhead: 2_000 }],
    ['… or in, when it must not go out', REACTION.chargeMore, { mayFeedIn: false }, { overhead: 2_000 }],
    ['… or in, when the battery gets more', REACTION.chargeMore, { strategy: proBattery }, { overhead: 2_000 }],
    ['full, and kept so', REACTION.keepCharged, { target: 100, strategy: proBattery }, { soc: 100 }],
    ['no rate', REACTION.noRate, {}, { rate: () => null }],
    ['down to the grid', REACTION.discharge, {}, above],
    ['down to the loads', REACTION.acceptDischarge, { strategy: proBattery }, above],
    ['at least as planned', REACTION.dischargeAtLeast, { strategy: proGrid }, { ...above, overhead: 0 }],
    ['loads take more than planned', REACTION.dischargeMore, { strategy: proGrid }, { ...above, overhead: -2_000 }],
    ['must not be sold', REACTION.acceptDischarge, { keepsBattery: true }, above],
    ['must not be sold, with sun', REACTION.idleNoDischarge, { keepsBattery: true }, { ...above, overhead: 300 }],
    ['there', REACTION.idleAtTarget, {}, on],
    ['there, sun goes out', REACTION.idleFeedIn, {}, { ...on, overhead: 300 }],
    ['there, sun goes in', REACTION.acceptCharge, { strategy: proBattery }, { ...on, overhead: 300 }],
    ['there, loads take from the battery', REACTION.acceptBelowTarget, { strategy: proGrid }, on],
    [
      'goes on into the next window',
      REACTION.chargeOn,
      {},
      { ...on, next: nextUp, progress: 95, reactionBefore: REACTION.chargeWithGrid },
    ],
    [
      '… not when there is much time',
      REACTION.idleAtTarget,
      {},
      { ...on, next: nextUp, progress: 80, reactionBefore: REACTION.chargeWithGrid },
    ],
    [
      'discharge goes on',
      REACTION.dischargeOn,
      {},
      { ...on, next: nextDown, progress: 95, reactionBefore: REACTION.discharge },
    ],
    ['never below what ESS keeps', REACTION.idleAtTarget, { target: 5 }, { soc: 10, minimumSoc: 10 }],
    ['within the hysteresis', REACTION.idleAtTarget, { strategy: targetSoc }, { soc: 59, chargeHysteresis: 1 }],
  ];
  for (const [name, expected, window, rest] of cases) t.equal(decide(situation(window, rest)).reaction, expected, name);
});

for (const seed of [5, 23, 71]) {
  t.test(`restrictions hold in any situation, seed ${seed}`, async t => {
    const random = seededRandom(seed);
    const below = (count: number): number => Math.floor(random() * count);
    const charges = [REACTION.chargeWithGrid, REACTION.keepCharged] as readonly number[];
    const sells = [REACTION.discharge, REACTION.dischargeAtLeast, REACTION.dischargeMore] as readonly number[];
    for (let i = 0; i < 20_000; i++) {
      const target = 1 + below(99);
      const soc = below(101);
      const one = situation(
        { strategy: [0, 2, 3][below(3)] ?? 0, keepsBattery: below(2) === 1, keepsGrid: below(2) === 1, target },
        { soc, overhead: below(8_000) - 4_000, rate: () => (target < soc ? -1 : 1) * below(3_000) },
      );
      const { reaction } = decide(one);
      if (one.window.keepsGrid && charges.includes(reaction)) t.fail(`charges from the grid: ${JSON.stringify(one)}`);
      if (one.window.keepsBattery && sells.includes(reaction)) t.fail(`sells the battery: ${JSON.stringify(one)}`);
      if (soc <= 10 && sells.includes(reaction)) t.fail(`goes below the minimum: ${JSON.stringify(one)}`);
    }
  });
}

const LIMITS = '/BatteryOperationalLimits/MaxChargeCurrent';

/** With a plan to be at 60 % in an hour: 1000 W into a battery of 10 kWh. */
async function planned(settings: Record<string, number> = {}, soc = 50): Promise<EssPlant> {
  const plant = new EssPlant(
    { [`${PLAN}/Mode`]: 1, [`${PLAN}/BatteryCapacity`]: 10, [`${LIFE}/State`]: 10, ...settings },
    soc,
  );
  plan(plant, 0, 3_600, 60);
  await plant.start();
  await plant.advance(6_000);
  return plant;
}

function plan(plant: EssPlant, slot: number, duration: number, target: number, from = 0): void {
  plant.setting(`${PLAN}/Schedule/${slot}/Start`, plant.secondsFromNow(from));
  plant.setting(`${PLAN}/Schedule/${slot}/Duration`, duration);
  plant.setting(`${PLAN}/Schedule/${slot}/TargetSoc`, target);
}

t.test('charges as planned, and lets go when it is switched off', async t => {
  const plant = await planned();
  t.equal(plant.get('/DynamicEss/Active'), 1);
  t.equal(plant.get('/DynamicEss/ReactiveStrategy'), REACTION.chargeWithGrid);
  t.ok(Math.abs(Number(plant.get('/DynamicEss/ChargeRate')) - 1_000) < 5);
  t.equal(plant.order('ForceCharge'), 1);
  t.ok((await plant.why('/DynamicEss/ChargeRate')).inputs.length > 0);
  plant.setting(`${PLAN}/Mode`, 0);
  await plant.advance(2_000);
  t.equal(plant.get('/DynamicEss/Active'), 0);
  t.equal(plant.get('/DynamicEss/ReactiveStrategy'), REACTION.disabled);
  t.same([plant.order('ForceCharge'), plant.order('MaxDischargePower'), plant.order('Setpoint')], [0, -1, null]);
  await plant.stop();
});

t.test('an error is shown when it has lasted for a minute; orders end at once', async t => {
  const plant = await planned();
  plant.setting(`${LIFE}/State`, 9);
  await plant.advance(6_000);
  t.equal(plant.get('/DynamicEss/Active'), 0);
  t.equal(plant.order('ForceCharge'), 0);
  t.equal(plant.get('/DynamicEss/ErrorCode'), 0);
  await plant.advance(60_000);
  t.equal(plant.get('/DynamicEss/ErrorCode'), 2);
  plant.setting(`${LIFE}/State`, 10);
  await plant.advance(6_000);
  t.equal(plant.get('/DynamicEss/ErrorCode'), 0, 'and gone at once');
  t.equal(plant.order('ForceCharge'), 1);
  await plant.stop();
});

t.test('between windows the ESS has its way', async t => {
  const plant = await planned();
  plant.setting(`${PLAN}/Schedule/0/Duration`, 10);
  await plant.advance(11_000);
  t.equal(plant.get('/DynamicEss/Active'), 0);
  t.equal(plant.get('/DynamicEss/ReactiveStrategy'), REACTION.noWindow);
  t.equal(plant.order('ForceCharge'), 0);
  plan(plant, 47, 600, 70);
  await plant.advance(6_000);
  t.equal(plant.get('/DynamicEss/WindowSlot'), 47, 'the last slot counts like the others');
  t.equal(plant.get('/DynamicEss/LastScheduledEnd'), plant.secondsFromNow(594));
  t.equal(plant.order('ForceCharge'), 1);
  await plant.stop();
});

t.test('the inverter/charger is limited to the planned power, and never to more than the BMS allows', async t => {
  for (const [amperes, expected] of [
    [100, 20],
    [12, 12],
  ] as const) {
    const plant = await planned({ '/Settings/Services/Bol': 1 });
    plant.multi('/FirmwareFeatures/BolFrame', 1);
    for (const path of ['MaxChargeVoltage', 'MaxChargeCurrent', 'MaxDischargeCurrent', 'BatteryLowVoltage'])
      plant.multi(`/BatteryOperationalLimits/${path}`, null);
    plant.add('battery.b', {
      '/Soc': 50,
      '/Dc/0/Voltage': 50,
      '/Dc/0/Current': 0,
      '/Dc/0/Power': 0,
      '/Info/MaxChargeVoltage': 56,
      '/Info/MaxChargeCurrent': amperes,
      '/Info/MaxDischargeCurrent': 100,
      '/Info/BatteryLowVoltage': 46,
    });
    await plant.advance(20_000);
    const limit = Number(plant.multiAt(LIMITS));
    t.ok(limit > 0 && Math.abs(limit - expected) <= 1, `${limit} A of ${expected}`);
    plant.setting(`${PLAN}/Mode`, 0);
    await plant.advance(12_000);
    t.equal(plant.multiAt(LIMITS), amperes);
    await plant.stop();
  }
});

t.test('Multi RS take the plan as power at their input', async t => {
  const plant = await planned();
  plant.add('acsystem.a', {
    '/DeviceInstance': 1,
    '/Capabilities/HasDynamicEssSupport': 1,
    '/Settings/Ess/Mode': 1,
    '/Settings/Ess/MinimumSocLimit': 10,
    '/Ess/AcPowerSetpoint': 0,
    '/Ess/InverterPowerSetpoint': 0,
    '/Ess/UseInverterPowerSetpoint': 0,
    '/Ess/DisableCharge': 0,
    '/Ess/DisableDischarge': 0,
    '/Ess/DisableFeedIn': 0,
  });
  await plant.advance(6_000);
  const at = (path: string): unknown => plant.bus.get('com.victronenergy.acsystem.a', path);
  t.ok(Number(at('/Ess/AcPowerSetpoint')) > 900, `${at('/Ess/AcPowerSetpoint')} W`);
  t.equal(at('/Ess/DisableFeedIn'), 1);
  plant.set('acsystem.a', '/Settings/Ess/Mode', 3);
  await plant.advance(6_000);
  t.equal(at('/Ess/AcPowerSetpoint'), 0);
  await plant.stop();
});
