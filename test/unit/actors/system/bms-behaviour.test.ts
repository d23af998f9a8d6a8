import t from 'tap';
import { type Bms, behaviourOf, startBmsMemory } from '../../../../src/actors/system/topics/dvcc/bms.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';

const LG = 0xb004;
const PYLONTECH = 0xb009;
const BYD = 0xb00a;
const PELIO = 0xb029;
const LYNX = 0xa3e5;

function bms(values: Partial<Bms>): Bms {
  return {
    productId: null,
    chargeVoltage: 56,
    chargeCurrent: 100,
    capacity: null,
    volts: 52,
    minCell: null,
    maxCell: null,
    controlsVoltage: false,
    ...values,
  };
}

function limits(values: Partial<Bms>): { volts: number; amperes: number } {
  const one = bms(values);
  const behaviour = behaviourOf(one);
  const amperes = one.chargeCurrent ?? 0;
  return {
    volts: behaviour.chargeVoltage?.(one, startBmsMemory()) ?? one.chargeVoltage,
    amperes: behaviour.chargeCurrent?.(one, amperes) ?? amperes,
  };
}

t.test('limits by product', async t => {
  const table: readonly [string, Partial<Bms>, { volts: number; amperes: number }][] = [
    ['an unknown product gets what it says', { chargeVoltage: 57.7, chargeCurrent: 0 }, { volts: 57.7, amperes: 0 }],
    ['LG is capped', { productId: LG, chargeVoltage: 57.7 }, { volts: 57.3, amperes: 100 }],
    ['BYD floats when full', { productId: BYD, chargeCurrent: 0 }, { volts: 55, amperes: 40 }],
    ['BYD charges', { productId: BYD, chargeVoltage: 56.2, chargeCurrent: 1 }, { volts: 56.2, amperes: 1 }],
    ['BYD below its float', { productId: BYD, chargeVoltage: 54, chargeCurrent: 0 }, { volts: 54, amperes: 40 }],
    [
      'Pylontech 15 cells',
      { productId: PYLONTECH, chargeVoltage: 53.2, chargeCurrent: 0 },
      { volts: 52.4, amperes: 6 },
    ],
    [
      'Pylontech 15 cells, with its capacity',
      { productId: PYLONTECH, chargeVoltage: 53.2, chargeCurrent: 0, capacity: 100 },
      { volts: 52.4, amperes: 25 },
    ],
    [
      'Pylontech 8 cells',
      { productId: PYLONTECH, chargeVoltage: 28.4, chargeCurrent: 25 },
      { volts: 27.8, amperes: 25 },
    ],
    [
      'Pylontech 8 cells, full',
      { productId: PYLONTECH, chargeVoltage: 28.4, chargeCurrent: 0 },
      { volts: 27.6, amperes: 14 },
    ],
    [
      'Pylontech 16 cells',
      { productId: PYLONTECH, chargeVoltage: 56.5, chargeCurrent: 0 },
      { volts: 56.5, amperes: 0 },
    ],
    ['Pylontech 12 V', { productId: PYLONTECH, chargeVoltage: 14.2, chargeCurrent: 0 }, { volts: 14.2, amperes: 0 }],
    [
      'Pylontech that leads itself',
      { productId: PYLONTECH, chargeVoltage: 53.2, chargeCurrent: 0, controlsVoltage: true },
      { volts: 53.2, amperes: 0 },
    ],
    ['Pelio', { productId: PELIO, chargeVoltage: 57 }, { volts: 56, amperes: 100 }],
    ['Pelio, full', { productId: PELIO, chargeVoltage: 57, chargeCurrent: 0 }, { volts: 55.2, amperes: 20 }],
    ['Lynx gets what it says', { productId: LYNX, chargeCurrent: 0 }, { volts: 56, amperes: 0 }],
  ];
  for (const [name, given, want] of table) t.same(limits(given), want, name);
  t.ok(behaviourOf({ productId: LYNX }).stopsAtZero);
  t.ok(behaviourOf({ productId: LYNX }).isQuick);
  t.notOk(behaviourOf({ productId: PYLONTECH }).stopsAtZero);
});

t.test('Pylontech of 15 cells: the voltage follows the highest cell, slowly and within bounds', async t => {
  const memory = startBmsMemory();
  const high = bms({ productId: PYLONTECH, chargeVoltage: 53.2, volts: 52, minCell: 3.3, maxCell: 3.7 });
  const behaviour = behaviourOf(high);
  const first = behaviour.chargeVoltage?.(high, memory) ?? 0;
  t.ok(first < 52.5 && first > 52, `one step leads to ${first} V`);
  for (let i = 0; i < 200; i++) behaviour.chargeVoltage?.(high, memory);
  const last = behaviour.chargeVoltage?.(high, memory) ?? 0;
  t.ok(last >= 47 && last < 49.5, `in the end ${last} V`);
});

t.test('no behaviour goes above the charge voltage that the BMS tells', async t => {
  const random = seededRandom(11);
  const products = [LG, PYLONTECH, BYD, PELIO, LYNX, null];
  const memory = startBmsMemory();
  for (let i = 0; i < 5_000; i++) {
    const one = bms({
      productId: products[Math.floor(random() * products.length)] ?? null,
      chargeVoltage: Math.round((10 + random() * 50) * 10) / 10,
      chargeCurrent: random() < 0.3 ? 0 : random() * 200,
      volts: 40 + random() * 15,
      minCell: random() < 0.3 ? null : 3 + random() * 0.6,
      maxCell: random() < 0.3 ? null : 3 + random() * 0.8,
    });
    const volts = behaviourOf(one).chargeVoltage?.(one, memory) ?? one.chargeVoltage;
    if (!(volts <= one.chargeVoltage)) t.fail(`${volts} V of ${JSON.stringify(one)}`);
  }
  t.pass();
});
