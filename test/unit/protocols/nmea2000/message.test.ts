/** Fields: their places, their codes for "no value", and identifiers and names around them. */
import t from 'tap';
import { BROADCAST, decodeId, encodeId } from '../../../../src/protocols/nmea2000/can-id.ts';
import type { NumberField } from '../../../../src/protocols/nmea2000/field.ts';
import { decodeMessage, encodeMessage, type Values } from '../../../../src/protocols/nmea2000/message.ts';
import { compareNames, decodeName, encodeName, VICTRON } from '../../../../src/protocols/nmea2000/name.ts';
import { isFast, MESSAGES, messageOf } from '../../../../src/protocols/nmea2000/pgns.ts';
import { batteryStatus, dcVoltageCurrent } from '../../../../src/protocols/nmea2000/tables/dc.ts';
import { fluidLevel, switchBankControl } from '../../../../src/protocols/nmea2000/tables/environment.ts';
import { gnssPosition, positionRapid } from '../../../../src/protocols/nmea2000/tables/navigation.ts';
import {
  configurationInformation,
  isoRequest,
  pgnList,
  productInformation,
} from '../../../../src/protocols/nmea2000/tables/network.ts';
import { hex } from './support.ts';

t.test('identifiers', async t => {
  t.same(decodeId(0x19f21411), { priority: 6, pgn: 127_508, source: 17, destination: BROADCAST });
  t.same(decodeId(0x18ea00ac), { priority: 6, pgn: 59_904, source: 172, destination: 0 });
  t.same(decodeId(0x1cef3001), { priority: 7, pgn: 61_184, source: 1, destination: 0x30 });
  for (const id of [0, 0x19f21411, 0x18ea00ac, 0x1cef3001, 0x18eeff2c, 0x1dffffff]) {
    const decoded = decodeId(id);
    t.equal(decoded && encodeId(decoded), id, id.toString(16));
  }
  t.equal(decodeId(0x2000_0000), undefined, 'more than 29 bits');
  t.equal(decodeId(0x0200_0000), undefined, 'the reserved bit');
  t.equal(decodeId(-1), undefined);
  t.equal(decodeId(1.5), undefined);
});

t.test('every table fits its frame, and its names are its own', async t => {
  for (const { pgn, kind, fields, repeated = [], short } of MESSAGES) {
    const bits = fields.reduce((sum, field) => sum + field.bits, 0);
    if (kind === 'single' && short !== true) t.equal(bits, 64, `${pgn}: 64 bits`);
    t.equal(bits % 8, 0, `${pgn}: whole octets`);
    const names = [...fields, ...repeated].map(({ name }) => name).filter(name => name !== '');
    t.equal(new Set(names).size, names.length, `${pgn}: names`);
  }
  t.equal(new Set(MESSAGES.map(({ pgn }) => pgn)).size, MESSAGES.length, 'one table for each');
});

t.test('every field keeps its values, and has a code for none', async t => {
  for (const message of MESSAGES) {
    const numbers = message.fields.filter((field): field is NumberField => field.kind === 'number');
    const none = decodeMessage(message, encodeMessage(message, {})).values;
    for (const field of numbers.filter(({ everyCode, bits }) => !everyCode && bits > 1))
      t.equal(none[field.name], null, `${message.pgn} ${field.name}: none`);
    for (const field of numbers) {
      const value = field.offset + (field.limit ?? 1) * (field.scale < 1 ? 0.5 : field.scale > 1 ? 5 : 1);
      const step = Math.max(field.scale, 1e-9);
      const wanted = Math.min(Math.round(value / step) * step, field.limit ?? Number.POSITIVE_INFINITY);
      const values: Values = { [field.name]: wanted };
      const back = decodeMessage(message, encodeMessage(message, values)).values[field.name];
      t.ok(Math.abs(Number(back) - wanted) <= step, `${message.pgn} ${field.name}: ${back} is ${wanted}`);
    }
  }
});

t.test('codes that are no values', async t => {
  const values = (bytes: string) => decodeMessage(batteryStatus, hex(bytes)).values;
  t.same(values('01 B605 FF7F FFFF 00'), { instance: 1, voltage: 14.62, current: null, temperature: null, sid: 0 });
  t.equal(values('01 FE7F FF7F FFFF 00').voltage, null, 'out of range');
  t.equal(values('01 FD7F FF7F FFFF 00').voltage, null, 'reserved');
  t.equal(values('01 FC7F FF7F FFFF 00').voltage, 327.64, 'the greatest');
  t.equal(values('01 0080 FF7F FFFF 00').voltage, -327.68, 'the least');
  t.same(encodeMessage(batteryStatus, { voltage: 400, current: null }), hex('FF FE7F FF7F FFFF FF'), 'does not fit');
  t.same(encodeMessage(batteryStatus, { voltage: Number.NaN }), hex('FF FF7F FF7F FFFF FF'));
  t.equal(decodeMessage(positionRapid, hex('00CA9A3B 00000000')).values.latitude, null, '100 degrees north');
  t.same(encodeMessage(positionRapid, { latitude: 91, longitude: -180 }).subarray(0, 4), hex('FEFFFF7F'));
  const far = encodeMessage(gnssPosition, { altitude: 1e300, latitude: -90, longitude: 180 });
  const { altitude, latitude, longitude } = decodeMessage(gnssPosition, far).values;
  t.same([altitude, latitude, longitude], [null, -90, 180], '64 bits');
});

