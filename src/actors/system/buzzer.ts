/** The buzzer of the board: `/Buzzer/State` 1 makes it beep, half a second on, half a second off. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import { SET_DONE } from '../../bus/published-service.ts';
import type { Timer } from '../../kernel/clock.ts';
import { describe } from '../../kernel/fault.ts';
import type { DigitalOutput } from '../../ports/gpio.ts';
import type { SystemTree } from './topic.ts';

const BEEP_MS = 500;

export class Buzzer {
  readonly #context: GatewayContext;
  readonly #output: DigitalOutput | undefined;
  #beeping: Timer | undefined;
  #sounds = false;
  #complained = false;

  /** @param output undefined on a board without one: then nothing is published */
  constructor(context: GatewayContext, output: DigitalOutput | undefined) {
    this.#context = context;
    this.#output = output;
    if (output !== undefined) context.own({ release: () => this.#sound(false) });
  }

  /** A start silences it: what is on the bus is 0 then. */
  async silence(): Promise<void> {
    await this.#sound(false);
  }

  publish(service: SystemTree): void {
    if (this.#output === undefined) return;
    service.setAny('/Buzzer/State', 0);
    service.onWriteAny('/Buzzer/State', async value => {
      const on = value === 1;
      service.setAny('/Buzzer/State', Number(on));
      await this.#beep(on);
      return SET_DONE;
    });
  }

  async #beep(on: boolean): Promise<void> {
    if (on === (this.#beeping !== undefined)) return;
    this.#beeping?.cancel();
    this.#beeping = on
      ? this.#context.clock.every(BEEP_MS, () => this.#context.spawn(this.#sound(!this.#sounds)))
      : undefined;
    await this.#sound(on);
  }

  async #sound(on: boolean): Promise<void> {
    this.#sounds = on;
    try {
      await this.#output?.write(on);
      this.#complained = false;
    } catch (error) {
      if (!this.#complained) this.#context.log.error(`buzzer does not answer: ${describe(error)}`);
      this.#complained = true;
    }
  }
}
