/** What a Modbus register row says. The tables beside this file hold one such row a line. */

/** How a value stands in its registers, high word first. Strings are Latin-1, two characters a register. */
export type RegisterType =
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'uint64'
  | `string[${number}]`
  /** Registers kept free: they read 0xFFFF. */
  | `reserved[${number}]`;

/** The type of the item on the bus: decides how a number out of range reads, and in which type a write goes out. */
export type ItemType = 'float' | 'int' | 'uint' | 'string';

/**
 * One row: the first register, the type, what the value is multiplied with, the path of the service, the type of its
 * item, and W when it can be written. Unit, meaning of the numbers and label are those of the path in the service's
 * schema.
 */
export type RegisterRow = readonly [
  register: number,
  type: RegisterType,
  scale?: number,
  path?: string,
  item?: ItemType,
  access?: 'W',
];

/** The rows of one service type, in the order of their registers. */
export interface RegisterTable {
  /** `battery` */
  readonly service: string;
  readonly rows: readonly RegisterRow[];
}

/** What a register shows when it is not simply one value. */
export type Derivation =
  /** The first path divided by the second. */
  | 'quotient'
  /** Unix seconds, UTC. */
  | 'time'
  /** A firmware version of 24 bits, with eight zero bits put in before its beta number. */
  | 'firmware'
  /** 0xFF00 when any of the paths holds a text, else 0. */
  | 'error-summary';

export interface DerivedRegister {
  readonly service: string;
  readonly register: number;
  readonly type: RegisterType;
  readonly scale: number;
  readonly item: ItemType;
  readonly derivation: Derivation;
  readonly paths: readonly string[];
}

/** A register as it is served. */
export interface Register {
  readonly service: string;
  readonly register: number;
  /** Number of registers. */
  readonly size: number;
  readonly kind: RegisterKind;
  readonly scale: number;
  /** Empty for a reserved register. */
  readonly path: string;
  readonly item: ItemType;
  /** Lowest and highest number that the registers show; see `rangeOf`. */
  readonly min: number;
  readonly max: number;
  readonly writable: boolean;
  readonly derived: DerivedRegister | undefined;
}

export type RegisterKind = 'int16' | 'uint16' | 'int32' | 'uint32' | 'uint64' | 'string' | 'reserved';

const SIZES: Readonly<Record<string, number>> = { int16: 1, uint16: 1, int32: 2, uint32: 2, uint64: 4 };

/** `string[8]` → kind string, 8 registers */
export function kindAndSize(type: RegisterType): { readonly kind: RegisterKind; readonly size: number } {
  const bracket = type.indexOf('[');
  const kind = (bracket < 0 ? type : type.slice(0, bracket)) as RegisterKind; // by the form of RegisterType
  return { kind, size: bracket < 0 ? (SIZES[type] ?? 1) : Number.parseInt(type.slice(bracket + 1), 10) };
}

const RANGES: Readonly<Record<string, readonly [min: number, max: number]>> = {
  int16: [-0x8000, 0x7ffe],
  uint16: [0, 0xfffe],
  int32: [-0x8000_0000, 0x7fff_fffe],
  uint32: [0, 0xffff_fffe],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

/**
 * An integer out of range reads the nearest number that the type has, but never the highest, which many a client takes
 * for "not available". A float out of range reads its lowest bits. So the recorded exchanges have it.
 */
export function rangeOf(kind: RegisterKind, item: ItemType): { readonly min: number; readonly max: number } {
  const [min, max] = (item === 'float' ? undefined : RANGES[kind]) ?? [
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ];
  return { min, max };
}