t.test('a message that is too short tells what is in it', async t => {
  t.same(decodeMessage(fluidLevel, hex('00F236')).values, { instance: 0, type: 0, level: 56.264 });
  t.same(decodeMessage(fluidLevel, new Uint8Array()).values, {});
});

t.test('24 bits with sign, and two bits a switch', async t => {
  const dc = encodeMessage(dcVoltageCurrent, { dcVoltage: 52.1, dcCurrent: -1234.56 });
  t.same(decodeMessage(dcVoltageCurrent, dc).values, {
    sid: null,
    connectionNumber: null,
    dcVoltage: 52.1,
    dcCurrent: -1234.56,
  });
  t.same(encodeMessage(switchBankControl, { instance: 2, switch1: 1, switch28: 0 }), hex('02 FDFFFFFFFFFF3F'));
});

t.test('product information, with texts that are too long or not ASCII', async t => {
  const told = {
    nmea2000Version: 2.1,
    productCode: 0xa389,
    modelId: 'SmartSolar MPPT VE.Can 250/100',
    softwareVersionCode: 'v3.15',
    modelVersion: 'x'.repeat(50),
    modelSerialCode: 'Ä'.repeat(16),
    certificationLevel: null,
    loadEquivalency: 1,
  };
  const bytes = encodeMessage(productInformation, told);
  t.equal(bytes.length, 134);
  t.same(decodeMessage(productInformation, bytes).values, { ...told, modelVersion: 'x'.repeat(32) });
});

t.test('texts preceded by their length', async t => {
  const bytes = encodeMessage(configurationInformation, { installationDescription1: 'Port battery' });
  t.same(decodeMessage(configurationInformation, bytes).values, {
    installationDescription1: 'Port battery',
    installationDescription2: null,
    manufacturerInformation: null,
  });
  const wide = decodeMessage(configurationInformation, hex('06 00 4200 f600 02 01 ff')).values;
  t.same(wide, { installationDescription1: 'Bö', installationDescription2: null }, 'UTF-16, and a length that lies');
  const long = encodeMessage(configurationInformation, {
    installationDescription1: 'a'.repeat(300),
    installationDescription2: 'b'.repeat(300),
    manufacturerInformation: 'c'.repeat(300),
  });
  t.equal(long.length, 216, 'each cut off at 70 octets');
});

t.test('lists, requests, and how they are sent', async t => {
  const bytes = encodeMessage(pgnList, { functionCode: 0 }, [{ pgn: 127_508 }, { pgn: 61_184 }]);
  t.same(bytes, hex('00 14F201 00EF00'));
  t.same(decodeMessage(pgnList, bytes).list, [{ pgn: 127_508 }, { pgn: 61_184 }]);
  const many = encodeMessage(
    pgnList,
    { functionCode: 0 },
    Array.from({ length: 100 }, () => ({ pgn: 1 })),
  );
  t.equal(many.length, 223, 'no longer than a message');
  t.same(encodeMessage(isoRequest, { pgn: 126_996 }), hex('14F001'));
  t.equal(isFast(127_489), true);
  t.equal(isFast(127_508), false);
  t.equal(isFast(126_720), true);
  t.equal(isFast(130_820), true, 'of a maker');
  t.equal(isFast(61_184), false);
  t.equal(messageOf(1), undefined);
});

t.test('names', async t => {
  const bytes = hex('3004A059008297C0');
  t.same(decodeName(bytes), {
    uniqueNumber: 1072,
    manufacturer: 717,
    deviceInstance: 0,
    deviceFunction: 130,
    deviceClass: 75,
    systemInstance: 0,
    industry: 4,
    arbitraryAddress: true,
  });
  const mine = {
    uniqueNumber: 0x1f_ffff,
    manufacturer: VICTRON,
    deviceInstance: 0xa5,
    deviceFunction: 255,
    deviceClass: 127,
    systemInstance: 15,
    industry: 7,
    arbitraryAddress: false,
  };
  t.same(decodeName(encodeName(mine)), mine);
  t.equal(decodeName(bytes.subarray(1)), undefined);
  t.ok(compareNames(encodeName(mine), bytes) < 0, 'without an arbitrary address the NAME is the lower');
  t.equal(compareNames(bytes, bytes), 0);
});
