/**
 * Keeps the heap small; the first thing that the program does. The board has 256 MB, and short-lived garbage is most of
 * what we make: the young generation stays as small as it begins, and the heap grows late. Ten megabytes less, for no
 * CPU that can be measured (`npm run bench`).
 */
import { setFlagsFromString } from 'node:v8';

for (const flag of ['--semi-space-growth-factor=1', '--optimize-for-size']) setFlagsFromString(flag);
