/**
 * `npm run package -- armv7|arm64|x64 … [--release]`: one executable for each machine, dist/gxd-MACHINE, which carries
 * all it needs; and dist/gxd-MACHINE-dynamic for images that have glibc ≥ 2.28 and libstdc++, with its native addons in
 * dist/gxd-MACHINE.addons for images that are read-only. Licences and a list of components lie beside them. `--release`
 * compresses better, and takes ten times as long.
 *
 * NODE_BASE_ARMV7, NODE_BASE_ARM64, NODE_BASE_X64 name another Node to put inside.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureCommands, ensurePackages, fail, ROOT } from './lib.mjs';
import { COMMON_TOOLS, TARGETS } from './packaging/targets.mjs';

const args = process.argv.slice(2);
const names = args.filter(arg => !arg.startsWith('--'));
const unknown = args.find(arg => arg !== '--release' && !(arg in TARGETS));
if (names.length === 0 || unknown !== undefined)
  fail(`usage: npm run package -- ${Object.keys(TARGETS).join('|')} … [--release]`);

ensurePackages();
ensureCommands(Object.assign({}, COMMON_TOOLS, ...names.map(name => TARGETS[name].tools)));
const { version } = await import('./esbuild-options.mjs');
const { addonsFolder } = await import('./installed.mjs');
const { addonFiles } = await import('./native-addons.mjs');
const { debianFiles } = await import('./packaging/debian.mjs');
const { emptyFolder, makeDynamic } = await import('./packaging/dynamic.mjs');
const { checkSize, makeStatic } = await import('./packaging/static.mjs');
const { CARRIED, componentsOf, writeNotices } = await import('./packaging/notices.mjs');

mkdirSync(join(ROOT, 'dist'), { recursive: true });
for (const name of names) {
  const began = Date.now();
  const target = TARGETS[name];
  const libraries = debianFiles(target.debian, Object.keys(CARRIED).sort());
  const work = emptyFolder(join(ROOT, '.build', process.env.GXD_BUILD_TAG ?? '', 'package', name));
  const file = join(ROOT, 'dist', `gxd-${name}`);
  const dynamic = `${file}-dynamic`;
  const { inputs, runtime } = await makeDynamic(name, target, libraries, work, dynamic);
  makeStatic(target, libraries, work, dynamic, file, { release: args.includes('--release') });
  const addons = emptyFolder(join(ROOT, addonsFolder(name)));
  for (const [addon, from] of Object.entries(addonFiles(target.process))) copyFileSync(from, join(addons, addon));
  writeNotices(file, version, componentsOf(inputs, runtime, target, libraries));
  for (const [path, limit] of [
    [file, target.limits.static],
    [dynamic, target.limits.dynamic],
  ]) {
    // What another Node weighs is for those to say who chose it.
    const megabytes = (checkSize(path, runtime.package === undefined ? Infinity : limit) / 1e6).toFixed(1);
    const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
    console.log(`${path.slice(ROOT.length + 1).padEnd(24)} ${megabytes.padStart(6)} MB  sha256 ${digest}`);
  }
  console.log(`${name}: Node ${runtime.version}, ${((Date.now() - began) / 1000).toFixed(1)} s`);
}
