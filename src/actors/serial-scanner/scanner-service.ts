/** `com.victronenergy.serialscanner`: what is done at each port, and why. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { PublishedService } from '../../bus/published-service.ts';
import { Fault } from '../../kernel/fault.ts';
import { VERSION } from '../../kernel/version.ts';
import { serialscannerSchema } from '../../schema/serialscanner.ts';
import type { PortReport } from './port-report.ts';

export const SCANNER_SERVICE = 'com.victronenergy.serialscanner';

export class ScannerService {
  readonly #context: GatewayContext;
  readonly #reports = new Map<string, PortReport>();
  #service: PublishedService<typeof serialscannerSchema> | undefined;

  constructor(context: GatewayContext) {
    this.#context = context;
  }

  /** Puts it on the bus. Another scanner with this name is no reason not to work. */
  async publish(): Promise<void> {
    try {
      this.#service = await this.#context.publish({
        name: SCANNER_SERVICE,
        schema: serialscannerSchema,
        identity: {
          processName: 'gxd',
          processVersion: VERSION,
          connection: 'Serial ports',
          deviceInstance: 0,
          productId: null,
          productName: 'Serial scanner',
          firmwareVersion: null,
          hardwareVersion: null,
          connected: 1,
        },
        prepare: service => service.set('/NrOfPorts', 0),
      });
    } catch (error) {
      if (!(error instanceof Fault) || error.whose !== 'bus') throw error;
      this.#context.log.warn('another scanner is on the bus: what this one does is not shown', {
        name: SCANNER_SERVICE,
      });
    }
    for (const report of this.#reports.values()) this.#show(report);
  }

  show(report: PortReport): void {
    this.#reports.set(report.tty, report);
    this.#show(report);
  }

  /** The port has gone. */
  forget(tty: string): void {
    this.#reports.delete(tty);
    const service = this.#service;
    if (service === undefined) return;
    const below = `/Ports/${tty}/`;
    for (const path of [...service.paths()]) if (path.startsWith(below)) service.remove(path);
    service.set('/NrOfPorts', this.#reports.size);
  }

  #show(report: PortReport): void {
    const service = this.#service;
    if (service === undefined) return;
    service.set('/NrOfPorts', this.#reports.size);
    const base = `/Ports/${report.tty}` as const;
    service.set(`${base}/Path`, report.path);
    service.set(`${base}/State`, report.state);
    service.set(`${base}/Driver`, report.driver);
    service.set(`${base}/BaudRate`, report.baudRate ?? null);
    service.set(`${base}/Device`, report.device);
    service.set(`${base}/Candidates`, report.candidates.join(', '));
    service.set(`${base}/Tried`, report.tried.join('; '));
    service.set(`${base}/Why`, report.why);
    service.set(`${base}/Recognised`, report.recognised);
    service.set(`${base}/Lost`, report.lost);
    service.set(`${base}/Faults`, report.faults);
  }
}
