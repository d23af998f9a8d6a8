/**
 * An error that says whose fault it is, so that a log line, a D-Bus reply or an exit message can tell the reader where
 * to look: at the cable, at the protocol, at the bus, at the configuration, or at us.
 */
export type Whose = 'device' | 'protocol' | 'bus' | 'configuration' | 'system' | 'bug';

export class Fault extends Error {
  readonly whose: Whose;

  constructor(whose: Whose, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'Fault';
    this.whose = whose;
  }
}

/** One line for a person, whatever was thrown. Never throws itself. */
export function describe(error: unknown): string {
  if (error instanceof Fault) return `${error.message} (${error.whose})`;
  if (error instanceof Error) return error.message === '' ? error.name : error.message;
  return typeof error === 'string' ? error : `thrown value of type ${typeof error}`;
}

/** What was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Fault('bug', describe(thrown));
}
