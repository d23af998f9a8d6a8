import { defineTopic } from '../topic.ts';

const RUNTIME_STEP_S = 10;

interface Memory {
  /** The condition of the run before, to see a start. */
  condition: number | null;
  /** Unix seconds. */
  startedAt: number | null;
}

/** What the generator start/stop function does. */
export const genset = defineTopic<undefined, Memory>({
  name: 'genset',
  about: 'What the first generator start/stop function does, whether it runs a relay or a generator set.',
  reads: { devices: { generator: ['/RunningByConditionCode', '/Runtime'] } },
  publishes: {
    '/Ac/Genset/RunningByConditionCode': 'why it runs; 0 while stopped',
    '/Ac/Genset/Runtime': `for how long it has been running, in steps of ${RUNTIME_STEP_S} s`,
    '/Ac/Genset/LastStartTime': 'when it was last seen to start',
  },
  start: () => ({ condition: null, startedAt: null }),
  compute(look, out, memory) {
    const generator = look.choose(look.devices('generator'), {
      what: 'generator',
      name: device => device.name,
      objections: [device => (device.number('/RunningByConditionCode') === null ? 'it tells no condition' : undefined)],
      rank: device => [device.name.endsWith('startstop0') ? 0 : 1, device.instance],
      because: 'the relay function first',
    });
    const condition = generator?.number('/RunningByConditionCode') ?? null;
    if (memory.condition === 0 && condition !== null && condition > 0)
      memory.startedAt = Math.floor(look.wallMs / 1000);
    memory.condition = condition;
    const runtime = generator?.number('/Runtime') ?? null;
    out.set('/Ac/Genset/RunningByConditionCode', condition);
    out.set('/Ac/Genset/Runtime', runtime === null ? null : RUNTIME_STEP_S * Math.floor(runtime / RUNTIME_STEP_S));
    out.set('/Ac/Genset/LastStartTime', memory.startedAt);
    return undefined;
  },
});
