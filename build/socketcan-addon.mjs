/**
 * Compiles the addon of the package `socketcan` for a machine: there is none to be had compiled. Kept in build/.cache.
 * Only its `RawChannel` is used: see src/adapters/socketcan-channel.ts.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isCommand, ROOT, run } from './lib.mjs';
import { CACHE } from './packaging/debian.mjs';
import { installedRuntime, runtimePackage } from './packaging/packages.mjs';
import { TARGETS } from './packaging/targets.mjs';

/** What Node 20.11 has. */
const NAPI_VERSION = 8;

/**
 * @param {'arm' | 'arm64' | 'x64'} arch as `process.arch` names it
 * @returns {string | undefined} the file; undefined where there is no compiler, or no header of Node
 */
export function socketcanAddon(arch) {
  const [name, target] = Object.entries(TARGETS).find(([, { process }]) => process === arch) ?? [];
  if (target === undefined) return undefined;
  const compiler = `${target.triplet}-g++`;
  const headers = nodeHeaders(name);
  if (!isCommand(compiler) || headers === undefined) return undefined;
  const flags = [
    ...['-std=c++20', '-O2', '-fPIC', '-shared', '-fno-exceptions', '-fvisibility=hidden', '-ffunction-sections'],
    ...['-Wl,--gc-sections', '-Wl,--build-id=none', '-Wl,-z,noexecstack', '-s', ...target.flags],
    // The libraries are in the process already, as Node needs them: without a word of them the addon fits old images
    // too. On x64 a name without its version would mean the oldest form of some functions.
    ...(arch === 'x64' ? [] : ['-nostdlib', '-lgcc']),
    ...['-DNODE_GYP_MODULE_NAME=can', '-DBUILDING_NODE_EXTENSION', '-DNAPI_DISABLE_CPP_EXCEPTIONS'],
    `-DNAPI_VERSION=${NAPI_VERSION}`,
  ];
  const lock = readFileSync(join(ROOT, 'build/runtime/socketcan/package-lock.json'));
  const key = createHash('sha256').update(lock).update(flags.join(' ')).digest('hex').slice(0, 12);
  const file = join(CACHE, `socketcan-${arch}-${key}.node`);
  if (existsSync(file)) return file;
  const source = runtimePackage('socketcan');
  mkdirSync(CACHE, { recursive: true });
  const fresh = `${file}.${process.pid}`;
  const includes = ['-I', join(dirname(source), 'node-addon-api'), '-I', headers];
  run(compiler, [...includes, '-o', fresh, join(source, 'native/can.cc'), ...flags]);
  renameSync(fresh, file);
  return file;
}

/** Of the runtime that the program will have; else, for N-API is the same in all of them, of the Node that builds. */
function nodeHeaders(name) {
  const folders = [
    join(installedRuntime(name) ?? '', 'include/node'),
    join(dirname(dirname(process.execPath)), 'include/node'),
  ];
  return folders.find(folder => existsSync(join(folder, 'uv.h')));
}
