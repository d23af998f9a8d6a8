import type { Maybe } from '../../arithmetic.ts';
import type { Picture, SeenDevice } from '../../picture.ts';
import { defineTopic } from '../../topic.ts';
import { put } from '../dvcc/chargers.ts';
import { solar } from '../solar.ts';
import { vebusChoice } from '../vebus-choice.ts';

/** What others do at the battery, for inverter/chargers that keep a state of charge of their own. */
export const extraCurrent = defineTopic({
  name: 'extra-current',
  about:
    'Tells inverter/chargers that keep a state of charge what others do at the battery, every second: the VE.Bus system what the solar chargers make, a system on VE.Can what those outside of its network and the VE.Bus system do. Also their absorption time goes by it.',
  reads: {
    devices: {
      vebus: ['/ExtraBatteryCurrent', '/Dc/0/Current'],
      vecan: ['/Link/ExtraBatteryCurrent'],
      solarcharger: ['/Dc/0/Current', '/Load/I', '/Mgmt/Connection'],
    },
    topics: [vebusChoice, solar],
  },
  publishes: { '/Control/ExtraBatteryCurrent': '1 when any was told' },
  everyMs: 1_000,
  onBeatOnly: true,
  compute(look, out) {
    const multi = look.device(look.result(vebusChoice).multi);
    // Also without solar: once it has been told a state of charge, it counts nothing until it is told a current.
    const vebusCounts = multi !== undefined && multi.number('/ExtraBatteryCurrent') !== null;
    if (vebusCounts) put(out, multi, '/ExtraBatteryCurrent', look.result(solar).chargeCurrent ?? 0);
    const vecan = look.devices('vecan');
    if (vecan.length > 0) {
      const current = outsideOfVecan(look, multi);
      for (const device of vecan) put(out, device, '/Link/ExtraBatteryCurrent', current);
    }
    out.set('/Control/ExtraBatteryCurrent', Number(vebusCounts || vecan.length > 0));
  },
});

function outsideOfVecan(look: Picture, multi: SeenDevice | undefined): number {
  const missingIsZero = (value: Maybe | undefined): number => value ?? 0;
  return look
    .devices('solarcharger')
    .filter(charger => charger.text('/Mgmt/Connection') !== 'VE.Can')
    .reduce(
      (sum, charger) => sum + missingIsZero(charger.number('/Dc/0/Current')) - missingIsZero(charger.number('/Load/I')),
      missingIsZero(multi?.number('/Dc/0/Current')),
    );
}
