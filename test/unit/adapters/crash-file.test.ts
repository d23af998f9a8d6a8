import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { crashFile } from '../../../src/adapters/crash-file.ts';

t.test('the count is that of the system that has crashed', async t => {
  const path = join(t.testdir(), 'crashes');
  const count = (system: string): Promise<number> => crashFile(path, system).read();
  t.equal(await count('1.0 a'), 0, 'no file');
  await crashFile(path, '1.0 a').write(3);
  t.equal(await count('1.0 a'), 3);
  t.equal(await count('1.1 a'), 0);
  t.equal(await count('1.0 b'), 0);
  t.equal(readFileSync(path, 'utf8'), '3 1.0 a\n');
});

t.test('what cannot be read is no crash', async t => {
  const path = join(t.testdir(), 'crashes');
  for (const text of ['', '\n', '3', '-3 1.0', 'many 1.0', '1e9 1.0', '3  1.0', '12345678901234567890 1.0']) {
    writeFileSync(path, text);
    t.equal(await crashFile(path, '1.0').read(), 0, JSON.stringify(text));
  }
});
