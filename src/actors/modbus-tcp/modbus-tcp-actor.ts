/**
 * The Modbus TCP gateway: serves the public register map of all services to PLCs, SCADA and home automation, and
 * com.victronenergy.modbustcp to those who want to know who asks what.
 */
import type { GatewayActor, GatewayContext } from '../../bus/gateway-context.ts';
import type { SettingsOf } from '../../bus/settings-client.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Net } from '../../ports/net.ts';
import { modbusGatewaySchema } from '../../schema/modbus/gateway-service.ts';
import { type ModbusTcpSetting, modbusTcpSettings } from '../../schema/settings/modbus.ts';
import { type AllowedNetworks, allowedNetworks } from './allowed-networks.ts';
import { Diagnostics } from './diagnostics.ts';
import { MODBUS_TCP_LIMITS } from './limits.ts';
import { PortKeeper } from './port-keeper.ts';
import { RegisterGateway } from './register-gateway.ts';
import { ModbusServer } from './server.ts';
import { ServiceList } from './service-list.ts';
import type { Session } from './session.ts';
import { UnitIndex } from './units.ts';

export interface ModbusTcpOptions {
  readonly net: Net;
  /** Goes before the port of the settings, and switches the gateway on whatever they say. */
  readonly port?: number;
  /** Address to listen at; without it all of them. */
  readonly host?: string;
}

export function modbusTcpActor(options: ModbusTcpOptions): GatewayActor {
  return { name: 'modbus-tcp', start: context => new ModbusTcp(context, options).start() };
}

class ModbusTcp {
  readonly #context: GatewayContext;
  readonly #options: ModbusTcpOptions;
  /** Undefined until the settings service has answered: until then nothing can be written. */
  #settings: SettingsOf<ModbusTcpSetting> | undefined;
  #allowed: AllowedNetworks = allowedNetworks('');

  constructor(context: GatewayContext, options: ModbusTcpOptions) {
    this.#context = context;
    this.#options = options;
  }

  async start(): Promise<void> {
    const context = this.#context;
    const { clock, world } = context;
    const service = await context.publish({ name: 'com.victronenergy.modbustcp', schema: modbusGatewaySchema });
    const diagnostics = new Diagnostics(clock, service);
    new ServiceList(context, service);
    const gateway = new RegisterGateway({
      world,
      clock,
      units: new UnitIndex(world),
      writable: () => this.#settings?.number('readWrite') === 1,
    });
    const server = new ModbusServer({
      context,
      answer: (unit, pdu, { connection: { remoteAddress } }: Session) => {
        diagnostics.request(remoteAddress);
        const answer = gateway.answer(unit, pdu, error => diagnostics.exception(remoteAddress, error));
        if (answer instanceof Promise) context.spawn(answer);
        return answer;
      },
      allowed: address => this.#allowed.allows(address),
      connectionsChanged: addresses => diagnostics.connections(addresses),
      putOut: (address, reason, why) => {
        context.log.debug('connection closed', { address, reason });
        diagnostics.putOut(address, reason, why);
      },
    });
    context.own({ release: () => server.closeAll() });
    const keeper = context.own(
      new PortKeeper({
        context,
        net: this.#options.net,
        host: this.#options.host,
        accept: context.guard(connection => server.accept(connection)),
        changed: port => {
          if (port === undefined) server.closeAll();
          diagnostics.listening(port);
          context.log.info(port === undefined ? 'port closed' : 'port open', { port });
        },
        failed: reason => {
          context.log.warn('port cannot be opened', { reason });
          diagnostics.error(reason);
        },
      }),
    );
    const apply = (): Promise<void> => {
      this.#applyAllowed(server, diagnostics);
      return keeper.want(this.#wantedPort());
    };
    const declared = context.settings.declare(modbusTcpSettings).then(settings => {
      this.#settings = settings;
      settings.onChange(() => context.spawn(apply()));
      return apply();
    });
    context.spawn(declared);
    await Promise.race([declared, elapsed(clock, MODBUS_TCP_LIMITS.settingsMs)]);
    await apply();
  }

  #wantedPort(): number | undefined {
    const { port } = this.#options;
    if (port !== undefined) return port;
    return this.#settings?.number('enabled') === 1 ? this.#settings.number('port') : undefined;
  }

  #applyAllowed(server: ModbusServer, diagnostics: Diagnostics): void {
    this.#allowed = allowedNetworks(this.#settings?.string('allowedNetworks') ?? '');
    const { wrong } = this.#allowed;
    if (wrong.length > 0) {
      this.#context.log.warn('not a network', { entries: wrong.join(' ') });
      diagnostics.error(`Allowed networks: not a network: ${wrong.join(' ')}`);
    }
    server.recheckAllowed();
  }
}

function elapsed(clock: Clock, ms: number): Promise<void> {
  return new Promise(resolve => void clock.after(ms, resolve));
}
