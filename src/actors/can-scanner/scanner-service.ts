/** `com.victronenergy.canscanner`: what is done at each CAN interface, and what the system counts there. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { PublishedService } from '../../bus/published-service.ts';
import { Fault } from '../../kernel/fault.ts';
import { VERSION } from '../../kernel/version.ts';
import { canscannerSchema } from '../../schema/canscanner.ts';
import type { InterfaceReport } from './interface-report.ts';

export const CAN_SCANNER_SERVICE = 'com.victronenergy.canscanner';

export class CanScannerService {
  readonly #context: GatewayContext;
  readonly #reports = new Map<string, InterfaceReport>();
  #service: PublishedService<typeof canscannerSchema> | undefined;

  constructor(context: GatewayContext) {
    this.#context = context;
  }

  /** Puts it on the bus. Another scanner with this name is no reason not to work. */
  async publish(): Promise<void> {
    try {
      this.#service = await this.#context.publish({
        name: CAN_SCANNER_SERVICE,
        schema: canscannerSchema,
        identity: {
          processName: 'gxd',
          processVersion: VERSION,
          connection: 'CAN interfaces',
          deviceInstance: 0,
          productId: null,
          productName: 'CAN scanner',
          firmwareVersion: null,
          hardwareVersion: null,
          connected: 1,
        },
        prepare: service => {
          service.set('/NrOfInterfaces', 0);
          service.set('/CanBus/Interfaces', []);
        },
      });
    } catch (error) {
      if (!(error instanceof Fault) || error.whose !== 'bus') throw error;
      this.#context.log.warn('another scanner is on the bus: what this one does is not shown', {
        name: CAN_SCANNER_SERVICE,
      });
    }
    for (const report of this.#reports.values()) this.#show(report);
  }

  show(report: InterfaceReport): void {
    const isNew = !this.#reports.has(report.name);
    this.#reports.set(report.name, report);
    this.#show(report);
    if (isNew) this.#list();
  }

  /** The interface has gone. */
  forget(name: string): void {
    this.#reports.delete(name);
    const service = this.#service;
    if (service === undefined) return;
    const places = [`/Interfaces/${elementOf(name)}/`, `/CanBus/Interface/${elementOf(name)}/`];
    for (const path of [...service.paths()]) if (places.some(place => path.startsWith(place))) service.remove(path);
    this.#list();
  }

  #list(): void {
    const reports = [...this.#reports.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    this.#service?.set('/NrOfInterfaces', reports.length);
    this.#service?.set(
      '/CanBus/Interfaces',
      reports.map(({ name, label, config }) => ({ interface: name, name: label === '' ? name : label, config })),
    );
  }

  #show(report: InterfaceReport): void {
    const service = this.#service;
    if (service === undefined) return;
    const { link } = report;
    const counted = link?.statistics;
    const base = `/Interfaces/${elementOf(report.name)}` as const;
    service.set(`${base}/Label`, report.label);
    service.set(`${base}/Config`, report.config);
    service.set(`${base}/Profile`, report.profile);
    service.set(`${base}/State`, report.state);
    service.set(`${base}/Why`, report.why);
    service.set(`${base}/Drivers`, report.drivers.join(', '));
    service.set(`${base}/Trouble`, report.trouble ?? '');
    service.set(`${base}/Recoveries`, report.recoveries);
    service.set(`${base}/Faults`, report.faults);
    service.set(`${base}/BitRate`, link?.bitRate ?? null);
    service.set(`${base}/Bus`, link?.bus ?? null);
    service.set(`${base}/ReceiveErrors`, link?.receiveErrors ?? null);
    service.set(`${base}/TransmitErrors`, link?.transmitErrors ?? null);
    service.set(`${base}/Received`, counted?.received ?? null);
    service.set(`${base}/Sent`, counted?.sent ?? null);
    service.set(`${base}/ReceiveDropped`, counted?.receiveDropped ?? null);
    service.set(`${base}/SendDropped`, counted?.sendDropped ?? null);
    service.set(`${base}/BusErrors`, counted?.busErrors ?? null);
    service.set(`${base}/Warnings`, counted?.warnings ?? null);
    service.set(`${base}/Passives`, counted?.passives ?? null);
    service.set(`${base}/BusOffs`, counted?.busOffs ?? null);
    service.set(`${base}/Restarts`, counted?.restarts ?? null);
    service.set(`/CanBus/Interface/${elementOf(report.name)}/Statistics`, link?.told ?? '');
  }
}

/** What can stand in a path, and in the name of a service. */
export function elementOf(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_');
}
