/** Damaged files are put aside under a counted name, for a person to look into. */
import type { Files } from '../../ports/files.ts';

/** Of each file the newest damaged ones are kept, so that a medium that damages one every day is not filled. */
const KEPT = 3;

function suffix(name: string): string {
  return `${name}.damaged-`;
}

async function numbers(files: Files, folder: string, name: string): Promise<number[]> {
  const prefix = suffix(name);
  return (await files.list(folder))
    .filter(one => one.startsWith(prefix))
    .map(one => Number(one.slice(prefix.length)))
    .filter(Number.isSafeInteger)
    .sort((a, b) => a - b);
}

/** The name under which a damaged `name` is to be kept: `settings.xml.damaged-1`. */
export async function nameForDamaged(files: Files, folder: string, name: string): Promise<string> {
  return `${suffix(name)}${((await numbers(files, folder, name)).at(-1) ?? 0) + 1}`;
}

/** Removes all but the newest. */
export async function pruneDamaged(files: Files, folder: string, name: string): Promise<void> {
  for (const old of (await numbers(files, folder, name)).slice(0, -KEPT))
    await files.remove(`${folder}/${suffix(name)}${old}`);
}
