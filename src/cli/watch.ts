/** `gxd watch [SERVICE [PATH]]`: changes as they come. */

import type { ServiceView } from '../bus/service-view.ts';
import { textByRow } from '../bus/text.ts';
import { World } from '../bus/world.ts';
import { schemaOf } from '../schema/registry.ts';
import { findRow, type Value } from '../schema/row.ts';
import { clientArgs, fullName, withBus } from './client.ts';
import { type CliIo, EXIT } from './io.ts';
import { firstPicture } from './picture.ts';

export async function watchCommand(args: readonly string[], io: CliIo): Promise<number> {
  const { positionals, json } = clientArgs(args, 0, 2);
  const [service, path] = positionals;
  const wanted = service === undefined ? undefined : fullName(service);
  const show = (view: ServiceView, changed: string, value: Value): void => {
    const time = new Date().toISOString();
    if (json) io.out(JSON.stringify({ time, service: view.name, path: changed, value }));
    else io.out(`${time.slice(11, 23)} ${view.name} ${changed} ${showValue(view.type, changed, value)}`);
  };
  return withBus(async (bus, clock) => {
    const world = new World(bus, () => clock.monotonic());
    await firstPicture(bus, world, clock);
    const isWanted = (name: string): boolean => wanted === undefined || wanted === name;
    if (wanted !== undefined && world.service(wanted) === undefined) io.err(`gxd: ${wanted} is not on the bus (yet)`);
    // What stands there now, when one thing was asked for.
    for (const view of world.services()) {
      if (wanted !== undefined && isWanted(view.name))
        for (const one of view.paths()) if (path === undefined || path === one) show(view, one, view.get(one));
    }
    world.watch(
      { ...(wanted === undefined ? {} : { service: wanted }), ...(path === undefined ? {} : { path }) },
      change => show(change.service, change.path, change.value),
    );
    let first = true;
    world.watchServices({
      added: view => {
        if (!first && isWanted(view.name)) io.out(`+ ${view.name}`);
      },
      removed: view => {
        if (isWanted(view.name)) io.out(`- ${view.name}`);
      },
    });
    first = false;
    await new Promise<void>(resolve => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    });
    return EXIT.done;
  });
}

/** The text of a value by our tables: also for services of others. */
export function showValue(type: string, path: string, value: Value): string {
  if (value === null) return '---';
  const schema = schemaOf(type);
  const row = schema === undefined ? undefined : findRow(schema, path);
  return row === undefined ? (typeof value === 'string' ? value : JSON.stringify(value)) : textByRow(value, row);
}
