/** How devices are called in what the system publishes, and when one counts as connected. */
import type { SeenDevice } from '../picture.ts';

/** What `isConnected` and `readableName` read. */
export const NAME_PATHS = ['/Connected', '/ProductName', '/CustomName', '/Mgmt/Connection'] as const;

/**
 * Services may be on the bus without their device, or before they know it: a device is connected when it says so, and
 * has its product name and its connection.
 */
export function isConnected(device: SeenDevice): boolean {
  return (
    device.number('/Connected') === 1 &&
    device.text('/ProductName') !== null &&
    device.text('/Mgmt/Connection') !== null
  );
}

/** What to hold against a device that is not connected, for a choice. */
export function notConnected(device: SeenDevice): string | undefined {
  return isConnected(device) ? undefined : 'it is not connected (/Connected, /ProductName, /Mgmt/Connection)';
}

/** The name the user gave it, else `BMV-702 on VE.Direct`. */
export function readableName(device: SeenDevice): string {
  const given = device.text('/CustomName');
  if (given !== null && given.trim() !== '') return given;
  return `${device.text('/ProductName') ?? 'None'} on ${device.text('/Mgmt/Connection') ?? 'None'}`;
}
