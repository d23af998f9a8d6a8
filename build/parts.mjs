/**
 * The program in parts that are read when they are called: each module graph behind an `import()`, and what several of
 * them share. Node compiles a file as a whole, and to look through all of gxd costs 10 MB and 50 ms, most of it for
 * commands, drivers and actors that do not run. A part is a comment in the one file: the compiler passes over it, and
 * nothing is kept twice.
 */

/** What the part is called that the others follow from. Theirs have a checksum behind the name. */
const ENTRY = 'main.js';
/** Stands for the end of a comment within a part. A control character: no code has it. */
const COMMENT_END = '*\u0001/';

/**
 * @param {typeof import('esbuild')} esbuild
 * @param {import('esbuild').BuildOptions} options with one entry point
 * @returns {Promise<{ code: string, inputs: string[] }>} one script (CommonJS), and the files that are in it
 */
export async function bundleInParts(esbuild, options) {
  const { outputFiles, metafile } = await esbuild.build({
    ...options,
    bundle: true,
    // The form that can be split; each part then becomes a script.
    format: 'esm',
    splitting: true,
    outdir: 'parts',
    entryNames: ENTRY.slice(0, -'.js'.length),
    write: false,
    metafile: true,
  });
  refusePackages(metafile);
  const asScript = async text => {
    const { code } = await esbuild.transform(text, {
      format: 'cjs',
      minify: options.minify,
      target: options.target,
      legalComments: 'none',
      supported: { 'dynamic-import': false },
    });
    return code.trim();
  };
  const parts = new Map();
  for (const { path, text } of outputFiles) parts.set(path.slice(path.lastIndexOf('/') + 1), await asScript(text));
  const listed = [...parts.keys()].filter(name => name !== ENTRY).sort();
  const loader = await asScript(`export const load = ${partLoader}`);
  const code = [
    `const load=(()=>{const module={exports:{}};${loader};return module.exports.load})();`,
    `((require)=>{${parts.get(ENTRY)}})(load({`,
    ...listed.map(name => `"./${name}"(){/*${asComment(parts.get(name), name)}*/},`),
    '},require,__dirname));',
  ].join('\n');
  return { code: `${code}\n`, inputs: Object.keys(metafile.inputs) };
}

/** A package in CommonJS that is imported on call is split without the names in it: a module of ours must stand between. */
function refusePackages({ inputs }) {
  for (const [path, input] of Object.entries(inputs))
    for (const { kind, path: to } of input.imports)
      if (kind === 'dynamic-import' && inputs[to]?.format === 'cjs')
        throw new Error(`${path}: import() of ${to}, which is CommonJS`);
}

function asComment(code, name) {
  if (code.includes(COMMENT_END)) throw new Error(`${name} has the mark for the end of a comment`);
  return code.replaceAll('*/', COMMENT_END);
}

/**
 * What the file begins with; its text goes there, so it uses nothing from around it.
 *
 * @param {Record<string, () => void>} parts name → a function whose comment is the part
 * @param {NodeJS.Require} require for all that is no part
 * @param {string} folder of the file
 * @returns {(name: string) => unknown} the `require` of the parts
 */
function partLoader(parts, require, folder) {
  const { compileFunction } = require('node:vm');
  const loaded = new Map();
  const load = name => {
    if (!Object.hasOwn(parts, name)) return require(name);
    const had = loaded.get(name);
    if (had !== undefined) return had.exports;
    const module = { exports: {} };
    loaded.set(name, module);
    const text = String(parts[name]);
    const code = text.slice(text.indexOf('/*') + 2, text.lastIndexOf('*/')).replaceAll('*\u0001/', '*/');
    const run = compileFunction(code, ['require', 'module', 'exports', '__dirname'], { filename: name.slice(2) });
    run(load, module, module.exports, folder);
    return module.exports;
  };
  return load;
}
