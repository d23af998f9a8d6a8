import t from 'tap';
import { ownProgram } from '../../../src/cli/own-program.ts';

t.test('the program starts itself again in each of its forms', t => {
  t.same(ownProgram('/usr/bin/node', '/opt/gxd.cjs', false), ['/usr/bin/node', '/opt/gxd.cjs']);
  // Inside an executable Node repeats its own name where a script would stand.
  t.same(ownProgram('/opt/gxd/gxd', 'gxd', true), ['/opt/gxd/gxd'], 'the dynamic executable');
  t.same(
    ownProgram('/var/cache/gxd/runtime-1/ld.so', 'gxd', true),
    ['/var/cache/gxd/runtime-1/ld.so', '--library-path', '/var/cache/gxd/runtime-1', '/var/cache/gxd/runtime-1/gxd'],
    'the static executable: the loader runs',
  );
  t.end();
});
