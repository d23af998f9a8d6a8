import t from 'tap';
import { decodeFw, decodeFwe, firmwareOf24Bits, versionOfWord } from '../../../../src/protocols/vedirect/firmware.ts';
import { celsius, fromRaw, toRaw } from '../../../../src/protocols/vedirect/scale.ts';
import { decodeText, textField } from '../../../../src/protocols/vedirect/text-fields.ts';
import { fixture, jsonFixture } from '../../../support/fixture.ts';
import { receive } from './support.ts';

function value(label: string, text: string) {
  const field = textField(label);
  return field === undefined ? 'unknown label' : decodeText(field, text);
}

t.test('values in the unit of their field', async t => {
  const cases: [string, string, number | string | null | undefined][] = [
    ['PID', '0xA05F', 0xa05f],
    ['SER#', 'HQ18486U2B4', 'HQ18486U2B4'],
    ['FW', '139', 0x0139],
    ['FWE', '0208FF', 0x0208ff],
    ['V', '12065', 12.065],
    ['I', '-7625', -7.625],
    ['P', '-92', -92],
    ['CE', '-65473', -65.473],
    ['SOC', '839', 83.9],
    ['TTG', '942', 56520],
    ['TTG', '-1', null],
    ['T', '---', null],
    ['T', '-5', -5],
    ['DM', '-12', -1.2],
    ['VPV', '33580', 33.58],
    ['H19', '8272', 82.72],
    ['H9', '368003', 368003],
    ['LOAD', 'ON', 1],
    ['Relay', 'OFF', 0],
    ['Alarm', 'Off', 0],
    ['OR', '0x00000009', 9],
    ['AR', '3', 3],
    ['MON', '-9', -9],
    ['AC_OUT_V', '23012', 230.12],
    ['AC_OUT_I', '12', 1.2],
    ['DC_IN_V', '1262', 12.62],
    ['V', '12.1', undefined],
    ['V', '', undefined],
    ['V', '0x10', undefined],
    ['V', '99999999999', undefined],
    ['Relay', '1', undefined],
    ['PID', 'A05F', undefined],
    ['FW', 'x', undefined],
    ['HC#', '57825', 'unknown label'],
    ['constructor', '1', 'unknown label'],
  ];
  for (const [label, text, expected] of cases) t.equal(value(label, text), expected, `${label} ${text}`);
});

t.test('every field of every recorded block can be read', async t => {
  const recorded = jsonFixture<{ blocks: { fields: Record<string, string> }[] }>('vedirect/text-vectors.json');
  const streams = ['vedirect/bmv702.dump', 'vedirect/bluesolar_1.23.dump'];
  const blocks = [...recorded.blocks.map(one => one.fields), ...streams.flatMap(file => receive(fixture(file)).blocks)];
  const unknown = new Set<string>();
  let fields = 0;
  for (const [label, text] of blocks.flatMap(block => Object.entries(block))) {
    const read = value(label, text);
    if (read === 'unknown label') unknown.add(label);
    else if (read === undefined) t.fail(`${label} ${text}`);
    else fields++;
  }
  t.same([...unknown], ['HC#']);
  t.ok(fields > 15_000);
});

t.test('firmware versions', async t => {
  t.same(decodeFw('0408'), { version: 0x0408, candidate: false });
  t.same(decodeFw('C208'), { version: 0x0208, candidate: true });
  t.equal(decodeFw('12'), undefined);
  t.same(decodeFwe('112FF'), { version: 0x0112ff, candidate: false });
  t.same(decodeFwe('020803'), { version: 0x020803, candidate: true });
  t.equal(decodeFwe('0208FF00'), undefined);
  t.same(firmwareOf24Bits(0x0139ff), { version: 0x0139ff, candidate: false });
  t.equal(firmwareOf24Bits(0xffffff), undefined);
  t.same(versionOfWord(0x4116), { version: 0x0116, candidate: false });
  t.equal(versionOfWord(0x0116).candidate, true);
});

t.test('scales give the nearest decimal number, both ways', async t => {
  for (const scale of [0.001, 0.01, 0.1, 1, 60]) {
    for (let raw = -3000; raw < 3000; raw += 7) {
      const value = fromRaw(raw, scale);
      if (toRaw(value, scale) !== raw) t.fail(`${raw} × ${scale}`);
      if (String(value).length > 8) t.fail(`${raw} × ${scale} = ${value}`);
    }
  }
  t.equal(fromRaw(1440, 0.01), 14.4);
  t.equal(celsius(284.65), 11.5);
  t.equal(celsius(273.15), 0);
});
