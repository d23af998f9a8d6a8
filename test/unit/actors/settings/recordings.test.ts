/** The recorded calls to the settings program of today, replayed on ours in memory. */
import t from 'tap';
import { BETTER, type CallRecording, replayCalls } from '../../../scenarios/calls.ts';
import { sharedJson, withoutShared } from '../../../support/shared-facts.ts';

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
