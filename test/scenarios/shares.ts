/** Many cases are run by as many processes as the machine has cores: each replays its share, on a clock of its own. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';

const OPTION = '--share=';
/** Fewer cases than this are not worth another process. */
const WORTH = 40;
const PROCESS_LIMIT = 8;
const TOTAL = /^(\d+) passed, (\d+) failed$/;

/** The cases of this process, when it is one of several; undefined when there is nobody to share with. */
export function shareOf<T>(args: readonly string[], cases: readonly T[]): readonly T[] | undefined {
  const share = args.find(arg => arg.startsWith(OPTION))?.slice(OPTION.length);
  if (share === undefined) return cases.length < WORTH || availableParallelism() < 2 ? cases : undefined;
  const [mine = 0, all = 1] = share.split('/').map(Number);
  return cases.filter((_, i) => i % all === mine);
}

/** Runs this program once for each share, and adds up what they say. Prints it; @returns the exit code */
export async function runShares(args: readonly string[]): Promise<number> {
  const processes = Math.min(PROCESS_LIMIT, availableParallelism());
  const results = await Promise.all(
    Array.from({ length: processes }, (_, i) => runShare([...args, `${OPTION}${i}/${processes}`])),
  );
  const sum = (of: 'passed' | 'failed'): number => results.reduce((total, result) => total + result[of], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  return results.every(({ code }) => code === 0) ? 0 : 1;
}

async function runShare(args: readonly string[]): Promise<{ passed: number; failed: number; code: number | null }> {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  let total: RegExpExecArray | null = null;
  for await (const line of createInterface({ input: child.stdout })) {
    const found = TOTAL.exec(line);
    if (found === null) console.log(line);
    else total = found;
  }
  return { passed: Number(total?.[1] ?? 0), failed: Number(total?.[2] ?? 0), code: await ended };
}
