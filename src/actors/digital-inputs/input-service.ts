/** One input on the bus: com.victronenergy.digitalinput.input01, or com.victronenergy.pulsemeter.input01. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import { type PublishedService, SET_DONE, SET_REFUSED } from '../../bus/published-service.ts';
import type { SettingsOf } from '../../bus/settings-client.ts';
import { VERSION } from '../../kernel/version.ts';
import type { InputNames } from '../../ports/gpio.ts';
import { digitalinputSchema } from '../../schema/digitalinput.ts';
import { pulsemeterSchema } from '../../schema/pulsemeter.ts';
import type { Value } from '../../schema/row.ts';
import { INSTANCE, instanceOf } from './input-settings.ts';
import { type PulseMeterType, STATE_PAIRS, type StateType } from './input-types.ts';
import type { PulseCount } from './pulse-count.ts';

/** Settings that clients write at the service; a pulse meter has one more. */
const OWN_SETTINGS = ['AlarmSetting', 'InvertTranslation', 'InvertAlarm'];
const METER_SETTINGS = [...OWN_SETTINGS, 'Multiplier'];
const ALARM = 2;

export interface InputServiceOptions {
  readonly line: InputNames & { readonly name: string };
  /** `/Settings/DigitalInput/1/Type` */
  readonly type: number;
  readonly kind: PulseMeterType | StateType;
  readonly settings: SettingsOf<string>;
  readonly count: PulseCount;
}

export class InputService {
  readonly #options: InputServiceOptions;
  readonly #service: PublishedService;

  private constructor(options: InputServiceOptions, service: PublishedService) {
    this.#options = options;
    this.#service = service;
  }

  static async publish(
    context: GatewayContext,
    options: InputServiceOptions,
    high: boolean | null,
  ): Promise<InputService> {
    const { kind, line, settings } = options;
    const made: InputService[] = [];
    await context.publish({
      name: `com.victronenergy.${kind.service}.${busName(line.id)}`,
      schema: kind.service === 'pulsemeter' ? pulsemeterSchema : digitalinputSchema,
      identity: {
        processName: 'gxd',
        processVersion: VERSION,
        connection: line.name,
        deviceInstance: instanceOf(settings.get(INSTANCE)) ?? line.instance,
        productId: kind.productId,
        productName: kind.name,
        firmwareVersion: null,
        hardwareVersion: null,
        connected: 1,
        customName: settings.string('CustomName'),
      },
      prepare: service => {
        // Both schemas are written to by names that are known at run time only.
        const input = new InputService(options, service as unknown as PublishedService);
        input.#prepare();
        input.show(high);
        made.push(input);
      },
    });
    return made[0] as InputService; // prepare has been called
  }

  get published(): PublishedService {
    return this.#service;
  }

  /** @param high null when it cannot be read */
  show(high: boolean | null): void {
    const { kind, settings, count } = this.#options;
    const service = this.#service;
    service.setAny('/Count', count.value);
    if (kind.service === 'pulsemeter') {
      service.setAny('/Aggregate', count.value * settings.number('Multiplier'));
      return;
    }
    const flip = (setting: string): boolean => high !== (settings.number(setting) === 1);
    service.setAny('/InputState', high === null ? null : Number(high));
    service.setAny('/State', high === null ? null : 2 * kind.states + Number(flip('InvertTranslation')));
    const alarm = flip('InvertAlarm') && settings.number('AlarmSetting') === 1;
    service.setAny('/Alarm', high === null ? null : alarm ? ALARM : 0);
  }

  /** A setting has changed, whoever changed it. */
  showSettings(): void {
    const { kind, settings, line } = this.#options;
    const customName = settings.string('CustomName');
    this.#service.setAny('/CustomName', customName);
    this.#service.setAny('/ProductName', customName === '' ? kind.name : customName);
    for (const name of this.#ownSettings()) this.#service.setAny(`/Settings/${name}`, settings.get(name));
    this.#service.setAny('/DeviceInstance', instanceOf(settings.get(INSTANCE)) ?? line.instance);
  }

  #prepare(): void {
    const { kind, type } = this.#options;
    this.showSettings();
    const keep = async (name: string, value: Value): Promise<number> => {
      if (typeof value !== 'number' && typeof value !== 'string') return SET_REFUSED;
      return (await this.#options.settings.set(name, value)).ok ? SET_DONE : SET_REFUSED;
    };
    this.#service.onWriteAny('/CustomName', value => keep('CustomName', value));
    for (const name of this.#ownSettings()) this.#service.onWriteAny(`/Settings/${name}`, value => keep(name, value));
    if (kind.service === 'pulsemeter') return;
    this.#service.setAny('/Type', type);
    this.#service.textFor('/State', textOfState);
  }

  #ownSettings(): readonly string[] {
    return this.#options.kind.service === 'pulsemeter' ? METER_SETTINGS : OWN_SETTINGS;
  }
}

/** `1` → input01; a part of a name on the bus begins with a letter. */
function busName(id: string): string {
  if (/^\d{1,3}$/.test(id)) return `input${id.padStart(2, '0')}`;
  return /^\d/.test(id) ? `input_${id}` : id;
}

function textOfState(state: Value): string {
  const pair = typeof state === 'number' ? STATE_PAIRS[Math.trunc(state / 2)] : undefined;
  return pair === undefined ? '' : pair[Number(state) % 2 === 0 ? 0 : 1];
}
