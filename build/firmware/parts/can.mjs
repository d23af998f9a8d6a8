/** CAN interfaces: of the board, behind a serial line, and virtual ones; tools to look at them and to set them up. */

/** @type {import('../contents.mjs').Part} */
export const can = {
  packages: ['can-utils'],
  programs: ['/usr/bin/candump', '/usr/bin/cangen', '/usr/bin/canplayer', '/usr/bin/cansend', '/usr/bin/slcand'],
  modules: ['can', 'can-raw', 'vcan', 'slcan'],
};
