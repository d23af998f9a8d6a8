/**
 * The alarm relay: the first relay, while `/Settings/Relay/Function` is 0, is closed as long as there is an alarm, or
 * open when its polarity is "normally closed". What an alarm is tells the platform, whose alarms can be acknowledged;
 * where there is none, any alarm of any service is one.
 */
import { type ActiveAlarm, activeAlarms, alarmSelectors } from '../../bus/active-alarms.ts';
import { BoardRelay, relayState, SYSTEM_SERVICE } from '../../bus/board-relay.ts';
import type { GatewayActor, GatewayContext } from '../../bus/gateway-context.ts';
import { SETTINGS_SERVICE } from '../../bus/settings-client.ts';
import type { Owned } from '../../kernel/actor.ts';
import type { Timer } from '../../kernel/clock.ts';
import { RELAY_FUNCTION } from '../../schema/settings/relay.ts';

/** How it was last switched, kept by whoever drives the relays. */
const RELAY_LAST = '/Settings/Relay/0/InitialState';
const PLATFORM_SERVICE = 'com.victronenergy.platform';
const PLATFORM_ALARM = '/Notifications/Alarm';
/** After a start an alarm that was signalled waits so long for the service that tells it. Milliseconds. */
const SERVICES_COME_MS = 30_000;
/** Alarms named in the log at most. */
const NAMED = 5;

export function alarmRelayActor(): GatewayActor {
  return { name: 'alarm-relay', start: context => new AlarmRelay(context).start() };
}

class AlarmRelay {
  readonly #context: GatewayContext;
  readonly #relay: BoardRelay;
  /** What is watched while the relay is ours. */
  #watches: Owned[] | undefined;
  #due: Timer | undefined;
  #hold: Timer | undefined;
  /** Whether an alarm is signalled; undefined until that is decided. */
  #alarm: boolean | undefined;
  /** Until when a relay that we found signalling goes on; monotonic milliseconds. */
  #heldUntil = 0;

  constructor(context: GatewayContext) {
    this.#context = context;
    this.#relay = new BoardRelay(context.world, context.log, 0);
  }

  start(): void {
    const { world, clock } = this.#context;
    this.#heldUntil = clock.monotonic() + SERVICES_COME_MS;
    this.#relay.watchSettings(() => this.#arrange());
    world.watchServices({
      added: view => {
        if (view.name === SETTINGS_SERVICE) this.#arrange();
        else this.#look();
      },
      removed: () => this.#look(),
    });
  }

  /** Takes the relay, or gives it away, as the settings say. */
  #arrange(): void {
    const isOurs = this.#relay.isFor(RELAY_FUNCTION.alarm);
    if (isOurs === null) return;
    if (isOurs) this.#take();
    else if (this.#watches === undefined) this.#heldUntil = 0;
    else this.#give();
    this.#look();
  }

  #take(): void {
    if (this.#watches !== undefined) return;
    const { world } = this.#context;
    const look = (): void => this.#look();
    this.#watches = [
      ...alarmSelectors(),
      { service: PLATFORM_SERVICE, path: PLATFORM_ALARM },
      { service: SYSTEM_SERVICE, path: relayState(0) },
    ].map(selector => world.watch(selector, look));
  }

  /** The relay is for something else now. */
  #give(): void {
    for (const watch of this.#watches ?? []) void watch.release();
    this.#watches = undefined;
    this.#heldUntil = 0;
    this.#alarm = undefined;
    this.#relay.set(false);
  }

  /** What comes together is looked at once. */
  #look(): void {
    if (this.#watches === undefined) return;
    this.#due ??= this.#context.clock.soon(() => {
      this.#due = undefined;
      this.#decide();
    });
  }

  #decide(): void {
    const on = this.#relay.isOn();
    if (this.#watches === undefined || on === null) return;
    const atRest = this.#relay.isNormallyClosed;
    const { world } = this.#context;
    const alarms = activeAlarms(world);
    const alarm = this.#platformAlarm() ?? alarms.length > 0;
    const left = this.#heldUntil - this.#context.clock.monotonic();
    // A relay that a power cut has put where it is signals nothing.
    const signalled = on !== atRest && (world.value(SETTINGS_SERVICE, RELAY_LAST) ?? Number(on)) === Number(on);
    if (!alarm && signalled && left > 0) {
      this.#hold ??= this.#context.clock.after(left, () => this.#look());
      return;
    }
    this.#heldUntil = 0;
    if (alarm !== this.#alarm) this.#say(alarm, alarms);
    this.#alarm = alarm;
    this.#relay.set(alarm !== atRest);
  }

  /** null when there is no platform that knows of alarms. */
  #platformAlarm(): boolean | null {
    const value = this.#context.world.value(PLATFORM_SERVICE, PLATFORM_ALARM);
    return typeof value === 'number' ? value !== 0 : null;
  }

  #say(alarm: boolean, alarms: readonly ActiveAlarm[]): void {
    if (!alarm) {
      if (this.#alarm === true) this.#context.log.info('the alarm is over');
      return;
    }
    const named = alarms.slice(0, NAMED).map(({ service, path }) => service + path);
    this.#context.log.warn('alarm', { because: named.join(', ') || `${PLATFORM_SERVICE}${PLATFORM_ALARM}` });
  }
}
