/** The driver for GPS receivers that speak NMEA 0183. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { Link } from '../../ports/link.ts';
import type { DriverSession, SerialDriver, SerialPort } from '../driver.ts';
import { GpsSession } from './session.ts';

export const gpsDriver: SerialDriver = {
  name: 'gps',
  // Fact sheet gps-nmea0183, section 1; 9600 is what newer receivers come with.
  baudRate: 4_800,
  otherBaudRates: [9_600, 38_400],
  signature: /\$[A-Z]{5},[^$\r\n]*\*[0-9A-F]{2}\r?\n/,
  begin: (_link: Link, port: SerialPort, context: GatewayContext): DriverSession => new GpsSession(port, context),
};
