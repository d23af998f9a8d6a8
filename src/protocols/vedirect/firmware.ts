/**
 * Firmware versions of VE.Direct devices as the numbers that stand in `/FirmwareVersion`: the hexadecimal digits are
 * the decimal ones of the version (fact sheet vedirect, section 3).
 */

export interface Firmware {
  /** 0x0139 is 1.39; with 24 bits 0x0208FF is 2.08 and 0x020803 its third beta. */
  readonly version: number;
  /** Marked as a candidate for a release. Of 24 bits: the last octet is not 0xFF. */
  readonly candidate: boolean;
}

/** @param text value of the TEXT label `FW`: `139`, `0408`, `C208` (candidate); undefined when it is none */
export function decodeFw(text: string): Firmware | undefined {
  const match = /^([A-Z]?)(\d{3,4})$/.exec(text);
  return match === null ? undefined : { version: Number.parseInt(match[2] ?? '', 16), candidate: match[1] !== '' };
}

/** @param text value of the TEXT label `FWE`: `0208FF`, `112FF`; undefined when it is none */
export function decodeFwe(text: string): Firmware | undefined {
  if (!/^[0-9A-Fa-f]{3,6}$/.test(text)) return undefined;
  return firmwareOf24Bits(Number.parseInt(text, 16));
}

/** @param word 24 bits of register 0x0102; 0xFFFFFF is "no firmware" */
export function firmwareOf24Bits(word: number): Firmware | undefined {
  return word === 0xffffff ? undefined : { version: word, candidate: (word & 0xff) !== 0xff };
}

/** The 16 bits of a ping answer: 12 bits of version under a nibble that is 4 for a release. 0x4116 is 1.16. */
export function versionOfWord(word: number): Firmware {
  return { version: word & 0xfff, candidate: word >> 12 !== 4 };
}
