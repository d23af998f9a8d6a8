/** Arguments → command. Commands are loaded when they are called: `gxd run` pays for none of the others. */
// First: it is for all that is loaded after it.
import './adapters/small-heap.ts';
import { COMMANDS } from './cli/commands.ts';
import { type CliIo, EXIT, UsageError } from './cli/io.ts';
import { describe, Fault } from './kernel/fault.ts';
import { VERSION } from './kernel/version.ts';

async function main(argv: readonly string[], io: CliIo): Promise<number> {
  const [name = 'help', ...args] = argv;
  if (name === '--version' || name === 'version') {
    io.out(`gxd ${VERSION}`);
    return EXIT.done;
  }
  if (name === 'help' || name === '--help' || name === '-h') {
    io.out(help());
    return argv.length === 0 ? EXIT.usage : EXIT.done;
  }
  const command = COMMANDS.find(one => one.name === name);
  if (command === undefined) throw new UsageError(`there is no command ${name}`);
  if (args.includes('--help')) {
    io.out(
      `usage: gxd ${command.usage}\n${command.summary}${command.details === undefined ? '' : `\n\n${command.details}`}`,
    );
    return EXIT.done;
  }
  return (await command.load())(args, io);
}

function help(): string {
  const width = Math.max(...COMMANDS.map(command => command.usage.length));
  const lines = COMMANDS.map(command => `  gxd ${command.usage.padEnd(width)}  ${command.summary}`);
  return ['gxd: the D-Bus side of an energy gateway', '', ...lines, '', 'gxd COMMAND --help tells more.'].join('\n');
}

/** The line and the exit code for what a command threw. */
function explain(error: unknown, io: CliIo): number {
  if (error instanceof UsageError) {
    io.err(`gxd: ${error.message} (gxd --help)`);
    return EXIT.usage;
  }
  io.err(`gxd: ${describe(error)}`);
  return error instanceof Fault && error.whose === 'bus' ? EXIT.bus : EXIT.failed;
}

const io: CliIo = {
  out: line => process.stdout.write(`${line}\n`),
  err: line => process.stderr.write(`${line}\n`),
};
// A reader that goes away (`gxd watch | head`) is no error.
process.stdout.on('error', () => process.exit(EXIT.done));

main(process.argv.slice(2), io).then(
  code => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.exitCode = explain(error, io);
  },
);
