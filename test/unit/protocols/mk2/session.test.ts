/** The recorded sessions: from the frames of a real device to what it shows. */
import t from 'tap';
import { measureAc, measureDc } from '../../../../src/drivers/vebus/measurement.ts';
import { Mk2Stream } from '../../../../src/protocols/mk2/frame.ts';
import { decodeAc, decodeDc } from '../../../../src/protocols/mk2/info-frames.ts';
import { decodeInterfaceVersion } from '../../../../src/protocols/mk2/interface.ts';
import { decodeLedStatus } from '../../../../src/protocols/mk2/leds.ts';
import { RAM } from '../../../../src/protocols/mk2/ram.ts';
import { type RamForm, ramForm, ramValue } from '../../../../src/protocols/mk2/scaling.ts';
import { decodeRamInfo, decodeWinmon, decodeWord, REPLY } from '../../../../src/protocols/mk2/winmon.ts';
import { octets, VECTORS } from './support.ts';

for (const { name, received, shows } of VECTORS.sessions) {
  t.test(name, t => {
    const forms = new Map<number, RamForm>();
    const seen: Record<string, number | null> = {};
    let infos = 0;
    const stream = new Mk2Stream(({ data }) => {
      const reply = decodeWinmon(data);
      if (reply?.code === REPLY.ramInfo) {
        const info = decodeRamInfo(reply.body);
        const form = info === undefined ? undefined : ramForm(info);
        if (form !== undefined) forms.set(infos, form);
        infos++;
      }
      if (reply?.code === REPLY.ram) {
        const soc = forms.get(RAM.chargeState);
        if (soc !== undefined) seen['soc'] = ramValue(soc, decodeWord(reply.body) ?? -1) * 100;
      }
      const version = decodeInterfaceVersion(data);
      if (version !== undefined) seen['version'] = version.number;
      const dc = decodeDc(data);
      if (dc !== undefined) {
        const { volts, amperes, outputHertz } = measureDc(dc, forms);
        Object.assign(seen, { volts, amperes, outHertz: outputHertz });
      }
      const ac = decodeAc(data);
      if (ac !== undefined) {
        t.equal(ac.phase, 1);
        t.equal(ac.phases, 1);
        Object.assign(seen, measureAc(ac, forms));
      }
      const leds = decodeLedStatus(data);
      if (leds !== undefined) Object.assign(seen, { on: leds.on, blink: leds.blink });
    });
    for (const frame of received) stream.push(octets(frame));
    t.equal(infos, 14);
    for (const [what, expected] of Object.entries(shows)) {
      const value = seen[what];
      t.ok(typeof value === 'number' && Math.abs(value - expected) < 1e-9, `${what}: ${value}, expected ${expected}`);
    }
    t.end();
  });
}
