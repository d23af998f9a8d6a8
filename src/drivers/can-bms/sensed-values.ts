/**
 * What a battery monitor measures, as the system tells it to batteries that measure less well. It stands as long as
 * somebody goes on writing it. The frame that would carry it to the battery is not public, so that it goes no further.
 */
import { type PublishedService, SET_DONE } from '../../bus/published-service.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { batterySchema } from '../../schema/battery.ts';

const PATHS = ['/Sense/Voltage', '/Sense/Current', '/Sense/Temperature', '/Sense/Soc'] as const;
/** The system writes every second; what was not written for so long is forgotten. */
const FORGET_MS = 10_000;

export class SensedValues {
  readonly #service: PublishedService<typeof batterySchema>;
  readonly #clock: Clock;
  readonly #writtenAt = new Map<(typeof PATHS)[number], number>();

  constructor(service: PublishedService<typeof batterySchema>, clock: Clock) {
    this.#service = service;
    this.#clock = clock;
    for (const path of PATHS) {
      service.set(path, null);
      service.onWrite(path, value => {
        service.setAny(path, value);
        this.#writtenAt.set(path, clock.monotonic());
        return SET_DONE;
      });
      service.hearsEveryWrite(path);
    }
  }

  /** Call it now and then. */
  forget(): void {
    for (const [path, at] of this.#writtenAt) {
      if (this.#clock.monotonic() - at < FORGET_MS) continue;
      this.#writtenAt.delete(path);
      this.#service.set(path, null);
    }
  }
}
