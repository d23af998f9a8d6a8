/** Keeps the load off the engine: the inverter is told to ignore the AC inputs on which the generator is. */
import type { ActorWorld } from '../../bus/gateway-context.ts';
import type { AcInput } from './decision.ts';
import { generatorInputs, inverterService } from './plant.ts';

const IGNORE: Readonly<Record<AcInput, string>> = {
  ac1: '/Ac/Control/IgnoreAcIn1',
  ac2: '/Ac/Control/IgnoreAcIn2',
};

export class LoadKeeper {
  readonly #world: ActorWorld;
  /** Items (service and path) that we have set, and that have to be cleared again. */
  readonly #ignored = new Map<string, readonly [service: string, path: string]>();

  constructor(world: ActorWorld) {
    this.#world = world;
  }

  /** Called on every tick. Others may ignore an input too, so it is only cleared where we have set it. */
  keep(away: boolean): void {
    if (away) this.#ignore();
    else if (this.#ignored.size > 0) this.#clear();
  }

  /** Clears what a former life of the program may have left behind. */
  clearAll(): void {
    const inverter = inverterService(this.#world);
    if (inverter === null) return;
    for (const input of generatorInputs(this.#world))
      this.#ignored.set(inverter + IGNORE[input], [inverter, IGNORE[input]]);
    this.#clear();
  }

  #ignore(): void {
    const inverter = inverterService(this.#world);
    if (inverter === null) return;
    for (const input of generatorInputs(this.#world)) {
      const path = IGNORE[input];
      this.#ignored.set(inverter + path, [inverter, path]);
      this.#write(inverter, path, 1);
    }
  }

  #clear(): void {
    for (const [key, [service, path]] of [...this.#ignored]) {
      // An inverter that is away comes back as it was left.
      if (this.#world.service(service) === undefined) continue;
      if (this.#world.value(service, path) === 1) this.#write(service, path, 0);
      else this.#ignored.delete(key);
    }
  }

  /** A write that fails is made again on the next tick. */
  #write(service: string, path: string, value: 0 | 1): void {
    if (this.#world.value(service, path) !== value && this.#world.service(service)?.has(path))
      void this.#world.write(service, path, value);
  }
}
