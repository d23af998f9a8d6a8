import t, { type Test } from 'tap';
import { encodeFrame } from '../../../../src/protocols/mk2/frame.ts';
import {
  decodeAcInput,
  decodeConfig,
  encodeAc,
  encodeAcInput,
  encodeConfig,
  encodePresence,
} from '../../../../src/protocols/mk2/info-frames.ts';
import { decodePanel, decodeState, encodeState, LIMIT_UNCHANGED } from '../../../../src/protocols/mk2/interface.ts';
import { toSigned } from '../../../../src/protocols/mk2/octets.ts';
import {
  askAc,
  askDc,
  askDeviceVersion,
  askDeviceVersionHigh,
  askLeds,
  askPresence,
  askRamInfo,
  askSettingInfo,
  askState,
  askVersion,
  type Request,
  readRam,
  readSnapshot,
  selectAddress,
  writeById,
  writeOld,
} from '../../../../src/protocols/mk2/requests.ts';
import { octets } from './support.ts';

const [W, X, Y, Z] = [0x57, 0x58, 0x59, 0x5a];

/** The frames of a request on the wire, and what it makes of an answer. */
function check<T>(t: Test, request: Request<T>, letter: number, sent: readonly string[], received: string) {
  t.same(
    request.frames(letter).map(data => encodeFrame(data)),
    sent.map(octets),
    `${request.name}: sent`,
  );
  return request.answer(octets(received).subarray(1, -1), letter);
}

t.test('recorded exchanges', t => {
  t.same(check(t, askVersion, W, ['02 FF 56 A9'], '07 FF 56 24 DB 11 00 42 52'), { value: { number: 1170212 } });
  t.same(check(t, selectAddress(0), W, ['04 FF 41 01 00 BB'], '04 FF 41 01 00 BB'), { value: 0 });
  t.match(check(t, askDc, W, ['03 FF 46 00 B8'], '0F 20 F3 00 C8 02 0C A1 05 00 00 00 28 00 00 88 B2'), {
    value: { voltage: 1441, inverterCurrent: 0, chargerCurrent: 40, inverterPeriod: 0x88 },
  });
  t.match(check(t, askAc(1), W, ['03 FF 46 01 B7'], '0F 20 01 01 CA 09 08 AA 58 AB 00 AA 58 9A 00 C3 E8'), {
    value: { phase: 1, phases: 1, state: 9, mainsVoltage: 22698, mainsCurrent: 171, inverterCurrent: 154 },
  });
  t.match(check(t, askLeds, W, ['02 FF 4C B3'], '08 FF 4C 01 0C 00 00 80 00 20'), {
    value: { on: 1, blink: 12, alarms: 0, error: 0 },
  });
  t.same(check(t, readRam(13), W, ['05 FF 57 30 0D 00 68'], '05 FF 57 85 C8 00 58'), { value: 200 });
  t.same(check(t, askRamInfo(0), W, ['05 FF 57 36 00 00 6F'], '08 FF 57 8E 9C 7F 8F 00 00 6A'), {
    value: { scale: 0x7f9c, offset: 0 },
  });
  t.same(check(t, askRamInfo(0), Y, ['05 FF 59 36 00 00 6D'], '07 FF 59 8E 9C 7F 00 00 F8'), {
    value: { scale: 0x7f9c, offset: 0 },
  });
  const snapshot = check(
    t,
    readSnapshot([0x0e, 0x10, 0x0f], true),
    X,
    ['06 FF 46 06 0E 10 0F 82', '03 FF 58 38 6E'],
    '09 FF 58 99 89 FE 05 00 72 01 08',
  );
  t.same(snapshot && 'value' in snapshot && snapshot.value.map(toSigned), [-375, 5, 370]);
  t.same(check(t, writeById('ram', 131, 370), Z, ['07 FF 5A 37 00 83 72 01 73'], '03 FF 5A 87 1D'), {
    value: { resetRequired: false },
  });
  t.same(check(t, writeById('setting', 64, 2000), Y, ['07 FF 59 37 01 40 D0 07 52'], '03 FF 59 88 1D'), {
    value: { resetRequired: false },
  });
  t.same(askSettingInfo(4).answer(octets('0D FF 5A 89 01 00 00 00 03 00 01 00 03 00 09').subarray(1, -1), Z), {
    value: { scale: 1, offset: 0, default: 3, min: 1, max: 3 },
  });
  t.end();
});

