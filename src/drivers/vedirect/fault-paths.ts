/** Where the faults of a VE.Direct line are counted on D-Bus. */
import type { FaultCounts } from '../../protocols/vedirect/text-parser.ts';

export const FAULT_PATHS: readonly (readonly [count: (faults: FaultCounts) => number, path: string])[] = [
  [faults => faults.textChecksum, '/VEDirect/TextChecksumErrors'],
  [faults => faults.textUnfinished, '/VEDirect/TextUnfinishedErrors'],
  [
    faults => faults.labelTooLong + faults.valueTooLong + faults.badCharacter + faults.tooManyFields,
    '/VEDirect/TextParseError',
  ],
  [faults => faults.hexChecksum, '/VEDirect/HexChecksumErrors'],
  [faults => faults.hexInvalidCharacter, '/VEDirect/HexInvalidCharacterErrors'],
  [faults => faults.hexUnfinished + faults.hexTooLong, '/VEDirect/HexUnfinishedErrors'],
];
