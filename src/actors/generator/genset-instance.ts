/** com.victronenergy.generator.startstop1: a genset on the bus, or several DC gensets. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import { SET_DONE, SET_REFUSED } from '../../bus/published-service.ts';
import type { SettingsOf } from '../../bus/settings-client.ts';
import type { Owned } from '../../kernel/actor.ts';
import type { TimeZone } from '../../kernel/time-zone.ts';
import { isGensetSelection, type Rotation } from './dc-gensets-switch.ts';
import { DcSwitch } from './dc-switch.ts';
import type { GensetChoice } from './genset-choice.ts';
import { GensetSwitch } from './genset-switch.ts';
import { type Appearance, type GeneratorService, showGensets, TYPE_GENSET } from './publication.ts';
import type { DcSettingKey, SettingKey } from './settings.ts';
import { StartStop } from './start-stop.ts';

export interface GensetParts {
  readonly context: GatewayContext;
  /** Which start of the machine this is; empty when unknown. */
  readonly boot: string;
  readonly choice: GensetChoice;
  readonly settings: SettingsOf<SettingKey>;
  /** Needed for DC gensets. */
  readonly dcSettings: SettingsOf<DcSettingKey> | undefined;
  readonly relayHelps: () => boolean;
}

export function gensetAppearance({ world }: GatewayContext, { main }: GensetChoice): Appearance {
  const productId = world.value(main.service, '/ProductId');
  return {
    type: TYPE_GENSET,
    service: main.service,
    serviceType: main.type,
    instance: main.instance,
    productId: typeof productId === 'number' ? productId : null,
  };
}

export class GensetInstance {
  readonly startStop: StartStop;
  readonly #service: GeneratorService;
  readonly #dcSettings: SettingsOf<DcSettingKey> | undefined;
  readonly #dc: DcSwitch | undefined;
  readonly #listening: Owned | undefined;

  constructor(service: GeneratorService, { context, boot, choice, settings, dcSettings, relayHelps }: GensetParts) {
    const { main } = choice;
    this.#service = service;
    this.#dcSettings = main.type === 'dcgenset' ? dcSettings : undefined;
    this.#dc =
      this.#dcSettings === undefined
        ? undefined
        : new DcSwitch(context.world, context.log, main.service, relayHelps, rotationOf(this.#dcSettings));
    const engineSwitch = this.#dc ?? new GensetSwitch(context.world, context.log, main.service, relayHelps);
    this.startStop = new StartStop({
      context,
      service,
      settings,
      engineSwitch,
      boot,
      ...(this.#dcSettings === undefined ? {} : { dcAlarm: dcAlarmOf(this.#dcSettings) }),
    });
    service.onWrite('/MultipleGensets/GensetsEnabled', async value => {
      if (typeof value !== 'string' || !isGensetSelection(value) || this.#dcSettings === undefined) return SET_REFUSED;
      const result = await this.#dcSettings.set('MultipleGensets/GensetsEnabled', value);
      return result.ok ? SET_DONE : SET_REFUSED;
    });
    this.#listening = this.#dcSettings?.onChange(() => this.#show());
    this.update(choice);
  }

  /** The genset is not ours any more: its engine is let go of. */
  end(): Promise<void> {
    void this.#listening?.release();
    return this.startStop.end();
  }

  /** The engine is left as it is; see StartStop. */
  leave(shutdown: boolean): Promise<void> {
    void this.#listening?.release();
    return this.startStop.leave(shutdown);
  }

  /** DC gensets have come or gone beside the main one. */
  update({ together }: GensetChoice): void {
    if (this.#dc === undefined) return;
    this.#dc.detected = together.map(({ service, instance }) => ({ service, instance }));
    this.#show();
  }

  tick(zone: TimeZone, beats: number, now: number): void {
    this.startStop.tick(zone, beats, now);
    this.#show();
  }

  #show(): void {
    if (this.#dc === undefined || this.#dcSettings === undefined) return;
    const { several } = this.#dc;
    const last = this.#dcSettings.number('MultipleGensets/LastRotated');
    const known = several.detected.some(({ instance }) => instance === last);
    showGensets(this.#service, several, this.#dcSettings.string('MultipleGensets/GensetsEnabled'), known ? last : 0);
  }
}

function rotationOf(settings: SettingsOf<DcSettingKey>): Rotation {
  return {
    enabled: () => settings.string('MultipleGensets/GensetsEnabled'),
    last: () => settings.number('MultipleGensets/LastRotated'),
    started: instance => void settings.set('MultipleGensets/LastRotated', instance),
  };
}

function dcAlarmOf(settings: SettingsOf<DcSettingKey>): () => boolean {
  return () => settings.number('Alarms/NoGeneratorAtDcIn') === 1;
}
