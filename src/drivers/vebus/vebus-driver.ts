/** The driver for VE.Bus devices behind an MK2 or MK3 interface. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { Link } from '../../ports/link.ts';
import type { DriverSession, SerialDriver, SerialPort } from '../driver.ts';
import { VebusSession } from './session.ts';

/** Fact sheet mk2-vebus, section 1. */
const BAUD_RATE = 2_400;
/** Interfaces inside a gateway may run at this rate (recorded once; how it is agreed upon is not known). */
const FAST_BAUD_RATE = 115_200;

export const vebusDriver: SerialDriver = {
  name: 'vebus',
  baudRate: BAUD_RATE,
  otherBaudRates: [FAST_BAUD_RATE],
  // A version frame: length, 0xFF, V.
  signature: /\xffV/,
  begin: (link: Link, port: SerialPort, context: GatewayContext): DriverSession =>
    new VebusSession(link, port, context),
};
