/** The engine on the first relay of the gateway. */
import type { ActorWorld } from '../../bus/gateway-context.ts';
import { Lever } from '../../bus/lever.ts';
import type { Log } from '../../kernel/log.ts';
import { type EngineSwitch, RELAY_STATE, SYSTEM_SERVICE } from './engine-switch.ts';
import { ERROR, type ErrorCode } from './terms.ts';

export class RelaySwitch implements EngineSwitch {
  readonly service = SYSTEM_SERVICE;
  readonly #relay: Lever;

  constructor(world: ActorWorld, log: Log) {
    this.#relay = new Lever(world, log, SYSTEM_SERVICE, RELAY_STATE);
  }

  enabled(): boolean {
    return true;
  }

  error(): ErrorCode {
    return ERROR.none;
  }

  isOn(): boolean | null {
    return this.#relay.isOn();
  }

  drive(on: boolean): void {
    this.#relay.set(on);
  }

  letGo(): void {
    this.#relay.set(false);
  }

  engineRuns(): null {
    return null;
  }

  operatingSeconds(): null {
    return null;
  }

  dcCurrent(): undefined {
    return undefined;
  }
}
