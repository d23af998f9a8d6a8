/** The NAME by which a node is known, and claims its address (fact sheet vecan-n2k, section 3). */
import { LAST_ADDRESS } from './can-id.ts';
import { decodeMessage, encodeMessage, type ValuesOf } from './message.ts';
import { addressClaim } from './tables/network.ts';

/** What a NAME says. All numbers, 0 where nothing is said. */
export interface Name {
  /** Of its maker, 21 bits. */
  readonly uniqueNumber: number;
  readonly manufacturer: number;
  /** 8 bits: which of several of its kind. */
  readonly deviceInstance: number;
  readonly deviceFunction: number;
  readonly deviceClass: number;
  readonly systemInstance: number;
  /** 4 is marine. */
  readonly industry: number;
  /** Whether it can take another address when its own is taken. */
  readonly arbitraryAddress: boolean;
}

export const VICTRON = 358;
export const MARINE = 4;

const NAME_OCTETS = 8;

/** @returns undefined when there are fewer than 8 octets */
export function decodeName(bytes: Uint8Array): Name | undefined {
  if (bytes.length < NAME_OCTETS) return undefined;
  const { values } = decodeMessage(addressClaim, bytes);
  return {
    uniqueNumber: values.uniqueNumber ?? 0,
    manufacturer: values.manufacturerCode ?? 0,
    deviceInstance: (values.deviceInstanceUpper ?? 0) * 8 + (values.deviceInstanceLower ?? 0),
    deviceFunction: values.deviceFunction ?? 0,
    deviceClass: values.deviceClass ?? 0,
    systemInstance: values.systemInstance ?? 0,
    industry: values.industryGroup ?? 0,
    arbitraryAddress: values.arbitraryAddressCapable === 1,
  };
}

/** The 8 octets of a NAME. */
export function encodeName(name: Name): Uint8Array {
  const values: ValuesOf<typeof addressClaim> = {
    uniqueNumber: name.uniqueNumber,
    manufacturerCode: name.manufacturer,
    deviceInstanceLower: name.deviceInstance % 8,
    deviceInstanceUpper: Math.floor(name.deviceInstance / 8),
    deviceFunction: name.deviceFunction,
    spare: 0,
    deviceClass: name.deviceClass,
    systemInstance: name.systemInstance,
    industryGroup: name.industry,
    arbitraryAddressCapable: name.arbitraryAddress ? 1 : 0,
  };
  return encodeMessage(addressClaim, values);
}

/**
 * Who gets an address that both claim: the lower NAME.
 *
 * @param a 8 octets, as they are in the claim
 * @returns below 0 when `a` does, above 0 when `b` does, 0 when both are the same NAME
 */
export function compareNames(a: Uint8Array, b: Uint8Array): number {
  for (let i = NAME_OCTETS - 1; i >= 0; i--) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether an address is one that a node can have. */
export function isNodeAddress(address: number): boolean {
  return Number.isInteger(address) && address >= 0 && address <= LAST_ADDRESS;
}
