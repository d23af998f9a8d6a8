/** The picture of the bus for commands that look at all of it. */
import type { Bus } from '../bus/bus.ts';
import type { World } from '../bus/world.ts';
import type { Clock } from '../kernel/clock.ts';

/** The picture is taken as whole when no service has come for so long. */
const QUIET_MS = 150;
const LONGEST_MS = 3_000;

/** Follows the bus, and resolves once the services that are there have been read. */
export function firstPicture(bus: Bus, world: World, clock: Clock): Promise<void> {
  bus.observe(world);
  return new Promise(resolve => {
    let quiet = clock.after(QUIET_MS, done);
    const longest = clock.after(LONGEST_MS, done);
    const watch = world.watchServices({
      added: () => {
        quiet.cancel();
        quiet = clock.after(QUIET_MS, done);
      },
    });
    function done(): void {
      quiet.cancel();
      longest.cancel();
      void watch.release();
      resolve();
    }
  });
}

const COLLATOR = new Intl.Collator('en', { numeric: true });

/** ttyUSB2 before ttyUSB10. */
export function compareNatural(a: string, b: string): number {
  return COLLATOR.compare(a, b);
}
