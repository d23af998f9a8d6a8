/** The engine on the first relay of the gateway. */
import { type BoardRelay, SYSTEM_SERVICE } from '../../bus/board-relay.ts';
import type { EngineSwitch } from './engine-switch.ts';
import { ERROR, type ErrorCode } from './terms.ts';

export class RelaySwitch implements EngineSwitch {
  readonly service = SYSTEM_SERVICE;
  readonly #relay: BoardRelay;

  constructor(relay: BoardRelay) {
    this.#relay = relay;
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
