/** The registers of a device of Victron behind its service: read, shown as they are told, written for clients. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { PublishedService } from '../../bus/published-service.ts';
import { decodeVregValue } from '../../protocols/nmea2000/vreg.ts';
import { COMMON_REGISTERS } from '../../protocols/vedirect/registers.ts';
import { CLEARABLE_SERVICES, HISTORY_SERVICES } from '../registers/register-paths.ts';
import type { RegisterRow } from '../registers/register-row.ts';
import { RegistersSession } from '../registers/registers-session.ts';
import { isRegisterService } from '../registers/service-choice.ts';
import type { DeviceService } from './device-service.ts';
import type { VregLine } from './vreg-line.ts';

/** A value that a device did not tell for so long is asked for. Milliseconds. */
const TOLD_MS = 5_000;
/** Limits must reach a charger within a second. Milliseconds. */
export const LINK_CHANGE_MS = 200;
/** A device that says nothing is asked for its state, so that it is known to be there. */
const PROBE_MS = 4_000;

export class DeviceRegisters {
  readonly #context: GatewayContext;
  readonly #line: VregLine;
  readonly #session: RegistersSession;
  #probing = false;

  /** @param type of the service @param rows its registers */
  constructor(
    context: GatewayContext,
    line: VregLine,
    type: string,
    rows: readonly RegisterRow[],
    service: PublishedService,
    place: DeviceService,
  ) {
    const { clock, log } = context;
    this.#context = context;
    this.#line = line;
    this.#session = new RegistersSession({
      service,
      rows,
      line,
      clock,
      log,
      spawn: task => context.spawn(task),
      isInText: () => false,
      hasHistory: isRegisterService(type) && HISTORY_SERVICES.has(type),
      canClear: isRegisterService(type) && CLEARABLE_SERVICES.has(type),
      toldMs: TOLD_MS,
      linkChangeMs: LINK_CHANGE_MS,
      decode: decodeVregValue,
      rename: name => place.keepName(name),
    });
    this.#session.look();
  }

  /** Whether registers tell a path at present. */
  tells(path: string): boolean {
    return this.#session.tells(path);
  }

  /** Whether a client controls the device by this register. */
  controls(register: number): boolean {
    return this.#session.controls(register);
  }

  /** The device has told the value of a register. */
  told(register: number, payload: Uint8Array): void {
    this.#session.told(register, payload);
  }

  /** Call it now and then. @param heardAt when the device was heard last, monotonic milliseconds */
  look(heardAt: number): void {
    this.#session.look();
    if (!this.#probing && this.#context.clock.monotonic() - heardAt >= PROBE_MS) this.#context.spawn(this.#probe());
  }

  stop(): void {
    this.#session.stop();
  }

  async #probe(): Promise<void> {
    this.#probing = true;
    await this.#line.get(COMMON_REGISTERS.deviceState.id);
    this.#probing = false;
  }
}
