import t from 'tap';
import { decodeHead, decodeSensorInfo, nextHead } from '../../../../src/protocols/mk2/assistants.ts';
import { alarmBits, alarmLevel, ledState, ledsTell, sensorAlarms } from '../../../../src/protocols/mk2/leds.ts';
import { ramForm, ramValue, ramWord, settingValue, settingWord } from '../../../../src/protocols/mk2/scaling.ts';
import { FLAG0, hasFlag, withUpsFunction } from '../../../../src/protocols/mk2/settings.ts';
import { shownState } from '../../../../src/protocols/mk2/states.ts';
import { hexDigits, hidesSlavePower, versionOf } from '../../../../src/protocols/mk2/versions.ts';
import { decodeSerialNumber } from '../../../../src/protocols/mk2/winmon.ts';

/** scale and offset as sent, raw word, value */
const RAM_VALUES: readonly (readonly [scale: number, offset: number, raw: number, value: number | undefined])[] = [
  [0x7f9c, 0, 1441, 14.41],
  [0x7f9c, 0, 0xffff, 655.35],
  [-0x7f9c, 0, 0xffff, -0.01],
  [0x7857, 0x100, 0x88, 392 / 1961],
  [0x7c2f, 0, 0xc3, 195 / 977],
  [0x7f38, 0, 200, 1],
  [-1, 0, 0xfe89, -375],
  [1, 0, 7, 7],
  [10, -5, 7, 20],
  [0x7fff, 0, 7, 7],
  [0, 0, 7, undefined],
  [-0x8000, 0, 7, undefined],
];

t.test('RAM variables', t => {
  for (const [scale, offset, raw, value] of RAM_VALUES) {
    const form = ramForm({ scale, offset });
    t.equal(form && ramValue(form, raw), value, `${scale} ${offset} ${raw}`);
    if (form !== undefined && value !== undefined) t.equal(ramWord(form, value), raw);
  }
  const bit = ramForm({ scale: 4, offset: -0x8000 });
  t.equal(bit && ramValue(bit, 0b1000), 1);
  t.equal(bit && ramValue(bit, 0b0111), 0);
  t.equal(bit && ramWord(bit, 1), undefined);
  t.equal(ramForm({ scale: 17, offset: -0x8000 }), undefined, 'no such bit');
  const percent = ramForm({ scale: 0x7f38, offset: 0 });
  t.equal(percent && ramWord(percent, 400), undefined, 'does not fit');
  t.equal(percent && ramWord(percent, -1), undefined);
  t.end();
});

t.test('settings', t => {
  const limits = { offset: 0, default: 0, min: 10, max: 500 };
  t.equal(settingValue({ ...limits, scale: -10 }, 160), 16);
  t.equal(settingWord({ ...limits, scale: -10 }, 16), 160);
  t.equal(settingWord({ ...limits, scale: -10 }, 60), undefined, 'above the maximum');
  t.equal(settingWord({ ...limits, scale: -10 }, 0.5), undefined, 'below the minimum');
  t.equal(settingValue({ ...limits, scale: 1, offset: 5 }, 10), 15);
  t.equal(settingValue({ ...limits, scale: 0 }, 10), undefined);
  t.end();
});

t.test('the wave check has two bits, always opposite', t => {
  const on = withUpsFunction(0x0008, true);
  t.ok(hasFlag(on, FLAG0.waveCheck) && !hasFlag(on, FLAG0.disableWaveCheck));
  const off = withUpsFunction(on, false);
  t.ok(!hasFlag(off, FLAG0.waveCheck) && hasFlag(off, FLAG0.disableWaveCheck));
  t.end();
});

t.test('versions', t => {
  t.match(versionOf(2648464), { productId: 0x2648, firmware: 464 });
  t.match(versionOf(1170212), { productId: 0x1170, firmware: 212 });
  t.equal(versionOf(0), undefined);
  t.equal(versionOf(0xffff_ffff), undefined);
  t.equal(hexDigits(422), 0x422);
  t.ok(hidesSlavePower(158));
  t.notOk(hidesSlavePower(159));
  t.ok(hidesSlavePower(305));
  t.notOk(hidesSlavePower(422));
  t.end();
});

t.test('lights and alarms', t => {
  const status = { on: 0x05, blink: 0x0c, alarms: 0, error: 0, blocked: false };
  t.equal(ledState(status, 'mains'), 1);
  t.equal(ledState(status, 'bulk'), 3);
  t.equal(ledState(status, 'float'), 2);
  t.equal(ledState(status, 'absorption'), 0);
  t.notOk(ledsTell({ on: 0x1f, blink: 0x1f }));
  const bits = alarmBits({ lowBattery: 1, overload: 2 });
  t.equal(alarmLevel(bits, 'lowBattery'), 1);
  t.equal(alarmLevel(bits, 'overload'), 2);
  t.equal(alarmLevel(bits, 'ripple'), 0);
  t.same(sensorAlarms({ ...status, blink: 0x0a }), { temperatureSensor: 2, voltageSensor: 0 });
  t.same(sensorAlarms({ ...status, blink: 0x06 }), { temperatureSensor: 0, voltageSensor: 2 });
  t.same(sensorAlarms({ ...status, blink: 0x0e }), { temperatureSensor: 0, voltageSensor: 0 }, 'forced charge');
  t.same(sensorAlarms({ ...status, blink: 0x06, error: 3 }), { temperatureSensor: 0, voltageSensor: 0 });
  t.end();
});

t.test('states', t => {
  t.equal(shownState(9, 1, 0), 3);
  t.equal(shownState(9, 2, 0), 4);
  t.equal(shownState(9, 3, 0), 5);
  t.equal(shownState(4, 0, 0), 9);
  t.equal(shownState(6, 0, 0), 1);
  t.equal(shownState(8, 0, 0), 8);
  t.equal(shownState(2, 0, 0), 0);
  t.equal(shownState(9, 1, 11), 2, 'an error goes before');
  t.equal(shownState(77, 0, 0), null);
  t.end();
});

t.test('records of assistants', t => {
  const ess = decodeHead(0x0054, 130);
  t.same(ess, { assistant: 5, ram: 131, words: 4 });
  t.equal(ess && nextHead(ess), 135);
  t.equal(decodeHead(0, 128), null);
  t.equal(nextHead({ assistant: 1, ram: 190, words: 4 }), undefined, 'where nobody looks');
  t.same(decodeSensorInfo(0b100_0001), { location: 1, phase: 2 });
  t.end();
});

t.test('a serial number is printable', t => {
  const body = new TextEncoder().encode('HQ2311ZM9TDxx');
  t.equal(decodeSerialNumber(body), 'HQ2311ZM9TD');
  t.equal(decodeSerialNumber(Uint8Array.of(0, 1, 2)), undefined);
  t.end();
});
