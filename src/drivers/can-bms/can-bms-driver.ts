/** CAN-bus batteries, as the scanner of CAN interfaces starts them. */
import type { CanDriver } from '../driver.ts';
import { BATTERY_FILTERS, CanBmsSession } from './session.ts';

export const canBmsDriver: CanDriver = {
  name: 'can-bms',
  filters: BATTERY_FILTERS,
  begin: (socket, { name }, context) => new CanBmsSession(socket, name, context),
};
