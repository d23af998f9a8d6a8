/**
 * What a system has of gxd, whoever puts it together: build/image.mjs takes it from here, and the recipes in yocto/ are
 * compared with it (test/unit/yocto).
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib.mjs';

/**
 * @typedef {object} Installed
 * @property {string} [from] file, relative to the project's folder
 * @property {string} [text] what is in it, when it is no file of the project
 * @property {string} to its place, relative to the root of the system
 * @property {number} mode
 */

/** Folder with the native addons of an executable, for those who install the dynamic form. */
export function addonsFolder(name) {
  return `dist/gxd-${name}.addons`;
}

/**
 * The program in its dynamic form, with the addons beside it: a read-only system needs no folder to unpack them in.
 *
 * @param {string} name of the target, `armv7`
 * @param {string[]} addons their names
 * @param {string} version
 * @returns {Installed[]}
 */
export function programFiles(name, addons, version) {
  const dist = `dist/gxd-${name}`;
  return [
    { from: `${dist}-dynamic`, to: 'opt/gxd/gxd', mode: 0o755 },
    ...addons.map(addon => ({ from: join(addonsFolder(name), addon), to: `opt/gxd/${addon}`, mode: 0o755 })),
    { from: `${dist}.licences.txt`, to: 'usr/share/doc/gxd/licences.txt', mode: 0o644 },
    { from: `${dist}.cdx.json`, to: 'usr/share/doc/gxd/components.cdx.json', mode: 0o644 },
    { text: `${version}\n`, to: 'etc/gxd/version', mode: 0o644 },
  ];
}

/** What is laid over the root file system; its README stays here. @returns {Installed[]} */
export function overlayFiles() {
  const folder = 'rootfs-overlay';
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .sort()
    .filter(path => path !== 'README.md' && statSync(join(ROOT, folder, path)).isFile())
    .map(path => {
      const from = join(folder, path);
      return { from, to: path, mode: (statSync(join(ROOT, from)).mode & 0o111) === 0 ? 0o644 : 0o755 };
    });
}

/** @param {Installed} file @returns {Buffer} */
export function contentOf({ from, text }) {
  return from === undefined ? Buffer.from(text ?? '') : readFileSync(join(ROOT, from));
}
