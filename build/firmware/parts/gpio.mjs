/** Relays and digital inputs behind the character device, for boards whose kernel gives no files for them. */

/** @type {import('../contents.mjs').Part} */
export const gpio = {
  packages: ['gpiod', 'libgpiod2'],
  programs: ['/usr/bin/gpiodetect', '/usr/bin/gpioget', '/usr/bin/gpioinfo', '/usr/bin/gpiomon', '/usr/bin/gpioset'],
};
