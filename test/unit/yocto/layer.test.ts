/**
 * The layer in yocto/meta-gxd, without BitBake: its files are read strictly, what they name is there, and what its
 * recipes install is what the image in test/firmware is made of.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, normalize, resolve } from 'node:path';
import t from 'tap';
import { contentOf, type Installed, overlayFiles, programFiles } from '../../../build/installed.mjs';
import { ACTORS } from '../../../src/appliance.ts';
import { VERSION } from '../../../src/kernel/version.ts';
import { expand, type Metadata, readMetadata } from '../../support/bitbake.ts';

const LAYER = resolve('yocto/meta-gxd');
const FILES = readdirSync(LAYER, { recursive: true, encoding: 'utf8' })
  .filter(name => statSync(join(LAYER, name)).isFile())
  .sort();
const RECIPES = FILES.filter(name => name.endsWith('.bb'));
const ADDONS = ['serialport.node', 'socketcan.node'];
/** Made by `npm run package`: not there in a fresh clone. */
const MADE = new Set(
  programFiles('armv7', ADDONS, VERSION).flatMap(({ from }) => (from === undefined ? [] : [from, dirname(from)])),
);
/** A variable, as recipes write it. */
const variable = (name: string): string => `\${${name}}`;
const MIT = '0835ade698e0bcf8506ecda2f7b4f302';

const CONF = readMetadata(join(LAYER, 'conf/layer.conf'), LAYER, new Map([['LAYERDIR', LAYER]]));

/** What BitBake's own configuration says, as far as the recipes ask for it. */
function settings(work: string, more: Readonly<Record<string, string>> = {}): Map<string, string> {
  return new Map([
    ...CONF.variables,
    ...Object.entries({
      ...{ bindir: '/usr/bin', datadir: '/usr/share', sysconfdir: '/etc', systemd_unitdir: '/usr/lib/systemd' },
      systemd_system_unitdir: '/usr/lib/systemd/system',
      ...{ COMMON_LICENSE_DIR: '/common-licenses', DL_DIR: join(work, 'downloads'), TOPDIR: work, MACHINE: 'board' },
      ...{ S: join(work, 's'), D: join(work, 'd'), CXX: 'c++' },
      ...more,
    }),
  ]);
}

interface Build {
  readonly isVenus?: boolean;
  /** Parts that are left to others, as `gxd run` takes them. */
  readonly without?: string;
}

/** What the Python in the recipes says. */
function python({ isVenus = false, without = '' }: Build): (code: string) => string {
  return code => {
    if (code.startsWith("','.join((d.getVar('GXD_WITHOUT')")) return without;
    if (/'victronenergy-software', '0', '1'/.test(code)) return isVenus ? '0' : '1';
    if (/^(gxd_replaced|gxd_supervision)\(d\)$/.test(code)) return '';
    if (/GXD_OWN_INIT|BB_NO_NETWORK|'swupdate', 'gxd-update'/.test(code)) return '';
    throw new Error(`the test does not know what ${code} says`);
  };
}

interface Recipe extends Metadata {
  readonly name: string;
  readonly value: (variable: string) => string;
  readonly say: (text: string) => string;
}

function recipe(path: string, work = '/work', build: Build = {}, more: Readonly<Record<string, string>> = {}): Recipe {
  const file = join(LAYER, path);
  const name = basename(path, '.bb').replace(/_.*$/, '');
  const given = settings(work, { ...more, PN: name, BPN: name, THISDIR: dirname(file) });
  const read = readMetadata(file, LAYER, given);
  const variables = new Map([...read.variables, ['BP', `${name}-${variable('PV')}`]]);
  const say = (text: string): string => expand(text, variables, ['arm'], python(build));
  return { ...read, name, say, value: one => say(variable(one)) };
}

/** Files of SRC_URI, and where each of them is; undefined for one that is nowhere. */
function sources(one: Recipe): { name: string; file: string | undefined }[] {
  if (!one.variables.has('SRC_URI')) return [];
  const places = [
    ...(one.variables.has('FILESEXTRAPATHS') ? one.value('FILESEXTRAPATHS').split(':') : []),
    join(dirname(one.file), one.name),
    join(dirname(one.file), 'files'),
  ].filter(place => place !== '');
  return one
    .value('SRC_URI')
    .trim()
    .split(/\s+/)
    .map(uri => /^file:\/\/([^;]+)/.exec(uri)?.[1] ?? uri)
    .map(name => ({
      name,
      file: places
        .map(place => normalize(join(place, name)))
        .find(file => existsSync(file) || MADE.has(file.replace(`${process.cwd()}/`, ''))),
    }));
}

t.test('every file is understood, by old releases and new ones', t => {
  for (const name of FILES.filter(name => /\.(bb|inc|conf)$/.test(name) && !name.includes('/gxd-in-venus/com.')))
    t.doesNotThrow(() => readMetadata(join(LAYER, name), LAYER, settings('/work')), name);
  t.notOk(
    FILES.some(name => name.endsWith('.bbappend')),
    'recipes of other layers are left as they are',
  );
  t.ok(RECIPES.length >= 8);
  t.end();
});

