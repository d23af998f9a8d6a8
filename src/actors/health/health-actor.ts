/** com.victronenergy.gxd: shows on the bus how the actors are, so that a degraded one is never silent. */
import type { GatewayActor } from '../../bus/gateway-context.ts';
import type { Timer } from '../../kernel/clock.ts';
import type { ActorState, ActorStatus } from '../../kernel/supervisor.ts';
import { VERSION } from '../../kernel/version.ts';
import { gxdSchema } from '../../schema/gxd.ts';

/** Where the actors' states come from. */
export interface ActorWatch {
  status(): ActorStatus[];
  onChange(changed: () => void): () => void;
}

/** After a failure it takes this long without another one to be healthy again, milliseconds. */
export const CALM_MS = 60_000;

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
      const { clock } = context;
      let failed: number | undefined;
      let calm: Timer | undefined;
      /** What decides whether an update is kept: nothing that only looks well because it was just started again. */
      const judge = (): void => {
        const states = actors.status().map(actor => actor.state);
        if (states.some(state => state === 'waiting' || state === 'degraded')) {
          failed = clock.monotonic();
          calm?.cancel();
          calm = clock.after(CALM_MS, context.guard(judge));
        }
        const quiet = failed === undefined || clock.monotonic() - failed >= CALM_MS;
        const healthy = !safeMode && quiet && states.every(state => state === 'running');
        service.set('/Healthy', healthy ? 1 : 0);
      };
      const show = context.guard(() => {
        for (const actor of actors.status()) {
          const path = `/Actors/${pathName(actor.name)}` as const;
          service.set(`${path}/State`, STATE[actor.state]);
          service.set(`${path}/Restarts`, actor.restarts);
          service.set(`${path}/LastError`, actor.lastError);
        }
        judge();
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
