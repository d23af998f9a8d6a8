/** Which drivers may own which port (fact sheet serial-starter, sections 2 and 3). */
import type { PortFacts } from '../../ports/serial-ports.ts';

export interface PortRule {
  /** Names of drivers, in the order of trying. Empty: the port is left alone. */
  readonly drivers: readonly string[];
  /** Nothing else can hang there: the driver may speak first. */
  readonly designated: boolean;
  /** For `/Mgmt/Connection`; undefined where the driver knows best. */
  readonly connection?: string;
  /** For people: which rule it was. */
  readonly why: string;
}

interface Adapter {
  readonly product?: string;
  /** vendor:product */
  readonly usb?: string;
  readonly drivers: readonly string[];
  readonly designated?: true;
  readonly what: string;
}

/** Nothing is known of the adapter: what `alias default` of the image stands for. */
const UNKNOWN_USB = ['gps', 'vedirect'];
/** No adapter at all: a port of a serial server, a pseudo terminal. */
const ANY = ['vedirect', 'gps', 'et112', 'vebus'];

const ADAPTERS: readonly Adapter[] = [
  { product: 'VE_Direct_cable', drivers: ['vedirect'], designated: true, what: 'VE.Direct cable' },
  { product: 'FT232EX', drivers: ['vedirect'], designated: true, what: 'older VE.Direct cable' },
  { product: 'MK3-USB_Interface', drivers: ['vebus'], designated: true, what: 'MK3 interface' },
  // Generic chips: what is heard without a word goes first, what has to be asked last.
  { product: 'FT232R_USB_UART', drivers: ['vedirect', 'gps', 'et112'], what: 'RS485 cable, or any other of this chip' },
  { product: 'CP2102_USB_to_UART_Bridge_Controller', drivers: ['vedirect', 'gps', 'et112'], what: 'RS485 adapter' },
  { usb: '1a86:7523', drivers: ['vedirect', 'gps', 'et112'], what: 'adapter of many kinds' },
  { product: 'USB-RS485_Cable', drivers: ['et112'], designated: true, what: 'RS485 cable' },
  { product: 'USB485_Iso_stick', drivers: ['et112'], designated: true, what: 'RS485 stick' },
  { product: 'VE_SLCAN_Interface', drivers: [], what: 'CAN interface' },
  { usb: '05c6:9000', drivers: [], what: 'modem' },
  { usb: '1e0e:9001', drivers: [], what: 'modem' },
  { usb: '067b:2303', drivers: ['gps', 'vedirect', 'et112'], what: 'adapter that GPS receivers have' },
  { usb: '1546:01a7', drivers: ['gps'], what: 'GPS receiver' },
  { usb: '1546:01a8', drivers: ['gps'], what: 'GPS receiver' },
];

interface BoardPorts {
  readonly name: string;
  /** Product ids of the board. */
  readonly boards: readonly string[];
  readonly vedirect: readonly string[];
  readonly vebus?: string;
}

/** Ports built into boards. */
const BOARD_PORTS: readonly BoardPorts[] = [
  { name: 'CCGX', boards: ['C001'], vedirect: ['ttyO2', 'ttyO0'], vebus: 'ttyO1' },
  { name: 'Venus GX', boards: ['C002', 'C006'], vedirect: ['ttyO2', 'ttyO4'], vebus: 'ttyO5' },
  { name: 'Cerbo GX', boards: ['C00A', 'C014'], vedirect: ['ttyS5', 'ttyS6', 'ttyS7'], vebus: 'ttyS4' },
  {
    name: 'Cerbo GX MK2',
    boards: ['C012'],
    vedirect: ['ttyS1', 'ttyS2', 'ttyS3', 'ttyS5', 'ttyS6', 'ttyS7'],
    vebus: 'ttyS4',
  },
  { name: 'EasySolar', boards: ['C007', 'C00B', 'C00E'], vedirect: ['ttyS1', 'ttyS2'], vebus: 'ttyS3' },
  { name: 'Ekrano GX', boards: ['C013'], vedirect: ['ttyS1', 'ttyS3', 'ttyUSB0'], vebus: 'ttyS2' },
  { name: 'Maxi GX', boards: ['C009', 'C00D', 'C010'], vedirect: ['ttyS2'] },
];

/** VE_SERVICE and VE_PRODUCT of the udev rules → driver. The programs we have no driver for are the work of others. */
const SERVICES: Readonly<Record<string, readonly string[]>> = {
  vedirect: ['vedirect'],
  'builtin-vedirect': ['vedirect'],
  'vedirect-or-vegetty': ['vedirect'],
  mkx: ['vebus'],
  'builtin-mkx': ['vebus'],
  'builtin-mkx-no-settings-suffix': ['vebus'],
  gps: ['gps'],
  rs485: ['et112'],
  cgwacs: ['et112'],
  default: UNKNOWN_USB,
  ignore: [],
};

/**
 * @param board product id of the board: `C001`
 * @param known names of the drivers there are
 */
export function ruleFor(tty: string, facts: PortFacts, board: string, known: readonly string[]): PortRule {
  const rule = bySystem(facts) ?? byBoard(tty, board) ?? byAdapter(facts) ?? unknown(facts);
  return { ...rule, drivers: rule.drivers.filter(name => known.includes(name)) };
}

/** The rules of the image have the say, for they know the board and what its owner has added. */
function bySystem({ veService, veProduct, bus }: PortFacts): PortRule | undefined {
  const named = [veService, veProduct].find(name => name !== undefined && name !== '');
  if (named === undefined) return undefined;
  // `rs485:default`: one list after the other; of programs that we have no driver for nothing is left.
  const drivers = [...new Set(named.split(':').flatMap(name => SERVICES[name] ?? []))];
  const connection = bus === 'platform' && drivers[0] === 'vedirect' ? { connection: 'VE.Direct' } : {};
  return { drivers, designated: drivers.length === 1, why: `udev says ${named}`, ...connection };
}

function byBoard(tty: string, board: string): PortRule | undefined {
  const ports = BOARD_PORTS.find(({ boards }) => boards.includes(board.toUpperCase()));
  if (ports === undefined) return undefined;
  if (ports.vebus === tty)
    return { drivers: ['vebus'], designated: true, connection: 'VE.Bus', why: `VE.Bus port of the ${ports.name}` };
  if (!ports.vedirect.includes(tty)) return undefined;
  return {
    drivers: ['vedirect'],
    designated: true,
    connection: 'VE.Direct',
    why: `VE.Direct port of the ${ports.name}`,
  };
}

function byAdapter({ product, vendorId, productId }: PortFacts): PortRule | undefined {
  const usb = vendorId === undefined || productId === undefined ? undefined : `${vendorId}:${productId}`;
  const adapter = ADAPTERS.find(
    one => (one.product !== undefined && one.product === product) || (one.usb !== undefined && one.usb === usb),
  );
  if (adapter === undefined) return undefined;
  return { drivers: adapter.drivers, designated: adapter.designated === true, connection: 'USB', why: adapter.what };
}

function unknown({ bus, product }: PortFacts): PortRule {
  if (bus === 'platform')
    return { drivers: [], designated: false, why: 'a port of the board, for nobody that we know' };
  if (bus === 'usb')
    return {
      drivers: UNKNOWN_USB,
      designated: false,
      connection: 'USB',
      why: `USB adapter ${product ?? 'of no name'}`,
    };
  return { drivers: ANY, designated: false, why: 'nothing is known of the port' };
}
