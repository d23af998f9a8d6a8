/** Where runtime and service hours come from. */
import type { AccountValues } from './accounts.ts';
import type { Account } from './why.ts';

export interface Hours {
  readonly values: AccountValues;
  /** The engine counts for itself. */
  readonly ownCounter: boolean;
  /** Who says whether it runs. */
  readonly toldBy: string;
  /** Seconds between two services; 0: none. */
  readonly serviceInterval: number;
  readonly lastServiceReset: number;
}

export const HOUR_PATHS: readonly string[] = [
  '/Runtime',
  '/TodayRuntime',
  '/TestRunIntervalRuntime',
  '/AccumulatedRuntime',
  '/ServiceCounter',
  '/ServiceInterval',
  '/Alarms/ServiceIntervalExceeded',
];

export function explainHours({ values, ownCounter, toldBy, serviceInterval, lastServiceReset }: Hours): Account {
  const { runtime, today, accumulated, untilService } = values;
  return {
    rule:
      'Seconds are counted by the monotonic clock while the engine runs, and belong to the local day in which they ' +
      'were; they are saved once a minute and at the end of a run.',
    notes: [
      `Whether it runs tells ${toldBy}.`,
      runtime > 0
        ? `It has run for ${runtime} s, ${today} s today.`
        : `It stands still; today it has run for ${today} s.`,
      ownCounter
        ? `The total, ${accumulated} s, is the engine's own counter.`
        : `In all ${accumulated} s were counted.`,
      untilService === null
        ? 'There is no service interval.'
        : `The interval of ${serviceInterval} s began at ${lastServiceReset} s: ` +
          (untilService > 0
            ? `the next service is due in ${untilService} s.`
            : `the service is ${-untilService} s overdue.`),
    ],
    changes: untilService === null ? [] : ['The interval begins anew with /ServiceCounterReset = 1.'],
  };
}
