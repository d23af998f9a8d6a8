/** The commands of gxd, in the order of the help. */
import type { CliIo } from './io.ts';

/** Runs a command with what stands behind its name. @returns the exit code */
export type Command = (args: readonly string[], io: CliIo) => Promise<number>;

export interface CommandRow {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly details?: string;
  readonly load: () => Promise<Command>;
}

export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'run',
    usage: 'run [OPTIONS]',
    summary: 'runs the gateway on the system bus',
    details: [
      'The bus is the one of DBUS_SYSTEM_BUS_ADDRESS, else the system bus.',
      '  --data DIR          where everything lies that must survive (default /data)',
      '  --only ACTOR,…      runs these actors alone, beside others in processes of their own',
      '  --without ACTOR,…   runs all but these',
      '  --serial PATTERN,…  serial ports to look at; tcp://HOST:PORT is one too',
      '                      (default /dev/ttyUSB*,/dev/ttyACM*,/dev/ttyO*,/dev/ttyS*)',
      '  --serial-locks DIR  where serial programs lock their ports (default /var/lock/serial-starter; empty: none)',
      '  --gpio DIR          where relays and digital inputs are linked by name (default /dev/gpio)',
      '  --can NAME,…        CAN interfaces to look at; can0=tcp://HOST:PORT is one over TCP (socketcand) (default *)',
      '  --modbus-port PORT  of the Modbus TCP gateway (default: as the settings say, 502)',
      '  --log LEVEL         debug, info, warn or error; ACTOR=LEVEL,… for single actors (default info)',
      'Ends with 2 for a wrong option, 3 without a bus, 4 when the data folder cannot be written.',
    ].join('\n'),
    load: async () => (await import('./run.ts')).runCommand,
  },
  {
    name: 'demo',
    usage: 'demo [OPTIONS] [CAPTURE…]',
    summary: 'runs gxd with a small simulated plant on a private bus and shows what it makes of it',
    details: [
      'Needs dbus-daemon and socat. The plant is a battery monitor, two solar chargers, a GPS receiver and an',
      'inverter/charger on serial ports, and the BMS of their battery and a third solar charger on CAN. Each CAPTURE is',
      'a recorded VE.Direct stream, to be replayed instead.',
      '  --seconds N   ends after so long (default: at Ctrl-C)',
    ].join('\n'),
    load: async () => (await import('./demo.ts')).demoCommand,
  },
  {
    name: 'simulate',
    usage: 'simulate KIND [--link pty|pty:PATH|tcp:PORT]',
    summary: 'is a device for a driver to find: bmv, mppt, gps, multi, et112; or one on CAN',
    details: [
      'Needs socat for a pty. The port of a gateway is then that path, or tcp://127.0.0.1:PORT (gxd run --serial).',
      '  --link LINK   pty (default), pty:PATH for a path of your choice, or tcp:PORT (0 is a free one)',
      'On CAN: vecan-mppt, vecan-shunt, vecan-tank, vecan-gps, and can-bms, a battery of 48 V: can-bms:generic, or of a',
      'make: lg, pylontech, byd, freedomwon, rec.',
      '  --link LINK   tcp:PORT (default tcp:0): a CAN bus of its own, served in the form of socketcand',
      '                (gxd run --can can0=tcp://127.0.0.1:PORT); can:NAME for an interface of the machine',
    ].join('\n'),
    load: async () => (await import('./simulate.ts')).simulateCommand,
  },
  {
    name: 'can',
    usage: 'can list|dump|send …',
    summary: 'shows CAN interfaces and the frames on them, and sends frames',
    details: [
      '  can list [NAME,…]            the interfaces, how they stand, what they have counted',
      '  can dump NAME [ID:MASK…]     prints frames as candump does; filters are set in the kernel',
      '    --count N --seconds N      ends after so many, or so long',
      '  can send NAME ID#DATA…       sends frames as cansend does: 351#1402B004, 09F80103#0011',
      'NAME is can0, or can0=tcp://HOST:PORT[/BUS] for a bus over TCP (socketcand).',
    ].join('\n'),
    load: async () => (await import('./can.ts')).canCommand,
  },
  {
    name: 'ports',
    usage: 'ports [--json]',
    summary: 'shows what is done at each serial port and CAN interface, and why',
    load: async () => (await import('./ports.ts')).portsCommand,
  },
  {
    name: 'ls',
    usage: 'ls [SERVICE] [--json]',
    summary: 'lists the services on the bus, or the items of one',
    details: 'com.victronenergy. in front of a service may be left out, here and everywhere.',
    load: async () => (await import('./ls.ts')).lsCommand,
  },
  {
    name: 'get',
    usage: 'get SERVICE PATH [--json]',
    summary: 'reads a value, or all values below a path',
    load: async () => (await import('./get.ts')).getCommand,
  },
  {
    name: 'text',
    usage: 'text SERVICE PATH [--json]',
    summary: 'reads the text of a value, with its unit',
    load: async () => (await import('./get.ts')).textCommand,
  },
  {
    name: 'set',
    usage: 'set SERVICE PATH VALUE [--string|--int|--float] [--json]',
    summary: 'writes a value; null makes it invalid',
    load: async () => (await import('./set.ts')).setCommand,
  },
  {
    name: 'watch',
    usage: 'watch [SERVICE [PATH]] [--json]',
    summary: 'shows changes as they come',
    load: async () => (await import('./watch.ts')).watchCommand,
  },
  {
    name: 'why',
    usage: 'why SERVICE PATH [--json]',
    summary: 'tells why a calculated value is what it is',
    load: async () => (await import('./why.ts')).whyCommand,
  },
  {
    name: 'modbus',
    usage: 'modbus map|read|write …',
    summary: 'prints the Modbus register map; reads and writes registers of any gateway',
    load: async () => (await import('./modbus.ts')).modbusCommand,
  },
];
