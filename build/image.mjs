/**
 * `npm run image [-- --console]`: dist/gxd-firmware-armv7.img, a disk with two slots for systems and a data partition,
 * and dist/gxd-firmware-armv7.contents.txt, what is in a slot. The executable is made first when it is missing or old.
 *
 * Updates are taken by it when the key of GXD_SIGN_KEY has signed them (build/update/keys.mjs).
 * `--console` opens a shell without a password on the serial console: for tests only, as
 * dist/gxd-firmware-armv7-console.img.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensureCommands, ensurePackages, fail, ROOT } from './lib.mjs';
import { ensureExecutable } from './made.mjs';
import { COMMON_TOOLS, TARGETS } from './packaging/targets.mjs';

const TOOLS = {
  cpio: 'cpio',
  depmod: 'kmod',
  mke2fs: 'e2fsprogs',
  mkenvimage: 'u-boot-tools',
  mkimage: 'u-boot-tools',
  openssl: 'openssl',
  sfdisk: 'fdisk',
};

const args = process.argv.slice(2);
if (args.some(arg => arg !== '--console')) fail('usage: npm run image [-- --console]');
if (process.getuid?.() !== 0) fail('the image is made as root: its files belong to root');
ensurePackages();
ensureCommands({ ...COMMON_TOOLS, ...TARGETS.armv7.tools, ...TOOLS });
const { version } = await import('./esbuild-options.mjs');
const { CONTENTS, KERNEL_PACKAGES } = await import('./firmware/contents.mjs');
const { LAYOUT, makeDisk, makeFileSystem } = await import('./firmware/disk.mjs');
const { addModules, RootFs } = await import('./firmware/rootfs.mjs');
const { makeStubLibrary } = await import('./firmware/stub-library.mjs');
const { addonsFolder, contentOf, overlayFiles, programFiles } = await import('./installed.mjs');
const { debianFiles } = await import('./packaging/debian.mjs');
const { emptyFolder, tool } = await import('./packaging/dynamic.mjs');
const { signingKeys } = await import('./update/keys.mjs');

const began = Date.now();
const target = TARGETS.armv7;
ensureExecutable('armv7');
const program = join(ROOT, 'dist/gxd-armv7-dynamic');
const withConsole = args.includes('--console');
const out = join(ROOT, `dist/gxd-firmware-armv7${withConsole ? '-console' : ''}.img`);
const work = emptyFolder(join(ROOT, '.build', process.env.GXD_BUILD_TAG ?? '', 'image'));
const debian = debianFiles(target.debian, CONTENTS.packages);
const kernel = debianFiles(target.debian, KERNEL_PACKAGES);
const [kernelVersion] = readdirSync(join(kernel, 'lib/modules'));
if (!existsSync(join(kernel, 'lib/modules', kernelVersion, 'modules.dep')))
  tool('depmod', ['-b', kernel, kernelVersion]);

const folder = join(work, 'root');
makeRoot(folder);
const slot = join(work, 'slot.ext4');
makeFileSystem(folder, slot, LAYOUT.slot, 'system');
makeDisk({ slot, work, out, script: join(ROOT, 'build/firmware/boot.cmd') });
describe(folder);

function makeRoot(folder) {
  mkdirSync(folder);
  const root = new RootFs(folder, target, debian);
  for (const [name, symbols] of Object.entries(CONTENTS.stubs)) {
    makeStubLibrary(target, name, symbols, join(work, name));
    root.putLibrary(join(work, name), name);
  }
  for (const path of CONTENTS.programs) root.addProgram(path);
  for (const path of CONTENTS.files) root.addFile(path);
  for (const name of CONTENTS.libraries) root.addLibrary(name);
  root.addLibrariesOf(program);
  const addons = readdirSync(join(ROOT, addonsFolder('armv7'))).sort();
  for (const file of [...programFiles('armv7', addons, version), ...overlayFiles(ROOT)]) {
    const to = join(folder, file.to);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, contentOf(ROOT, file));
    chmodSync(to, file.mode);
  }
  root.overlay(join(ROOT, 'build/firmware/base'));
  for (const path of CONTENTS.overlays) root.overlay(join(ROOT, path));
  root.put(signingKeys().trusted, 'etc/swupdate/trusted.pem', 0o644);
  if (withConsole) writeFileSync(join(folder, 'etc/gxd/console'), '');
  for (const [path, to] of Object.entries(CONTENTS.links)) symlinkSync(to, join(folder, path));
  root.addBusyboxLinks();

  const modules = addModules(kernel, kernelVersion, CONTENTS.modules, folder);
  addModules(kernel, kernelVersion, CONTENTS.deviceModules, folder);
  // udev finds the modules of devices by these indexes.
  for (const name of ['modules.order', 'modules.builtin', 'modules.builtin.modinfo'])
    root.put(join(kernel, 'lib/modules', kernelVersion, name), `usr/lib/modules/${kernelVersion}/${name}`, 0o644);
  tool('depmod', ['-b', folder, kernelVersion]);
  const path = file => `/lib/modules/${kernelVersion}/${file}\n`;
  writeFileSync(join(folder, 'etc/gxd/modules'), modules.map(path).join(''));
  root.put(join(kernel, 'boot', `vmlinuz-${kernelVersion}`), 'boot/zImage', 0o644);
  root.put(makeFirstStage(join(folder, 'usr/bin/busybox')), 'boot/first.gz', 0o644);
}

/** What the kernel starts with: the modules for the disk, and a script that mounts the slot. */
function makeFirstStage(busybox) {
  const first = emptyFolder(join(work, 'first'));
  for (const name of ['bin', 'dev', 'proc', 'root']) mkdirSync(join(first, name));
  tool('cp', ['-p', busybox, join(first, 'bin/busybox')]);
  tool('cp', ['-p', join(ROOT, 'build/firmware/first/init'), join(first, 'init')]);
  const modules = addModules(kernel, kernelVersion, CONTENTS.firstModules, first);
  writeFileSync(join(first, 'modules'), modules.map(file => `/usr/lib/modules/${kernelVersion}/${file}\n`).join(''));
  const file = join(work, 'first.gz');
  tool(
    'sh',
    [
      '-c',
      `find . -exec touch -hd @1 {} + && find . | LC_ALL=C sort | cpio -o -H newc --quiet --reproducible -R 0:0 | gzip -9n > "$0"`,
      file,
    ],
    {
      cwd: first,
    },
  );
  return file;
}

function describe(folder) {
  const { stdout } = spawnSync('find', ['.', '-type', 'f', '-printf', '%s %p\n'], { cwd: folder, encoding: 'utf8' });
  const lines = stdout
    .trim()
    .split('\n')
    .sort((a, b) => Number(b.split(' ')[0]) - Number(a.split(' ')[0]));
  writeFileSync(out.replace(/img$/, 'contents.txt'), `bytes file\n${lines.join('\n')}\n`);
  const total = lines.reduce((sum, line) => sum + Number(line.split(' ')[0]), 0);
  console.log(
    `${out.slice(ROOT.length + 1)}: ${Math.round(statSync(out).size / 1e6)} MB, ${lines.length} files of ` +
      `${(total / 1e6).toFixed(1)} MB in a slot, kernel ${kernelVersion}, ${((Date.now() - began) / 1000).toFixed(1)} s`,
  );
}