t.test('the strict reader does not let pass what one of the releases would not', t => {
  const folder = mkdtempSync(join(tmpdir(), 'gxd-layer-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'a.bb');
  for (const wrong of [
    `RDEPENDS_${variable('PN')} = "x"`,
    'SRC_URI_append = "x"',
    'A = x',
    'do_install() {',
    'A = "x" # y',
    'echo',
  ]) {
    writeFileSync(file, `${wrong}\n`);
    t.throws(() => readMetadata(file, folder), { message: /a\.bb:1: / }, wrong);
  }
  writeFileSync(file, 'require nowhere.inc\n');
  t.throws(() => readMetadata(file, folder), /nowhere/);
  writeFileSync(file, `A = "${variable('B')}"\nB = "${variable('A')}"\n`);
  t.throws(() => expand(variable('A'), readMetadata(file, folder).variables, [], String), /circles/);
  t.end();
});

t.test('what a recipe names is there', t => {
  for (const path of RECIPES) {
    const one = recipe(path);
    for (const { name, file } of sources(one)) if (name !== one.value('GXD_SIGN_CA')) t.ok(file, `${path}: ${name}`);
    if (/packagegroup|image/.test(one.name)) continue;
    const [, text, md5] = /^file:\/\/([^;]+);md5=([0-9a-f]{32})$/.exec(one.value('LIC_FILES_CHKSUM')) ?? [];
    const licence = sources(one).find(({ name }) => name === text)?.file;
    const sum = licence === undefined ? MIT : createHash('md5').update(readFileSync(licence)).digest('hex');
    if (licence === undefined) t.equal(text, '/common-licenses/MIT', path);
    t.equal(md5, sum, `${path}: the checksum of its licence`);
  }
  t.end();
});

t.test('a build from source has all scripts that it runs', t => {
  const named = sources(recipe(RECIPES.find(name => name.endsWith('gxd_source.bb')) ?? '')).map(({ name }) => name);
  const left = ['build/program-bundle.mjs'];
  for (const script of left) {
    t.ok(named.includes(script), script);
    const imports = readFileSync(script, 'utf8').matchAll(/^import .* from '(\.[^']+)'/gm);
    for (const [, to = ''] of imports) {
      const file = join(dirname(script), to);
      if (!left.includes(file)) left.push(file);
    }
  }
  t.end();
});

t.test('the version is that of the project, and no recipe has one of its own', t => {
  t.equal(CONF.variables.get('GXD_VERSION'), VERSION);
  for (const path of RECIPES.filter(path => !path.endsWith('gxd-image.bb')))
    t.match(recipe(path).value('PV'), new RegExp(`^${VERSION}(\\+source)?$`), path);
  t.end();
});

t.test('only packages are fetched by a task, and none while something is compiled', t => {
  for (const path of RECIPES) {
    const { flags } = recipe(path);
    for (const [task, of] of flags) t.notOk(of.has('network') && task !== 'do_npm', `${path}: ${task}`);
  }
  t.end();
});

t.test('what is replaced belongs to parts that there are, and is preferred where Venus OS is built', t => {
  const replaced = recipe(RECIPES.find(name => name.endsWith('gxd_prebuilt.bb')) ?? '').flags.get('GXD_REPLACES');
  const parts = ACTORS.map(({ name }) => name);
  for (const part of replaced?.keys() ?? []) t.ok(parts.includes(part), part);
  const { variables } = readMetadata(join(LAYER, 'conf/gxd-in-venus.inc'), LAYER);
  const wanted = [...(replaced?.values() ?? [])]
    .flatMap(names => names.split(' '))
    .map(name => `PREFERRED_RPROVIDER_${name}`);
  t.same([...variables.keys()].sort(), wanted.sort());
  t.same(new Set(variables.values()), new Set(['gxd']));
  t.end();
});

t.test('the user has the same number everywhere', t => {
  const id = CONF.variables.get('GXD_ID');
  t.match(readFileSync('rootfs-overlay/usr/lib/sysusers.d/gxd.conf', 'utf8'), new RegExp(`^u gxd ${id} `, 'm'));
  t.match(readFileSync('build/firmware/base/etc/passwd', 'utf8'), new RegExp(`^gxd:x:${id}:${id}:`, 'm'));
  t.match(readFileSync('build/firmware/base/etc/group', 'utf8'), new RegExp(`^gxd:x:${id}:`, 'm'));
  for (const table of ['gxd-passwd', 'gxd-group'])
    t.match(readFileSync(join(LAYER, 'files', table), 'utf8'), new RegExp(`^gxd:x:${id}:`), table);
  t.end();
});

t.test('the units of the overlay are those that the recipe starts', t => {
  const units = overlayFiles('.').map(({ to }) => /^usr\/lib\/systemd\/system\/(.+)$/.exec(to)?.[1]);
  const started = recipe('recipes-gxd/gxd/gxd-overlay.bb').variables.get(`SYSTEMD_SERVICE:${variable('PN')}`);
  t.same(started?.split(' ').sort(), units.filter(name => name !== undefined).sort());
  t.end();
});

t.test('an update is described by the template of npm run swu, in a form that the swupdate layer takes', t => {
  const one = recipe('dynamic-layers/swupdate/recipes-gxd/images/gxd-swu.bb');
  const template = sources(one).find(({ name }) => name === 'sw-description')?.file ?? '';
  t.equal(template, resolve('build/update/sw-description'));
  const image = one.value('GXD_SLOT_IMAGE');
  t.equal(image, `gxd-image-board${one.flags.get('SWUPDATE_IMAGES_FSTYPES')?.get('gxd-image')}`);
  const lines = readFileSync(template, 'utf8').split('\n');
  for (const line of lines) {
    // Its patterns want something before and after a variable, and nothing with a parenthesis after a function.
    for (const [, name = ''] of line.matchAll(/@@(.*?)@@/g)) {
      t.not(one.value(name), variable(name), name);
      t.match(line, new RegExp(`.@@${name}@@.`));
    }
    if (line.includes('$')) t.match(line, /^[^$]+\$swupdate_get_sha256\([^)]+\)[^)]+$/);
  }
  t.end();
});

