/**
 * What a system has of gxd, whoever puts it together: build/image.mjs takes it from here, and the recipes in yocto/ are
 * compared with it (test/unit/yocto).
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {import('./installed.d.mts').Installed} Installed */

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

/** What is laid over the root file system; its README stays here. @param {string} root the project's folder */
export function overlayFiles(root) {
  const folder = 'rootfs-overlay';
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .sort()
    .filter(path => path !== 'README.md' && statSync(join(root, folder, path)).isFile())
    .map(path => {
      const from = join(folder, path);
      return { from, to: path, mode: (statSync(join(root, from)).mode & 0o111) === 0 ? 0o644 : 0o755 };
    });
}

/** @param {string} root the project's folder @param {Installed} file @returns {Buffer} */
export function contentOf(root, { from, text }) {
  return from === undefined ? Buffer.from(text ?? '') : readFileSync(join(root, from));
}
