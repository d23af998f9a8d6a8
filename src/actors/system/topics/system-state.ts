import type { Picture, SeenDevice } from '../picture.ts';
import { defineTopic } from '../topic.ts';
import { batteryChoice } from './battery-choice.ts';
import { batteryLife } from './ess/battery-life.ts';
import { vebusChoice } from './vebus-choice.ts';

const HUB4_MODE = '/Settings/CGwacs/Hub4Mode';
const MAX_CHARGE_CURRENT = '/Settings/SystemSetup/MaxChargeCurrent';
const MAX_DISCHARGE_POWER = '/Settings/CGwacs/MaxDischargePower';

/** Hub4Mode in which a program of the user sets the power. */
const EXTERNAL_HUB4_MODE = 3;
/** VE.Bus main states in which the inverter/charger is connected: bypass and charge. */
const BYPASS = 8;
const CHARGE = 9;
/** Below this the battery counts as discharging. Watts. */
const DISCHARGING_POWER = -30;

/** States beyond those of the inverter/charger. */
const STATE = {
  unknown: 0,
  externalControl: 0xfc,
  discharging: 0x100,
  sustain: 0x101,
  recharge: 0x102,
  scheduledCharge: 0x103,
  batteryProtect: 0x105,
} as const;

/** States of BatteryLife, and of ESS without it. */
const LIFE = {
  normal: [2, 3, 4, 10],
  discharged: [5, 11],
  dischargedWithBatteryLife: 5,
  recharging: [6, 8, 12],
  slowCharge: 6,
  keepCharged: 9,
} as const;

interface Flags {
  LowSoc: boolean;
  BatteryLife: boolean;
  ChargeDisabled: boolean;
  DischargeDisabled: boolean;
  SlowCharge: boolean;
  UserChargeLimited: boolean;
  UserDischargeLimited: boolean;
  PeakShaving: boolean;
}

/** What the system is doing, in one number. */
export const systemState = defineTopic({
  name: 'system-state',
  about: 'What the system is doing: the state of the inverter/charger, and with ESS what ESS makes of it, and why.',
  reads: {
    devices: {
      vebus: [
        '/State',
        '/VebusMainState',
        '/Hub4/AssistantId',
        '/Hub4/Sustain',
        '/Hub4/BatteryOvervoltageProtectionActivated',
        '/Bms/AllowToCharge',
        '/Bms/AllowToDischarge',
        '/BatteryOperationalLimits/MaxChargeVoltage',
        '/BatteryOperationalLimits/MaxChargeCurrent',
        '/BatteryOperationalLimits/MaxDischargeCurrent',
      ],
      acsystem: ['/State'],
      inverter: ['/State'],
      battery: ['/Info/ChargeRequest', '/Info/MaxChargeCurrent', '/Info/MaxDischargeCurrent'],
      hub4: ['/IsPeakShaving'],
    },
    settings: [HUB4_MODE, MAX_CHARGE_CURRENT, MAX_DISCHARGE_POWER],
    own: ['/Dc/Battery/Power', '/Control/ScheduledCharge'],
    topics: [vebusChoice, batteryChoice, batteryLife],
  },
  publishes: {
    '/SystemState/State':
      'the state of the inverter/charger; external control for a managed battery; with ESS discharging, sustain, recharge, scheduled charge or battery protection',
    '/SystemState/LowSoc': 'ESS has stopped discharging at the minimum state of charge',
    '/SystemState/BatteryLife': 'that minimum was raised by BatteryLife',
    '/SystemState/ChargeDisabled': 'the BMS allows no charging',
    '/SystemState/DischargeDisabled': 'the BMS allows no discharging',
    '/SystemState/SlowCharge': 'ESS charges slowly, as the battery was low for more than a day',
    '/SystemState/UserChargeLimited': 'the user has set the charge current to 0',
    '/SystemState/UserDischargeLimited': 'the user has set the discharge power to 0',
    '/SystemState/PeakShaving': 'ESS is limiting what comes from the grid',
  },
  compute(look, out) {
    const flags: Flags = {
      LowSoc: false,
      BatteryLife: false,
      ChargeDisabled: false,
      DischargeDisabled: false,
      SlowCharge: false,
      UserChargeLimited: false,
      UserDischargeLimited: false,
      PeakShaving: false,
    };
    const vebus = look.device(look.result(vebusChoice).multi);
    out.set('/SystemState/State', vebus === undefined ? withoutVebus(look, flags) : withVebus(look, vebus, flags));
    out.set('/SystemState/LowSoc', Number(flags.LowSoc));
    out.set('/SystemState/BatteryLife', Number(flags.BatteryLife));
    out.set('/SystemState/ChargeDisabled', Number(flags.ChargeDisabled));
    out.set('/SystemState/DischargeDisabled', Number(flags.DischargeDisabled));
    out.set('/SystemState/SlowCharge', Number(flags.SlowCharge));
    out.set('/SystemState/UserChargeLimited', Number(flags.UserChargeLimited));
    out.set('/SystemState/UserDischargeLimited', Number(flags.UserDischargeLimited));
    out.set('/SystemState/PeakShaving', Number(flags.PeakShaving));
  },
});

