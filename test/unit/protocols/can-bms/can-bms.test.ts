/** Frames of CAN-bus batteries. */
import t from 'tap';
import {
  ALARMS,
  type AlarmName,
  decodeAlarms,
  decodePylontechAlarms,
  encodeAlarms,
  encodePylontechAlarms,
  PYLONTECH_ALARMS,
  type Severities,
  type Severity,
  worse,
} from '../../../../src/protocols/can-bms/alarms.ts';
import {
  decodeRequests,
  encodeRequests,
  KEEP_ALIVE,
  REQUESTS,
  SYSTEM_IDENTITY,
} from '../../../../src/protocols/can-bms/control.ts';
import {
  decodeFrame,
  encodeFrame,
  FRAMES,
  type FrameValues,
  frameOf,
  joined,
  stateOfCharge,
} from '../../../../src/protocols/can-bms/frames.ts';
import { batteryOf, GENERIC, LG_RESU } from '../../../../src/protocols/can-bms/makers.ts';
import { jsonFixture } from '../../../support/fixture.ts';

interface Vector {
  readonly source: string;
  readonly id: string;
  readonly data: string;
  readonly decoded: Readonly<Record<string, unknown>>;
}

/** What the vectors call the fields. */
const VALUES: Readonly<Record<string, keyof FrameValues>> = {
  cvl_V: 'chargeVoltageLimit',
  ccl_A: 'chargeCurrentLimit',
  dcl_A: 'dischargeCurrentLimit',
  dvl_V: 'dischargeVoltageLimit',
  soc_pct: 'stateOfCharge',
  soh_pct: 'stateOfHealth',
  soc_hires_pct: 'stateOfChargeFine',
  V: 'voltage',
  A: 'current',
  degC: 'temperature',
  manufacturer: 'manufacturer',
  online: 'modulesOnline',
  blocking_charge: 'modulesBlockingCharge',
  blocking_discharge: 'modulesBlockingDischarge',
  offline: 'modulesOffline',
  min_cell_V: 'minimumCellVoltage',
  max_cell_V: 'maximumCellVoltage',
  min_T_degC: 'minimumCellTemperature',
  max_T_degC: 'maximumCellTemperature',
};

function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

function told(id: number, data: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  if (id === ALARMS) {
    const found = decodeAlarms(data);
    return found && { alarm: lit(found, 2), warning: lit(found, 1) };
  }
  if (id === PYLONTECH_ALARMS) {
    const found = decodePylontechAlarms(data);
    const set = Object.entries(found?.severities ?? {}).filter(([, severity]) => severity === 1 || severity === 2);
    return found && { set: set.map(([name]) => name), modules: found.modules };
  }
  if (id === REQUESTS) {
    const found = decodeRequests(data);
    return (
      found && {
        charge_enable: Number(found.allowCharge),
        discharge_enable: Number(found.allowDischarge),
        force_charge_1: Number(found.forceCharge1),
        force_charge_2: Number(found.forceCharge2),
        full_charge_request: Number(found.fullCharge),
      }
    );
  }
  const values = decodeFrame(id, data);
  if (values === undefined) return undefined;
  const named = Object.entries(VALUES).map(([name, field]) => [name, values[field]] as const);
  return Object.fromEntries(
    named
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value]),
  );
}

function lit(severities: Severities, at: Severity): Readonly<Record<string, boolean>> {
  return Object.fromEntries(
    Object.entries(severities).map(([name, severity]) => [
      name === 'internalFailure' ? 'internal' : name.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
      severity === at,
    ]),
  );
}

t.test('captured frames', async t => {
  for (const { source, id, data, decoded } of jsonFixture<Vector[]>('can-bms/vectors.json'))
    t.same(told(Number(id), bytes(data)), decoded, `${id} ${source}`);
});

t.test('frames of the fact sheet', async t => {
  t.same(decodeFrame(0x356, bytes('8413F1FF3700')), { voltage: 49.96, current: -1.5, temperature: 5.5 });
  t.same(decodeFrame(0x356, bytes('4E1302030405')), { voltage: 49.42, current: 77, temperature: 128.4 });
  t.same(decodeFrame(0x35f, bytes('0C000302C8000000')), { model: 12, firmware: 0x203, onlineCapacity: 200 });
  t.same(decodeFrame(0x378, bytes('102700000A000000')), { chargedEnergy: 1000, dischargedEnergy: 1 });
  t.same(decodeFrame(0x379, bytes('9001')), { installedCapacity: 400 });
  t.same(decodeFrame(0x374, bytes('4D30312D43303700')), { minimumVoltageCell: 'M01-C07' });
});

t.test('what is too short, too long, unknown or impossible is not taken', async t => {
  t.equal(decodeFrame(0x351, bytes('1402')), undefined);
  t.equal(decodeFrame(0x351, bytes('140200000000000000')), undefined);
  t.equal(decodeFrame(0x123, bytes('0000000000000000')), undefined);
  t.same(decodeFrame(0x355, bytes('65006300')), { stateOfCharge: null, stateOfHealth: 99 }, 'above 100 %');
  t.equal(decodeAlarms(bytes('AAAAAAAA')), undefined);
  t.equal(decodePylontechAlarms(bytes('AAAAAAAA')), undefined);
  t.equal(decodeRequests(bytes('')), undefined);
});

