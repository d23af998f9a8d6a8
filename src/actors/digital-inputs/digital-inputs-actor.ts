/**
 * The digital inputs of the board: com.victronenergy.digitalinputs says which there are and what is connected to them,
 * and each one that is used has a service of its own.
 */
import type { GatewayActor, GatewayContext } from '../../bus/gateway-context.ts';
import { SET_DONE, SET_NOT_WRITABLE, SET_REFUSED } from '../../bus/published-service.ts';
import type { DigitalInput, Gpio } from '../../ports/gpio.ts';
import { digitalinputsSchema } from '../../schema/digitalinputs.ts';
import type { Value } from '../../schema/row.ts';
import { Input } from './input.ts';
import { inputSettingRows } from './input-settings.ts';
import { TYPE_COUNT, TYPE_GENERATOR } from './input-types.ts';

/** How often counts are kept: a power failure costs no more pulses than come in this time. Milliseconds. */
const SAVE_MS = 60_000;

export interface DigitalInputsOptions {
  readonly gpio: Pick<Gpio, 'inputs'>;
}

export function digitalInputsActor({ gpio }: DigitalInputsOptions): GatewayActor {
  return {
    name: 'digital-inputs',
    // Not waited for: until com.victronenergy.settings is there, nobody knows what is connected.
    start: context => context.spawn(run(context, gpio)),
  };
}

async function run(context: GatewayContext, gpio: Pick<Gpio, 'inputs'>): Promise<void> {
  const lines = await gpio.inputs();
  if (lines.length === 0) return;
  const inputs = await Promise.all(lines.map(line => makeInput(context, line)));
  const typeOf = new Map(inputs.map(input => [input.number, input]));
  // Counts are kept at the end too, while the settings are still there.
  context.own({ release: () => saveAll(inputs) });
  await context.publish({
    name: 'com.victronenergy.digitalinputs',
    schema: digitalinputsSchema,
    prepare: service => {
      for (const [number, input] of typeOf) {
        service.setAny(`/Devices/${number}/Label`, `GX Built-in - Digital input ${number}`);
        service.setAny(`/Devices/${number}/Type`, input.type);
        service.onWriteAny(`/Devices/${number}/Type`, value => writeType(input, value));
        input.onType = type => {
          service.setAny(`/Devices/${number}/Type`, type);
          if (type === TYPE_GENERATOR) context.spawn(leaveGeneratorTo(input, inputs));
        };
      }
    },
  });
  for (const input of inputs) await input.start();
  context.clock.every(SAVE_MS, () => context.spawn(saveAll(inputs)));
}

async function makeInput(context: GatewayContext, line: DigitalInput): Promise<Input> {
  const device = line.name.split('/').at(-1) ?? line.name;
  return new Input(context, line, await context.settings.declare(inputSettingRows(line.number, device)));
}

async function writeType(input: Input, value: Value): Promise<number> {
  if (typeof value !== 'number') return SET_NOT_WRITABLE;
  if (value < 0 || value >= TYPE_COUNT) return SET_REFUSED;
  return (await input.setType(value)) ? SET_DONE : SET_REFUSED;
}

/** There is one engine: only one input tells whether it runs. */
async function leaveGeneratorTo(chosen: Input, inputs: readonly Input[]): Promise<void> {
  for (const other of inputs) if (other !== chosen && other.type === TYPE_GENERATOR) await other.setType(0);
}

async function saveAll(inputs: readonly Input[]): Promise<void> {
  for (const input of inputs) await input.save();
}
