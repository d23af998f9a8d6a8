/** `gxd ls [SERVICE]`: what is on the bus. */
import { World } from '../bus/world.ts';
import { clientArgs, fullName, readItems, withBus } from './client.ts';
import { type CliIo, EXIT } from './io.ts';
import { compareNatural, firstPicture } from './picture.ts';
import { table } from './table.ts';

export async function lsCommand(args: readonly string[], io: CliIo): Promise<number> {
  const { positionals, json } = clientArgs(args, 0, 1);
  const [service] = positionals;
  return withBus(async (bus, clock) => {
    if (service !== undefined) {
      const items = [...(await readItems(bus, fullName(service)))].sort(([a], [b]) => compareNatural(a, b));
      if (json) io.out(JSON.stringify(Object.fromEntries(items), null, 2));
      else for (const line of table(items.map(([path, { text }]) => [path, text]))) io.out(line);
      return EXIT.done;
    }
    const world = new World(bus, () => clock.monotonic());
    await firstPicture(bus, world, clock);
    const services = [...world.services()].sort((a, b) => compareNatural(a.name, b.name));
    const shown = services.map(one => ({
      service: one.name,
      instance: one.get('/DeviceInstance'),
      product: one.get('/CustomName') || one.get('/ProductName'),
      connection: one.get('/Mgmt/Connection'),
    }));
    if (json) io.out(JSON.stringify(shown, null, 2));
    else {
      const head = ['SERVICE', 'INSTANCE', 'PRODUCT', 'CONNECTION'];
      const rows = shown.map(one => [
        one.service,
        String(one.instance ?? ''),
        String(one.product ?? ''),
        String(one.connection ?? ''),
      ]);
      for (const line of table([head, ...rows])) io.out(line);
    }
    return EXIT.done;
  });
}
