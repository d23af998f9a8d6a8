/** The alarms of all services there are: the one place that knows how the table of alarms is read. */
import { ALARMS, type AlarmRow, isAlarm } from '../schema/alarms.ts';
import type { Value } from '../schema/row.ts';
import type { ActorWorld } from './gateway-context.ts';
import type { ServiceView } from './service-view.ts';
import { SETTINGS_SERVICE } from './settings-client.ts';

export interface ActiveAlarm {
  readonly service: string;
  readonly path: string;
  readonly value: Value;
}

/** Alarms only: warnings are for people to read, not to act on. */
export function activeAlarms(world: Pick<ActorWorld, 'services' | 'value'>): ActiveAlarm[] {
  const active: ActiveAlarm[] = [];
  for (const service of world.services())
    for (const row of ALARMS[service.type] ?? []) {
      const value = service.get(row.path);
      if (isAlarm(row.kind, value) && counts(world, service, row))
        active.push({ service: service.name, path: row.path, value });
    }
  return active;
}

function counts(world: Pick<ActorWorld, 'value'>, service: ServiceView, { enabledBy }: AlarmRow): boolean {
  if (enabledBy === undefined) return true;
  const { from, path } = enabledBy;
  return (from === 'service' ? service.get(path) : world.value(SETTINGS_SERVICE, path)) !== 0;
}

/** All that decides on alarms: what a watcher has to hear of. */
export function alarmSelectors(): readonly ({ readonly type: string; readonly path: string } | SettingSelector)[] {
  const selectors = Object.entries(ALARMS).flatMap(([type, rows]) =>
    rows.flatMap(({ path, enabledBy }) => [
      { type, path },
      ...(enabledBy === undefined
        ? []
        : [enabledBy.from === 'service' ? { type, path: enabledBy.path } : settingSelector(enabledBy.path)]),
    ]),
  );
  const unique = new Map(selectors.map(selector => [JSON.stringify(selector), selector]));
  return [...unique.values()];
}

interface SettingSelector {
  readonly service: typeof SETTINGS_SERVICE;
  readonly path: string;
}

function settingSelector(path: string): SettingSelector {
  return { service: SETTINGS_SERVICE, path };
}
