import type { BuildOptions } from 'esbuild';

export function bundleInParts(
  esbuild: typeof import('esbuild'),
  options: BuildOptions,
): Promise<{ code: string; inputs: string[] }>;
