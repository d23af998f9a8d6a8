/** Update in the field: the program that writes the other slot, and the tools for the boot loader's environment. */

/** @type {import('../contents.mjs').Part} */
export const update = {
  packages: ['libubootenv-tool', 'swupdate'],
  programs: ['/usr/bin/flock', '/usr/bin/fw_printenv', '/usr/bin/fw_setenv', '/usr/bin/swupdate'],
  libraries: ['libubootenv.so.0'],
  // Needed by name only: nothing of the image converts text. The library itself has 31 MB.
  stubs: { 'libicudata.so.72': ['icudt72_dat'] },
  links: { 'var/lock': '../run/lock' },
  overlays: ['build/update/base'],
};
