/** Puts a root file system together: chosen files of unpacked Debian packages, then what is laid over them. */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fail } from '../lib.mjs';
import { needed, tool } from '../packaging/dynamic.mjs';

const FOLDERS = ['dev', 'proc', 'sys', 'run', 'tmp', 'data', 'root', 'var', 'etc', 'usr/bin', 'usr/sbin', 'usr/lib'];
/** One place for programs and one for libraries, whatever a package says. */
const LINKS = { bin: 'usr/bin', sbin: 'usr/sbin', lib: 'usr/lib', 'var/run': '../run', 'var/tmp': '../tmp' };
/** On all file systems of a machine: more links than these are a circle. */
const LINK_LIMIT = 16;

export class RootFs {
  #libraries = new Set();

  /**
   * @param {string} folder an empty one
   * @param {import('../packaging/targets.mjs').Target} target
   * @param {string} debian folder with the files of the packages
   */
  constructor(folder, target, debian) {
    this.folder = folder;
    this.target = target;
    this.debian = debian;
    for (const path of FOLDERS) mkdirSync(join(folder, path), { recursive: true });
    for (const [path, to] of Object.entries(LINKS)) symlinkSync(to, join(folder, path));
  }

  /** A program of the packages, with the libraries that it needs. */
  addProgram(path) {
    this.addLibrariesOf(this.#copy(path));
  }

  /** A library by its name, with those that it needs. */
  addLibrary(name) {
    if (this.#libraries.has(name)) return;
    this.#libraries.add(name);
    const { triplet } = this.target;
    const path = [`/lib/${triplet}/${name}`, `/usr/lib/${triplet}/${name}`, `/lib/${name}`].find(
      path => this.#resolve(path) !== undefined,
    );
    if (path === undefined) fail(`no package of the image has ${name}`);
    this.addLibrariesOf(this.#copy(path, `/usr/lib/${name}`));
  }

  /** A library of this machine, in place of that of a package. */
  putLibrary(file, name) {
    this.#libraries.add(name);
    this.put(file, `usr/lib/${name}`, 0o755);
  }

  addLibrariesOf(file) {
    for (const name of needed(file)) this.addLibrary(name);
  }

  /** A file of the packages that is no program. */
  addFile(path) {
    this.#copy(path);
  }

  /** Everything below a folder of this machine. */
  overlay(folder) {
    cpSync(folder, this.folder, { recursive: true, verbatimSymlinks: true });
  }

  /** A file of this machine. */
  put(file, path, mode) {
    const to = join(this.folder, path);
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(file, to);
    chmodSync(to, mode);
  }

  /** The many commands of busybox, where no other program has the name. */
  addBusyboxLinks() {
    const { emulator } = this.target;
    const names = tool(emulator, [join(this.folder, 'usr/bin/busybox'), '--list'])
      .trim()
      .split('\n');
    for (const name of names) {
      const there = ['usr/bin', 'usr/sbin'].some(folder => exists(join(this.folder, folder, name)));
      if (!there) symlinkSync('busybox', join(this.folder, 'usr/bin', name));
    }
  }

  #copy(path, to = path) {
    const from = this.#resolve(path);
    if (from === undefined) fail(`no package of the image has ${path}`);
    const file = join(this.folder, to.replace(/^\/(bin|sbin|lib)\//, '/usr/$1/'));
    mkdirSync(dirname(file), { recursive: true });
    copyFileSync(from, file);
    chmodSync(file, lstatSync(from).mode & 0o755);
    return file;
  }

  /** The file behind a path of the packages; links are followed inside of their root. */
  #resolve(path) {
    let at = path;
    for (let links = 0; links < LINK_LIMIT; links++) {
      const file = join(this.debian, at);
      if (!exists(file)) return undefined;
      if (!lstatSync(file).isSymbolicLink()) return file;
      const to = readlinkSync(file);
      at = to.startsWith('/') ? to : join(dirname(at), to);
    }
    return undefined;
  }
}

function exists(path) {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * The modules and those that they need, in the order in which they are loaded.
 *
 * @param {string} kernel folder with the files of the kernel's package, after depmod
 * @param {string} version of the kernel
 * @param {readonly string[]} names `can-raw`
 * @returns {string[]} relative to lib/modules/VERSION
 */
export function moduleFiles(kernel, version, names) {
  const folder = join(kernel, 'lib/modules', version);
  const lines = readFileSync(join(folder, 'modules.dep'), 'utf8').trim().split('\n');
  const needs = new Map(lines.map(line => [line.split(':')[0], line.split(':')[1].trim().split(' ').filter(Boolean)]));
  const byName = new Map([...needs.keys()].map(file => [moduleName(file), file]));
  const builtin = new Set(readFileSync(join(folder, 'modules.builtin'), 'utf8').trim().split('\n').map(moduleName));
  const files = new Set();
  for (const name of names) {
    const file = byName.get(moduleName(name));
    if (file === undefined) {
      if (builtin.has(moduleName(name))) continue;
      fail(`the kernel ${version} has no module ${name}`);
    }
    // What is needed stands last first.
    for (const one of [...(needs.get(file) ?? [])].reverse()) files.add(one);
    files.add(file);
  }
  return [...files];
}

function moduleName(file) {
  return (file.split('/').at(-1) ?? '').replace(/\.ko$/, '').replaceAll('-', '_');
}

/** Copies modules into a root, and says in which order they are loaded. */
export function addModules(kernel, version, names, root) {
  const files = moduleFiles(kernel, version, names);
  for (const file of files) {
    const to = join(root, 'usr/lib/modules', version, file);
    mkdirSync(dirname(to), { recursive: true });
    if (!existsSync(to)) copyFileSync(join(kernel, 'lib/modules', version, file), to);
  }
  return files;
}
