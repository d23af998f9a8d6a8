/** One genset or DC genset as its service shows it (fact list, section 2.4). */
import type { ActorWorld } from '../../bus/gateway-context.ts';
import { Lever } from '../../bus/lever.ts';
import type { ServiceView } from '../../bus/service-view.ts';
import type { Log } from '../../kernel/log.ts';
import { ERROR, type ErrorCode } from './terms.ts';

/** /StatusCode while the engine turns: 1 … 7 starting, 8 running, 9 stopping */
const TURNING_FROM = 1;
const TURNING_TO = 9;
export const STATUS_RUNNING = 8;

export class Genset {
  readonly service: string;
  readonly start: Lever;
  readonly #world: ActorWorld;

  constructor(world: ActorWorld, log: Log, service: string) {
    this.service = service;
    this.#world = world;
    this.start = new Lever(world, log, service, '/Start');
  }

  number(path: string): number | null {
    const value = this.#world.value(this.service, path);
    return typeof value === 'number' ? value : null;
  }

  hasStart(): boolean {
    return this.#world.service(this.service)?.has('/Start') === true;
  }

  /** A fault goes before remote control being off. No error path is no error. */
  error(): ErrorCode {
    if (this.hasFault()) return ERROR.remoteFault;
    return this.remoteEnabled() ? ERROR.none : ERROR.remoteDisabled;
  }

  hasFault(): boolean {
    const fault = this.#world.value(this.service, '/Error/0/Id');
    return fault !== null && fault !== '' && fault !== 0;
  }

  remoteEnabled(): boolean {
    return this.number('/RemoteStartModeEnabled') === 1;
  }

  turns(): boolean | null {
    const status = this.number('/StatusCode');
    return status === null ? null : TURNING_FROM <= status && status <= TURNING_TO;
  }
}

/** Whether start/stop can have to do with this service: it can be started from afar, and is there. */
export function isUsableGenset(service: ServiceView): boolean {
  const { type } = service;
  if (type !== 'genset' && type !== 'dcgenset') return false;
  return service.has('/RemoteStartModeEnabled') && service.get('/Connected') === 1;
}
