/** Version numbers: their decimal digits are product and firmware (sections 2 and 5). */

export interface Version {
  /** As sent: 2648464. */
  readonly number: number;
  /** Its digits read as hexadecimal: 0x2648. */
  readonly productId: number;
  /** The last three digits: 464. */
  readonly firmware: number;
}

const FIRMWARE_DIGITS = 1000;
const LARGEST = 9_999_999;

/** @returns undefined when the digits are no product */
export function versionOf(number: number): Version | undefined {
  if (number < FIRMWARE_DIGITS || number > LARGEST) return undefined;
  return {
    number,
    productId: hexDigits(Math.floor(number / FIRMWARE_DIGITS)),
    firmware: number % FIRMWARE_DIGITS,
  };
}

/** 422 → 0x422: firmware as it stands on D-Bus, text 422 (recorded). */
export function hexDigits(decimal: number): number {
  return Number.parseInt(String(decimal), 16);
}

/** Product ids of interfaces. */
export const INTERFACE = { mk2: 0x1130, mk3: 0x1170 } as const;

/** Older firmware of the MK2 is not spoken to (section 2). */
export const MK2_FIRMWARE_MIN = 131;

/** From this firmware on, a device answers in one frame and takes writes by id (section 5). */
export const COMBINED_FRAMES_FIRMWARE = 200;
/** From this firmware on, a device tells its serial number. */
export const SERIAL_NUMBER_FIRMWARE = 308;

/** Slaves with such firmware do not tell their input power (section 7). */
export function hidesSlavePower(firmware: number): boolean {
  const series = Math.floor(firmware / 100);
  const repairedIn = { 1: 159, 2: 209, 3: 306 }[series];
  return repairedIn !== undefined && firmware < repairedIn;
}
