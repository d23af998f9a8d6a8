/** How the program starts another process of itself, in each of the forms it comes in. */
import { basename, dirname, join } from 'node:path';
import { Fault } from '../kernel/fault.ts';

/** Put in by the bundler: whether this bundle goes into an executable. */
declare const GXD_PACKAGED: boolean;

/** In the static executable the dynamic loader is what runs, by this name; see build/launcher. */
const LOADER = 'ld.so';

/**
 * @param execPath what the kernel runs, as `process.execPath` says it
 * @param script the file that Node was given; undefined when it was given none
 * @returns the command, then its first arguments
 * @throws Fault (bug) when Node runs a program that is no file
 */
export function ownProgram(
  execPath = process.execPath,
  script = process.argv[1],
  packaged = GXD_PACKAGED,
): readonly [string, ...string[]] {
  if (packaged) {
    if (basename(execPath) !== LOADER) return [execPath];
    const folder = dirname(execPath);
    return [execPath, '--library-path', folder, join(folder, 'gxd')];
  }
  if (script === undefined) throw new Fault('bug', 'the program does not know its own file');
  return [execPath, script];
}