t.test('a version in one frame, and in two', t => {
  const whole = askDeviceVersion.answer(octets('09 FF 58 82 F0 68 28 00 07 01 96').subarray(1, -1), X);
  t.same(whole, { value: { number: 2648304, whole: true } });
  const low = askDeviceVersion.answer(octets('05 FF 58 82 F0 68 CA').subarray(1, -1), X);
  t.same(low, { value: { number: 0x68f0, whole: false } });
  const high = askDeviceVersionHigh.answer(octets('05 FF 59 83 28 00 F8').subarray(1, -1), Y);
  t.same(high, { value: 0x28 });
  t.end();
});

t.test('answers to other requests are not taken', t => {
  const ram = octets('05 FF 57 85 C8 00 58').subarray(1, -1);
  t.equal(readRam(13).answer(ram, X), undefined, 'another letter');
  t.equal(askState().answer(ram, W), undefined, 'another command');
  const l1 = encodeAc({ ...AC, phase: 1, phases: 3 });
  t.equal(askAc(2).answer(l1, W), undefined, 'another phase');
  t.match(askAc(1).answer(l1, W), { value: { phases: 3 } });
  for (const phase of [2, 3, 4]) t.match(askAc(phase).answer(encodeAc({ ...AC, phase }), W), { value: { phase } });
  t.equal(askDc.answer(l1, W), undefined);
  t.equal(selectAddress(1).answer(octets('04 FF 41 01 00 BB').subarray(1, -1), W), undefined, 'another address');
  t.equal(askPresence(0x83).answer(encodePresence({ type: 0x80, version: 1120120 }), W), undefined);
  t.same(askPresence(0x80).answer(encodePresence({ type: 0x80, version: 1120120 }), W), { value: 1120120 });
  t.end();
});

const AC = {
  mainsFactor: 1,
  inverterFactor: 1,
  state: 9,
  mainsVoltage: 23000,
  mainsCurrent: -100,
  inverterVoltage: 23000,
  inverterCurrent: 50,
  mainsPeriod: 0xc3,
};

t.test('refusals', t => {
  for (const [code, refused] of [
    [0x80, 'unknown command'],
    [0x90, 'not supported'],
    [0x91, 'not supported'],
    [0x9b, 'access level'],
  ] as const)
    t.same(writeById('ram', 1, 2).answer(Uint8Array.of(0xff, X, code), X), { refused });
  t.end();
});

t.test('the older write in two steps, and settings that want a reset', t => {
  t.same(writeOld('setting', 64, 2000).frames(X), [
    Uint8Array.of(0xff, X, 0x33, 64, 0),
    Uint8Array.of(0xff, X, 0x34, 0xd0, 0x07),
  ]);
  t.same(writeOld('ram', 131, 1).frames(X)[0], Uint8Array.of(0xff, X, 0x32, 131, 0));
  t.same(writeOld('setting', 64, 1).answer(Uint8Array.of(0xff, X, 0x88, 1), X), { value: { resetRequired: true } });
  t.end();
});

t.test('setting info of older devices: each word behind its code', t => {
  const data = [0xff, X, 0x89, 0xf6, 0xff, 0x8a, 0, 0, 0x8b, 20, 0, 0x8c, 10, 0, 0x8d, 25, 0];
  t.same(askSettingInfo(48).answer(Uint8Array.from(data), X), {
    value: { scale: -10, offset: 0, default: 20, min: 10, max: 25 },
  });
  const level = [0xff, X, 0x89, 1, 0, 0, 0, 3, 0, 1, 0, 3, 0, 2];
  t.match(askSettingInfo(4).answer(Uint8Array.from(level), X), { value: { accessLevel: 2 } });
  t.end();
});

t.test('AC input, configuration and panel states, both ways', t => {
  const input = { active: 1, adjustable: true, minimum: 28, maximum: 500, limit: 160 };
  t.same(decodeAcInput(encodeAcInput(input)), input);
  const config = { uniqueNumber: 0xfedc_ba98, type: 0x20, present: 0x8000_0007 };
  t.same(decodeConfig(encodeConfig(config)), config);
  t.equal(decodeConfig(encodeAc({ ...AC, phase: 2 })), undefined);
  const state = { mode: 3, limit: LIMIT_UNCHANGED, silent: true };
  t.same(decodeState(encodeState(state)), state);
  t.equal(decodePanel(Uint8Array.of(0x40, 0x03, 0, 0)), 3);
  t.equal(decodePanel(Uint8Array.of(0x40, 0x0a, 0, 0)), 3, 'the old form');
  t.equal(decodePanel(Uint8Array.of(0x40, 0x07, 0, 0)), undefined);
  t.end();
});
