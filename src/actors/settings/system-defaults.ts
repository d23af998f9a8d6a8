/**
 * Settings that the image of a machine brings along: text files in a folder, a line each,
 * `path default type [min [max [silent]]]`, relative to /Settings; `#` begins a comment.
 */
import { describe, Fault } from '../../kernel/fault.ts';
import type { Log } from '../../kernel/log.ts';
import type { Files } from '../../ports/files.ts';
import { addSetting, type Change, CODE, type Definition } from './settings-rules.ts';
import type { SettingsTree } from './settings-tree.ts';

/** Where they are on a gateway. */
export const SYSTEM_DEFAULTS_FOLDER = '/etc/venus/settings.d';

const FILE_BYTES = 1024 * 1024;

/** Adds them to the tree, file by file in the order of their names. A line that is wrong is said, and left out. */
export async function addSystemDefaults(files: Files, folder: string, tree: SettingsTree, log: Log): Promise<Change[]> {
  const changes: Change[] = [];
  for (const name of await files.list(folder)) {
    try {
      for (const definition of parseDefaults(await readText(files, `${folder}/${name}`))) {
        const outcome = addSetting(tree, definition);
        changes.push(...outcome.changes);
        if (outcome.code !== CODE.done) log.warn(`${name}: ${definition.path} not added, code ${outcome.code}`);
      }
    } catch (error) {
      log.error(`${folder}/${name}: ${describe(error)}`);
    }
  }
  return changes;
}

async function readText(files: Files, path: string): Promise<string> {
  const bytes = await files.read(path);
  if (bytes === null) return '';
  if (bytes.length > FILE_BYTES) throw new Fault('configuration', `more than ${FILE_BYTES} bytes`);
  return new TextDecoder().decode(bytes);
}

/** The definitions of one file. Throws a Fault (configuration) with the line that is no definition. */
export function parseDefaults(text: string): Definition[] {
  const definitions: Definition[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.replace(/#.*/, '').trim().split(/\s+/);
    const [path, fallback, type, min = null, max = null, silent = ''] = words;
    if (path === undefined || path === '') continue;
    if (fallback === undefined || type === undefined)
      throw new Fault('configuration', `line ${index + 1}: path, default and type wanted`);
    definitions.push({
      path: `/Settings/${path.replace(/^\/+/, '')}`,
      type,
      default: fallback,
      min,
      max,
      silent: /^(true|[1-9]\d*)$/i.test(silent),
    });
  }
  return definitions;
}
