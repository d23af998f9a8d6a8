/** The package `serialport`, in a part of the program of its own: it is imported where there is a port. */
export { SerialPort } from 'serialport';
