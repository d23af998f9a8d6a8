/** VE.Can and NMEA 2000, as the scanner of CAN interfaces starts it. */
import type { CanDriver } from '../driver.ts';
import { VECAN_FILTERS } from './filters.ts';
import { VecanSession } from './vecan-session.ts';

export const vecanDriver: CanDriver = {
  name: 'vecan',
  filters: VECAN_FILTERS,
  begin: (socket, port, context) => new VecanSession(socket, port, context),
};
