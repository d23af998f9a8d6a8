/** Finds CAN interfaces and gives each to the drivers of its profile. */
import type { GatewayActor, GatewayContext } from '../../bus/gateway-context.ts';
import { CAN_DRIVERS, type CanDriverRow } from '../../drivers/registry.ts';
import { oneAtATime } from '../../kernel/one-at-a-time.ts';
import type { Random } from '../../kernel/random.ts';
import { type BoardFacts, UNKNOWN_BOARD } from '../../ports/board.ts';
import type { CanInterfaces } from '../../ports/can.ts';
import { canProfileSetting } from '../../schema/settings/canbus.ts';
import { InterfaceWatch } from './interface-watch.ts';
import { defaultProfile } from './profiles.ts';
import { CanScannerService, elementOf } from './scanner-service.ts';

/** How often interfaces are looked for, whatever the watching of them says. Milliseconds. */
const SCAN_MS = 2_000;
/** How often the system is asked how they stand. Milliseconds. */
const LOOK_MS = 10_000;
/** Interfaces that are served. */
const INTERFACE_LIMIT = 16;

export interface CanScannerOptions {
  readonly interfaces: CanInterfaces;
  readonly random: Random;
  readonly board?: BoardFacts;
  readonly drivers?: readonly CanDriverRow[];
}

export function canScannerActor(options: CanScannerOptions): GatewayActor {
  return {
    name: 'can-scanner',
    start: async context => {
      const scanner = new Scanner(options, context);
      await scanner.start();
    },
  };
}

interface Served {
  readonly identity: string;
  readonly watch: InterfaceWatch;
}

class Scanner {
  readonly #options: CanScannerOptions;
  readonly #context: GatewayContext;
  readonly #service: CanScannerService;
  readonly #served = new Map<string, Served>();
  /** Name → what its setting says, once it says it. Declared once, for an interface may come and go. */
  readonly #profiles = new Map<string, (() => number) | undefined>();
  readonly #scan: () => Promise<void>;

  constructor(options: CanScannerOptions, context: GatewayContext) {
    this.#options = options;
    this.#context = context;
    this.#scan = oneAtATime(() => this.#look(), context.signal);
    this.#service = new CanScannerService(context);
  }

  async start(): Promise<void> {
    await this.#service.publish();
    // Interfaces come and go for months: what is owned is the set of them, not each.
    this.#context.own({ release: () => this.#releaseAll() });
    const scan = (): void => this.#context.spawn(this.#scan());
    this.#context.own(this.#options.interfaces.watch(this.#context.guard(scan)));
    this.#context.clock.every(SCAN_MS, scan);
    this.#context.clock.every(LOOK_MS, () => this.#context.spawn(this.#lookAtAll()));
    scan();
  }

  async #look(): Promise<void> {
    const { interfaces } = this.#options;
    const present = new Set((await interfaces.list()).slice(0, INTERFACE_LIMIT));
    for (const [name, { identity, watch }] of this.#served) {
      if (present.has(name) && (await interfaces.identity(name)) === identity) continue;
      this.#served.delete(name);
      await watch.release();
      this.#service.forget(name);
    }
    for (const name of present) {
      if (this.#context.signal.aborted) return;
      if (!this.#served.has(name)) await this.#add(name);
    }
  }

  /** Until the settings tell its profile nothing is done with an interface: at a wrong bit rate it disturbs the others. */
  async #add(name: string): Promise<void> {
    const { interfaces, board = UNKNOWN_BOARD, random, drivers = CAN_DRIVERS } = this.#options;
    const facts = await interfaces.facts(name);
    if (!this.#profiles.has(name)) {
      this.#profiles.set(name, undefined);
      this.#context.spawn(this.#declare(name, defaultProfile(facts)));
    }
    const profile = this.#profiles.get(name);
    if (profile === undefined) return;
    const identity = await interfaces.identity(name);
    if (this.#context.signal.aborted) return;
    const watch = new InterfaceWatch(
      {
        ...{ name, facts, interfaces, drivers },
        port: { name: elementOf(name), random, board },
        context: this.#context,
        changed: report => this.#service.show(report),
      },
      profile(),
    );
    this.#served.set(name, { identity, watch });
  }

  async #declare(name: string, initial: number): Promise<void> {
    const settings = await this.#context.settings.declare({ profile: canProfileSetting(elementOf(name), initial) });
    settings.onChange((_key, value) => this.#served.get(name)?.watch.setProfile(Number(value)));
    this.#profiles.set(name, () => settings.number('profile'));
    await this.#scan();
  }

  async #lookAtAll(): Promise<void> {
    for (const { watch } of [...this.#served.values()]) await watch.look();
  }

  async #releaseAll(): Promise<void> {
    const served = [...this.#served.values()];
    this.#served.clear();
    await Promise.all(served.map(({ watch }) => watch.release()));
  }
}
