/**
 * The digital inputs of the board and of the extenders that are plugged in: com.victronenergy.digitalinputs says which
 * there are and what is connected to them, and each one that is used has a service of its own.
 */
import type { GatewayActor, GatewayContext } from '../../bus/gateway-context.ts';
import { type PublishedService, SET_DONE, SET_NOT_WRITABLE, SET_REFUSED } from '../../bus/published-service.ts';
import type { SettingsOf } from '../../bus/settings-client.ts';
import type { DigitalInput, Gpio } from '../../ports/gpio.ts';
import { digitalinputsSchema } from '../../schema/digitalinputs.ts';
import { DIGITAL_INPUT_TYPES } from '../../schema/enums.ts';
import type { Value } from '../../schema/row.ts';
import { Input } from './input.ts';
import { inputSettingRows } from './input-settings.ts';
import { TYPE_GENERATOR } from './input-types.ts';

/** How often counts are kept: a power failure costs no more pulses than come in this time. Milliseconds. */
const SAVE_MS = 60_000;
/** Inputs at most, of the board and of all extenders that were ever plugged in since the start. */
const INPUT_LIMIT = 64;

type ListService = PublishedService<typeof digitalinputsSchema>;
export type InputLines = Pick<Gpio, 'inputs' | 'watchExtenders'>;

export interface DigitalInputsOptions {
  readonly gpio: InputLines;
}

export function digitalInputsActor({ gpio }: DigitalInputsOptions): GatewayActor {
  return {
    name: 'digital-inputs',
    // Not waited for: until com.victronenergy.settings is there, nobody knows what is connected.
    start: context => context.spawn(new DigitalInputs(context).start(gpio)),
  };
}

class DigitalInputs {
  readonly #context: GatewayContext;
  readonly #inputs = new Map<string, Input>();
  /** Of all inputs that were ever there. */
  readonly #settings = new Map<string, SettingsOf<string>>();
  #service: ListService | undefined;
  /** Inputs come and go one list after the other. */
  #arranging: Promise<void> = Promise.resolve();

  constructor(context: GatewayContext) {
    this.#context = context;
  }

  async start(gpio: InputLines): Promise<void> {
    const context = this.#context;
    const board = await gpio.inputs();
    // Counts are kept at the end too, while the settings are still there.
    context.own({ release: () => this.#saveAll() });
    context.own({ release: () => this.#releaseAll() });
    context.clock.every(SAVE_MS, () => context.spawn(this.#saveAll()));
    context.own(
      gpio.watchExtenders(
        context.guard(extenders => {
          this.#arranging = this.#arranging.then(() => this.#arrange([...board, ...extenders]));
          context.spawn(this.#arranging);
        }),
      ),
    );
  }

  async #arrange(lines: readonly DigitalInput[]): Promise<void> {
    const ids = new Set(lines.map(({ id }) => id));
    for (const [id, input] of this.#inputs) if (!ids.has(id)) await this.#remove(id, input);
    const fresh = await Promise.all(lines.filter(({ id }) => !this.#inputs.has(id)).map(line => this.#make(line)));
    const added = fresh.filter(input => input !== undefined);
    for (const input of added) this.#inputs.set(input.id, input);
    if (this.#context.signal.aborted || added.length === 0) return;
    if (this.#service === undefined) this.#service = await this.#publish(added);
    else for (const input of added) this.#show(input, this.#service);
    for (const input of added) await input.start();
  }

  async #make(line: DigitalInput): Promise<Input | undefined> {
    const { id, name } = line;
    let settings = this.#settings.get(id);
    if (settings === undefined) {
      if (this.#settings.size >= INPUT_LIMIT) {
        this.#context.log.warn(`more than ${INPUT_LIMIT} digital inputs: not used`, { input: name });
        return undefined;
      }
      settings = await this.#context.settings.declare(inputSettingRows(line));
      this.#settings.set(id, settings);
    }
    return new Input(this.#context, line, settings);
  }

  /** With all paths of the inputs from the first moment. */
  #publish(inputs: readonly Input[]): Promise<ListService> {
    return this.#context.publish({
      name: 'com.victronenergy.digitalinputs',
      schema: digitalinputsSchema,
      prepare: service => {
        for (const input of inputs) this.#show(input, service);
      },
    });
  }

  #show(input: Input, service: ListService): void {
    const type = `/Devices/${input.id}/Type`;
    service.setAny(`/Devices/${input.id}/Label`, input.label);
    service.setAny(type, input.type);
    service.onWriteAny(type, value => writeType(input, value));
    input.onType = value => {
      service.setAny(type, value);
      if (value === TYPE_GENERATOR) this.#context.spawn(this.#leaveGeneratorTo(input));
    };
  }

  /** It was plugged out. */
  async #remove(id: string, input: Input): Promise<void> {
    this.#inputs.delete(id);
    await input.end();
    for (const name of ['Label', 'Type']) this.#service?.remove(`/Devices/${id}/${name}`);
  }

  /** There is one engine: only one input tells whether it runs. */
  async #leaveGeneratorTo(chosen: Input): Promise<void> {
    for (const other of this.#inputs.values())
      if (other !== chosen && other.type === TYPE_GENERATOR) await other.setType(0);
  }

  async #saveAll(): Promise<void> {
    for (const input of this.#inputs.values()) await input.save();
  }

  #releaseAll(): void {
    for (const input of this.#inputs.values()) input.release();
  }
}

async function writeType(input: Input, value: Value): Promise<number> {
  if (typeof value !== 'number') return SET_NOT_WRITABLE;
  if (!(value in DIGITAL_INPUT_TYPES)) return SET_REFUSED;
  return (await input.setType(value)) ? SET_DONE : SET_REFUSED;
}
