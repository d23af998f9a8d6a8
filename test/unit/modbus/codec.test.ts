import t from 'tap';
import { encodeFrame, MBAP_LIMITS, MbapStream } from '../../../src/protocols/modbus/mbap.ts';
import {
  decodeRequest,
  decodeResponse,
  encodeException,
  encodeReadResponse,
  encodeRequest,
  encodeWriteResponse,
  exceptionName,
  type Request,
} from '../../../src/protocols/modbus/pdu.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));

t.test('requests, both ways', t => {
  const cases: readonly [string, Request][] = [
    ['03 0348 0004', { kind: 'read', functionCode: 3, address: 840, quantity: 4 }],
    ['04 0003 007d', { kind: 'read', functionCode: 4, address: 3, quantity: 125 }],
    ['06 0021 0003', { kind: 'write', functionCode: 6, address: 33, quantity: 1, data: bytes('0003') }],
    [
      '10 0060 0002 04 00010002',
      { kind: 'write', functionCode: 16, address: 96, quantity: 2, data: bytes('00010002') },
    ],
  ];
  for (const [text, request] of cases) {
    t.same(decodeRequest(bytes(text)), request, text);
    t.equal(hex(encodeRequest(request)), text.replaceAll(' ', ''), text);
  }
  t.end();
});

t.test('requests that cannot be carried out', t => {
  const cases: readonly [string, number, string][] = [
    ['', 1, 'nothing'],
    ['01 0003 0001', 1, 'coils'],
    ['2b 0e 01 00', 1, 'device identification'],
    ['03 0003 0000', 3, 'no register'],
    ['03 0003 007e', 3, 'too many'],
    ['03 0003 00', 3, 'cut short'],
    ['06 0003 00', 3, 'cut short'],
    ['10 0016 0000 00', 3, 'writes nothing'],
    ['10 0016 0001 04 00010002', 3, 'byte count of two'],
    ['10 0016 0002 04 0001', 3, 'half of its data'],
    ['10 0016', 3, 'cut short'],
  ];
  for (const [text, exception, what] of cases) {
    const refusal = decodeRequest(bytes(text));
    t.match(refusal, { kind: 'refused', exception }, `${what}: ${text}`);
  }
  t.end();
});

t.test('responses, both ways', t => {
  const read: Request = { kind: 'read', functionCode: 3, address: 840, quantity: 2 };
  const write: Request = { kind: 'write', functionCode: 16, address: 96, quantity: 1, data: bytes('0001') };
  t.same(decodeResponse(read, encodeReadResponse(3, bytes('01020304'))), {
    kind: 'registers',
    data: bytes('01020304'),
  });
  t.same(decodeResponse(write, encodeWriteResponse(encodeRequest(write))), { kind: 'written' });
  t.same(decodeResponse(read, encodeException(3, 2)), {
    kind: 'exception',
    exception: 2,
    reason: 'illegal data address',
  });
  t.equal(exceptionName(77), 'exception 77');
  for (const answer of ['', '83', '04 04 01020304', '03 02 0102', '03 04 0102']) {
    t.equal(decodeResponse(read, bytes(answer)).kind, 'fault', `"${answer}" answers no read of two`);
  }
  for (const answer of ['10 0061 0001', '10 00']) t.equal(decodeResponse(write, bytes(answer)).kind, 'fault', answer);
  t.end();
});

t.test('frames come out whole, however they come in', t => {
  const frames = [encodeFrame(1, 0, 100, bytes('0303480004')), encodeFrame(0xffff, 7, 0, bytes('0600210003'))];
  const all = new Uint8Array(Buffer.concat(frames));
  for (let cut = 0; cut <= all.length; cut++) {
    const stream = new MbapStream();
    const got: string[] = [];
    for (const part of [all.subarray(0, cut), all.subarray(cut)]) {
      stream.feed(part);
      for (let frame = stream.next(); frame !== undefined; frame = stream.next()) {
        got.push(`${frame.transaction} ${frame.protocol} ${frame.unit} ${hex(frame.pdu)}`);
      }
    }
    t.same(got, ['1 0 100 0303480004', '65535 7 0 0600210003'], `cut at ${cut}`);
    t.equal(stream.held, 0);
  }
  t.end();
});

t.test('a length that lies ends the stream', t => {
  for (const length of [0, 1, MBAP_LIMITS.mostLength + 1, 0xffff]) {
    const stream = new MbapStream();
    stream.feed(bytes(`0001 0000 ${length.toString(16).padStart(4, '0')}`));
    t.equal(stream.ready, true, 'there is a fault to be seen');
    t.equal(stream.next(), undefined);
    t.match(stream.fault, `length of ${length}`);
    stream.feed(encodeFrame(1, 0, 1, bytes('0300010001')));
    t.equal(stream.next(), undefined, 'nothing more comes of it');
    t.equal(stream.held, 0);
  }
  const stream = new MbapStream();
  stream.feed(new Uint8Array(MBAP_LIMITS.heldBytes + 1));
  t.match(stream.fault, 'wait to be read');
  t.end();
});
