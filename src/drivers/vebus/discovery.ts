/** What hangs at an interface: which devices, of which kind. */
import type { Clock } from '../../kernel/clock.ts';
import { type InterfaceVersion, LIMIT_UNCHANGED, MODE, type PanelState } from '../../protocols/mk2/interface.ts';
import { answered, askConfig, askDeviceVersion, askDeviceVersionHigh, setState } from '../../protocols/mk2/requests.ts';
import { type Version, versionOf } from '../../protocols/mk2/versions.ts';
import { product } from '../../protocols/vedirect/products.ts';
import type { Mk2Line } from './line.ts';
import { Panel } from './panel.ts';
import { type Installation, VebusSystem } from './system.ts';
import { phaseOfAddress, type Unit } from './units.ts';

const MASTER = 0;
/** Devices of one system at most: three phases of four or more; what a damaged answer might claim is cut off here. */
const UNIT_LIMIT = 16;
const TRIES = 3;
const SILENT: PanelState = { mode: MODE.on, limit: LIMIT_UNCHANGED, silent: true };

/** @returns undefined when no device answered: there is none, or it has no power */
export async function discover(
  line: Mk2Line,
  interfaceVersion: InterfaceVersion,
  clock: Clock,
  installation: () => Installation,
): Promise<VebusSystem | undefined> {
  // Answers are to be passed on, and the devices are not to be told anything yet. Older interfaces may not answer.
  await line.ask(setState(() => SILENT));
  const version = await deviceVersion(line, MASTER);
  if (version === undefined) return undefined;
  const config = answered(await line.ask(askConfig(MASTER), { tries: TRIES }));
  const units: Unit[] = [];
  for (const address of addressesOf(config?.present ?? 1)) {
    const own = address === MASTER ? version : await deviceVersion(line, address);
    if (own !== undefined) units.push(unitOf(units.length, address, own));
  }
  const [master = unitOf(0, MASTER, version)] = units;
  return new VebusSystem({
    line,
    interfaceVersion,
    config,
    master,
    units: units.length === 0 ? [master] : units,
    productName: productName(version),
    panel: new Panel(clock),
    installation,
  });
}

/** The master is always there, whatever the bit mask says. */
function addressesOf(present: number): number[] {
  const addresses = Array.from({ length: 32 }, (_, bit) => bit).filter(bit => bit === MASTER || (present >>> bit) & 1);
  return addresses.slice(0, UNIT_LIMIT);
}

async function deviceVersion(line: Mk2Line, address: number): Promise<Version | undefined> {
  const options = { address, tries: TRIES };
  const low = answered(await line.ask(askDeviceVersion, options));
  if (low === undefined) return undefined;
  if (low.whole) return versionOf(low.number);
  const high = answered(await line.ask(askDeviceVersionHigh, options));
  return high === undefined ? undefined : versionOf(low.number + high * 0x1_0000);
}

function unitOf(index: number, address: number, version: Version): Unit {
  return {
    index,
    address,
    version,
    phase: phaseOfAddress(address),
    serial: undefined,
    settings: new Map(),
    assistants: undefined,
    resetRequired: false,
  };
}

function productName({ productId }: Version): string {
  return product(productId)?.name ?? `VE.Bus device 0x${productId.toString(16).toUpperCase()}`;
}
