import type { Value } from '../../../schema/row.ts';
import type { Picture, SeenDevice } from '../picture.ts';
import { defineTopic } from '../topic.ts';
import { batteryChoice } from './battery-choice.ts';

const SETTING = '/Settings/SystemSetup/BmsInstance';
const AUTOMATIC = -1;
const NONE = -255;

export interface BmsChoice {
  /** The battery whose limits steer the chargers. */
  readonly bms: string | null;
  /** All batteries that tell a charge voltage. */
  readonly all: readonly string[];
}

/** Which battery steers the chargers. */
export const bmsChoice = defineTopic<BmsChoice>({
  name: 'bms-choice',
  about: `Chooses the BMS that steers the chargers: the battery of the instance in ${SETTING}, none (${NONE}), or an automatic choice (${AUTOMATIC}). A battery with a charge voltage limit has a BMS.`,
  reads: {
    devices: { battery: ['/Info/MaxChargeVoltage', '/CustomName', '/ProductName'] },
    settings: [SETTING],
    topics: [batteryChoice],
  },
  publishes: {
    '/ActiveBmsService': 'the BMS that steers the chargers, by its name on the bus',
    '/ActiveBmsInstance': 'its device instance',
    '/AvailableBmsServices': 'all batteries with a BMS: name and instance',
  },
  compute(look, out) {
    const all = look.devices('battery').filter(hasBms);
    out.part(() => out.set('/AvailableBmsServices', all.length === 0 ? null : all.flatMap(listed)));
    const bms = choose(look, all);
    out.set('/ActiveBmsService', bms?.name ?? null);
    out.set('/ActiveBmsInstance', bms?.instance ?? null);
    return { bms: bms?.name ?? null, all: all.map(device => device.name) };
  },
});

function hasBms(device: SeenDevice): boolean {
  return device.number('/Info/MaxChargeVoltage') !== null;
}

function listed(device: SeenDevice): Value[] {
  const given = device.text('/CustomName');
  const name = given === null || given === '' ? device.text('/ProductName') : given;
  return name === null ? [] : [{ name, instance: device.instance }];
}

function choose(look: Picture, all: readonly SeenDevice[]): SeenDevice | undefined {
  const wanted = look.setting(SETTING);
  if (wanted === NONE) {
    look.note(() => `${SETTING} is ${NONE}: no BMS shall steer`);
    return undefined;
  }
  const monitor = look.result(batteryChoice).service;
  const parallel = all.some(isParallel);
  return look.choose(all, {
    what: 'BMS',
    name: device => device.name,
    objections: [
      device =>
        wanted !== AUTOMATIC && device.instance !== wanted ? `${SETTING} selects instance ${wanted}` : undefined,
      device =>
        wanted === AUTOMATIC && parallel && !isParallel(device) ? 'a parallel Lynx system speaks for it' : undefined,
    ],
    rank: device => [device.name === monitor ? 0 : 1, device.instance],
    because: 'the battery monitor first, then the lowest device instance',
  });
}

function isParallel(device: SeenDevice): boolean {
  return device.name.startsWith('com.victronenergy.battery.lynxparallel');
}
