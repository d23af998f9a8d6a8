/**
 * com.victronenergy.system: what the whole installation does, from any mix of devices. The calculation is in the
 * topics; here they are put on the bus. See README.md beside this file.
 */
import type { GatewayActor, GatewayContext } from '../../bus/gateway-context.ts';
import { answerWhy } from '../../bus/why-call.ts';
import { VERSION } from '../../kernel/version.ts';
import type { BoardFacts } from '../../ports/board.ts';
import type { Gpio } from '../../ports/gpio.ts';
import { systemSettings } from '../../schema/settings/system.ts';
import { systemSchema } from '../../schema/system.ts';
import { Buzzer } from './buzzer.ts';
import { Engine } from './engine.ts';
import { SYSTEM_SERVICE } from './picture.ts';
import { RelayOutputs } from './relays/relay-outputs.ts';
import { TOPICS } from './topics/all.ts';
import { explain } from './why.ts';

export interface SystemOptions {
  readonly gpio: Gpio;
  readonly board: BoardFacts;
}

export function systemActor(options: SystemOptions): GatewayActor {
  return {
    name: 'system',
    critical: true,
    start: context => {
      // Not waited for: until com.victronenergy.settings is there, there is nothing to calculate by.
      context.spawn(run(context, options));
    },
  };
}

async function run(context: GatewayContext, { board, gpio }: SystemOptions): Promise<void> {
  const engine = new Engine(context, TOPICS, board.productId);
  const outputs = await gpio.relays();
  await engine.settings.declare([...systemSettings, ...RelayOutputs.settings(outputs.length)]);
  const relays = new RelayOutputs(context, engine.settings, outputs);
  const buzzer = new Buzzer(context, await gpio.buzzer());
  await relays.restore();
  await buzzer.silence();
  await context.publish({
    name: SYSTEM_SERVICE,
    schema: systemSchema,
    prepare: service => {
      service.set('/Mgmt/ProcessName', 'gxd');
      service.set('/Mgmt/ProcessVersion', VERSION);
      service.set('/Mgmt/Connection', 'data from other dbus processes');
      service.set('/DeviceInstance', 0);
      service.set('/ProductId', null);
      service.set('/ProductName', null);
      service.set('/FirmwareVersion', board.imageVersion);
      service.set('/FirmwareBuild', board.imageBuild);
      service.set('/HardwareVersion', null);
      service.set('/Connected', 1);
      service.set('/Serial', board.portalId);
      service.onCall(call => answerWhy(call, SYSTEM_SERVICE, path => relays.explain(path) ?? explain(engine, path)));
      engine.start(service);
      relays.publish(service);
      buzzer.publish(service);
    },
  });
}
