import { defineTopic } from '../../topic.ts';
import { batteryChoice } from '../battery-choice.ts';
import { bmsChoice } from '../bms-choice.ts';
import { put } from '../dvcc/chargers.ts';

const SETTING = '/Settings/SystemSetup/CanBmsSense';
/** What a battery monitor measures → where a BMS takes it. */
const SENSED = [
  ['/Dc/0/Voltage', '/Sense/Voltage'],
  ['/Dc/0/Current', '/Sense/Current'],
  ['/Dc/0/Temperature', '/Sense/Temperature'],
  ['/Soc', '/Sense/Soc'],
] as const;

/** What a battery monitor measures, for a BMS that measures less well. */
export const bmsSense = defineTopic({
  name: 'bms-sense',
  about: `Passes what the battery monitor measures on to the BMS, every second, when ${SETTING} says so.`,
  reads: { devices: { battery: SENSED.flat() }, settings: [SETTING], topics: [batteryChoice, bmsChoice] },
  publishes: {},
  everyMs: 1_000,
  onBeatOnly: true,
  compute(look, out) {
    const bms = look.device(look.result(bmsChoice).bms);
    const monitor = look.device(look.result(batteryChoice).service);
    if (look.setting(SETTING) !== 1 || bms === undefined || monitor?.type !== 'battery') return;
    if (monitor.name === bms.name || monitor.number('/Soc') === null) return;
    for (const [measured, taken] of SENSED) {
      const value = monitor.number(measured);
      if (value !== null || measured !== '/Dc/0/Temperature') put(out, bms, taken, value);
    }
  },
});
