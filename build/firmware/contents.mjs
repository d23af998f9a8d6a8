/** What the image is made of, part by part. Files are chosen one by one: packages bring far more than a gateway runs. */
import { base } from './parts/base.mjs';
import { can } from './parts/can.mjs';
import { gpio } from './parts/gpio.mjs';
import { update } from './parts/update.mjs';

/**
 * @typedef {object} Part
 * @property {string[]} [packages] Debian packages; they are unpacked, and nothing of them comes in by itself
 * @property {string[]} [programs] by their paths; the libraries that they name as needed come with them
 * @property {string[]} [libraries] that are opened by name, and named by no program
 * @property {Record<string, string[]>} [stubs] libraries that are named and never used → their symbols
 * @property {string[]} [files] that are no programs, by their paths
 * @property {string[]} [firstModules] of the kernel: the first stage finds the root file system with them
 * @property {string[]} [modules] of the kernel: loaded at start
 * @property {string[]} [deviceModules] of the kernel: udev loads them with a device
 * @property {Record<string, string>} [links] path → where it leads
 * @property {string[]} [overlays] folders of this project that are laid over, relative to it
 */

/** Debian's kernel for boards with device tree; it has SocketCAN, USB serial adapters and GPIO. */
export const KERNEL_PACKAGES = ['linux-image-armmp'];

/** A new part is a file beside these, and a word here. */
const PARTS = [base, can, gpio, update];

/** @param {keyof Part} what @returns {string[]} of all parts, in their order */
function all(what) {
  return [...new Set(PARTS.flatMap(part => part[what] ?? []))];
}

/** All parts together. @type {Required<Part>} */
export const CONTENTS = {
  packages: all('packages').sort(),
  programs: all('programs'),
  libraries: all('libraries'),
  files: all('files'),
  firstModules: all('firstModules'),
  modules: all('modules'),
  deviceModules: all('deviceModules'),
  overlays: all('overlays'),
  stubs: Object.assign({}, ...PARTS.map(part => part.stubs ?? {})),
  links: Object.assign({}, ...PARTS.map(part => part.links ?? {})),
};
