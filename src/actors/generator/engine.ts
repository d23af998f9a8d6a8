/** The engine as a state machine: warm-up, run, cool-down, stop. Knows when to switch it and when its load is kept away. */
import { ERROR, type ErrorCode, engineWanted, type Reason, STATE, type State } from './terms.ts';
import { passed } from './timing.ts';

/** Times are monotonic, milliseconds. */
export interface EngineState {
  readonly state: State;
  /** What runs it; null while it is stopped. */
  readonly by: Reason | null;
  /** When this state began. */
  readonly since: number;
  /** When the engine was switched on; null while it is off. */
  readonly onSince: number | null;
  /** When cool-down began. */
  readonly coolSince: number;
  /** Whether the switch was seen to be on since it was switched on. */
  readonly seenOn: boolean;
}

export const ENGINE_STOPPED: EngineState = {
  state: STATE.stopped,
  by: null,
  since: 0,
  onSince: null,
  coolSince: 0,
  seenOn: false,
};

export interface EngineOrders {
  /** What wants it to run; null: nothing does. */
  readonly demand: Reason | null;
  readonly error: ErrorCode;
  /** The tank is too low: it must not run, whatever wants it to. */
  readonly tankLow: boolean;
  /** The switch as it reads back; null when it cannot be read. */
  readonly switchOn: boolean | null;
  readonly minimumRunMs: number;
  /** 0: none. */
  readonly warmUpMs: number;
  readonly coolDownMs: number;
  /** How long the engine takes to stand still after cool-down. */
  readonly stopMs: number;
}

export function stepEngine(engine: EngineState, orders: EngineOrders, now: number): EngineState {
  if (orders.error !== ERROR.none)
    return engine.state === STATE.error ? engine : { ...ENGINE_STOPPED, state: STATE.error, since: now };
  const ready = engine.state === STATE.error ? stopped(STATE.stopped, now) : lookAtSwitch(engine, orders, now);
  if (orders.tankLow) return stop(ready, orders, now, STATE.stoppedByTankLevel);
  // One tick between being let go by the tank and starting, so that everybody sees it.
  if (ready.state === STATE.stoppedByTankLevel) return stopped(STATE.stopped, now);
  if (orders.demand !== null) return start(ready, orders, orders.demand, now);
  return mayStop(ready, orders, now) ? stop(ready, orders, now, STATE.stopped) : warmed(ready, orders, now);
}

/** Whether the engine is to be switched on (1) or off (0); null while it is not ours to switch. */
export function switchFor(engine: EngineState): 0 | 1 | null {
  if (engine.state === STATE.error) return null;
  return engineWanted(engine.state) ? 1 : 0;
}

/** Whether the inverter must leave the engine without load. */
export function withoutLoad({ state }: EngineState): boolean {
  return state === STATE.warmUp || state === STATE.coolDown || state === STATE.stopping;
}

function lookAtSwitch(engine: EngineState, { switchOn }: EngineOrders, now: number): EngineState {
  if (!engineWanted(engine.state)) return engine;
  if (switchOn === true) return engine.seenOn ? engine : { ...engine, seenOn: true };
  // It was on and somebody else has switched it off: the engine stands still.
  return switchOn === false && engine.seenOn ? stopped(STATE.stopped, now) : engine;
}

function start(engine: EngineState, orders: EngineOrders, by: Reason, now: number): EngineState {
  switch (engine.state) {
    case STATE.warmUp:
      return { ...warmed(engine, orders, now), by };
    case STATE.running:
      return engine.by === by ? engine : { ...engine, by };
    case STATE.coolDown:
      return { ...engine, state: STATE.running, since: now, by };
    default: {
      const state = orders.warmUpMs > 0 ? STATE.warmUp : STATE.running;
      return { ...ENGINE_STOPPED, state, by, since: now, onSince: now };
    }
  }
}

function warmed(engine: EngineState, { warmUpMs }: EngineOrders, now: number): EngineState {
  if (engine.state !== STATE.warmUp || !passed(engine.since, now, warmUpMs)) return engine;
  return { ...engine, state: STATE.running, since: now };
}

/** The minimum runtime holds for every start but the one by hand. */
function mayStop(engine: EngineState, { minimumRunMs }: EngineOrders, now: number): boolean {
  if (engine.state === STATE.coolDown || engine.state === STATE.stopping) return true;
  return engine.onSince === null || engine.by === 'manual' || passed(engine.onSince, now, minimumRunMs);
}

/** @param end where it ends once the engine stands still */
function stop(engine: EngineState, orders: EngineOrders, now: number, end: State): EngineState {
  switch (engine.state) {
    case STATE.running:
      if (orders.coolDownMs > 0) return { ...engine, state: STATE.coolDown, since: now, coolSince: now };
      return stopped(end, now);
    case STATE.coolDown:
      if (!passed(engine.coolSince, now, orders.coolDownMs)) return engine;
      return { ...engine, state: STATE.stopping, since: now, onSince: null };
    case STATE.stopping:
      return passed(engine.coolSince, now, orders.coolDownMs + orders.stopMs) ? stopped(end, now) : engine;
    case STATE.warmUp:
      return stopped(end, now);
    default:
      return engine.state === end ? engine : stopped(end, now);
  }
}

function stopped(state: State, now: number): EngineState {
  return { ...ENGINE_STOPPED, state, since: now };
}
