/** What the battery asks for, and what it is told (fact sheet canbms, sections 1 and 2). */

/** Permissions and requests of the battery. */
export const REQUESTS = 0x35c;

export interface Requests {
  readonly allowCharge: boolean;
  readonly allowDischarge: boolean;
  /** Charge at once: the state of charge is very low. */
  readonly forceCharge1: boolean;
  readonly forceCharge2: boolean;
  /** Charge until full, some time soon. */
  readonly fullCharge: boolean;
}

const ALLOW_CHARGE = 0x80;
const ALLOW_DISCHARGE = 0x40;
const FORCE_1 = 0x20;
const FORCE_2 = 0x10;
const FULL = 0x08;

/** @returns undefined for a frame without data */
export function decodeRequests(data: Uint8Array): Requests | undefined {
  const bits = data[0];
  if (bits === undefined) return undefined;
  return {
    allowCharge: (bits & ALLOW_CHARGE) !== 0,
    allowDischarge: (bits & ALLOW_DISCHARGE) !== 0,
    forceCharge1: (bits & FORCE_1) !== 0,
    forceCharge2: (bits & FORCE_2) !== 0,
    fullCharge: (bits & FULL) !== 0,
  };
}

export function encodeRequests(requests: Requests): Uint8Array {
  return Uint8Array.of(
    (requests.allowCharge ? ALLOW_CHARGE : 0) |
      (requests.allowDischarge ? ALLOW_DISCHARGE : 0) |
      (requests.forceCharge1 ? FORCE_1 : 0) |
      (requests.forceCharge2 ? FORCE_2 : 0) |
      (requests.fullCharge ? FULL : 0),
    0,
  );
}

/** Sent to the battery all the time: without it some switch off. */
export const KEEP_ALIVE = { id: 0x305, data: new Uint8Array(8) } as const;
export const KEEP_ALIVE_MS = 1000;

/** Tells the battery what kind of system it is in: `VIC` in octets 4 to 6. */
export const SYSTEM_IDENTITY = {
  id: 0x307,
  data: Uint8Array.of(0x12, 0x34, 0x56, 0x78, 0x56, 0x49, 0x43, 0x00),
} as const;

/** Without new limits for so long nothing may be charged or discharged. Milliseconds. */
export const LIMITS_LOST_MS = 3000;
/** Without any frame for so long the battery is not there. Milliseconds. */
export const BATTERY_LOST_MS = 5000;
