/** Paths of which a part is only known at run time: `{n}` stands for a number, `{name}` for any one part. */

const patterns = new Map<string, RegExp>();

/** The expression for a path with `{n}` or `{name}` in it; undefined for a plain path. */
export function patternOf(path: string): RegExp | undefined {
  if (!path.includes('{')) return undefined;
  let pattern = patterns.get(path);
  if (pattern === undefined) {
    pattern = new RegExp(`^${path.replaceAll('{n}', '\\d+').replaceAll('{name}', '[^/]+')}$`);
    patterns.set(path, pattern);
  }
  return pattern;
}
