/** Finds serial ports and gives each to a driver that knows what hangs there. */
import type { GatewayActor, GatewayContext } from '../../bus/gateway-context.ts';
import type { SerialDriver } from '../../drivers/driver.ts';
import { SERIAL_DRIVERS } from '../../drivers/registry.ts';
import { oneAtATime } from '../../kernel/one-at-a-time.ts';
import { type BoardFacts, UNKNOWN_BOARD } from '../../ports/board.ts';
import type { Files } from '../../ports/files.ts';
import type { Links } from '../../ports/link.ts';
import type { PortLocks, SerialPorts } from '../../ports/serial-ports.ts';
import { PortMemory } from './port-memory.ts';
import { PortPins } from './port-pins.ts';
import { ruleFor } from './port-rules.ts';
import { PortWatch } from './port-watch.ts';
import { ScannerService } from './scanner-service.ts';

/** How often ports are looked for, whatever the watching of folders says. */
const SCAN_MS = 1_000;
/** A port that has just appeared is not yet what it will be: its rights and its facts come a moment later. */
const SETTLE_MS = 100;

export interface SerialScannerOptions {
  readonly ports: SerialPorts;
  readonly links: Links;
  /** `/dev/ttyUSB*`, `tcp://192.168.1.7:4000` */
  readonly patterns: readonly string[];
  readonly drivers?: readonly SerialDriver[];
  readonly board?: BoardFacts;
  readonly locks?: PortLocks;
  /** Where it is remembered what the ports held; without it nothing is. */
  readonly memory?: { readonly files: Files; readonly folder: string };
}

export function serialScannerActor(options: SerialScannerOptions): GatewayActor {
  return {
    name: 'serial-scanner',
    start: async context => {
      const scanner = new Scanner(options, context);
      await scanner.start();
    },
  };
}

/** A port that is there. */
interface Place {
  /** Which thing stood there when its watch was made. */
  readonly identity: string;
  readonly watch: PortWatch;
}

class Scanner {
  readonly #options: SerialScannerOptions;
  readonly #context: GatewayContext;
  readonly #places = new Map<string, Place>();
  /** All that are not yet released, also of ports that have gone. */
  readonly #watches = new Set<PortWatch>();
  /** Ports that come or go just now: each takes its own time, and none waits for another. */
  readonly #turning = new Set<string>();
  readonly #service: ScannerService;
  readonly #pins: PortPins;
  #memory: PortMemory | undefined;
  readonly #scan: () => Promise<void>;

  constructor(options: SerialScannerOptions, context: GatewayContext) {
    this.#options = options;
    this.#context = context;
    this.#scan = oneAtATime(() => this.#look(), context.signal);
    this.#service = new ScannerService(context);
    this.#pins = new PortPins(context, (tty, pin) => {
      for (const [path, { watch }] of this.#places) if (ttyOf(path) === tty) watch.pin(pin);
    });
  }

  async start(): Promise<void> {
    const { memory, ports, patterns } = this.#options;
    const { clock, log } = this.#context;
    if (memory !== undefined) {
      this.#memory = this.#context.own(new PortMemory(memory.files, memory.folder, clock, log));
      await this.#memory.load();
    }
    await this.#service.publish();
    // Ports come and go for months: what is owned is the set of them, not each.
    this.#context.own({ release: () => this.#releaseAll() });
    if (ports.watch !== undefined)
      this.#context.own(
        ports.watch(
          patterns,
          this.#context.guard(() => void clock.after(SETTLE_MS, () => this.#scanSoon())),
        ),
      );
    clock.every(SCAN_MS, () => {
      this.#scanSoon();
      for (const { watch } of this.#places.values()) watch.look();
    });
    await this.#scan();
  }

  #scanSoon(): void {
    this.#context.spawn(this.#scan());
  }

  async #look(): Promise<void> {
    const present = new Set(await this.#options.ports.find(this.#options.patterns));
    for (const path of new Set([...this.#places.keys(), ...present])) {
      const identity = present.has(path) ? await this.#identity(path) : undefined;
      if (this.#context.signal.aborted) return;
      if (identity === this.#places.get(path)?.identity) continue;
      // Looked at again when it is through with what it does: it may have changed once more.
      if (this.#turning.has(path)) continue;
      this.#turning.add(path);
      this.#context.spawn(this.#turn(path, identity));
    }
  }

  /** @param identity of what stands there now; undefined when nothing does */
  async #turn(path: string, identity: string | undefined): Promise<void> {
    const place = this.#places.get(path);
    this.#places.delete(path);
    if (place !== undefined) {
      await place.watch.release();
      this.#watches.delete(place.watch);
    }
    if (identity === undefined) this.#service.forget(ttyOf(path));
    else await this.#add(path, identity);
    this.#turning.delete(path);
    if (!this.#context.signal.aborted) this.#scanSoon();
  }

  async #identity(path: string): Promise<string> {
    return (await this.#options.ports.identity?.(path)) ?? '';
  }

  async #add(path: string, identity: string): Promise<void> {
    const { ports, links, locks, drivers = SERIAL_DRIVERS, board = UNKNOWN_BOARD } = this.#options;
    const tty = ttyOf(path);
    const facts = (await ports.facts?.(path)) ?? {};
    const known = drivers.map(driver => driver.name);
    const pin = await this.#pins.of(tty);
    if (this.#context.signal.aborted) return;
    const watch = new PortWatch(
      {
        path,
        tty,
        rule: ruleFor(tty, facts, board.productId, known),
        drivers,
        links,
        context: this.#context,
        // An adapter keeps its device when it is moved to another socket.
        memoryKeys: [...(facts.serial === undefined ? [] : [`adapter ${facts.serial}`]), `port ${path}`],
        changed: report => this.#service.show(report),
        ...(locks === undefined ? {} : { locks }),
        ...(this.#memory === undefined ? {} : { memory: this.#memory }),
      },
      pin,
    );
    this.#watches.add(watch);
    this.#places.set(path, { identity, watch });
  }

  async #releaseAll(): Promise<void> {
    this.#places.clear();
    await Promise.all([...this.#watches].map(watch => watch.release()));
  }
}

/** `/dev/ttyUSB0` → `ttyUSB0`; of `tcp://host:4000` what can stand in the name of a service. */
function ttyOf(path: string): string {
  const name = path.includes('://') ? path : path.slice(path.lastIndexOf('/') + 1);
  return name.replace(/[^A-Za-z0-9_]+/g, '_');
}
