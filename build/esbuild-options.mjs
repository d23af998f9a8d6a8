/** How TypeScript becomes JavaScript, for the executable and for the tests alike. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
export const { version } = require('../package.json');

/** Optional packages of dbus-next and debug that must not be loaded: see README, "Packages". */
const LEFT_OUT = /^(usocket|x11|supports-color)$/;

const leaveOut = {
  name: 'leave-out',
  setup(build) {
    build.onResolve({ filter: LEFT_OUT }, ({ path }) => ({ path, namespace: 'left-out' }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents: `throw Object.assign(new Error('${path} is left out of gxd'), { code: 'MODULE_NOT_FOUND' })`,
    }));
  },
};

/** Common to all outputs. */
export const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.11',
  define: { GXD_VERSION: JSON.stringify(version) },
  plugins: [leaveOut],
  logLevel: 'warning',
};
