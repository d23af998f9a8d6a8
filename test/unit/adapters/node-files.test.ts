import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { nodeFiles as files } from '../../../src/adapters/node-files.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const folder = mkdtempSync(join(tmpdir(), 'gxd-files-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

t.test('files that are not there', async t => {
  t.equal(await files.read(at('none')), null);
  t.equal(await files.exists(at('none')), false);
  t.same(await files.list(at('none')), []);
  await t.rejects(files.remove(at('none')), { code: 'ENOENT' });
  await t.rejects(files.rename(at('none'), at('other')), { code: 'ENOENT' });
  await t.rejects(files.syncFolder(at('none')), { code: 'ENOENT' });
  await t.rejects(files.read(folder), { code: 'EISDIR' });
});

t.test('writing, renaming, listing', async t => {
  await files.makeFolder(at('a/b'));
  await files.makeFolder(at('a/b'));
  await files.writeSynced(at('a/b/new'), bytes('long content'));
  await files.writeSynced(at('a/b/new'), bytes('short'));
  await files.rename(at('a/b/new'), at('a/b/file'));
  await files.syncFolder(at('a/b'));
  t.equal(readFileSync(at('a/b/file'), 'utf8'), 'short');
  t.ok(await files.exists(at('a/b/file')));
  await files.writeSynced(at('a/b/c'), bytes(''));
  t.same(await files.list(at('a/b')), ['c', 'file']);
  await files.remove(at('a/b/c'));
  t.same(await files.list(at('a/b')), ['file']);
});

t.test('appending', async t => {
  const file = await files.openAppend(at('journal'));
  await file.append(bytes('one '));
  await file.append(bytes('two'));
  await file.sync();
  await file.close();
  const again = await files.openAppend(at('journal'));
  await again.append(bytes(' three'));
  await again.truncate(7);
  await again.append(bytes('!'));
  await again.close();
  t.equal(readFileSync(at('journal'), 'utf8'), 'one two!');
  await t.rejects(again.append(bytes('closed')));
});

t.test(
  'what may not be written rejects',
  { skip: process.getuid?.() === 0 ? 'root may write everything' : false },
  async t => {
    await files.makeFolder(at('locked'));
    chmodSync(at('locked'), 0o500);
    await t.rejects(files.writeSynced(at('locked/file'), bytes('x')), { code: 'EACCES' });
  },
);
