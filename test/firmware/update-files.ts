/** The updates that are tried: systems like that of the image, with other versions and faults, and what is wrong with them. */
import { spawnSync } from 'node:child_process';
import {
  constants,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const MIB = 1024 * 1024;
/** A trial is shorter here than in the field. */
const TRIAL = 'HEALTHY_S=20\nPATIENCE_S=120\n';
const VERSION = '/etc/gxd/version';
const HARDWARE = '/etc/hwrevision';
const SERVICE = '/opt/victronenergy/service/gxd/run';
/** gxd has settled by then, and is not yet kept. Seconds. */
const CRASH_S = 15;

type Edits = Readonly<Record<string, string>>;

export class UpdateFiles {
  readonly #folder: string;
  readonly #updates: string;
  readonly #slot: string;
  /** Of the system in the image. */
  readonly version: string;

  /** @param image of a disk @param start of its first slot, bytes @param folder an empty one */
  constructor(image: string, start: number, bytes: number, folder: string) {
    this.#folder = folder;
    this.#updates = join(folder, 'updates');
    mkdirSync(this.#updates, { recursive: true });
    this.#slot = join(folder, 'slot.ext4');
    const blocks = [`skip=${start / MIB}`, `count=${bytes / MIB}`];
    run('dd', ['bs=1M', 'conv=sparse', 'status=none', `if=${image}`, `of=${this.#slot}`, ...blocks]);
    this.version = this.#read(VERSION).trim();
  }

  /** A system that works. */
  good(version: string): string {
    return this.#system(version, {});
  }

  /** gxd comes up, and crashes after a while, again and again. */
  crashing(version: string): string {
    const script = this.#read(SERVICE);
    const crashing = script.replace(/^exec /m, `exec timeout -s ABRT ${CRASH_S} `);
    if (crashing === script) throw new Error(`${SERVICE} does not start the service by exec`);
    return this.#system(version, { [SERVICE]: crashing });
  }

  /** The first program ends at once: the kernel panics. */
  dead(version: string): string {
    return this.#system(version, { '/usr/bin/busybox': '#!/no/such/program\n' });
  }

  /** What says that it is for other hardware, or of another version; there is nothing else in it. */
  empty(name: string, edits: Edits, environment: Readonly<Record<string, string>> = {}): string {
    const folder = join(this.#folder, 'empty');
    const slot = join(this.#folder, 'empty.ext4');
    rmSync(folder, { recursive: true, force: true });
    for (const [path, text] of Object.entries({ [VERSION]: '99.0.0\n', [HARDWARE]: this.#read(HARDWARE), ...edits })) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    rmSync(slot, { force: true });
    run('mke2fs', ['-q', '-t', 'ext4', '-d', folder, slot, '2M']);
    return this.#update(slot, name, environment);
  }

  /** Of a version older than the image's. */
  older(): string {
    return this.empty('older', { [VERSION]: '0.0.1\n' });
  }

  otherBoard(): string {
    return this.empty('other-board', { [HARDWARE]: 'another-board 1.0\n' });
  }

  otherRevision(): string {
    return this.empty('other-revision', { [HARDWARE]: this.#read(HARDWARE).replace(/\S+$/m, '0.9') });
  }

  /** Signed with a key that the image does not trust. */
  strange(): string {
    const code = `import('./build/update/keys.mjs').then(m => m.makeKey(${JSON.stringify(this.#folder)}, 'stranger'))`;
    run(process.execPath, ['-e', code]);
    const file = (ending: string): string => join(this.#folder, `stranger.${ending}`);
    return this.empty('strange', {}, { GXD_SIGN_KEY: file('key'), GXD_SIGN_CERT: file('pem') });
  }

  /** Without the signature. */
  unsigned(): string {
    return this.#repacked('unsigned', folder => rmSync(join(folder, 'sw-description.sig')));
  }

  /** Its description is not the one that was signed. */
  rewritten(): string {
    return this.#repacked('rewritten', folder => {
      const file = join(folder, 'sw-description');
      writeFileSync(file, readFileSync(file, 'utf8').replace('99.0.0', '98.0.0'));
    });
  }

  /** Another system in place of the one that was described. */
  exchanged(): string {
    return this.#repacked('exchanged', folder => {
      const image = readdirSync(folder).find(name => name.endsWith('.zst')) ?? '';
      run('sh', ['-c', 'head -c 2M /dev/urandom | zstd -q -f -o "$0"', join(folder, image)]);
    });
  }

  /** With one bit of its system changed. */
  damaged(): string {
    const whole = this.empty('damaged', {});
    const file = join(this.#updates, whole);
    const bytes = readFileSync(file);
    const at = bytes.lastIndexOf('TRAILER!!!') - 300;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at);
    writeFileSync(file, bytes);
    return whole;
  }

  /** All of them, on a disk. */
  disk(): string {
    const out = join(this.#folder, 'updates.ext4');
    const needed = Math.ceil(Number(run('du', ['-sm', this.#updates]).split('\t')[0]) * 1.1) + 32;
    rmSync(out, { force: true });
    run('mke2fs', ['-q', '-t', 'ext4', '-d', this.#updates, out, `${needed}M`]);
    return out;
  }

  #system(version: string, edits: Edits): string {
    const slot = join(this.#folder, 'changed.ext4');
    copyFileSync(this.#slot, slot, constants.COPYFILE_FICLONE);
    for (const [path, text] of Object.entries({
      [VERSION]: `${version}\n`,
      '/etc/default/gxd-update': TRIAL,
      ...edits,
    }))
      this.#replace(slot, path, text);
    return this.#update(slot, version, {});
  }

  #replace(slot: string, path: string, text: string): void {
    const file = join(this.#folder, 'edit');
    writeFileSync(file, text);
    const commands = [`rm ${path}`, `write ${file} ${path}`, `sif ${path} mode 0100755`, `sif ${path} uid 0`];
    run('debugfs', ['-w', '-f', '-', slot], `${commands.join('\n')}\n`);
    if (run('debugfs', ['-R', `cat ${path}`, slot]) !== text) throw new Error(`${path} could not be replaced`);
  }

  #update(slot: string, name: string, environment: Readonly<Record<string, string>>): string {
    const out = join(this.#updates, `${name}.swu`);
    run(process.execPath, ['build/swu.mjs', '--slot', slot, '--out', out, '--level', '3'], '', environment);
    return `${name}.swu`;
  }

  #repacked(name: string, change: (folder: string) => void): string {
    const folder = join(this.#folder, 'unpacked');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const whole = join(this.#updates, this.empty('whole', {}));
    run('sh', ['-c', 'cd "$0" && cpio -i --quiet < "$1"', folder, whole]);
    change(folder);
    const names = '{ echo sw-description; ls sw-description.sig 2> /dev/null; ls | grep zst; }';
    const out = join(this.#updates, `${name}.swu`);
    run('sh', ['-c', `cd "$0" && ${names} | cpio -o -H crc --quiet > "$1"`, folder, out]);
    rmSync(whole);
    if (statSync(out).size === 0) throw new Error(`${name}.swu could not be made`);
    return `${name}.swu`;
  }

  #read(path: string): string {
    return run('debugfs', ['-R', `cat ${path}`, this.#slot]);
  }
}

function run(
  command: string,
  args: readonly string[],
  input = '',
  environment: Readonly<Record<string, string>> = {},
): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    input,
    env: { ...process.env, ...environment },
    maxBuffer: 64 * MIB,
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}${stdout}`);
  return stdout;
}
