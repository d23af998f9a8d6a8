/** Messages that every node of a network knows (fact sheet vecan-n2k, sections 3 and 4). */
import { choice, countedText, flags, gap, text, u8, u16, unsigned } from '../field.ts';
import {
  CERTIFICATION_LEVELS,
  CONTROLLER_STATES,
  DEVICE_CLASSES,
  EQUIPMENT_STATES,
  INDUSTRIES,
  ISO_CONTROLS,
  LIST_FUNCTIONS,
  NO_YES,
} from '../meanings.ts';
import type { Message } from '../message.ts';

/** Of the texts of the product information. */
const PRODUCT_TEXT_OCTETS = 32;

export const isoAcknowledgement = {
  pgn: 59_392,
  name: 'isoAcknowledgement',
  kind: 'single',
  priority: 6,
  fields: [choice('control', 8, ISO_CONTROLS), u8('groupFunction'), gap(24), flags('pgn', 24)],
} as const satisfies Message;

export const isoRequest = {
  pgn: 59_904,
  name: 'isoRequest',
  kind: 'single',
  priority: 6,
  short: true,
  fields: [flags('pgn', 24)],
} as const satisfies Message;

/** See name.ts, which has the NAME as one number too. */
export const addressClaim = {
  pgn: 60_928,
  name: 'isoAddressClaim',
  kind: 'single',
  priority: 6,
  fields: [
    flags('uniqueNumber', 21),
    flags('manufacturerCode', 11),
    flags('deviceInstanceLower', 3),
    flags('deviceInstanceUpper', 5),
    flags('deviceFunction', 8),
    flags('spare', 1),
    unsigned('deviceClass', 7, 1, undefined, { everyCode: true, meanings: DEVICE_CLASSES }),
    flags('systemInstance', 4),
    unsigned('industryGroup', 3, 1, undefined, { everyCode: true, meanings: INDUSTRIES }),
    choice('arbitraryAddressCapable', 1, NO_YES),
  ],
} as const satisfies Message;

export const commandedAddress = {
  pgn: 65_240,
  name: 'isoCommandedAddress',
  kind: 'iso',
  priority: 6,
  fields: [...addressClaim.fields, flags('newSourceAddress', 8)],
} as const satisfies Message;

export const pgnList = {
  pgn: 126_464,
  name: 'pgnListTransmitAndReceive',
  kind: 'fast',
  priority: 6,
  fields: [choice('functionCode', 8, LIST_FUNCTIONS)],
  repeated: [flags('pgn', 24)],
} as const satisfies Message;

export const heartbeat = {
  pgn: 126_993,
  name: 'heartbeat',
  kind: 'single',
  priority: 7,
  intervalMs: 60_000,
  fields: [
    u16('dataTransmitOffset', 0.01, 's'),
    u8('sequenceCounter'),
    choice('controller1State', 2, CONTROLLER_STATES),
    choice('controller2State', 2, CONTROLLER_STATES),
    choice('equipmentStatus', 2, EQUIPMENT_STATES),
    gap(34),
  ],
} as const satisfies Message;

export const productInformation = {
  pgn: 126_996,
  name: 'productInformation',
  kind: 'fast',
  priority: 6,
  fields: [
    u16('nmea2000Version', 0.001),
    u16('productCode'),
    text('modelId', PRODUCT_TEXT_OCTETS),
    text('softwareVersionCode', PRODUCT_TEXT_OCTETS),
    text('modelVersion', PRODUCT_TEXT_OCTETS),
    text('modelSerialCode', PRODUCT_TEXT_OCTETS),
    choice('certificationLevel', 8, CERTIFICATION_LEVELS),
    u8('loadEquivalency'),
  ],
} as const satisfies Message;

export const configurationInformation = {
  pgn: 126_998,
  name: 'configurationInformation',
  kind: 'fast',
  priority: 6,
  fields: [
    countedText('installationDescription1'),
    countedText('installationDescription2'),
    countedText('manufacturerInformation'),
  ],
} as const satisfies Message;
