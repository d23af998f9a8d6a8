/** How a start/stop instance shows itself on the bus. */
import type { PublishedService } from '../../bus/published-service.ts';
import type { generatorSchema } from '../../schema/generator.ts';
import type { AccountValues } from './accounts.ts';
import type { AlarmValues } from './alarms.ts';
import type { DcGensetsSwitch } from './dc-gensets-switch.ts';
import type { Decision } from './decision.ts';
import { manualSecondsLeft } from './manual.ts';
import { type ErrorCode, REASON_CODE } from './terms.ts';

export type GeneratorService = PublishedService<typeof generatorSchema>;

/** /Type */
export const TYPE_RELAY = 0;
export const TYPE_GENSET = 1;

/** What does not change as long as the instance is on the bus. */
export interface Appearance {
  readonly type: typeof TYPE_RELAY | typeof TYPE_GENSET;
  /** What is switched. */
  readonly service: string;
  readonly serviceType: string;
  readonly instance: number | null;
  readonly productId: number | null;
}

/** All paths, so that they are there from the first moment. */
export function prepare(service: GeneratorService, { type, ...genset }: Appearance): void {
  service.set('/Type', type);
  service.set('/State', 0);
  service.set('/Enabled', 1);
  service.set('/Error', 0);
  service.set('/RunningByCondition', '');
  service.set('/RunningByConditionCode', 0);
  service.set('/Runtime', 0);
  service.set('/TodayRuntime', 0);
  service.set('/TestRunIntervalRuntime', 0);
  service.set('/NextTestRun', null);
  service.set('/SkipTestRun', null);
  service.set('/ManualStart', 0);
  service.set('/ManualStartTimer', 0);
  service.set('/QuietHours', 0);
  service.set('/Alarms/NoGeneratorAtAcIn', 0);
  service.set('/Alarms/ServiceIntervalExceeded', 0);
  service.set('/Alarms/AutoStartDisabled', 0);
  service.set('/Alarms/RemoteStartModeDisabled', 0);
  service.set('/Alarms/StoppedByTankLevelCondition', 0);
  service.set('/Capabilities', 0);
  service.set('/ServiceCounterReset', 0);
  service.set('/GensetService', genset.service);
  service.set('/GensetServiceType', genset.serviceType);
  service.set('/GensetInstance', genset.instance);
  service.set('/GensetProductId', genset.productId);
  service.set('/DigitalInput/Running', 0);
  service.set('/DigitalInput/Input', 0);
  service.set('/LastStartTime', null);
  if (genset.serviceType === 'dcgenset') service.set('/Alarms/NoGeneratorAtDcIn', 0);
}

export function showDecision(service: GeneratorService, { memory, quiet, plan }: Decision, error: ErrorCode): void {
  const { engine, manual } = memory;
  service.set('/State', engine.state);
  service.set('/Error', error);
  service.set('/RunningByCondition', engine.by ?? '');
  service.set('/RunningByConditionCode', engine.by === null ? 0 : REASON_CODE[engine.by]);
  service.set('/QuietHours', quiet ? 1 : 0);
  service.set('/NextTestRun', plan.next);
  service.set('/SkipTestRun', plan.skip);
  service.set('/ManualStart', manual.on ? 1 : 0);
  service.set('/ManualStartTimer', manualSecondsLeft(manual));
}

export function showAccounts(service: GeneratorService, values: AccountValues): void {
  service.set('/Runtime', values.runtime);
  service.set('/TodayRuntime', values.today);
  service.set('/TestRunIntervalRuntime', values.testRunInterval);
  service.set('/AccumulatedRuntime', values.accumulated);
  service.set('/ServiceCounter', values.untilService);
  service.set('/Alarms/ServiceIntervalExceeded', values.untilService !== null && values.untilService <= 0 ? 1 : 0);
}

export function showAlarms(service: GeneratorService, values: AlarmValues, dc: boolean): void {
  service.set('/Alarms/NoGeneratorAtAcIn', values.noGeneratorAtAcIn);
  if (dc) service.set('/Alarms/NoGeneratorAtDcIn', values.noGeneratorAtDcIn);
  service.set('/Alarms/AutoStartDisabled', values.autoStartDisabled);
  service.set('/Alarms/RemoteStartModeDisabled', values.remoteStartModeDisabled);
  service.set('/Alarms/StoppedByTankLevelCondition', values.stoppedByTankLevel);
}

/** The paths of several gensets; invalid when there is one only. */
export function showGensets(service: GeneratorService, gensets: DcGensetsSwitch, enabled: string, last: number): void {
  if (gensets.detected.length < 2) {
    if (service.has('/MultipleGensets/GensetsDetected')) hideGensets(service);
    return;
  }
  const { voltage, current, power } = gensets.totals();
  service.set(
    '/MultipleGensets/GensetsDetected',
    gensets.detected.map(one => ({ ...one })),
  );
  service.set('/MultipleGensets/GensetsEnabled', enabled);
  service.set('/MultipleGensets/LastRotated', gensets.rotates && last !== 0 ? last : null);
  service.set('/MultipleGensets/Voltage', voltage);
  service.set('/MultipleGensets/Current', current);
  service.set('/MultipleGensets/Power', power);
}

function hideGensets(service: GeneratorService): void {
  for (const path of [
    '/MultipleGensets/GensetsDetected',
    '/MultipleGensets/GensetsEnabled',
    '/MultipleGensets/LastRotated',
    '/MultipleGensets/Voltage',
    '/MultipleGensets/Current',
    '/MultipleGensets/Power',
  ] as const)
    service.set(path, null);
}
