/** How TypeScript becomes JavaScript, for the executable and for the tests alike. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
export const { version } = require('../package.json');

/**
 * What packages bring along and gxd never uses, and what is put in its place. Each costs memory from the start: see
 * README, "Packages".
 */
const LEFT_OUT = [
  // Optional parts that are looked for, and done without.
  { what: /^(usocket|x11|supports-color)$/, from: /./, instead: "throw new Error('left out of gxd')" },
  // Debug lines of packages: gxd has a log of its own.
  { what: /^debug$/, from: /./, instead: 'module.exports = () => () => {};' },
  // Parsers, a simulated port, other systems, and the list of ports, which the scanner makes itself.
  {
    what: /^(@serialport\/parser-.*|@serialport\/binding-mock|\.\/(serialport-mock|darwin|win32|linux-list))$/,
    from: /serialport/,
    instead: 'module.exports = {};',
  },
  // Big integers for systems without them.
  { what: /^jsbi$/, from: /dbus-next/, instead: 'module.exports = { BigInt };' },
  // One way to authenticate, of three, takes a hash: it is loaded when a bus asks for that one.
  {
    what: /^crypto$/,
    from: /dbus-next/,
    instead:
      "exports.createHash = (...args) => require('node:crypto').createHash(...args);\nexports.randomBytes = (...args) => require('node:crypto').randomBytes(...args);",
  },
];

const leaveOut = {
  name: 'leave-out',
  setup(build) {
    LEFT_OUT.forEach(({ what, from, instead }, i) => {
      const namespace = `left-out-${i}`;
      build.onResolve({ filter: what }, ({ path, importer }) =>
        from.test(importer) ? { path, namespace } : undefined,
      );
      build.onLoad({ filter: /.*/, namespace }, () => ({ contents: instead }));
    });
  },
};

/** Common to all outputs. */
export const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.11',
  define: { GXD_VERSION: JSON.stringify(version), GXD_PACKAGED: 'false' },
  plugins: [leaveOut],
  logLevel: 'warning',
};
