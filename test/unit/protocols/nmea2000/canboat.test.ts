/** Every message that canboat knows too, decoded to the same values: test/fixtures/nmea2000/README.md. */
import t from 'tap';
import type { Field, NumberField } from '../../../../src/protocols/nmea2000/field.ts';
import { decodeMessage, type Message, type Values } from '../../../../src/protocols/nmea2000/message.ts';
import { MESSAGES, messageOf } from '../../../../src/protocols/nmea2000/pgns.ts';
import { jsonFixture } from '../../../support/fixture.ts';

interface Reference {
  readonly pgn: number;
  readonly bytes: string;
  readonly fields: Readonly<Record<string, number | string>>;
  readonly list?: readonly Readonly<Record<string, number | string>>[];
}

const { messages } = jsonFixture<{ messages: readonly Reference[] }>('nmea2000/canboat.json');

/**
 * What is told in another way there: lists of names where we keep the bits, makers and states by their names where we
 * keep the number, negative durations, whose minutes it takes the wrong way, and an offset that it adds before the scale.
 */
const OTHERWISE: ReadonlySet<string> = new Set([
  'discreteStatus1',
  'discreteStatus2',
  'manufacturerCode',
  'operatingState',
  'localOffset',
  'peukertExponent',
]);
/** Names that are misspelt there. */
const SPELLING: Readonly<Record<string, string>> = { 'Crank delaty': 'Crank delay' };
/** Powers with an offset are read as signed there, where the standard has them unsigned. */
const WRAPPED = 2 ** 32;

function isSame(field: NumberField, ours: number, theirs: number | string): boolean {
  if (typeof theirs === 'string') return field.meanings?.[ours] === (SPELLING[theirs] ?? theirs);
  // They round to the decimals of a step.
  const tolerance = field.scale * 0.51 + Math.abs(theirs) * 1e-9;
  const wrapped = field.offset < 0 ? [theirs, theirs + WRAPPED] : [theirs];
  return wrapped.some(value => Math.abs(ours - value) <= tolerance);
}

function differences(fields: readonly Field[], ours: Values, theirs: Reference['fields']): string[] {
  return fields.flatMap(field => {
    if (field.kind === 'gap' || OTHERWISE.has(field.name)) return [];
    let mine = ours[field.name] ?? undefined;
    let other = theirs[field.name];
    if (field.kind === 'number') {
      // Where every code is a value, all ones are one too; an offset to "not available" is none.
      if (field.everyCode && other === undefined && mine === 2 ** field.bits - 1) mine = undefined;
      if (field.offset < 0 && other === field.offset - 1) other = undefined;
    }
    const same =
      field.kind === 'number' && typeof mine === 'number' && other !== undefined
        ? isSame(field, mine, other)
        : mine === (other === '' ? undefined : other);
    return same ? [] : [`${field.name}: ${mine} and not ${other}`];
  });
}

t.test('all values are the same', t => {
  for (const { pgn, bytes, fields, list = [] } of messages) {
    const message: Message | undefined = messageOf(pgn);
    if (message === undefined) throw new Error(`${pgn} is not known`);
    const ours = decodeMessage(message, Buffer.from(bytes, 'hex'));
    const repeated = message.repeated ?? [];
    const found = [
      ...differences(message.fields, ours.values, fields),
      ...list.flatMap((item, i) => differences(repeated, ours.list[i] ?? {}, item)),
    ];
    t.same(found, [], `${pgn} ${message.name}`);
  }
  t.end();
});

t.test('it has every message that goes in frames or fast packets', t => {
  const known = new Set(messages.map(({ pgn }) => pgn));
  t.same(
    MESSAGES.filter(({ pgn, kind }) => kind !== 'iso' && !known.has(pgn)).map(({ pgn }) => pgn),
    [],
  );
  t.end();
});
