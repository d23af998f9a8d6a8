/** The driver for VE.Direct devices: it listens to the text that they send once a second. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { Link } from '../../ports/link.ts';
import type { DriverSession, SerialDriver, SerialPort } from '../driver.ts';
import { VeDirectSession } from './session.ts';

/** Fact sheet vedirect, section 1. */
const BAUD_RATE = 19_200;

export const veDirectDriver: SerialDriver = {
  name: 'vedirect',
  baudRate: BAUD_RATE,
  signature: /\r\nPID\t0x[0-9A-Fa-f]{3,4}\r\n/,
  begin: (link: Link, port: SerialPort, context: GatewayContext): DriverSession =>
    new VeDirectSession(link, port, context),
};
