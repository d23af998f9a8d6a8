/** Commands between nodes, and Victron registers. */
import t from 'tap';
import {
  decodeGroupFunction,
  encodeGroupFunction,
  type GroupFunction,
} from '../../../../src/protocols/nmea2000/group-function.ts';
import { PROPRIETARY_FAST, PROPRIETARY_SINGLE } from '../../../../src/protocols/nmea2000/pgns.ts';
import {
  decodeVreg,
  decodeVregValue,
  EXACTLY,
  encodeVreg,
  encodeVregValue,
  isRefusal,
  VREG_CODES,
} from '../../../../src/protocols/nmea2000/vreg.ts';
import { BMS_REGISTERS } from '../../../../src/protocols/nmea2000/vreg-registers.ts';
import { COMMON_REGISTERS, MONITOR_REGISTERS } from '../../../../src/protocols/vedirect/registers.ts';
import { hex } from './support.ts';

t.test('commands, the same when they come back', async t => {
  const messages: readonly GroupFunction[] = [
    { function: 'request', pgn: 126_996, intervalMs: null, offsetMs: null, parameters: [], count: 0 },
    {
      function: 'request',
      pgn: 127_508,
      intervalMs: 2500,
      offsetMs: 100,
      parameters: [{ parameter: 1, value: 3 }],
      count: 1,
    },
    {
      function: 'command',
      pgn: 60_928,
      priority: 8,
      parameters: [
        { parameter: 3, value: 5 },
        { parameter: 4, value: 2 },
      ],
      count: 2,
    },
    {
      function: 'command',
      pgn: 127_505,
      priority: 8,
      parameters: [
        { parameter: 2, value: 1 },
        { parameter: 4, value: 500 },
      ],
      count: 2,
    },
    { function: 'acknowledge', pgn: 127_505, pgnError: 0, intervalError: 1, parameterErrors: [0, 3, 5] },
    { function: 'acknowledge', pgn: 127_505, pgnError: 1, intervalError: 0, parameterErrors: [] },
    {
      function: 'read',
      pgn: 127_508,
      uniqueId: 1,
      selection: [{ parameter: 1, value: 2 }],
      parameters: [
        { parameter: 2, value: null },
        { parameter: 3, value: null },
      ],
      count: 3,
    },
    {
      function: 'read reply',
      pgn: 127_508,
      uniqueId: 1,
      selection: [],
      parameters: [{ parameter: 2, value: 12.5 }],
      count: 1,
    },
    { function: 'write', pgn: 126_720, maker: 0x9966, uniqueId: 7, selection: [], parameters: [], count: 0 },
  ];
  for (const message of messages) {
    const bytes = encodeGroupFunction(message);
    t.same(bytes && decodeGroupFunction(bytes), message, `${message.function} ${message.pgn}`);
  }
});

t.test('at what is not known, reading stops', async t => {
  t.equal(decodeGroupFunction(new Uint8Array()), undefined);
  t.equal(decodeGroupFunction(hex('07 14F201 00')), undefined, 'no such function');
  t.equal(decodeGroupFunction(hex('01 14F201 F8')), undefined, 'too short');
  t.match(decodeGroupFunction(hex('01 14F201 F8 02 01 05 63 00')), {
    parameters: [{ parameter: 1, value: 5 }],
    count: 2,
  });
  t.match(decodeGroupFunction(hex('01 01F201 F8 01 01 05')), { parameters: [], count: 1 }, 'no such message');
  t.match(decodeGroupFunction(hex('01 14F201 F8 FF 01 05 02')), { parameters: [{ parameter: 1 }], count: 255 });
  t.equal(decodeGroupFunction(hex('02 14F201 00 09 00')), undefined, 'not as many answers as announced');
  const unknown = {
    function: 'command',
    pgn: 1,
    priority: 8,
    parameters: [{ parameter: 1, value: 1 }],
    count: 1,
  } as const;
  t.equal(encodeGroupFunction(unknown), undefined);
});

t.test('registers', async t => {
  const voltage = decodeVreg(hex('66998DEDC40A0000'));
  t.same(voltage, { kind: 'value', register: 0xed8d, payload: hex('C40A0000') });
  t.equal(decodeVregValue(MONITOR_REGISTERS.mainVoltage, hex('C40A0000')), 27.56);
  t.equal(decodeVregValue(MONITOR_REGISTERS.mainCurrent, hex('F6FF0000')), -1);
  t.equal(decodeVregValue(MONITOR_REGISTERS.mainCurrent, hex('FF7F0000')), null, 'not available, filled up with zeros');
  t.equal(decodeVregValue(MONITOR_REGISTERS.stateOfCharge, hex('FFFF0000')), null);
  t.equal(decodeVregValue(MONITOR_REGISTERS.stateOfCharge, hex('FF')), undefined, 'too short');
  t.equal(decodeVregValue(COMMON_REGISTERS.productId, hex('0049A301')), 0xa349);
  t.equal(decodeVregValue(COMMON_REGISTERS.appVersion, hex('00150300')), 0x315);
  t.equal(decodeVregValue(BMS_REGISTERS.chargeVoltageLimit, hex('90160000')), 57.76);
  t.same(encodeVreg({ kind: 'request', register: 0x0fff, mask: EXACTLY }), {
    pgn: PROPRIETARY_SINGLE,
    message: hex('66990100FF0FFFFF'),
  });
  t.same(encodeVregValue(MONITOR_REGISTERS.mainVoltage, 27.56), {
    pgn: PROPRIETARY_SINGLE,
    message: hex('66998DEDC40A0000'),
  });
  const name = encodeVregValue(COMMON_REGISTERS.customName, 'House bank');
  t.equal(name?.pgn, PROPRIETARY_FAST);
  const back = name && decodeVreg(name.message);
  t.equal(back?.kind === 'value' && decodeVregValue(COMMON_REGISTERS.customName, back.payload), 'House bank');
  t.equal(encodeVregValue(MONITOR_REGISTERS.mainVoltage, 1e9), undefined);
});

t.test('what is said about registers', async t => {
  for (const vreg of [
    { kind: 'acknowledge', register: 0x200, code: VREG_CODES.unknownCommanded },
    { kind: 'ping', payload: hex('01020304') },
    { kind: 'request', register: 0xed00, mask: 0xff00 },
  ] as const) {
    const output = encodeVreg(vreg);
    t.same(output && decodeVreg(output.message), vreg, vreg.kind);
  }
  t.equal(isRefusal(VREG_CODES.busy), true);
  t.equal(isRefusal(VREG_CODES.ok), false);
  t.equal(decodeVreg(hex('0000010000000000')), undefined, 'of another maker');
  t.equal(decodeVreg(hex('6699')), undefined);
  t.equal(decodeVreg(hex('669901000000')), undefined, 'a request without mask');
  t.equal(encodeVreg({ kind: 'value', register: 1, payload: new Uint8Array(220) }), undefined, 'too long');
});
