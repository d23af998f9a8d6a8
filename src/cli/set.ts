/** `gxd set SERVICE PATH VALUE`: writes one value. */
import type { Typed } from '../bus/bus.ts';
import { serviceType } from '../bus/service-view.ts';
import { INVALID, typedByRow, typedGuess } from '../bus/value.ts';
import { schemaOf } from '../schema/registry.ts';
import { findRow } from '../schema/row.ts';
import { clientArgs, fullName, withBus } from './client.ts';
import { type CliIo, EXIT, UsageError } from './io.ts';

export async function setCommand(args: readonly string[], io: CliIo): Promise<number> {
  const { positionals, json, flags } = clientArgs(args, 3, 3, ['string', 'int', 'float']);
  const [service = '', path = '', text = ''] = positionals;
  const name = fullName(service);
  const typed = typedValue(name, path, text, flags);
  const code = await withBus(bus => bus.setValue(name, path, typed));
  if (json) io.out(JSON.stringify({ result: code }));
  if (code === 0) return EXIT.done;
  io.err(`gxd: ${name}${path} refused ${text} (result ${code})`);
  return EXIT.failed;
}

/** The value in the type of its row when we know it, else in the plainest type that fits the text. */
function typedValue(service: string, path: string, text: string, flags: ReadonlySet<string>): Typed {
  if (text === 'null') return INVALID;
  if (flags.has('string')) return { signature: 's', value: text };
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (flags.has('float') || flags.has('int')) {
    if (!Number.isFinite(number)) throw new UsageError(`${text} is not a number`);
    return flags.has('float') ? { signature: 'd', value: number } : typedGuess(Math.trunc(number));
  }
  const schema = schemaOf(serviceType(service));
  const row = schema === undefined ? undefined : findRow(schema, path);
  const value = Number.isFinite(number) && row?.type !== 'string' ? number : text;
  const byRow = row === undefined ? INVALID : typedByRow(value, row);
  // A value of another type than the row's is for the service to refuse.
  return byRow === INVALID ? typedGuess(value) : byRow;
}
