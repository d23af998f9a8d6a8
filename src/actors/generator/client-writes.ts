/** What clients may write at a start/stop instance. */
import { SET_DONE, SET_NOT_WRITABLE, SET_REFUSED } from '../../bus/published-service.ts';
import type { SettingsOf } from '../../bus/settings-client.ts';
import type { Value } from '../../schema/row.ts';
import type { ManualState } from './manual.ts';
import type { GeneratorService } from './publication.ts';
import type { SettingKey } from './settings.ts';

/** The instance, as far as clients change it. */
export interface Instance {
  readonly settings: SettingsOf<SettingKey>;
  /** Whether the tank forbids a start. */
  tankLow(): boolean;
  /** Resolves when a death of the program would not undo it. */
  changeManual(change: Pick<ManualState, 'on'> | Pick<ManualState, 'leftMs'>): Promise<void>;
  serviced(): void;
}

export function takeClientWrites(service: GeneratorService, instance: Instance): void {
  const take = (path: '/ServiceCounterReset' | '/DigitalInput/Running', value: Value): number => {
    if (typeof value !== 'number') return SET_NOT_WRITABLE;
    service.set(path, value);
    return SET_DONE;
  };
  service.onWrite('/ManualStart', async value => {
    if (value !== 0 && value !== 1) return SET_REFUSED;
    if (value === 1 && instance.tankLow()) return SET_REFUSED;
    const kept = instance.changeManual({ on: value === 1 });
    service.set('/ManualStart', value);
    await kept;
    return SET_DONE;
  });
  service.onWrite('/ManualStartTimer', async value => {
    if (typeof value !== 'number' || value < 0) return SET_REFUSED;
    const kept = instance.changeManual({ leftMs: value * 1000 });
    service.set('/ManualStartTimer', value);
    await kept;
    return SET_DONE;
  });
  service.onWrite('/AutoStartEnabled', async value => {
    if (value !== 0 && value !== 1) return SET_REFUSED;
    const result = await instance.settings.set('AutoStartEnabled', value);
    if (!result.ok) return SET_REFUSED;
    service.set('/AutoStartEnabled', value);
    return SET_DONE;
  });
  service.onWrite('/ServiceCounterReset', value => {
    if (value === 1) instance.serviced();
    return take('/ServiceCounterReset', value);
  });
  service.onWrite('/DigitalInput/Running', value => take('/DigitalInput/Running', value));
  // A number for those of the board, a name for those of an extender.
  service.onWrite('/DigitalInput/Input', value => {
    if (typeof value !== 'number' && typeof value !== 'string') return SET_NOT_WRITABLE;
    service.set('/DigitalInput/Input', value);
    return SET_DONE;
  });
}
