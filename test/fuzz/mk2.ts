/** The line to an MK2 or MK3: frames in the stream, and everything that is read out of one. */
import { decodeHead, decodeSensorInfo } from '../../src/protocols/mk2/assistants.ts';
import { encodeFrame, FRAME_DATA_LIMIT, Mk2Stream } from '../../src/protocols/mk2/frame.ts';
import { decodePanel, decodeState } from '../../src/protocols/mk2/interface.ts';
import {
  askAc,
  askAcInput,
  askConfig,
  askDc,
  askDeviceVersion,
  askDeviceVersionHigh,
  askEnergy,
  askHeldMode,
  askLeds,
  askPresence,
  askRamInfo,
  askSerialNumber,
  askSettingInfo,
  askState,
  askVersion,
  type Request,
  readRam,
  readSetting,
  readSnapshot,
  selectAddress,
  writeById,
} from '../../src/protocols/mk2/requests.ts';
import { type RamInfo, ramForm, ramValue, ramWord } from '../../src/protocols/mk2/scaling.ts';
import { versionOf } from '../../src/protocols/mk2/versions.ts';
import { LETTERS } from '../../src/protocols/mk2/winmon.ts';
import { jsonFixture } from '../support/fixture.ts';
import type { FuzzTarget } from './fuzz.ts';

const REQUESTS: readonly Request<unknown>[] = [
  askVersion,
  askHeldMode,
  askLeds,
  askDc,
  askAcInput,
  selectAddress(0),
  ...[1, 2, 3, 4].map(askAc),
  askConfig(0),
  askPresence(0x80),
  askDeviceVersion,
  askDeviceVersionHigh,
  askEnergy,
  askSerialNumber,
  askState(),
  readRam(13),
  readSetting(4),
  askRamInfo(0),
  askSettingInfo(4),
  readSnapshot([14, 16, 15], true),
  writeById('ram', 131, 1),
];

function checkScale(info: RamInfo): void {
  const form = ramForm(info);
  if (form === undefined) return;
  for (const raw of [0, 1, 0x7fff, 0x8000, 0xffff]) {
    const value = ramValue(form, raw);
    if (!Number.isFinite(value)) throw new Error(`scale ${info.scale} offset ${info.offset}: ${raw} is ${value}`);
    ramWord(form, value);
  }
}

function checkFrame(data: Uint8Array): void {
  if (data.length > FRAME_DATA_LIMIT) throw new Error(`${data.length} octets`);
  for (const request of REQUESTS) for (const letter of LETTERS) request.answer(data, letter);
  const info = askRamInfo(0).answer(data, data[1] ?? 0);
  if (info !== undefined && 'value' in info) checkScale(info.value);
  const version = askVersion.answer(data, 0);
  if (version !== undefined && 'value' in version) versionOf(version.value.number);
  decodePanel(data);
  decodeState(data);
  decodeHead(data[0] ?? 0, 128);
  decodeSensorInfo(data[0] ?? 0);
}

/** Everything a stream gave, as one text. */
function outcome(chunks: readonly Uint8Array[]): string {
  const seen: unknown[] = [];
  const stream = new Mk2Stream(({ data, leds }) => {
    checkFrame(data);
    const again = encodeFrame(data, leds);
    let same = false;
    new Mk2Stream(frame => {
      same = JSON.stringify([...frame.data]) === JSON.stringify([...data]);
    }).push(again);
    if (!same) throw new Error('another frame when encoded again');
    seen.push([...data], leds);
  });
  for (const chunk of chunks) stream.push(chunk);
  stream.pause();
  if (stream.pending) throw new Error('something is left after a pause');
  return JSON.stringify([seen, stream.faults]);
}

interface Vectors {
  readonly sessions: readonly { readonly received: readonly string[] }[];
  readonly exchanges: readonly { readonly sent: readonly string[]; readonly received: readonly string[] }[];
}

function octets(frames: readonly string[]): Uint8Array {
  return new Uint8Array(Buffer.from(frames.join('').replaceAll(' ', ''), 'hex'));
}

export const target: FuzzTarget = {
  name: 'mk2',
  corpus: () => {
    const { sessions, exchanges } = jsonFixture<Vectors>('mk2/vectors.json');
    return [
      ...sessions.map(session => octets(session.received)),
      ...exchanges.map(({ sent, received }) => octets([...sent, ...received])),
    ];
  },
  dictionary: () =>
    ['07FF56', '0F20', 'FF57', '05FF5785', '0EFF', '8B', 'A0', '55', '20'].map(hex => Buffer.from(hex, 'hex')),
  run(bytes) {
    checkFrame(bytes.subarray(0, FRAME_DATA_LIMIT));
    const whole = outcome([bytes]);
    const half = bytes.length >> 1;
    if (outcome([bytes.subarray(0, half), bytes.subarray(half)]) !== whole)
      throw new Error('depends on how it was cut');
  },
};
