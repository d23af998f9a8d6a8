/** A plant with a VE.Bus ESS: an inverter/charger with the assistant, and the program that leads it. */

import { type PlantOptions, SystemPlant } from './system-plant.ts';

export const LIFE = '/Settings/CGwacs/BatteryLife';
export const SHEDDING = '/Settings/LoadSheddingApi';
export const PLAN = '/Settings/DynamicEss';
const MULTI = 'vebus.ttyO1';

export class EssPlant extends SystemPlant {
  constructor(settings: NonNullable<PlantOptions['settings']>, soc = 50) {
    super({ settings: { '/Settings/SystemSetup/AcInput1': 1, '/Settings/System/TimeZone': 'UTC', ...settings } });
    this.add(MULTI, {
      '/Devices/0/Assistants': [],
      '/Hub4/AssistantId': 5,
      '/Hub4/Sustain': 0,
      '/Ac/ActiveIn/ActiveInput': 0,
      '/Ac/NumberOfAcInputs': 1,
      '/Ac/Control/IgnoreAcIn1': 0,
      '/Ac/State/AcIn1Available': 1,
      '/Ac/Out/L1/P': 0,
      '/State': 3,
      '/VebusMainState': 9,
      '/Soc': soc,
      '/ExtraBatteryCurrent': 0,
      '/Dc/0/Voltage': 52,
      '/Dc/0/Current': 0,
    });
    this.add('hub4', {
      '/Overrides/ForceCharge': 0,
      '/Overrides/MaxDischargePower': -1,
      '/Overrides/Setpoint': null,
      '/Overrides/FeedInExcess': 0,
      '/Pv/Disable': 0,
    });
    this.add('grid.ttyUSB0', { '/DeviceInstance': 30, '/Ac/L1/Power': 0 });
  }

  /** What the inverter/charger tells of the battery. Percent. */
  soc(percent: number): void {
    this.multi('/Soc', percent);
  }

  multi(path: string, value: number | null): void {
    this.set(MULTI, path, value);
  }

  multiAt(path: string): unknown {
    return this.bus.get(`com.victronenergy.${MULTI}`, path);
  }

  setting(path: string, value: number): void {
    this.settings?.set(path, value);
  }

  settingAt(path: string): unknown {
    return this.bus.get('com.victronenergy.settings', path);
  }

  /** `ForceCharge` → the order as it stands. */
  order(name: string): unknown {
    return this.bus.get('com.victronenergy.hub4', `/Overrides/${name}`);
  }

  /** A time from the virtual clock's now on, as settings want it. Unix seconds. */
  secondsFromNow(seconds: number): number {
    return Math.floor(this.clock.wall() / 1000) + seconds;
  }
}
