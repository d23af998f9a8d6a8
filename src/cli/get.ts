/** `gxd get SERVICE PATH` and `gxd text SERVICE PATH`: one value, as a number or as its text. */
import { clientArgs, fullName, readText, readValue, withBus } from './client.ts';
import { type CliIo, EXIT } from './io.ts';

export async function getCommand(args: readonly string[], io: CliIo): Promise<number> {
  const { positionals, json } = clientArgs(args, 2, 2);
  const [service = '', path = ''] = positionals;
  const value = await withBus(bus => readValue(bus, fullName(service), path));
  io.out(!json && typeof value === 'string' ? value : JSON.stringify(value));
  return EXIT.done;
}

export async function textCommand(args: readonly string[], io: CliIo): Promise<number> {
  const { positionals, json } = clientArgs(args, 2, 2);
  const [service = '', path = ''] = positionals;
  const text = await withBus(bus => readText(bus, fullName(service), path));
  io.out(json ? JSON.stringify(text) : text);
  return EXIT.done;
}
