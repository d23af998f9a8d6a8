/**
 * Tells that the engine runs: the generator start/stop, whose hours it counts, and the Multis, which then take their AC
 * input for a generator. Said again from time to time: a Multi forgets it when it resets.
 */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { Owned } from '../../kernel/actor.ts';

const GENERATOR_SERVICE = 'com.victronenergy.generator.startstop0';
const SELECTED = '/Ac/Control/RemoteGeneratorSelected';
const AGAIN_MS = 30_000;

export class GeneratorFeedback implements Owned {
  readonly #context: GatewayContext;
  readonly #input: number | string;
  readonly #owned: (() => void)[];
  /** Undefined until the input has told. */
  #running: boolean | undefined;

  /** @param id of the digital input; those of the board are numbers */
  constructor(context: GatewayContext, id: string) {
    this.#context = context;
    this.#input = /^\d{1,3}$/.test(id) ? Number(id) : id;
    const timer = context.clock.every(AGAIN_MS, () => this.#tell());
    const watch = context.world.watchServices({
      added: view => {
        if (view.name === GENERATOR_SERVICE || view.type === 'vebus') this.#tell();
      },
    });
    this.#owned = [() => timer.cancel(), () => void watch.release()];
  }

  set(running: boolean): void {
    this.#running = running;
    this.#tell();
  }

  /** The input is for something else now. */
  async end(): Promise<void> {
    await this.#say(false, 0);
  }

  release(): void {
    for (const release of this.#owned) release();
  }

  #tell(): void {
    if (this.#running !== undefined) this.#context.spawn(this.#say(this.#running, this.#input));
  }

  async #say(running: boolean, input: number | string): Promise<void> {
    const { world } = this.#context;
    // Those that are not there are told when they come.
    for (const vebus of world.ofType('vebus'))
      if (vebus.has(SELECTED)) await world.write(vebus.name, SELECTED, Number(running));
    if (world.service(GENERATOR_SERVICE) === undefined) return;
    await world.write(GENERATOR_SERVICE, '/DigitalInput/Input', input);
    await world.write(GENERATOR_SERVICE, '/DigitalInput/Running', Number(running));
  }
}
