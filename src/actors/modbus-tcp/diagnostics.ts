/** What clients do, for people: the last error, and counters of requests and connections, as a whole and by address. */
import type { PublishedService } from '../../bus/published-service.ts';
import type { Clock, Timer } from '../../kernel/clock.ts';
import type { modbusGatewaySchema } from '../../schema/modbus/gateway-service.ts';
import { MODBUS_TCP_LIMITS as LIMITS } from './limits.ts';
import type { RequestError } from './register-gateway.ts';

type ModbusService = PublishedService<typeof modbusGatewaySchema>;

interface ClientCount {
  readonly address: string;
  connections: number;
  requests: number;
  exceptions: number;
  /** Wall clock, milliseconds. */
  lastAt: number;
}

/** Counters are of 32 bits on the bus; beyond them they begin anew. */
const COUNTER_SIZE = 2 ** 32;

export class Diagnostics {
  readonly #clock: Clock;
  readonly #service: ModbusService;
  readonly #clients: ClientCount[] = [];
  readonly #putOut = { refused: 0, malformed: 0, overdue: 0 };
  #requests = 0;
  #exceptions = 0;
  #connections = 0;
  #lastError: { readonly message: string; readonly wallMs: number } | undefined;
  #errorTimer: Timer | undefined;
  #counterTimer: Timer | undefined;

  constructor(clock: Clock, service: ModbusService) {
    this.#clock = clock;
    this.#service = service;
    service.set('/LastError/Message', null);
    service.set('/LastError/Timestamp', null);
    this.listening(undefined);
    this.#showCounters();
  }

  /** Whether the port is open, and which. */
  listening(port: number | undefined): void {
    this.#service.set('/Listening', port === undefined ? 0 : 1);
    this.#service.set('/Port', port ?? null);
  }

  request(address: string): void {
    this.#requests++;
    const client = this.#client(address);
    client.requests++;
    client.lastAt = this.#clock.wall();
    this.#countersChanged();
  }

  exception(address: string, error: RequestError): void {
    this.#exceptions++;
    this.#client(address).exceptions++;
    const { functionCode, unit, address: register, quantity, reason } = error;
    // The form that users of the installer's pages search for.
    this.error(
      `Error processing function code ${functionCode}, unit id ${unit}, start address ${register}, ` +
        `quantity ${quantity}, src ${address}: ${reason}`,
    );
  }

  putOut(address: string, reason: string, why: 'refused' | 'malformed' | 'overdue'): void {
    this.#putOut[why]++;
    this.#countersChanged();
    this.error(`Connection of ${address} closed: ${reason}`);
  }

  /** @param byAddress the address of each connection */
  connections(byAddress: Iterable<string>): void {
    for (const client of this.#clients) client.connections = 0;
    this.#connections = 0;
    for (const address of byAddress) {
      this.#connections++;
      this.#client(address).connections++;
    }
    this.#countersChanged();
  }

  /** Shows an error a while later, so that a client that asks for nonsense does not flood the bus. */
  error(message: string): void {
    this.#lastError = { message, wallMs: this.#clock.wall() };
    this.#errorTimer ??= this.#clock.after(LIMITS.errorMs, () => {
      this.#errorTimer = undefined;
      if (this.#lastError === undefined) return;
      this.#service.set('/LastError/Message', this.#lastError.message);
      this.#service.set('/LastError/Timestamp', Math.floor(this.#lastError.wallMs / 1000));
    });
  }

  /** The counts of an address; the one that has been silent for longest makes room for a new one. */
  #client(address: string): ClientCount {
    const known = this.#clients.find(client => client.address === address);
    if (known !== undefined) return known;
    const client = { address, connections: 0, requests: 0, exceptions: 0, lastAt: 0 };
    if (this.#clients.length < LIMITS.clients) this.#clients.push(client);
    else {
      let oldest = 0;
      this.#clients.forEach(({ lastAt }, i) => {
        if (lastAt < (this.#clients[oldest]?.lastAt ?? 0)) oldest = i;
      });
      this.#clients[oldest] = client;
    }
    return client;
  }

  #countersChanged(): void {
    this.#counterTimer ??= this.#clock.after(LIMITS.countersMs, () => {
      this.#counterTimer = undefined;
      this.#showCounters();
    });
  }

  #showCounters(): void {
    const service = this.#service;
    service.set('/Connections/Count', this.#connections);
    service.set('/Connections/Refused', this.#putOut.refused % COUNTER_SIZE);
    service.set('/Connections/Malformed', this.#putOut.malformed % COUNTER_SIZE);
    service.set('/Connections/Closed', this.#putOut.overdue % COUNTER_SIZE);
    service.set('/Requests/Count', this.#requests % COUNTER_SIZE);
    service.set('/Requests/Exceptions', this.#exceptions % COUNTER_SIZE);
    this.#clients.forEach(({ address, connections, requests, exceptions, lastAt }, i) => {
      service.set(`/Clients/${i}/Address`, address);
      service.set(`/Clients/${i}/Connections`, connections);
      service.set(`/Clients/${i}/Requests`, requests % COUNTER_SIZE);
      service.set(`/Clients/${i}/Exceptions`, exceptions % COUNTER_SIZE);
      service.set(`/Clients/${i}/LastRequest`, lastAt === 0 ? null : Math.floor(lastAt / 1000));
    });
  }
}