/** Runs do_install as BitBake would, with what SRC_URI names before it, and says what is there then. */
function install(path: string, build: Build = {}, more: Readonly<Record<string, string>> = {}): Map<string, Found> {
  const work = mkdtempSync(join(tmpdir(), 'gxd-layer-'));
  try {
    const one = recipe(path, work, build, more);
    mkdirSync(join(work, 'd'));
    for (const { name, file } of sources(one)) {
      if (file === undefined) throw new Error(`${name} is nowhere`);
      const to = join(work, 's', name);
      mkdirSync(dirname(to), { recursive: true });
      const made = file.replace(`${process.cwd()}/`, '');
      // Executables are large, and not there in a fresh clone: their names stand for them.
      if (made.endsWith('.addons')) {
        mkdirSync(to);
        for (const addon of ADDONS) writeFileSync(join(to, addon), join(made, addon));
      } else if (MADE.has(made)) writeFileSync(to, made);
      else cpSync(file, to, { recursive: true });
    }
    const { status, stderr } = spawnSync('sh', ['-e', '-c', one.say(one.functions.get('do_install') ?? 'false')], {
      encoding: 'utf8',
      cwd: work,
    });
    if (status !== 0) throw new Error(`do_install of ${path}: ${stderr}`);
    return tree(join(work, 'd'));
  } finally {
    rmSync(work, { recursive: true });
  }
}

interface Found {
  readonly mode: number;
  readonly content: string;
}

function tree(folder: string): Map<string, Found> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const found = new Map<string, Found>();
  for (const name of names) {
    const facts = statSync(join(folder, name));
    if (facts.isFile())
      found.set(name, { mode: facts.mode & 0o777, content: readFileSync(join(folder, name), 'utf8') });
  }
  return found;
}

function expected(files: readonly Installed[]): Map<string, Found> {
  const content = (file: Installed): string =>
    file.from !== undefined && MADE.has(file.from) ? file.from : contentOf('.', file).toString('utf8');
  return new Map(files.map(file => [file.to, { mode: file.mode, content: content(file) }]));
}

t.test('the recipes install what the image is made of', t => {
  const program = install('recipes-gxd/gxd/gxd_prebuilt.bb');
  t.same(sorted(program), sorted(expected(programFiles('armv7', ADDONS, VERSION))));
  t.same(sorted(install('recipes-gxd/gxd/gxd-overlay.bb')), sorted(expected(overlayFiles('.'))));
  t.end();
});

t.test('beside Venus OS nothing starts the services but its own tree; units lie where a release has them', t => {
  const unitdir = '/lib/systemd/system';
  const venus = install('recipes-gxd/gxd/gxd-overlay.bb', { isVenus: true }, { systemd_system_unitdir: unitdir });
  const wanted = overlayFiles('.')
    .filter(({ to }) => !to.startsWith('etc/init.d/'))
    .map(file => ({ ...file, to: file.to.replace(/^usr\/lib\/systemd\/system/, unitdir.slice(1)) }));
  t.same(sorted(venus), sorted(expected(wanted)));
  t.end();
});

t.test('parts that are left to other programs are not started', t => {
  const files = install('recipes-gxd/gxd/gxd-overlay.bb', { without: 'modbus-tcp,generator' });
  t.match(files.get('etc/default/gxd')?.content, /^GXD_OPTIONS="--data=\/data\/gxd --without=modbus-tcp,generator"$/m);
  t.end();
});

function sorted(files: ReadonlyMap<string, Found>): [string, Found][] {
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1));
}
