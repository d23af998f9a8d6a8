/** Which battery it is, by what it says of itself (fact sheet canbms, section 5). */

export interface Battery {
  readonly productId: number;
  readonly name: string;
}

/** One that nothing more is known of. */
export const GENERIC: Battery = { productId: 0xb007, name: 'CAN-bus BMS battery' };
/** The first CAN-bus batteries of all: they do not say who they are. */
export const LG_RESU: Battery = { productId: 0xb004, name: 'LG resu battery' };

/** One kind of battery. The first row that fits counts. */
interface BatteryRow extends Battery {
  /** How the maker's name begins in frame 0x35E, upper case. */
  readonly maker: string;
  /** What the name of the battery, or of its family, holds besides, upper case. */
  readonly model?: string;
}

// Product ids are recorded; how makers write their names is, but for PYLON, BYD, LGCHEM and RECBMS, taken from the
// names of the products.
const BATTERIES: readonly BatteryRow[] = [
  { maker: 'LG', ...LG_RESU },
  { maker: 'BMZ', productId: 0xb005, name: 'BMZ battery' },
  { maker: 'PYLON', model: 'PELIO', productId: 0xb029, name: 'Pylontech Pelio-L battery' },
  { maker: 'PYLON', productId: 0xb009, name: 'Pylontech battery' },
  { maker: 'BYD', model: 'PREMIUM', productId: 0xb019, name: 'BYD Premium LV battery' },
  { maker: 'BYD', model: 'B-BOX L', productId: 0xb015, name: 'BYD B-Box L battery' },
  { maker: 'BYD', productId: 0xb00a, name: 'BYD B-Box Pro battery' },
  { maker: 'PUREDRIV', productId: 0xb00b, name: 'PureDrive battery' },
  { maker: 'MERCEDES', productId: 0xb010, name: 'Mercedes Benz Energy battery' },
  { maker: 'FIAMM', productId: 0xb012, name: 'FIAMM SoNick 48TL battery' },
  { maker: 'FREEDOM', model: 'ETOWER', productId: 0xb024, name: 'Freedom WON eTower battery' },
  { maker: 'FREEDOM', productId: 0xb014, name: 'Freedom WON battery' },
  { maker: 'ETOWER', productId: 0xb024, name: 'Freedom WON eTower battery' },
  { maker: 'DISCOVER', productId: 0xb016, name: 'Discover AES battery' },
  { maker: 'ZYC', productId: 0xb01a, name: 'ZYC battery' },
  { maker: 'PYTES', productId: 0xb01b, name: 'Pytes battery' },
  { maker: 'LEOCH', productId: 0xb01d, name: 'Leoch battery' },
  { maker: 'LBSA', productId: 0xb01e, name: 'LBSA battery' },
  { maker: 'SUNWODA', productId: 0xb01f, name: 'Sunwoda battery' },
  { maker: 'BLUENOVA', productId: 0xb020, name: 'BlueNova battery' },
  { maker: 'BSL', productId: 0xb021, name: 'BSLBATT battery' },
  { maker: 'REC', productId: 0xb022, name: 'REC-BMS battery' },
  { maker: 'DYNESS', productId: 0xb025, name: 'Dyness battery' },
  { maker: 'CEGASA', productId: 0xb028, name: 'Cegasa battery' },
  { maker: 'WECO', productId: 0xb02a, name: 'WeCo battery' },
  { maker: 'FINDREAM', productId: 0xb02b, name: 'FinDreams battery' },
  { maker: 'METERBOO', productId: 0xb02e, name: 'Meterboost battery' },
  { maker: 'SOLUNA', productId: 0xb02f, name: 'Soluna battery' },
  { maker: 'BATRIUM', productId: 0xb038, name: 'Batrium battery' },
  { maker: 'HUBBLE', productId: 0xb051, name: 'Hubble battery' },
  { maker: 'TAB', productId: 0xb052, name: 'TAB battery' },
  { maker: 'SSS', productId: 0xb054, name: 'SSS battery' },
  { maker: 'VOLT', productId: 0xb055, name: 'Volt smile battery' },
];

/** What a battery told of itself; empty texts where nothing came. */
export interface Told {
  /** Frame 0x35E. */
  readonly manufacturer: string;
  /** Frames 0x370 and 0x371. */
  readonly name: string;
  /** Frame 0x382. */
  readonly family: string;
  /** Whether alarms came in Pylontech's form. */
  readonly speaksPylontech: boolean;
}

/** The battery, once all has come that it will tell. One that tells nothing at all is an LG RESU. */
export function batteryOf({ manufacturer, name, family, speaksPylontech }: Told): Battery {
  const maker = manufacturer.trim().toUpperCase();
  if (maker === '') return speaksPylontech || name !== '' || family !== '' ? GENERIC : LG_RESU;
  const model = `${name} ${family}`.toUpperCase();
  const row = BATTERIES.find(
    one => maker.startsWith(one.maker) && (one.model === undefined || model.includes(one.model)),
  );
  if (row === undefined) return GENERIC;
  return { productId: row.productId, name: row.name };
}
