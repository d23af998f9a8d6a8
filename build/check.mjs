/** `npm run check`: types, then format and lint. */
import { ensurePackages, run } from './lib.mjs';

ensurePackages();
run('node_modules/.bin/tsc', []);
run('node_modules/.bin/biome', ['check', '--error-on-warnings', '.']);
