/** The commands of gxd, in the order of the help. */
import type { CliIo } from './io.ts';

/** Runs a command with what stands behind its name. @returns the exit code */
export type Command = (args: readonly string[], io: CliIo) => Promise<number>;

export interface CommandRow {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly details?: string;
  readonly load: () => Promise<Command>;
}

export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'run',
    usage: 'run [OPTIONS]',
    summary: 'runs the gateway on the system bus',
    details: [
      'The bus is the one of DBUS_SYSTEM_BUS_ADDRESS, else the system bus.',
      '  --data DIR          where everything lies that must survive (default /data)',
      '  --only ACTOR,…      runs these actors alone, beside others in processes of their own',
      '  --without ACTOR,…   runs all but these',
      '  --serial PATTERN,…  serial ports to look at (default /dev/ttyUSB*,/dev/ttyO*)',
      '  --log LEVEL         debug, info, warn or error; ACTOR=LEVEL,… for single actors (default info)',
      'Ends with 2 for a wrong option, 3 without a bus, 4 when the data folder cannot be written.',
    ].join('\n'),
    load: async () => (await import('./run.ts')).runCommand,
  },
];
