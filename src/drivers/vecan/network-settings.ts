/** The settings of a network, declared once for each port however often its interface comes and goes. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import type { SettingsOf } from '../../bus/settings-client.ts';
import { vecanSettings } from '../../schema/settings/vecan.ts';

export type NetworkSettings = SettingsOf<keyof ReturnType<typeof vecanSettings>>;

const declaredBy = new WeakMap<GatewayContext, Map<string, Promise<NetworkSettings>>>();

/** Settles when the settings service has told the values. @param port `can0` */
export function networkSettings(context: GatewayContext, port: string): Promise<NetworkSettings> {
  const ports = declaredBy.get(context) ?? new Map<string, Promise<NetworkSettings>>();
  declaredBy.set(context, ports);
  const declared = ports.get(port) ?? context.settings.declare(vecanSettings(port));
  ports.set(port, declared);
  return declared;
}
