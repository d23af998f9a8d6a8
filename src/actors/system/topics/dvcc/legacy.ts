/** What is told to solar chargers without DVCC: the voltage of the VE.Bus system, and that a BMS is there. */
import type { Outcome } from '../../outcome.ts';
import type { Picture, SeenDevice } from '../../picture.ts';
import { type Chargers, limitCurrent, put, putFlag } from './chargers.ts';

/** Stands for no limit: excess solar power shall go on to the loads. Amperes. */
const HIGH_CURRENT = 1000;
const NETWORKED = 1;
const REMOTE_CONTROL = 4;
const REMOTE_BMS = 8;

/** @returns what was written to any charger */
export function steerWithoutDvcc(
  look: Picture,
  out: Outcome,
  chargers: Chargers,
  vebus: SeenDevice | undefined,
): { readonly voltage: boolean; readonly current: boolean } {
  const volts = vebus?.number('/Hub/ChargeVoltage') ?? null;
  const hasBms = look.devices('battery').some(battery => battery.number('/Info/MaxChargeCurrent') !== null);
  if (volts === null && !hasBms) return { voltage: false, current: false };
  const mode = NETWORKED | (volts === null ? 0 : REMOTE_CONTROL) | (hasBms ? REMOTE_BMS : 0);
  const led = chargers.all.filter(
    ({ kind, device }) => kind === 'dcgenset' || device.number('/Link/NetworkMode') !== null,
  );
  for (const charger of led) {
    putFlag(out, charger.device, '/Link/NetworkMode', mode);
    if (volts !== null) put(out, charger.device, '/Link/ChargeVoltage', volts);
    if (hasBms && charger.kind !== 'dcgenset') limitCurrent(out, charger, HIGH_CURRENT);
  }
  const vecan = volts !== null && chargers.all.some(({ isVecan }) => isVecan) ? look.devices('vecan') : [];
  for (const device of vecan) put(out, device, '/Link/ChargeVoltage', volts);
  return { voltage: volts !== null && led.length + vecan.length > 0, current: hasBms && led.length > 0 };
}
