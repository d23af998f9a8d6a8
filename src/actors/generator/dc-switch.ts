/** DC gensets: one is switched like any genset, several together. */
import type { ActorWorld } from '../../bus/gateway-context.ts';
import type { Log } from '../../kernel/log.ts';
import { DcGensetsSwitch, type DetectedGenset, type Rotation } from './dc-gensets-switch.ts';
import type { EngineSwitch } from './engine-switch.ts';
import { GensetSwitch } from './genset-switch.ts';
import type { ErrorCode } from './terms.ts';

export class DcSwitch implements EngineSwitch {
  readonly service: string;
  readonly several: DcGensetsSwitch;
  readonly #one: GensetSwitch;

  constructor(world: ActorWorld, log: Log, service: string, relayHelps: () => boolean, rotation: Rotation) {
    this.service = service;
    this.#one = new GensetSwitch(world, log, service, relayHelps);
    this.several = new DcGensetsSwitch(world, log, service, rotation);
  }

  set detected(detected: readonly DetectedGenset[]) {
    this.several.detected = detected;
  }

  get #present(): EngineSwitch {
    return this.several.detected.length > 1 ? this.several : this.#one;
  }

  enabled(): boolean {
    return this.#present.enabled();
  }

  error(): ErrorCode {
    return this.#present.error();
  }

  isOn(): boolean | null {
    return this.#present.isOn();
  }

  drive(on: boolean, fresh: boolean): void {
    this.#present.drive(on, fresh);
  }

  letGo(): void {
    this.#present.letGo();
  }

  engineRuns(): boolean | null {
    return this.#present.engineRuns();
  }

  operatingSeconds(): number | null {
    return this.#present.operatingSeconds();
  }

  dcCurrent(): number | null | undefined {
    return this.#present.dcCurrent();
  }
}
