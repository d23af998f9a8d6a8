/** What the user has told the gateway about the AC inputs. */
import type { ActorWorld } from '../../bus/gateway-context.ts';
import { SETTINGS_SERVICE } from '../../bus/settings-client.ts';
import type { Installation } from './system.ts';

export function installationOf(world: ActorWorld): Installation {
  const number = (path: string): number | null => {
    const value = world.value(SETTINGS_SERVICE, path);
    return typeof value === 'number' ? value : null;
  };
  return {
    acInput1: number('/Settings/SystemSetup/AcInput1'),
    acInput2: number('/Settings/SystemSetup/AcInput2'),
    gridLostAlarm: number('/Settings/Alarm/System/GridLost'),
  };
}
