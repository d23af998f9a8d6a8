/** Where a command writes to. */
export interface CliIo {
  out(line: string): void;
  err(line: string): void;
}

/** Exit codes of gxd. */
export const EXIT = {
  done: 0,
  /** Something went wrong that the line on stderr explains. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The bus cannot be reached, or a name is taken. */
  bus: 3,
  /** The data folder cannot be written. */
  data: 4,
} as const;

/** What is wrong with a command line, in one line for its user. */
export class UsageError extends Error {}
