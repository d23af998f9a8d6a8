/** The recorded calls to the settings program of today, replayed on ours in memory. */
import t from 'tap';
import { type CallRecording, replayCalls } from '../../../scenarios/calls.ts';
import { sharedJson, withoutShared } from '../../../support/shared-facts.ts';

/** Recordings that show what ours does better, and how it differs then. */
const BETTER: Readonly<Record<string, { readonly why: string; readonly steps: readonly number[] }>> = {
  'more.write_delay_2s.json': {
    why: 'settings.xml is up to date at once, not after 2 s: the change was stored before it was acknowledged',
    steps: [1],
  },
};

t.test('recorded calls', { skip: withoutShared }, async t => {
  for (const { name, content } of sharedJson('scenarios/localsettings')) {
    t.test(name, async t => {
      const mismatches = await replayCalls(content as CallRecording);
      const better = BETTER[name];
      if (better === undefined) t.same(mismatches, []);
      else
        t.same(
          mismatches.map(one => one.step),
          better.steps,
          better.why,
        );
    });
  }
});
