/** What a CAN server, a controller and `ip` say: text of socketcand, error frames, JSON of interfaces. */
import { troublesOf } from '../../src/adapters/can-errors.ts';
import { stateOf } from '../../src/adapters/ip-link.ts';
import { frameText, SocketcandReader, sendText } from '../../src/adapters/socketcand-text.ts';
import type { FuzzTarget } from './fuzz.ts';

const LINK =
  '[{"ifname":"can0","flags":["UP"],"linkinfo":{"info_kind":"can","info_data":{"state":"BUS-OFF","restart_ms":100}}}]';

function outcome(chunks: readonly Uint8Array[]): string {
  const reader = new SocketcandReader();
  const messages = chunks.flatMap(chunk => reader.push(chunk));
  for (const message of messages) {
    if (message.kind !== 'frame' && message.kind !== 'send') continue;
    const { id, extended, data } = message.frame;
    if (data.length > 8 || id < 0 || id > (extended ? 0x1fff_ffff : 0x7ff)) throw new Error(`${id} ${data.length}`);
    // What was understood once is understood the same again.
    for (const text of [frameText(message.frame, 0), sendText(message.frame)]) {
      const [again] = new SocketcandReader().push(Buffer.from(text));
      if (again === undefined || !('frame' in again) || JSON.stringify(again.frame) !== JSON.stringify(message.frame))
        throw new Error(text);
    }
  }
  return JSON.stringify(messages);
}

export const target: FuzzTarget = {
  name: 'socketcan',
  corpus: () =>
    ['< hi >< ok >', '< frame 351 1.5 1402B00440 >', '< send 09F80103 2 1 FF >', '< error 040 2.5 >', LINK].map(
      text => new Uint8Array(Buffer.from(text)),
    ),
  dictionary: () =>
    ['<', '>', ' ', 'frame', 'send', 'error', '7FF', '1FFFFFFF', 'null', '[', '{'].map(text => Buffer.from(text)),
  run(bytes) {
    const whole = outcome([bytes]);
    const half = bytes.length >> 1;
    // Too long a message may be given up earlier, or later, depending on how it was cut.
    if (bytes.length < 200 && outcome([bytes.subarray(0, half), bytes.subarray(half)]) !== whole)
      throw new Error('depends on how it was cut');
    stateOf(Buffer.from(bytes).toString('latin1'));
    troublesOf((bytes[0] ?? 0) * 0x100 + (bytes[1] ?? 0), bytes.subarray(2));
  },
};
