/** One genset, started by its own control and, where the relay is set to help, by the relay too. */
import { BoardRelay } from '../../bus/board-relay.ts';
import type { ActorWorld } from '../../bus/gateway-context.ts';
import { serviceType } from '../../bus/service-view.ts';
import type { Log } from '../../kernel/log.ts';
import type { EngineSwitch } from './engine-switch.ts';
import { Genset } from './genset.ts';
import type { ErrorCode } from './terms.ts';

export class GensetSwitch implements EngineSwitch {
  readonly service: string;
  readonly #genset: Genset;
  readonly #relay: BoardRelay;
  readonly #relayHelps: () => boolean;

  /** @param relayHelps whether the relay is set to "connected genset helper" */
  constructor(world: ActorWorld, log: Log, service: string, relayHelps: () => boolean) {
    this.service = service;
    this.#genset = new Genset(world, log, service);
    this.#relay = new BoardRelay(world, log, 0);
    this.#relayHelps = relayHelps;
  }

  enabled(): boolean {
    return this.#relayHelps() || this.#genset.hasStart();
  }

  error(): ErrorCode {
    return this.#genset.error();
  }

  isOn(): boolean | null {
    return this.#relayHelps() ? this.#relay.isOn() : this.#genset.start.isOn();
  }

  drive(on: boolean): void {
    this.#genset.start.set(on);
    if (this.#relayHelps()) this.#relay.set(on);
  }

  /** The genset's own control goes with the genset; the relay stays behind. */
  letGo(): void {
    this.drive(false);
  }

  engineRuns(): boolean | null {
    return this.#genset.turns();
  }

  operatingSeconds(): number | null {
    return this.#genset.number('/Engine/OperatingHours');
  }

  dcCurrent(): number | null | undefined {
    return serviceType(this.service) === 'dcgenset' ? this.#genset.number('/Dc/0/Current') : undefined;
  }
}
