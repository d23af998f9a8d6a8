/** The dynamic form: Node with the program inside, for images that have glibc and libstdc++. */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fail, ROOT } from '../lib.mjs';
import { bundleProgram } from '../program-bundle.mjs';
import { runtimePackage } from './packages.mjs';
import { OLDEST } from './targets.mjs';

/** Where Node looks for the mark that a program is inside; its own constant. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
/** Named as needed by the runtime for armv7, which uses nothing of it; few images have it. */
const UNUSED_LIBRARY = 'libatomic.so.1';

/**
 * @param {string} name of the target
 * @param {import('./targets.mjs').Target} target
 * @param {string} libraries folder with the files of Debian packages
 * @param {string} work an empty folder
 * @param {string} out the executable
 * @returns {Promise<{ inputs: string[], runtime: Runtime }>} what is in it
 * @typedef {{ file: string, package?: string, version: string, licence: string }} Runtime
 */
export async function makeDynamic(name, target, libraries, work, out) {
  // The runtime first: addons are compiled with its headers.
  const runtime = findRuntime(name);
  const inputs = await bundleProgram(target.process, join(work, 'gxd.cjs'));
  const node = join(work, 'node');
  copyFileSync(runtime.file, node);
  chmodSync(node, 0o755);
  tool(`${target.triplet}-strip`, [node]);
  if (needed(node).includes(UNUSED_LIBRARY)) tool('patchelf', ['--remove-needed', UNUSED_LIBRARY, node]);
  checkNeeds(node);
  // The form of the blob depends on the version and the word size of Node: the very runtime writes it. The names in
  // it are relative, and neither snapshot nor code cache is used: they depend on the machine that makes them.
  writeFileSync(
    join(work, 'sea.json'),
    JSON.stringify({ main: 'gxd.cjs', output: 'gxd.blob', disableExperimentalSEAWarning: true }),
  );
  const run = emulated(target, libraries, [node, '--experimental-sea-config', 'sea.json']);
  tool(run[0], run.slice(1), { cwd: work, env: { PATH: process.env.PATH, UV_USE_IO_URING: '0' } });
  copyFileSync(node, out);
  await inject(out, readFileSync(join(work, 'gxd.blob')));
  return { inputs, runtime };
}

/** The command line that runs a program of the target on this machine. */
export function emulated(target, libraries, [program, ...args]) {
  if (target.emulator === undefined) return [program, ...args];
  return [target.emulator, ...target.emulatorArgs, '-L', libraries, program, ...args];
}

/** NODE_BASE_ARMV7 and the like name another runtime; it must be a Node of 20.11 or newer for that machine. */
function findRuntime(name) {
  const variable = `NODE_BASE_${name.toUpperCase()}`;
  const file = process.env[variable];
  if (file !== undefined) {
    if (!existsSync(file) || !statSync(file).isFile()) fail(`${variable}: there is no file ${file}`);
    const licence = join(file, '../../LICENSE');
    if (!existsSync(licence)) fail(`${variable}: ${licence} is missing; it belongs to what is passed on`);
    return { file, version: versionOf(file), licence };
  }
  const folder = runtimePackage(name);
  const { name: packageName, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return {
    file: join(folder, 'bin/node'),
    package: packageName,
    version: version.replace(/^v/, ''),
    licence: join(folder, 'LICENSE'),
  };
}

/** Node carries its version as the name of its folder: no need to run it. */
function versionOf(file) {
  const version = /node\.js\/v(\d+\.\d+\.\d+)/.exec(readFileSync(file, 'latin1'));
  if (version === null) fail(`${file} is not a Node`);
  return version[1];
}

/** Libraries that an ELF file names as needed. */
export function needed(file) {
  return [...tool('readelf', ['-d', file]).matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(match => match[1]);
}

function checkNeeds(file) {
  const symbols = tool('readelf', ['-V', '-W', file]);
  for (const [library, oldest] of Object.entries(OLDEST)) {
    const versions = [...symbols.matchAll(new RegExp(`\\b${library}_([0-9.]+)`, 'g'))].map(match => match[1]);
    const tooNew = versions.find(version => compareVersions(version, oldest) > 0);
    if (tooNew !== undefined) fail(`${file} needs ${library} ${tooNew}, newer than ${oldest}`);
  }
}

function compareVersions(a, b) {
  const [left, right] = [a, b].map(version => version.split('.').map(Number));
  for (let i = 0; i < 3; i++) if ((left[i] ?? 0) !== (right[i] ?? 0)) return (left[i] ?? 0) - (right[i] ?? 0);
  return 0;
}

async function inject(file, blob) {
  const { inject: injectResource } = createRequire(import.meta.url)(runtimePackage('inject'));
  // It warns of every section it does not know.
  const { write } = process.stderr;
  process.stderr.write = () => true;
  try {
    await injectResource(file, 'NODE_SEA_BLOB', blob, { sentinelFuse: FUSE });
  } finally {
    process.stderr.write = write;
  }
}

/** Runs a command; its output, or the end of the build. */
export function tool(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  if (error) fail(`${command} could not be started: ${error.message}`);
  if (status !== 0) fail(`${command} ${args.join(' ')} failed:\n${stderr}`);
  return stdout;
}

/** An empty folder. */
export function emptyFolder(path) {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  return path;
}
