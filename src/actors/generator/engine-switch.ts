/** What switches an engine: the relay, a genset's own control, or several DC gensets. */
import type { ErrorCode } from './terms.ts';

export interface EngineSwitch {
  /** The service that is switched: com.victronenergy.system for the relay. */
  readonly service: string;
  /** Whether there is anything to switch with. */
  enabled(): boolean;
  error(): ErrorCode;
  /** null when it cannot be read. */
  isOn(): boolean | null;
  /**
   * Called on every tick with what is wanted; writes what differs.
   * @param fresh the engine starts anew on this tick
   */
  drive(on: boolean, fresh: boolean): void;
  /** Lets go of the engine: off, as far as it is switched by something that stays. */
  letGo(): void;
  /** Whether the engine says that it runs; null when it says nothing. */
  engineRuns(): boolean | null;
  /** Its own counter, seconds; null when it has none. */
  operatingSeconds(): number | null;
  /** Current of a DC genset, A; undefined when this is not about DC, null when it does not say. */
  dcCurrent(): number | null | undefined;
}
