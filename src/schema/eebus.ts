/** com.victronenergy.eebus: EEBUS devices. */
import type { Schema } from './row.ts';
import { each, sourced } from './table.ts';
import { int, text } from './units.ts';

export const eebusSchema = {
  ...sourced('names', {
    '/Devices/{name}/AutoAccept': int,
    ...each('/Devices/{name}', text, ['Brand', 'Host', 'Model', 'Name', 'Ski', 'Type']),
    '/Devices/{name}/Trusted': int,
    '/LocalSki': text,
    '/PairingQrCode': text,
    '/TrustedSkis': text,
  }),
} as const satisfies Schema;
