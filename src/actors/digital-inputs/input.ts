/** One input: what is connected to it, its pulses, its service. */
import type { GatewayContext } from '../../bus/gateway-context.ts';
import { SETTINGS_SERVICE, type SettingsOf } from '../../bus/settings-client.ts';
import type { Owned } from '../../kernel/actor.ts';
import type { DigitalInput } from '../../ports/gpio.ts';
import { GeneratorFeedback } from './generator-feedback.ts';
import { InputService } from './input-service.ts';
import { INSTANCE } from './input-settings.ts';
import { INPUT_TYPES, TYPE_GENERATOR, TYPE_TOUCH } from './input-types.ts';
import { PulseCount } from './pulse-count.ts';

const TOUCH_ENABLED = '/Settings/Gui/TouchEnabled';
/** What another type begins with. */
const RESET_SETTINGS = ['InvertTranslation', 'InvertAlarm', 'AlarmSetting'];

export class Input implements Owned {
  readonly id: string;
  readonly label: string;
  /** Hears of another type. */
  onType: ((type: number) => void) | undefined;
  readonly #context: GatewayContext;
  readonly #line: DigitalInput;
  readonly #settings: SettingsOf<string>;
  readonly #count: PulseCount;
  /** Undefined until the line has told; null when it cannot be read. */
  #level: boolean | null | undefined;
  readonly #owned: Owned[];
  #released = false;
  #type = 0;
  #service: InputService | undefined;
  #feedback: GeneratorFeedback | undefined;
  /** Changes of type follow one another. */
  #changing: Promise<void> = Promise.resolve();

  constructor(context: GatewayContext, line: DigitalInput, settings: SettingsOf<string>) {
    this.id = line.id;
    this.label = line.label;
    this.#context = context;
    this.#line = line;
    this.#settings = settings;
    this.#count = new PulseCount(settings);
    this.#owned = [settings.onChange((key, value) => this.#settingChanged(key, value))];
  }

  /** What is connected to it, as the settings have it. */
  get type(): number {
    return this.#settings.number('Type');
  }

  async start(): Promise<void> {
    this.#owned.push(this.#line.watch(this.#context.guard(level => this.#told(level))));
    await this.#change(this.type, false);
  }

  /** Nothing is heard of it any more. */
  release(): void {
    this.#released = true;
    for (const owned of this.#owned) void owned.release();
  }

  /** It was plugged out: its service goes, its settings and its count stay. */
  async end(): Promise<void> {
    this.release();
    await this.#changing;
    await this.#count.save();
    await this.#withdraw();
    if (this.#type === TYPE_GENERATOR) await this.#endFeedback();
  }

  async setType(type: number): Promise<boolean> {
    return (await this.#settings.set('Type', type)).ok;
  }

  /** Keeps the count. */
  save(): Promise<void> {
    return this.#count.save();
  }

  #told(level: boolean | null): void {
    const before = this.#level;
    this.#level = level;
    // Only what was seen to rise is a pulse: a level at the start is none, nor is one after a failure.
    if (before === false && level === true && this.#service !== undefined) this.#count.pulse();
    if (before === true && level === false && this.#type === TYPE_TOUCH) this.#toggleTouch();
    if (before === undefined || (before === null) !== (level === null)) this.#noteReadable(level !== null);
    this.#show();
  }

  #show(): void {
    const level = this.#level ?? null;
    this.#service?.show(level);
    // In the sense in which the state is shown: low is "running".
    if (level !== null) this.#feedback?.set(level === (this.#settings.number('InvertTranslation') === 1));
  }

  #noteReadable(readable: boolean): void {
    if (!readable) this.#context.log.error(`${this.#line.name} cannot be read`);
  }

  #settingChanged(key: string, value: number | string): void {
    if (key === 'Type') {
      this.onType?.(Number(value));
      this.#context.spawn(this.#change(Number(value), true));
    } else if (key === 'Count') {
      if (this.#count.heard(Number(value))) this.#show();
    } else {
      this.#service?.showSettings();
      if (key !== INSTANCE && key !== 'CustomName') this.#show();
    }
  }

  /** @param fresh something else is connected now: count, alarm and inversion begin anew */
  #change(type: number, fresh: boolean): Promise<void> {
    this.#changing = this.#changing.then(() => this.#changeNow(type, fresh));
    return this.#changing;
  }

  async #changeNow(type: number, fresh: boolean): Promise<void> {
    if (type === this.#type || this.#released || this.#context.signal.aborted) return;
    const before = this.#type;
    this.#type = type;
    await this.#withdraw();
    if (before === TYPE_GENERATOR) await this.#endFeedback();
    // Nobody is locked out by a button that is no longer there.
    if (before === TYPE_TOUCH) await this.#context.world.write(SETTINGS_SERVICE, TOUCH_ENABLED, 1, { type: 'int' });
    if (fresh && type !== 0) await this.#reset();
    const kind = INPUT_TYPES[type];
    if (kind === undefined) return;
    const options = { line: this.#line, type, kind, settings: this.#settings, count: this.#count };
    this.#service = await InputService.publish(this.#context, options, this.#level ?? null);
    if (type === TYPE_GENERATOR) this.#feedback = new GeneratorFeedback(this.#context, this.id);
    this.#show();
  }

  async #withdraw(): Promise<void> {
    const service = this.#service;
    this.#service = undefined;
    if (service !== undefined) await this.#context.withdraw(service.published);
  }

  async #reset(): Promise<void> {
    this.#count.reset();
    await this.#count.save();
    for (const name of RESET_SETTINGS) if (this.#settings.number(name) !== 0) await this.#settings.set(name, 0);
  }

  async #endFeedback(): Promise<void> {
    const feedback = this.#feedback;
    this.#feedback = undefined;
    feedback?.release();
    await feedback?.end();
  }

  #toggleTouch(): void {
    const enabled = this.#context.world.value(SETTINGS_SERVICE, TOUCH_ENABLED);
    const next = typeof enabled === 'number' && enabled !== 0 ? 0 : 1;
    this.#context.spawn(this.#context.world.write(SETTINGS_SERVICE, TOUCH_ENABLED, next, { type: 'int' }));
  }
}
