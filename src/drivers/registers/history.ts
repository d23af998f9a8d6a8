/** The history records of solar chargers on D-Bus (fact sheet vedirect, section 5.3). */
import {
  dayForBus,
  decodeDay,
  decodeTotals,
  type LastErrors,
  totalsForBus,
} from '../../protocols/vedirect/history-records.ts';
import { HISTORY_DAYS, HISTORY_TODAY, HISTORY_TOTALS } from '../../protocols/vedirect/registers.ts';
import type { Value } from '../../schema/row.ts';

/** The records, in the order of reading: the totals, today, and back in time. */
export const HISTORY_RECORDS: readonly { readonly register: number; readonly changesToday: boolean }[] = [
  { register: HISTORY_TOTALS, changesToday: true },
  ...Array.from({ length: HISTORY_DAYS }, (_, day) => ({ register: HISTORY_TODAY + day, changesToday: day === 0 })),
];

export function isHistoryRecord(register: number): boolean {
  return register >= HISTORY_TOTALS && register < HISTORY_TODAY + HISTORY_DAYS;
}

/** Shows a record below `/History`. A record that is too short shows nothing: the charger has no such day. */
export function showHistory(register: number, record: Uint8Array, set: (path: string, value: Value) => void): void {
  if (register === HISTORY_TOTALS) showTotals(record, set);
  else showDay(register - HISTORY_TODAY, record, set);
}

function showTotals(record: Uint8Array, set: (path: string, value: Value) => void): void {
  const totals = decodeTotals(record);
  const raw = totalsForBus(record);
  if (totals === undefined || raw === undefined) return;
  const base = '/History/Overall';
  set(`${base}/DaysAvailable`, totals.daysAvailable);
  set(`${base}/MaxPvVoltage`, totals.maximumPanelVoltage);
  set(`${base}/MaxBatteryVoltage`, totals.maximumBatteryVoltage);
  set(`${base}/MinBatteryVoltage`, totals.minimumBatteryVoltage);
  showErrors(base, totals.errors, set);
  set(`${base}/Raw`, [...raw]);
  set('/Yield/User', totals.userYield);
  set('/Yield/System', totals.systemYield);
}

function showDay(n: number, record: Uint8Array, set: (path: string, value: Value) => void): void {
  const day = decodeDay(record);
  const raw = dayForBus(record);
  if (day === undefined || raw === undefined) return;
  const base = `/History/Daily/${n}`;
  set(`${base}/Nr`, day.day);
  set(`${base}/Yield`, day.yield);
  set(`${base}/Consumption`, day.consumption);
  set(`${base}/MaxPower`, day.maximumPower);
  set(`${base}/MaxPvVoltage`, day.maximumPanelVoltage);
  set(`${base}/MaxBatteryVoltage`, day.maximumBatteryVoltage);
  set(`${base}/MinBatteryVoltage`, day.minimumBatteryVoltage);
  set(`${base}/MaxBatteryCurrent`, day.maximumBatteryCurrent);
  set(`${base}/TimeInBulk`, day.timeInBulk);
  set(`${base}/TimeInAbsorption`, day.timeInAbsorption);
  set(`${base}/TimeInFloat`, day.timeInFloat);
  showErrors(base, day.errors, set);
  set(`${base}/Raw`, [...raw]);
}

function showErrors(base: string, errors: LastErrors, set: (path: string, value: Value) => void): void {
  errors.forEach((error, i) => {
    set(`${base}/LastError${i + 1}`, error);
  });
}
