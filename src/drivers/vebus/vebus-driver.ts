/** The driver for VE.Bus devices behind an MK2 or MK3 interface. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { Link } from '../../ports/link.ts';
import type { DriverSession, SerialDriver, SerialPort } from '../driver.ts';
import { BAUD_RATE, VebusSession } from './session.ts';

export const vebusDriver: SerialDriver = {
  name: 'vebus',
  baudRate: BAUD_RATE,
  begin: (link: Link, port: SerialPort, context: GatewayContext): DriverSession =>
    new VebusSession(link, port, context),
};
