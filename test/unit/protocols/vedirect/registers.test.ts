import t from 'tap';
import { parseAnswer } from '../../../../src/protocols/vedirect/hex-frame.ts';
import {
  dayForBus,
  decodeDay,
  decodeTotals,
  totalsForBus,
} from '../../../../src/protocols/vedirect/history-records.ts';
import {
  decodeRegister,
  encodeRegister,
  type Register,
  serialOf,
} from '../../../../src/protocols/vedirect/register.ts';
import {
  CHARGER_REGISTERS,
  COMMON_REGISTERS,
  CUMULATIVE_REGISTERS,
  HISTORY_TODAY,
  INVERTER_REGISTERS,
  LINK_REGISTERS,
  MONITOR_REGISTERS,
} from '../../../../src/protocols/vedirect/registers.ts';
import { fixture } from '../../../support/fixture.ts';
import { receive } from './support.ts';

const ALL: Readonly<Record<string, Register>> = {
  ...COMMON_REGISTERS,
  ...CHARGER_REGISTERS,
  ...LINK_REGISTERS,
  ...MONITOR_REGISTERS,
  ...INVERTER_REGISTERS,
};

/** The octets of a hexadecimal text; blanks and bars are for the reader. */
function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/[ |]/g, ''), 'hex'));
}

function read(register: Register, line: string) {
  const [frame] = receive(`${line}\n`).frames;
  const answer = frame && parseAnswer(frame);
  if (answer?.kind !== 'get' || answer.register !== register.id) return 'another register';
  return decodeRegister(register, answer.value);
}

t.test('numbers in a record of octets', async t => {
  const record = hex('00 | 10 0E 00 00 | E8 03 00 00 | 05 00 00 00 | 04 00 00 00 | FF FF FF FF | 00 00 00 00');
  const at = Object.values(CUMULATIVE_REGISTERS).map(register => decodeRegister(register, record));
  t.same(at, [3600, 100, 5, 4, null, 0]);
  t.equal(decodeRegister(CUMULATIVE_REGISTERS.deepDischarges, record.subarray(0, 24)), undefined, 'cut off');
});

t.test('what devices do differently', async t => {
  t.equal(decodeRegister(COMMON_REGISTERS.productId, hex('4BA0')), 0xa04b, 'no identifier in front');
  t.equal(serialOf('HQ1949BOARD,HQ19499RHC5'), 'HQ19499RHC5', 'the board has a number too');
  t.equal(serialOf('HQ19499RHC5'), 'HQ19499RHC5');
});

t.test('recorded answers in their unit', async t => {
  t.equal(read(COMMON_REGISTERS.productId, ':7000100004BA0FF63'), 0xa04b);
  t.equal(read(COMMON_REGISTERS.serialNumber, ':70A01004851313934393952484335000000000088'), 'HQ19499RHC5');
  t.equal(read(COMMON_REGISTERS.deviceState, ':70102000348'), 3);
  t.equal(read(COMMON_REGISTERS.offReason, ':70702000100000044'), 1);
  t.equal(read(CHARGER_REGISTERS.chargeCurrentLimit, ':7F0ED009600DB'), 15);
  t.equal(read(CHARGER_REGISTERS.temperatureCompensation, ':7F2ED00ACF9CA'), -16.2);
  t.equal(read(CHARGER_REGISTERS.absorptionVoltage, ':7F7ED00A005C5'), 14.4);
  t.equal(read(CHARGER_REGISTERS.systemYield, ':7DDED00D734000079'), 135.27);
  t.equal(read(CHARGER_REGISTERS.chargerVoltage, ':7D5ED00A404E4'), 11.88);
  t.equal(read(CHARGER_REGISTERS.internalTemperature, ':7DBED00680B13'), 29.2);
  t.equal(read(CHARGER_REGISTERS.batteryTemperature, ':7ECED00FFFF77'), null);
  t.equal(read(CHARGER_REGISTERS.batteryTemperature, ':7ECED00316FD5'), 284.65);
  t.equal(read(CHARGER_REGISTERS.panelPower, ':7BCED00A003000002'), 9.28);
  t.equal(read(MONITOR_REGISTERS.mainCurrentFine, ':78CED006AFFFFFF6E'), -0.15);
  t.equal(read(MONITOR_REGISTERS.mainPower, ':78EED00FCFFD8'), -4);
  t.equal(read(MONITOR_REGISTERS.auxiliaryVoltage, ':77DED00FF7F66'), null);
  t.equal(read(MONITOR_REGISTERS.consumed, ':7FFEE00FAFAFFFF6F'), -128.6);
  t.equal(read(MONITOR_REGISTERS.stateOfCharge, ':7FF0F004F1BD6'), 69.91);
  t.equal(read(MONITOR_REGISTERS.timeToGo, ':7FE0F007907C1'), 114780);
  t.equal(read(MONITOR_REGISTERS.midVoltage, ':7820300FFFFCB'), null);
  t.equal(read(MONITOR_REGISTERS.midDeviation, ':7830300FF7F4A'), null);
});

