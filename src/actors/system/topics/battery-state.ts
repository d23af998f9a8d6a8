import { defineTopic } from '../topic.ts';
import { batteryChoice } from './battery-choice.ts';

/** Between these the battery counts as idle. Watts. */
const IDLE_POWER = 30;
const IDLE = 0;
const CHARGING = 1;
const DISCHARGING = 2;

/** Whether the battery is charging. */
export const batteryState = defineTopic({
  name: 'battery-state',
  about: 'Whether the battery is charging or discharging, judged once a second so that it does not flicker.',
  reads: { own: ['/Dc/Battery/Power'], topics: [batteryChoice] },
  publishes: {
    '/Dc/Battery/State': `charging above ${IDLE_POWER} W, discharging below -${IDLE_POWER} W, idle between; only with a battery monitor`,
  },
  everyMs: 1_000,
  compute(look, out) {
    const power = look.ownNumber('/Dc/Battery/Power');
    if (power === null || look.result(batteryChoice).service === null) return;
    if (look.beats === 0) out.keep('/Dc/Battery/State');
    else out.set('/Dc/Battery/State', power > IDLE_POWER ? CHARGING : power < -IDLE_POWER ? DISCHARGING : IDLE);
  },
});
