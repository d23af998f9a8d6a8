/** The setting of each port: which driver it is for, or that it is left alone. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import { SETTINGS_SERVICE, type SettingsOf } from '../../bus/settings-client.ts';
import type { SettingRow } from '../../schema/setting-row.ts';
import { AUTOMATIC } from './port-watch.ts';

/** A settings service that is there answers within this time, or the port is begun without it. */
const SETTINGS_MS = 500;
/** Ports that get a setting of their own. */
const PORT_LIMIT = 64;

/** `/Settings/SerialPorts/ttyUSB0/Driver`: empty (automatic), `ignore`, or the name of a driver. */
function pinSetting(tty: string): SettingRow {
  return {
    path: `/Settings/SerialPorts/${tty}/Driver`,
    type: 's',
    default: AUTOMATIC,
    label: 'Driver of the port',
    source: 'program',
  };
}

export class PortPins {
  readonly #context: GatewayContext;
  readonly #changed: (tty: string, pin: string) => void;
  readonly #declared = new Map<string, Promise<SettingsOf<'driver'>>>();

  /** @param changed hears of every setting that is made, also of one known late */
  constructor(context: GatewayContext, changed: (tty: string, pin: string) => void) {
    this.#context = context;
    this.#changed = changed;
  }

  /** What the setting says, or automatic when nobody says so in time. */
  of(tty: string): Promise<string> {
    const declared = this.#declare(tty);
    if (declared === undefined || this.#context.world.service(SETTINGS_SERVICE) === undefined)
      return Promise.resolve(AUTOMATIC);
    return new Promise((resolve, reject) => {
      const timer = this.#context.clock.after(SETTINGS_MS, () => resolve(AUTOMATIC));
      declared.then(settings => {
        timer.cancel();
        resolve(settings.string('driver'));
      }, reject);
    });
  }

  #declare(tty: string): Promise<SettingsOf<'driver'>> | undefined {
    const known = this.#declared.get(tty);
    if (known !== undefined || this.#declared.size >= PORT_LIMIT) return known;
    const declared = this.#context.settings.declare({ driver: pinSetting(tty) });
    this.#declared.set(tty, declared);
    this.#context.spawn(
      declared.then(settings => {
        this.#changed(tty, settings.string('driver'));
        settings.onChange((_key, value) => this.#changed(tty, String(value)));
      }),
    );
    return declared;
  }
}
