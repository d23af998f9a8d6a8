/**
 * Puts native addons into the bundle as bytes: the program is one file, and finds no folder of packages beside it.
 * `serialport` looks its addon up by `node-gyp-build`; that look-up is replaced by the bytes for the target.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib.mjs';

const PREBUILDS = join(ROOT, 'node_modules/@serialport/bindings-cpp/prebuilds');

/**
 * Architecture as `process.arch` names it → the prebuilt addon. For armv7 the armv6 one: the other is built for a
 * floating-point unit (VFPv4) that a Cortex-A8 does not have.
 */
const SERIALPORT = {
  x64: 'linux-x64/@serialport+bindings-cpp.glibc.node',
  arm64: 'linux-arm64/@serialport+bindings-cpp.armv8.glibc.node',
  arm: 'linux-arm/@serialport+bindings-cpp.armv6.glibc.node',
};

/**
 * The addons of an architecture, by the name of the file that may lie beside the executable: see
 * src/adapters/native-addon.ts.
 *
 * @param {keyof typeof SERIALPORT} arch
 * @returns {Record<string, string>} name → file
 */
export function addonFiles(arch) {
  return { 'serialport.node': join(PREBUILDS, SERIALPORT[arch]) };
}

/** @param {keyof typeof SERIALPORT} arch */
export function nativeAddons(arch) {
  return {
    name: 'native-addons',
    setup(build) {
      build.onResolve({ filter: /^node-gyp-build$/ }, () => ({ path: 'serialport', namespace: 'addon' }));
      build.onLoad({ filter: /.*/, namespace: 'addon' }, () => ({
        resolveDir: join(ROOT, 'src/adapters'),
        contents: `
          import { loadAddon } from './native-addon.ts';
          import bytes from 'serialport-addon';
          export default () => loadAddon('serialport', bytes);`,
      }));
      build.onResolve({ filter: /^serialport-addon$/ }, () => ({ path: 'serialport', namespace: 'addon-bytes' }));
      build.onLoad({ filter: /.*/, namespace: 'addon-bytes' }, () => ({
        contents: readFileSync(addonFiles(arch)['serialport.node']),
        loader: 'binary',
      }));
    },
  };
}
