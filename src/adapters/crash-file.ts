/**
 * The count of crashes in a small file, with the system that has crashed. A count that cannot be read is 0: safe mode is
 * for what is known. So is that of another system: after an update that was given up the one of before is not to blame.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { CrashStore } from '../kernel/crash-count.ts';

/** @param system what runs: its version, without spaces at its ends */
export function crashFile(path: string, system: string): CrashStore {
  return {
    read: async () => {
      try {
        const [count = '', ...of] = (await readFile(path, 'utf8')).trimEnd().split(' ');
        return /^\d{1,9}$/.test(count) && of.join(' ') === system ? Number(count) : 0;
      } catch {
        return 0;
      }
    },
    write: async count => {
      await writeFile(`${path}.new`, `${count} ${system}\n`);
      await rename(`${path}.new`, path);
    },
  };
}
