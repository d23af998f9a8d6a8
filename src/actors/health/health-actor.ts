/** com.victronenergy.gxd: shows on the bus how the actors are, so that a degraded one is never silent. */
import type { GatewayActor } from '../../bus/gateway-context.ts';
import type { ActorState, ActorStatus } from '../../kernel/supervisor.ts';
import { VERSION } from '../../kernel/version.ts';
import { gxdSchema } from '../../schema/gxd.ts';

/** Where the actors' states come from. */
export interface ActorWatch {
  status(): ActorStatus[];
  onChange(changed: () => void): () => void;
}

const STATE: Readonly<Record<ActorState, number>> = { stopped: 0, starting: 1, running: 2, waiting: 3, degraded: 4 };

export function healthActor(options: { readonly actors: ActorWatch; readonly safeMode: boolean }): GatewayActor {
  const { actors, safeMode } = options;
  return {
    name: 'health',
    async start(context) {
      const service = await context.publish({
        name: 'com.victronenergy.gxd',
        schema: gxdSchema,
        prepare: gxd => {
          gxd.set('/Mgmt/ProcessName', 'gxd');
          gxd.set('/Mgmt/ProcessVersion', VERSION);
          gxd.set('/Mgmt/Connection', 'gxd');
          gxd.set('/DeviceInstance', 0);
          gxd.set('/ProductName', 'gxd');
          gxd.set('/Connected', 1);
          gxd.set('/SafeMode', safeMode ? 1 : 0);
        },
      });
      const show = context.guard(() => {
        for (const actor of actors.status()) {
          const path = `/Actors/${pathName(actor.name)}` as const;
          service.set(`${path}/State`, STATE[actor.state]);
          service.set(`${path}/Restarts`, actor.restarts);
          service.set(`${path}/LastError`, actor.lastError);
        }
      });
      const forget = actors.onChange(show);
      context.own({ release: forget });
      show();
    },
  };
}

/** `serial-scanner` → `SerialScanner`: a path has no room for a dash. */
function pathName(actor: string): string {
  return actor.replace(/(^|-)(\w)/g, (_match, _dash, letter: string) => letter.toUpperCase());
}
