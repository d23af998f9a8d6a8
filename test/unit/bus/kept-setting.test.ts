/** A setting of our own: what is our echo, and what somebody else has written. */
import t from 'tap';
import { KeptSetting } from '../../../src/bus/kept-setting.ts';
import type { SettingsOf } from '../../../src/bus/settings-client.ts';
import type { WriteResult } from '../../../src/bus/world.ts';

const DONE: WriteResult = { ok: true };
const GONE: WriteResult = { ok: false, code: -1, reason: 'not there' };

/** Settings whose answers the test gives. */
class SlowSettings implements SettingsOf<'Count'> {
  readonly writes: (number | string)[] = [];
  readonly #answers: ((result: WriteResult) => void)[] = [];

  get(): number {
    return 0;
  }

  number(): number {
    return 0;
  }

  string(): string {
    return '0';
  }

  set(_key: 'Count', value: number | string): Promise<WriteResult> {
    this.writes.push(value);
    return new Promise(resolve => this.#answers.push(resolve));
  }

  /** Answers the oldest write. */
  answer(result: WriteResult): void {
    this.#answers.shift()?.(result);
  }

  onChange(): { release(): void } {
    return { release() {} };
  }
}

function setUp(): { settings: SlowSettings; kept: KeptSetting<'Count', number> } {
  const settings = new SlowSettings();
  return { settings, kept: new KeptSetting(settings, 'Count', 5) };
}

t.test('an echo is none of somebody else, before its answer and after', async t => {
  const { settings, kept } = setUp();
  const first = kept.save(6);
  t.equal(kept.saved, false);
  t.equal(kept.heard(6), false);
  settings.answer(DONE);
  await first;
  t.same([kept.value, kept.saved], [6, true]);
  const second = kept.save(7);
  settings.answer(DONE);
  await second;
  t.equal(kept.heard(7), false);
  await kept.save(7);
  t.same(settings.writes, [6, 7], 'nothing is written twice');
});

t.test('a value of before that somebody writes is his', async t => {
  const { settings, kept } = setUp();
  for (const value of [6, 7]) {
    const saving = kept.save(value);
    kept.heard(value);
    settings.answer(DONE);
    await saving;
  }
  t.equal(kept.heard(6), true);
  t.same([kept.value, kept.saved], [6, true]);
});

t.test('a write that changed nothing leaves no echo to be waited for', async t => {
  const { settings, kept } = setUp();
  const lost = kept.save(6);
  settings.answer(GONE);
  await lost;
  t.equal(kept.saved, false);
  // It had arrived all the same: the second one is not told.
  const again = kept.save(6);
  settings.answer(DONE);
  await again;
  t.equal(kept.heard(0), true);
  t.equal(kept.heard(6), true, 'somebody else');
});

t.test('what somebody writes between ours: the settings decide', async t => {
  const { settings, kept } = setUp();
  const overtaking = kept.save(6);
  t.equal(kept.heard(0), false, 'ours comes after it');
  t.equal(kept.heard(6), false);
  settings.answer(DONE);
  await overtaking;
  t.equal(kept.value, 6);
  const overtaken = kept.save(7);
  t.equal(kept.heard(7), false);
  t.equal(kept.heard(0), true, 'ours was before it');
  settings.answer(DONE);
  await overtaken;
  t.same([kept.value, kept.saved], [0, true]);
});
