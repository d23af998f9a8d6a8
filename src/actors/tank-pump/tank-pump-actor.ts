/**
 * The pump on the first relay: com.victronenergy.pump.startstop0 while `/Settings/Relay/Function` is 3. It fills or
 * empties a tank between two levels.
 */
import { BoardRelay } from '../../bus/board-relay.ts';
import type { Explanation } from '../../bus/explain.ts';
import type { GatewayActor, GatewayContext } from '../../bus/gateway-context.ts';
import type { PublishedService } from '../../bus/published-service.ts';
import type { SettingsOf } from '../../bus/settings-client.ts';
import { answerWhy } from '../../bus/why-call.ts';
import { VERSION } from '../../kernel/version.ts';
import { pumpSchema } from '../../schema/pump.ts';
import type { SettingRow } from '../../schema/setting-row.ts';
import { pumpOwnSettings, pumpSettings } from '../../schema/settings/pump.ts';
import { RELAY_FUNCTION } from '../../schema/settings/relay.ts';
import { decidePump, type PumpInputs, type PumpState } from './pump-decision.ts';
import { availableTanks, chosenTank, NO_TANK } from './tanks.ts';
import { explainPump } from './why.ts';

const TICK_MS = 1_000;
const TANK_PATHS = ['/DeviceInstance', '/FluidType', '/CustomName', '/DeviceName', '/Mgmt/Connection'];

const AT_REST: PumpState = { running: false, missingMs: 0 };

type PumpService = PublishedService<typeof pumpSchema>;

export function tankPumpActor(): GatewayActor {
  return { name: 'tank-pump', start: context => new TankPump(context).start() };
}

class TankPump {
  readonly #context: GatewayContext;
  readonly #relay: BoardRelay;
  #settings: SettingsOf<string> | undefined;
  #service: PumpService | undefined;
  /** Undefined until the relay has told how it stands. */
  #state: PumpState | undefined;
  /** Whether the relay was ours when we began: then a pump that runs goes on. */
  #restarted: boolean | undefined;
  #arranging = false;

  constructor(context: GatewayContext) {
    this.#context = context;
    this.#relay = new BoardRelay(context.world, context.log, 0);
  }

  start(): void {
    const { world, clock } = this.#context;
    this.#context.own({ release: () => this.#leave() });
    this.#context.spawn(this.#declare());
    clock.every(TICK_MS, () => this.#tick());
    this.#relay.watchSettings(() => this.#arrange());
    for (const path of TANK_PATHS) world.watch({ type: 'tank', path }, () => this.#showTanks());
    const tanksChanged = (): void => this.#showTanks();
    world.watchServices({ added: tanksChanged, removed: tanksChanged });
  }

  async #declare(): Promise<void> {
    const rows: readonly SettingRow[] = [...pumpSettings, ...pumpOwnSettings];
    this.#settings = await this.#context.settings.declare(Object.fromEntries(rows.map(row => [row.path, row])));
    this.#context.own(this.#settings.onChange(() => this.#showTanks()));
    this.#arrange();
  }

  #arrange(): void {
    if (!this.#arranging) this.#context.spawn(this.#arrangeAll());
  }

  /** Brings the service in line with what the relay is for; again when that has changed meanwhile. */
  async #arrangeAll(): Promise<void> {
    this.#arranging = true;
    try {
      for (let wanted = this.#wanted(); wanted !== undefined; wanted = this.#wanted()) {
        this.#restarted ??= wanted;
        if (wanted) this.#relay.keepNormallyOpen();
        if (wanted === (this.#service !== undefined) || this.#context.signal.aborted) break;
        if (wanted) await this.#begin();
        else await this.#end();
      }
    } finally {
      this.#arranging = false;
    }
  }

  /** Undefined while the settings are away: they have not been changed then. */
  #wanted(): boolean | undefined {
    return this.#settings === undefined ? undefined : (this.#relay.isFor(RELAY_FUNCTION.pump) ?? undefined);
  }

  async #begin(): Promise<void> {
    // A relay that was on for something else is not a pump that runs.
    this.#state = this.#restarted ? undefined : AT_REST;
    this.#service = await this.#context.publish({
      name: 'com.victronenergy.pump.startstop0',
      schema: pumpSchema,
      identity: {
        processName: 'gxd',
        processVersion: VERSION,
        connection: 'pump',
        deviceInstance: 0,
        productId: null,
        productName: 'Tank pump',
        firmwareVersion: null,
        hardwareVersion: null,
        connected: 1,
      },
      prepare: service => {
        service.set('/State', 0);
        service.set('/ActiveTankService', null);
        service.set('/AvailableTankServices', null);
        service.onCall(call => answerWhy(call, service.name, path => this.#explain(service, path)));
      },
    });
    this.#showTanks();
    this.#tick(0);
  }

  /** The relay is for something else now. */
  async #end(): Promise<void> {
    const service = this.#service;
    this.#service = undefined;
    this.#restarted = false;
    await this.#relay.move(false);
    if (service !== undefined) await this.#context.withdraw(service);
  }

  #tick(passedMs = TICK_MS): void {
    const service = this.#service;
    const relayOn = this.#relay.isOn();
    if (service === undefined) return;
    if (relayOn === null) {
      service.set('/State', null);
      return;
    }
    const before = this.#state;
    this.#state ??= { running: relayOn, missingMs: 0 };
    this.#state = decidePump(this.#state, this.#inputs(), passedMs);
    const { running } = this.#state;
    if (running !== relayOn) this.#relay.set(running);
    // A relay that has not followed since the last look does not run the pump, whatever we want.
    service.set('/State', Number(running === before?.running ? relayOn : running));
  }

  #inputs(): PumpInputs {
    const level = this.#tank()?.get('/Level');
    return {
      mode: this.#number('Mode'),
      hasTank: this.#chosen() !== NO_TANK,
      level: typeof level === 'number' ? level : null,
      startLevel: this.#number('StartValue'),
      stopLevel: this.#number('StopValue'),
    };
  }

  #explain(service: PumpService, path: string): Explanation | undefined {
    const { world, clock } = this.#context;
    const tank = this.#tank()?.name;
    return explainPump(path, {
      service,
      world,
      inputs: this.#inputs(),
      state: this.#state,
      tank,
      now: clock.monotonic(),
    });
  }

  #showTanks(): void {
    this.#service?.set('/AvailableTankServices', availableTanks(this.#context.world));
    this.#service?.set('/ActiveTankService', this.#tank()?.name ?? null);
  }

  #tank(): ReturnType<typeof chosenTank> {
    return chosenTank(this.#context.world, this.#chosen());
  }

  #chosen(): string {
    return this.#settings?.string('/Settings/Pump0/TankService') ?? NO_TANK;
  }

  /** After a failure the pump goes on: we are back in a moment. When the program ends, nobody watches the tank. */
  async #leave(): Promise<void> {
    if (this.#service === undefined || !this.#context.shuttingDown || this.#number('StopAtShutdown') !== 1) return;
    await this.#relay.move(false);
  }

  #number(name: string): number {
    return this.#settings?.number(`/Settings/Pump0/${name}`) ?? 0;
  }
}
