/** Who we are on an NMEA 2000 network (fact sheet vecan-n2k, section 3). */
import { VERSION } from '../../kernel/version.ts';
import { MARINE, type Name, VICTRON } from '../../protocols/nmea2000/name.ts';
import { GROUP_FUNCTION, PROPRIETARY_FAST, PROPRIETARY_SINGLE } from '../../protocols/nmea2000/pgns.ts';
import type { NodeIdentity } from './node.ts';
import { OWN_ROWS } from './own-data-rows.ts';

export const OWN_MODEL = 'gxd gateway';
/** "Internetwork device", gateway between networks. */
const GATEWAY_CLASS = 25;
const GATEWAY_FUNCTION = 130;
/** Bits of a unique number. */
const UNIQUE_RANGE = 2 ** 21;
/** Each choice of unique numbers is so many. */
const BLOCK = 1000;
const N2K_VERSION = 2.1;

/** What is sent when the gateway is switched on. */
export const SENT_PGNS: readonly number[] = [...new Set(OWN_ROWS.map(({ message }) => message.pgn))];

const TAKEN_PGNS: readonly number[] = [GROUP_FUNCTION, PROPRIETARY_SINGLE, PROPRIETARY_FAST];

export interface OwnFacts {
  /** What VRM knows the gateway by; empty when it is not known. */
  readonly portalId: string;
  /** Which of several blocks of unique numbers is ours: two gateways of one number cannot be on one network. */
  readonly block: number;
  /** `can0` */
  readonly port: string;
  readonly instance: number;
  /** Given by another node's command; empty for none. */
  readonly description: string;
}

export function ownIdentity(facts: OwnFacts): NodeIdentity {
  const { portalId, port, description } = facts;
  return {
    name: ownName(facts),
    product: {
      nmea2000Version: N2K_VERSION,
      productCode: 0,
      modelId: OWN_MODEL,
      softwareVersionCode: VERSION,
      modelVersion: port,
      modelSerialCode: portalId,
      certificationLevel: 0,
      loadEquivalency: 1,
    },
    configuration: { installationDescription1: description, manufacturerInformation: 'gxd' },
    sends: SENT_PGNS,
    takes: TAKEN_PGNS,
  };
}

function ownName({ portalId, block, port, instance }: OwnFacts): Name {
  return {
    uniqueNumber: (hash(`${portalId} ${port}`) + block * BLOCK) % UNIQUE_RANGE,
    manufacturer: VICTRON,
    deviceInstance: instance,
    deviceFunction: GATEWAY_FUNCTION,
    deviceClass: GATEWAY_CLASS,
    systemInstance: 0,
    industry: MARINE,
    arbitraryAddress: true,
  };
}

/** FNV-1a, folded to 21 bits: the same on every start. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return ((value ^ (value >>> 21)) >>> 0) % UNIQUE_RANGE;
}
