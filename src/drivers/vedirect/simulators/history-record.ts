/** History records as a simulated solar charger sends them (fact sheet vedirect, section 5.3). */

/** Days a charger remembers, today among them. */
export const HISTORY_PAST_DAYS = 31;
const TOTALS_OCTETS = 34;
const DAY_OCTETS = 34;

/** @param kwh of its life @param panelVolts highest @param batteryVolts highest */
export function totalsRecord(kwh: number, panelVolts: number, batteryVolts: number, days: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(TOTALS_OCTETS));
  view.setUint8(0, 1);
  view.setUint32(6, Math.round(kwh * 100), true);
  view.setUint32(10, Math.round(kwh * 100), true);
  view.setUint16(14, Math.round(panelVolts * 100), true);
  view.setUint16(16, Math.round(batteryVolts * 100), true);
  view.setUint8(18, days);
  view.setUint16(19, Math.round(batteryVolts * 95), true);
  return new Uint8Array(view.buffer);
}

export function dayRecord(kwh: number, maximumWatts: number, volts: number, day: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(DAY_OCTETS));
  view.setUint32(1, Math.round(kwh * 100), true);
  view.setUint32(5, 0xffff_ffff, true);
  view.setUint16(9, Math.round(volts * 102), true);
  view.setUint16(11, Math.round(volts * 98), true);
  view.setUint16(18, 240, true);
  view.setUint16(20, 60, true);
  view.setUint32(24, Math.round(maximumWatts), true);
  view.setUint16(28, Math.round((maximumWatts / volts) * 10), true);
  view.setUint16(30, 4180, true);
  view.setUint16(32, Math.max(0, day), true);
  return new Uint8Array(view.buffer);
}
