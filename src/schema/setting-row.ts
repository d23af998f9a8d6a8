/** One row per setting of com.victronenergy.settings. */
export interface SettingRow {
  /** `/Settings/SystemSetup/MaxChargeCurrent` */
  readonly path: string;
  /** int, float or string */
  readonly type: 'i' | 'f' | 's';
  readonly default: number | string;
  /** min and max both 0, or left out: no limits. Strings have none. */
  readonly min?: number;
  readonly max?: number;
  /** Changes are not logged. */
  readonly silent?: true;
  /** SI unit, but kWh. */
  readonly unit?: string;
  /** Value → meaning. */
  readonly enum?: Readonly<Record<number, string>>;
  readonly label?: string;
  readonly source?: string;
}
