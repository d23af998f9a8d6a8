/** `gxd why SERVICE PATH`: why a calculated value is what it is. */
import { type Explanation, GXD_INTERFACE } from '../bus/explain.ts';
import { serviceType } from '../bus/service-view.ts';
import { textByRow } from '../bus/text.ts';
import { schemaOf } from '../schema/registry.ts';
import { findRow, type Value } from '../schema/row.ts';
import { clientArgs, fullName, withBus } from './client.ts';
import { type CliIo, EXIT } from './io.ts';
import { harmless, table } from './table.ts';

export async function whyCommand(args: readonly string[], io: CliIo): Promise<number> {
  const { positionals, json } = clientArgs(args, 2, 2);
  const [service = '', path = ''] = positionals;
  const name = fullName(service);
  const text = await withBus(async bus => {
    const reply = await bus.call(name, '/', GXD_INTERFACE, 'Why', { signature: 's', body: [path] });
    return String(reply.body[0]);
  });
  if (json) io.out(text);
  else for (const line of explanationLines(JSON.parse(text) as Explanation)) io.out(line); // the contract of Why
  return EXIT.done;
}

function explanationLines(why: Explanation): string[] {
  const lines = [
    `${why.service} ${why.path} = ${shown(why.service, why.path, why.value)}`,
    `  ${why.rule}`,
    `  (${why.topic}: ${why.about})`,
  ];
  const section = (title: string, rows: readonly (readonly string[])[]): void => {
    if (rows.length > 0) lines.push('', title, ...table(rows.map(row => ['', ...row])));
  };
  // Sentences are not cut as columns are.
  const sentences = (title: string, texts: readonly string[]): void => {
    if (texts.length > 0) lines.push('', title, ...texts.map(text => `  ${harmless(text)}`));
  };
  sentences('found', why.notes);
  section(
    'from',
    why.inputs.map(input => [
      `${input.service} ${input.path}`,
      shown(input.service, input.path, input.value),
      input.ageMs === null ? 'never seen' : `${(input.ageMs / 1000).toFixed(1)} s old`,
    ]),
  );
  section(
    'chosen',
    why.choices.flatMap(choice => [
      [choice.what, choice.winner ?? 'none', choice.because],
      ...choice.losers.map(loser => ['', `not ${loser.candidate}`, loser.reason]),
    ]),
  );
  sentences('to change it', why.changes ?? []);
  return lines;
}

function shown(service: string, path: string, value: Value): string {
  if (value === null) return '---';
  const schema = schemaOf(serviceType(service));
  const row = schema === undefined ? undefined : findRow(schema, path);
  return row === undefined ? (typeof value === 'string' ? value : JSON.stringify(value)) : textByRow(value, row);
}
