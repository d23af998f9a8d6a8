/** The serial side in memory: scanner, world and simulated devices on ports that a test plugs and unplugs. */
import { serialScannerActor } from '../../src/actors/serial-scanner/serial-scanner-actor.ts';
import type { SerialDriver } from '../../src/drivers/driver.ts';
import { type EndOptions, type SimulatedDevice, VeDirectEnd } from '../../src/drivers/vedirect/simulators/device.ts';
import type { BoardFacts } from '../../src/ports/board.ts';
import type { PortLocks } from '../../src/ports/serial-ports.ts';
import type { Value } from '../../src/schema/row.ts';
import { memoryGateway } from './memory-gateway.ts';
import { MemoryLinks } from './memory-links.ts';
import { SimulatedSettings } from './simulated-settings.ts';

export const PORT = '/dev/ttyUSB0';

export interface SerialPlantOptions {
  readonly withSettings?: boolean;
  /** All there are, unless given. */
  readonly drivers?: readonly SerialDriver[];
  readonly locks?: PortLocks;
  readonly board?: BoardFacts;
}

export async function serialPlant({ withSettings = true, drivers, locks, board }: SerialPlantOptions = {}) {
  const { clock, bus, world, said, supervisor } = memoryGateway();
  const settings = withSettings ? new SimulatedSettings(bus) : undefined;
  const links = new MemoryLinks();
  supervisor.add(
    serialScannerActor({
      ports: links,
      links,
      patterns: [],
      ...(drivers === undefined ? {} : { drivers }),
      ...(locks === undefined ? {} : { locks }),
      ...(board === undefined ? {} : { board }),
    }),
  );
  await clock.settle();
  return {
    clock,
    bus,
    world,
    settings,
    links,
    said,
    supervisor,
    value: (service: string, path: string): Value => world.value(service, path),
    /** Plugs a VE.Direct device in. */
    plug: (device: SimulatedDevice, options: EndOptions = {}, path = PORT): VeDirectEnd => {
      const port = links.plug(path);
      const end = new VeDirectEnd(clock, device, bytes => port.send(bytes), options);
      port.onWrite = bytes => end.receive(bytes);
      return end;
    },
    /** SetValue by a client. @returns the result code, once time has passed for the device to answer */
    write: async (service: string, path: string, value: Value): Promise<number> => {
      let code: number | undefined;
      const writing = world.write(service, path, value).then(result => {
        code = result.ok ? 0 : result.code;
      });
      for (let waited = 0; code === undefined && waited < 10_000; waited += 100) await clock.advance(100);
      await writing;
      return code ?? Number.NaN;
    },
  };
}
