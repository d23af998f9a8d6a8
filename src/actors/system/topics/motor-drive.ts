import { add, type Maybe, over, times } from '../arithmetic.ts';
import type { Outcome } from '../outcome.ts';
import type { Picture, SeenDevice } from '../picture.ts';
import { defineTopic } from '../topic.ts';

const LEFT = '/Settings/Gui/ElectricPropulsionUI/MultiDrive/Left/DeviceInstance';
const RIGHT = '/Settings/Gui/ElectricPropulsionUI/MultiDrive/Right/DeviceInstance';
const ENABLED = '/Settings/Gui/ElectricPropulsionUI/Enabled';
/** In the settings of left and right: not set. */
const NOT_SET = -1;

interface Memory {
  /** A drive was seen: the display was switched on for it, and it is the user's now. */
  readonly seen: string[];
}

/** Electric propulsion. */
export const motorDrive = defineTopic<undefined, Memory>({
  name: 'motor-drive',
  about: 'Electric propulsion: one drive, or a left and a right one that the user has named.',
  reads: {
    devices: { motordrive: ['/Dc/0/Voltage', '/Dc/0/Current', '/Dc/0/Power', '/Motor/RPM'] },
    settings: [LEFT, RIGHT],
  },
  publishes: {
    '/MotorDrive/0/Service': 'the drive, or the left one of two',
    '/MotorDrive/0/DeviceInstance': 'its device instance',
    '/MotorDrive/0/RPM': 'its speed',
    '/MotorDrive/1/Service': 'the right one of two',
    '/MotorDrive/1/DeviceInstance': 'its device instance',
    '/MotorDrive/1/RPM': 'its speed',
    '/MotorDrive/Power': 'power of the drives, or voltage times current of those that tell none',
    '/MotorDrive/Current': 'current of the drives together',
    '/MotorDrive/Voltage': 'voltage of the drive; of two, power over current',
  },
  start: () => ({ seen: [] }),
  compute(look, out, memory) {
    switchDisplayOn(look, out, memory);
    const [left, right] = pair(look);
    if (left !== undefined && right !== undefined) {
      publishDrive(out, 0, left);
      publishDrive(out, 1, right);
      const current = both(left.number('/Dc/0/Current'), right.number('/Dc/0/Current'));
      const power = both(powerOf(left), powerOf(right));
      out.set('/MotorDrive/Current', current);
      out.set('/MotorDrive/Power', power);
      out.set('/MotorDrive/Voltage', over(power, current));
      return undefined;
    }
    const drive = look.choose(look.devices('motordrive'), {
      what: 'motor drive',
      name: device => device.name,
      rank: device => [device.instance],
      because: 'the lowest device instance',
    });
    if (drive === undefined) return undefined;
    publishDrive(out, 0, drive);
    out.set('/MotorDrive/Current', drive.number('/Dc/0/Current'));
    out.set('/MotorDrive/Power', powerOf(drive));
    out.set('/MotorDrive/Voltage', drive.number('/Dc/0/Voltage'));
    return undefined;
  },
});

/** With the first sight of a drive the display shows propulsion. */
function switchDisplayOn(look: Picture, out: Outcome, { seen }: Memory): void {
  const present = look.devices('motordrive').map(drive => drive.name);
  if (present.some(name => !seen.includes(name))) out.setting(ENABLED, 1);
  seen.splice(0, seen.length, ...present);
}

function pair(look: Picture): (SeenDevice | undefined)[] {
  const left = look.setting(LEFT);
  const right = look.setting(RIGHT);
  if (left === NOT_SET || right === NOT_SET || left === right) return [];
  return [left, right].map(instance => look.devices('motordrive').find(drive => drive.instance === instance));
}

function publishDrive(out: Outcome, n: number, drive: SeenDevice): void {
  out.set(`/MotorDrive/${n}/Service`, drive.name);
  out.set(`/MotorDrive/${n}/DeviceInstance`, drive.instance);
  out.copy(`/MotorDrive/${n}/RPM`, drive, '/Motor/RPM');
}

function powerOf(drive: SeenDevice): Maybe {
  return drive.number('/Dc/0/Power') ?? times(drive.number('/Dc/0/Voltage'), drive.number('/Dc/0/Current'));
}

function both(a: Maybe, b: Maybe): Maybe {
  return a === null || b === null ? null : add(a, b);
}