function withoutVebus(look: Picture, flags: Flags): number | null {
  const monitor = look.device(look.result(batteryChoice).service);
  if (monitor?.type === 'battery') {
    flags.ChargeDisabled = monitor.number('/Info/MaxChargeCurrent') === 0;
    flags.DischargeDisabled = monitor.number('/Info/MaxDischargeCurrent') === 0;
  }
  const inverter = look.devices('acsystem')[0] ?? look.devices('inverter')[0];
  return inverter === undefined ? STATE.unknown : inverter.number('/State');
}

function withVebus(look: Picture, vebus: SeenDevice, flags: Flags): number | null {
  const hasEss = vebus.number('/Hub4/AssistantId') !== null;
  const mainState = vebus.number('/VebusMainState');
  const steered = hasEss && look.setting(HUB4_MODE) === EXTERNAL_HUB4_MODE;
  const managed = vebus.number('/BatteryOperationalLimits/MaxChargeVoltage') !== null;
  const state = steered || (mainState === CHARGE && managed) ? STATE.externalControl : vebus.number('/State');
  if (!hasEss || (mainState !== BYPASS && mainState !== CHARGE)) return state;
  setFlags(look, vebus, flags);
  return essState(look, vebus) ?? state;
}

function setFlags(look: Picture, vebus: SeenDevice, flags: Flags): void {
  const life = look.result(batteryLife).stateBefore;
  const charge = vebus.number('/Bms/AllowToCharge');
  const discharge = vebus.number('/Bms/AllowToDischarge');
  if (charge !== null && discharge !== null) {
    flags.ChargeDisabled = charge === 0;
    flags.DischargeDisabled = discharge === 0;
  } else {
    flags.ChargeDisabled = vebus.number('/BatteryOperationalLimits/MaxChargeCurrent') === 0;
    flags.DischargeDisabled = vebus.number('/BatteryOperationalLimits/MaxDischargeCurrent') === 0;
  }
  flags.UserChargeLimited = look.setting(MAX_CHARGE_CURRENT) === 0;
  flags.UserDischargeLimited = look.setting(MAX_DISCHARGE_POWER) === 0 && life !== LIFE.keepCharged;
  flags.PeakShaving = look.devices('hub4').some(hub4 => hub4.number('/IsPeakShaving') === 1);
  if (isScheduled(look, life)) return;
  flags.LowSoc = isOneOf(LIFE.discharged, life);
  flags.BatteryLife = life === LIFE.dischargedWithBatteryLife;
  flags.SlowCharge = life === LIFE.slowCharge;
}

/** What ESS does; undefined when that is nothing of its own. */
function essState(look: Picture, vebus: SeenDevice): number | undefined {
  const life = look.result(batteryLife).stateBefore;
  const monitor = look.device(look.result(batteryChoice).service);
  if (monitor?.type === 'battery' && monitor.number('/Info/ChargeRequest') === 1) return STATE.recharge;
  if (vebus.number('/Hub4/BatteryOvervoltageProtectionActivated') === 1) return STATE.batteryProtect;
  if (vebus.number('/Hub4/Sustain') === 1) return STATE.sustain;
  if (isScheduled(look, life)) return STATE.scheduledCharge;
  if (isOneOf(LIFE.recharging, life)) return STATE.recharge;
  if (isOneOf(LIFE.normal, life) && (look.ownNumber('/Dc/Battery/Power') ?? 0) < DISCHARGING_POWER)
    return STATE.discharging;
  return undefined;
}

function isScheduled(look: Picture, life: number | null): boolean {
  return life !== LIFE.keepCharged && look.ownNumber('/Control/ScheduledCharge') === 1;
}

function isOneOf(states: readonly number[], state: number | null): boolean {
  return state !== null && states.includes(state);
}