t.test('the finer state of charge, where it is one', async t => {
  t.equal(stateOfCharge(decodeFrame(0x355, bytes('320063009E13')) ?? {}), 50.22);
  t.equal(stateOfCharge(decodeFrame(0x355, bytes('3200630000000000')) ?? {}), 50, 'filled up with zeros');
  t.equal(stateOfCharge({ stateOfCharge: null, stateOfChargeFine: 12 }), null);
  t.equal(stateOfCharge({}), undefined);
});

t.test('every frame is the same when encoded again', async t => {
  for (const frame of Object.values(FRAMES)) {
    const data = Uint8Array.of(0x41, 0, 0x42, 1, 0x43, 2, 0x44, 1);
    const once = decodeFrame(frame.id, frame.fields.some(({ type }) => type === 'text') ? bytes('4142432044') : data);
    t.same(
      decodeFrame(frame.id, encodeFrame(frame, once ?? {})),
      { ...once, ...missing(frame.id, once) },
      `0x${frame.id.toString(16)}`,
    );
  }
  t.same(
    encodeFrame(FRAMES.limits, { chargeVoltageLimit: -1, chargeCurrentLimit: 1e9 }),
    new Uint8Array(8),
    'does not fit',
  );
});

/** Fields that could not be told are sent as 0. */
function missing(id: number, values: FrameValues | undefined): Readonly<Record<string, number>> {
  const names = frameOf(id)?.fields.map(({ name }) => name) ?? [];
  const nulls = names.filter(name => (values as Readonly<Record<string, unknown>> | undefined)?.[name] === null);
  return Object.fromEntries(nulls.map(name => [name, 0]));
}

t.test('alarms', async t => {
  const none = decodeAlarms(new Uint8Array(8));
  t.ok(
    Object.values(none ?? {}).every(severity => severity === null),
    'not watched',
  );
  const reserved = decodeAlarms(new Uint8Array(8).fill(0xff));
  t.ok(
    Object.values(reserved ?? {}).every(severity => severity === null),
    'reserved',
  );
  const names = Object.keys(none ?? {}) as AlarmName[]; // the keys of the type
  for (const name of names)
    for (const severity of [0, 1, 2] as const) {
      const data = encodeAlarms({ [name]: severity });
      t.same(decodeAlarms(data), { ...none, [name]: severity }, `${name} ${severity}`);
    }
  t.same(decodeAlarms(bytes('A6AAAA02AAAAAA01')), {
    ...decodeAlarms(bytes('AAAAAA02AAAAAA02')),
    highVoltage: 2,
    cellImbalance: 1,
  });
});

t.test('alarms as Pylontech has them', async t => {
  const severities = (hex: string) => decodePylontechAlarms(bytes(hex))?.severities;
  t.match(severities('0200000001504E'), { highVoltage: 2, lowVoltage: 0, cellImbalance: null });
  t.match(severities('8009000001504E'), { highDischargeCurrent: 2, highChargeCurrent: 2, internalFailure: 2 });
  t.match(severities('00001C0801504E'), { lowVoltage: 1, highTemperature: 1, lowTemperature: 1, internalFailure: 1 });
  t.match(decodePylontechAlarms(bytes('00000000040000')), { modules: 4, signed: false });
  for (const name of ['highVoltage', 'lowVoltage', 'internalFailure', 'highChargeCurrent'] as const)
    for (const severity of [0, 1, 2] as const)
      t.match(decodePylontechAlarms(encodePylontechAlarms({ [name]: severity }, 2)), {
        severities: { [name]: severity },
        modules: 2,
        signed: true,
      });
  t.same([worse(null, 1), worse(2, 1), worse(0, null), worse(null, null)], [1, 2, 0, null]);
});

t.test('requests, and what the battery is told', async t => {
  for (let bits = 0; bits < 256; bits += 8) {
    const requests = decodeRequests(Uint8Array.of(bits));
    t.same(requests && encodeRequests(requests)[0], bits);
  }
  t.same([KEEP_ALIVE.id, KEEP_ALIVE.data], [0x305, new Uint8Array(8)]);
  t.equal(Buffer.from(SYSTEM_IDENTITY.data).toString('latin1').slice(4, 7), 'VIC');
});

t.test('which battery it is', async t => {
  const silent = { manufacturer: '', name: '', family: '', speaksPylontech: false };
  const ids = (manufacturer: string, name = '') => batteryOf({ ...silent, manufacturer, name }).productId;
  t.same(batteryOf(silent), LG_RESU);
  t.same(batteryOf({ ...silent, speaksPylontech: true }), GENERIC);
  t.equal(ids('LGCHEM'), 0xb004);
  t.equal(ids('PYLON   '), 0xb009);
  t.equal(ids('PYLON', 'Pelio-L'), 0xb029);
  t.equal(ids('BYD'), 0xb00a);
  t.equal(ids('BYD', 'Battery-Box Premium LVL'), 0xb019);
  t.equal(ids('BYD', 'B-Box L 10'), 0xb015);
  t.equal(ids('RECBMS'), 0xb022);
  t.equal(ids('FreedomW'), 0xb014);
  t.equal(ids('SSS'), 0xb054);
  t.equal(ids('NOBODY'), GENERIC.productId);
  t.equal(joined('US2000', 'C  '), 'US2000C');
});
