/**
 * Puts native addons into the bundle as bytes: the program is one file, and finds no folder of packages beside it.
 * `serialport` looks its addon up by `node-gyp-build`, our adapter for CAN its own by `socketcan-addon`; both look-ups
 * are replaced by the bytes for the target.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib.mjs';
import { socketcanAddon } from './socketcan-addon.mjs';

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

/** How the source looks an addon up → the name of its file. */
const LOOK_UPS = { 'node-gyp-build': 'serialport', 'socketcan-addon': 'socketcan' };

/**
 * The addons of an architecture, by the name of the file that may lie beside the executable: see
 * src/adapters/native-addon.ts. Without a compiler for it there is none for CAN.
 *
 * @param {keyof typeof SERIALPORT} arch
 * @returns {Record<string, string>} name → file
 */
export function addonFiles(arch) {
  const socketcan = socketcanAddon(arch);
  return {
    'serialport.node': join(PREBUILDS, SERIALPORT[arch]),
    ...(socketcan === undefined ? {} : { 'socketcan.node': socketcan }),
  };
}

/** @param {keyof typeof SERIALPORT} arch */
export function nativeAddons(arch) {
  return {
    name: 'native-addons',
    setup(build) {
      const files = addonFiles(arch);
      build.onResolve({ filter: /^(node-gyp-build|socketcan-addon)$/ }, ({ path }) => ({
        path: LOOK_UPS[path],
        namespace: 'addon',
      }));
      build.onLoad({ filter: /.*/, namespace: 'addon' }, ({ path }) => ({
        resolveDir: join(ROOT, 'src/adapters'),
        contents:
          files[`${path}.node`] === undefined
            ? 'export default () => undefined;'
            : `
          import { loadAddon } from './native-addon.ts';
          import bytes from 'addon-bytes:${path}';
          export default () => loadAddon('${path}', bytes);`,
      }));
      build.onResolve({ filter: /^addon-bytes:/ }, ({ path }) => ({
        path: path.slice('addon-bytes:'.length),
        namespace: 'addon-bytes',
      }));
      build.onLoad({ filter: /.*/, namespace: 'addon-bytes' }, ({ path }) => ({
        contents: readFileSync(files[`${path}.node`]),
        loader: 'binary',
      }));
    },
  };
}
