/** Finds serial ports and gives each to a driver that knows what hangs there. */
import type { GatewayActor, GatewayContext } from '../../bus/gateway-context.ts';
import type { SerialDriver } from '../../drivers/driver.ts';
import { SERIAL_DRIVERS } from '../../drivers/registry.ts';
import type { Links } from '../../ports/link.ts';
import type { SerialPorts } from '../../ports/serial-ports.ts';
import { PortWatch } from './port-watch.ts';

/** How often the device folder is looked at. */
const SCAN_MS = 1_000;

export interface SerialScannerOptions {
  readonly ports: SerialPorts;
  readonly links: Links;
  /** `/dev/ttyUSB*` */
  readonly patterns: readonly string[];
  readonly drivers?: readonly SerialDriver[];
}

export function serialScannerActor(options: SerialScannerOptions): GatewayActor {
  const { ports, links, patterns, drivers = SERIAL_DRIVERS } = options;
  return {
    name: 'serial-scanner',
    start: async (context: GatewayContext) => {
      const watches = new Map<string, PortWatch>();
      let scanning = false;
      const scan = async (): Promise<void> => {
        if (scanning) return;
        scanning = true;
        try {
          const present = new Set(await ports.find(patterns));
          if (context.signal.aborted) return;
          for (const path of present) {
            if (watches.has(path)) continue;
            const watch = new PortWatch(path, links, drivers, context);
            watches.set(path, context.own(watch));
          }
          for (const [path, watch] of watches) {
            if (present.has(path)) continue;
            watches.delete(path);
            await watch.release();
          }
        } finally {
          scanning = false;
        }
      };
      context.clock.every(SCAN_MS, () => context.spawn(scan()));
      await scan();
    },
  };
}
