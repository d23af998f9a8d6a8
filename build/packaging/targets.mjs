/** The machines that gxd is packaged for. */

/**
 * @typedef {object} Target
 * @property {'arm' | 'arm64' | 'x64'} process what `process.arch` says there
 * @property {string} debian Debian's name of the architecture: the libraries come from its packages
 * @property {string} triplet folder of its libraries, and prefix of its tools
 * @property {string} loader the dynamic loader, by its path on Debian
 * @property {string[]} flags for the C compiler
 * @property {string} [emulator] runs programs of that machine on another one
 * @property {string[]} emulatorArgs
 * @property {Record<string, string>} tools commands that are needed → the Debian packages that have them
 * @property {{ dynamic: number, static: number }} limits bytes of the executables
 */

const MB = 1_000_000;

/** @type {Record<string, Target>} */
export const TARGETS = {
  armv7: {
    process: 'arm',
    debian: 'armhf',
    triplet: 'arm-linux-gnueabihf',
    loader: 'lib/ld-linux-armhf.so.3',
    // What all boards have: a Cortex-A8 has no VFPv4 and cannot divide.
    flags: ['-march=armv7-a', '-mfpu=vfpv3-d16', '-mfloat-abi=hard'],
    emulator: 'qemu-arm-static',
    emulatorArgs: ['-cpu', 'cortex-a8'],
    tools: {
      'arm-linux-gnueabihf-gcc': 'gcc-arm-linux-gnueabihf',
      'arm-linux-gnueabihf-g++': 'g++-arm-linux-gnueabihf',
      '/usr/arm-linux-gnueabihf/lib/libc.a': 'libc6-dev-armhf-cross',
      'qemu-arm-static': 'qemu-user-static',
    },
    limits: { dynamic: 80 * MB, static: 27 * MB },
  },
  arm64: {
    process: 'arm64',
    debian: 'arm64',
    triplet: 'aarch64-linux-gnu',
    loader: 'lib/ld-linux-aarch64.so.1',
    flags: [],
    emulator: 'qemu-aarch64-static',
    emulatorArgs: [],
    tools: {
      'aarch64-linux-gnu-gcc': 'gcc-aarch64-linux-gnu',
      'aarch64-linux-gnu-g++': 'g++-aarch64-linux-gnu',
      '/usr/aarch64-linux-gnu/lib/libc.a': 'libc6-dev-arm64-cross',
      'qemu-aarch64-static': 'qemu-user-static',
    },
    limits: { dynamic: 92 * MB, static: 33 * MB },
  },
  x64: {
    process: 'x64',
    debian: 'amd64',
    triplet: 'x86_64-linux-gnu',
    loader: 'lib64/ld-linux-x86-64.so.2',
    flags: [],
    emulatorArgs: [],
    tools: {
      'x86_64-linux-gnu-gcc': 'gcc',
      'x86_64-linux-gnu-g++': 'g++',
      '/usr/lib/x86_64-linux-gnu/libc.a': 'libc6-dev',
    },
    limits: { dynamic: 94 * MB, static: 33 * MB },
  },
};

/** Wanted on every machine that packages. */
export const COMMON_TOOLS = {
  patchelf: 'patchelf',
  zstd: 'zstd',
  mmdebstrap: 'mmdebstrap',
  readelf: 'binutils',
};

/** The oldest libraries of an image that the dynamic form runs on: those of Debian 10, Yocto zeus, Venus OS 2.70. */
export const OLDEST = { GLIBC: '2.28', GLIBCXX: '3.4.26' };
