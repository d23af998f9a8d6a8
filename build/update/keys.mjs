/**
 * Who may sign updates. GXD_SIGN_KEY and GXD_SIGN_CERT name the key and its certificate (PEM files), GXD_SIGN_CA the
 * certificate that images trust, when that is not the same. Without them a key for development is made, once, in
 * .build/keys: an image that trusts it takes updates from whoever has that folder.
 */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ROOT } from '../lib.mjs';
import { tool } from '../packaging/dynamic.mjs';

const FOLDER = join(ROOT, '.build/keys');
/** A board without a battery starts in 1970 or at the day of its system's making: the certificate began before. */
const [BEGIN, END] = ['20000101000000Z', '20991231235959Z'];

/** @returns {{ key: string, certificate: string, trusted: string }} files */
export function signingKeys() {
  const { GXD_SIGN_KEY: key, GXD_SIGN_CERT: certificate, GXD_SIGN_CA: trusted = certificate } = process.env;
  if (key === undefined && certificate === undefined) return developmentKeys();
  if (key === undefined || certificate === undefined) fail('GXD_SIGN_KEY and GXD_SIGN_CERT belong together');
  for (const file of [key, certificate, trusted]) if (!existsSync(file)) fail(`there is no file ${file}`);
  return { key, certificate, trusted };
}

function developmentKeys() {
  console.log('Updates are signed with a key for development: GXD_SIGN_KEY and GXD_SIGN_CERT name another one.');
  const files = { key: join(FOLDER, 'development.key'), certificate: join(FOLDER, 'development.pem') };
  if (!existsSync(files.certificate)) makeKey(FOLDER, 'development');
  return { ...files, trusted: files.certificate };
}

/** Makes NAME.key and NAME.pem, a certificate by itself. */
export function makeKey(folder, name) {
  const work = join(folder, `${name}.new`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true, mode: 0o700 });
  const file = ending => join(work, ending);
  // openssl gives a certificate a beginning of its own only as an authority, with the files of one.
  writeFileSync(file('index.txt'), '');
  writeFileSync(file('serial'), '01\n');
  writeFileSync(
    file('ca.cnf'),
    [
      '[ca]\ndefault_ca = own\n[own]',
      `database = ${file('index.txt')}\nserial = ${file('serial')}\nnew_certs_dir = ${work}`,
      'default_md = sha256\npolicy = any\nx509_extensions = signer\n[any]\ncommonName = supplied',
      '[signer]\nbasicConstraints = critical, CA:false\nkeyUsage = critical, digitalSignature',
      // The purpose that swupdate asks for.
      'extendedKeyUsage = emailProtection\n',
    ].join('\n'),
  );
  const subject = ['-subj', `/CN=gxd ${name}`];
  const request = ['-newkey', 'rsa:3072', '-nodes', '-keyout', file('key'), '-out', file('request')];
  tool('openssl', ['req', '-new', ...subject, ...request]);
  const dates = ['-startdate', BEGIN, '-enddate', END];
  const sign = ['-in', file('request'), '-keyfile', file('key'), '-out', file('pem'), '-notext'];
  tool('openssl', ['ca', '-selfsign', '-batch', '-config', file('ca.cnf'), ...dates, ...sign]);
  renameSync(file('key'), join(folder, `${name}.key`));
  renameSync(file('pem'), join(folder, `${name}.pem`));
  rmSync(work, { recursive: true });
}
