/** The bus that a command works on. */

import { systemBusAddress } from '../bus/dbus/address.ts';
import { DbusBus } from '../bus/dbus/dbus-bus.ts';
import type { Clock } from '../kernel/clock.ts';
import { LogBook } from '../kernel/log.ts';
import { seededRandom } from '../kernel/random.ts';

/**
 * Connects to the bus of DBUS_SYSTEM_BUS_ADDRESS, else to the system bus. Rejects with a Fault (bus) when there is
 * none. Commands for a person give no `logs`: what they find out they say themselves.
 */
export function openBus(clock: Clock, logs: LogBook = new LogBook(clock, () => {})): Promise<DbusBus> {
  return DbusBus.open({
    address: systemBusAddress(process.env),
    clock,
    random: seededRandom(process.pid),
    log: logs.for('bus'),
  });
}