t.test('every register takes back what it gives', async t => {
  for (const [name, register] of Object.entries(ALL)) {
    t.ok(register.id > 0 && register.id <= 0xffff, name);
    if (register.skip !== undefined) continue;
    const value = register.type === 'string' ? 'Name' : 7 * (register.scale ?? 1);
    const bytes = encodeRegister(register, value);
    t.ok(bytes, name);
    const back = decodeRegister(register, bytes ?? new Uint8Array());
    if (typeof value === 'string') t.equal(back, value);
    else t.ok(typeof back === 'number' && Math.abs(back - value) < 1e-9, `${name} ${back}`);
  }
  t.equal(encodeRegister(CHARGER_REGISTERS.absorptionVoltage, 700), undefined, 'does not fit');
  t.equal(encodeRegister(CHARGER_REGISTERS.absorptionVoltage, '14'), undefined, 'a text is no number');
  t.equal(encodeRegister(COMMON_REGISTERS.customName, 1), undefined);
  t.equal(encodeRegister(LINK_REGISTERS.linkNetworkMode, null), undefined, 'has no code for nothing');
  t.same(encodeRegister(LINK_REGISTERS.linkTemperatureSense, null), hex('FF7F'));
  t.same(encodeRegister(LINK_REGISTERS.linkChargeVoltage, 14.4), hex('A005'));
});

t.test('what may be written in a loop', async t => {
  for (const [name, register] of Object.entries(ALL)) {
    if (register.id >= 0x2000 && register.id < 0x2100 && register.access !== undefined)
      t.equal(register.storage, 'ram', name);
    else t.not(register.storage, 'ram', name);
    if (register.access === undefined) t.equal(register.storage, undefined, `${name} is read only`);
  }
});

t.test('day records sent by a solar charger', async t => {
  const { frames } = receive(fixture('vedirect/bluesolar_1.23.dump'));
  const answers = frames.map(parseAnswer);
  t.ok(answers.every(answer => answer?.kind === 'async' && answer.register === HISTORY_TODAY));
  const [first] = answers;
  t.same(first?.kind === 'async' ? decodeDay(first.value) : undefined, {
    version: 0,
    errors: [0, 0, 0, 0],
    yield: 0,
    consumption: 0,
    maximumBatteryVoltage: 12.61,
    minimumBatteryVoltage: 12.22,
    timeInBulk: 194,
    timeInAbsorption: 0,
    timeInFloat: 0,
    maximumPower: 11,
    maximumBatteryCurrent: 0.9,
    maximumPanelVoltage: 35.28,
    day: 274,
  });
});

t.test('records as they stand on the bus', async t => {
  const day = hex('00|2F000000|FFFFFFFF|4E16 5713|00|00000000|1E01 0000 0000|01010000|2C00 BB24|6901');
  t.equal(day.length, 34);
  t.same(decodeDay(day), {
    version: 0,
    errors: [0, 0, 0, 0],
    yield: 0.47,
    consumption: null,
    maximumBatteryVoltage: 57.1,
    minimumBatteryVoltage: 49.51,
    timeInBulk: 286,
    timeInAbsorption: 0,
    timeInFloat: 0,
    maximumPower: 257,
    maximumBatteryCurrent: 4.4,
    maximumPanelVoltage: 94.03,
    day: 361,
  });
  t.same(
    dayForBus(day),
    hex('00000000|2F000000|FFFFFFFF|4E165713|00000000|1E010000|00000000|01010000|2C00BB24|69010000'),
  );
  const totals = hex('01|00|00000000|78130000|CD620000|0E28|E116|1E|7312');
  t.same(decodeTotals(totals), {
    version: 1,
    errors: [0, 0, 0, 0],
    userYield: 49.84,
    systemYield: 252.93,
    maximumPanelVoltage: 102.54,
    maximumBatteryVoltage: 58.57,
    minimumBatteryVoltage: 47.23,
    daysAvailable: 30,
  });
  t.same(totalsForBus(totals), hex('011E 000000000000|78130000|CD620000|0E28|E116|7312|0000'));
  t.equal(decodeTotals(totals.subarray(0, 19))?.minimumBatteryVoltage, null, 'older records have none');
  for (const decode of [decodeTotals, decodeDay, dayForBus, totalsForBus]) {
    for (let length = 0; length < 19; length++) t.equal(decode(day.subarray(0, length)), undefined);
  }
});
