/** The program in parts: read when they are called, once, and with any text in them. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import t from 'tap';
import { bundleInParts } from '../../../build/parts.mjs';

const SOURCES: Readonly<Record<string, string>> = {
  'main.js': `
    import { say } from './shared.js';
    say('main');
    if (process.argv[2] === 'more') import('./more.js').then(({ more }) => {
      more();
      import('./more.js').then(again => say(again.more === more));
    });`,
  'more.js': `
    import { say } from './shared.js';
    say('more is read');
    export const more = () => {
      say(JSON.stringify(['a/*/b*/', /a*/.source, \`*/\`]));
    };`,
  'shared.js': `
    import { basename } from 'node:path';
    console.log('shared is read');
    export const say = text => console.log(basename('/x') + ' ' + text);`,
};

const sources: esbuild.Plugin = {
  name: 'sources',
  setup(build) {
    build.onResolve({ filter: /^\.\// }, ({ path }) => ({ path: path.slice(2), namespace: 'sources' }));
    build.onLoad({ filter: /.*/, namespace: 'sources' }, ({ path }) => ({ contents: SOURCES[path] ?? '' }));
  },
};

t.test('a part is read when it is called, once; what several share is read once', async t => {
  const folder = t.testdir();
  const { code, inputs } = await bundleInParts(esbuild, {
    entryPoints: ['./main.js'],
    plugins: [sources],
    platform: 'node',
    target: 'node20.11',
    minify: true,
  });
  t.same(inputs.sort(), ['sources:main.js', 'sources:more.js', 'sources:shared.js']);
  const file = join(folder, 'all.cjs');
  writeFileSync(file, code);
  const lines = (...args: string[]) =>
    spawnSync(process.execPath, [file, ...args], { encoding: 'utf8' })
      .stdout.trim()
      .split('\n');
  t.same(lines(), ['shared is read', 'x main']);
  t.same(lines('more'), ['shared is read', 'x main', 'x more is read', 'x ["a/*/b*/","a*","*/"]', 'x true']);
});
