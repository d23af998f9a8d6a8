import { defineTopic } from '../../topic.ts';
import { batteryChoice } from '../battery-choice.ts';
import { put } from '../dvcc/chargers.ts';

const CONNECTION = ['/Mgmt/Connection'];

/** The state of charge of the battery, for inverter/chargers on VE.Can. */
export const vecanSoc = defineTopic({
  name: 'vecan-soc',
  about:
    'Writes the state of charge of the battery monitor to each VE.Can interface, every second. A monitor that is on VE.Can itself is heard there without.',
  reads: {
    devices: {
      vecan: ['/Link/Soc'],
      battery: CONNECTION,
      vebus: CONNECTION,
      acsystem: CONNECTION,
      multi: CONNECTION,
      inverter: CONNECTION,
    },
    own: ['/Dc/Battery/Soc'],
    topics: [batteryChoice],
  },
  publishes: {},
  everyMs: 1_000,
  onBeatOnly: true,
  compute(look, out) {
    const soc = look.ownNumber('/Dc/Battery/Soc');
    const origin = look.device(look.result(batteryChoice).service)?.text('/Mgmt/Connection') ?? '';
    if (soc === null || origin === '' || origin === 'VE.Can') return;
    for (const vecan of look.devices('vecan')) put(out, vecan, '/Link/Soc', soc);
  },
});
