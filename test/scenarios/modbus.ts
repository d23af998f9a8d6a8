/** Replays one ve-modbus/1 document in memory: recorded Modbus TCP exchanges, byte for byte, and what they write. */
import { readFileSync } from 'node:fs';
import { SETTINGS_SERVICE } from '../../src/bus/settings-client.ts';
import { SimulatedService } from '../support/memory-bus.ts';
import { type MemoryClient, ModbusSystem, type SeenWrite } from '../support/modbus-system.ts';
import { SimulatedSettings } from '../support/simulated-settings.ts';
import { fromJson, type Json } from './scenario.ts';

type JsonValues = Readonly<Record<string, Json>>;

interface ModbusStep {
  readonly op: string;
  readonly note?: string;
  /** Bytes sent, and those expected in answer, as hexadecimal digits. */
  readonly tx?: string;
  readonly rx?: string;
  /** Sends so many bytes first, the rest a while later. */
  readonly split?: number;
  /** Expected SetValue calls: service, path, value. */
  readonly writes?: readonly (readonly [string, string, Json])[];
  readonly service?: string;
  readonly path?: string;
  readonly value?: Json;
  readonly values?: JsonValues;
}

interface ModbusDocument {
  readonly format: 've-modbus/1';
  readonly services: Readonly<Record<string, JsonValues>>;
  readonly steps: readonly ModbusStep[];
}

export interface ModbusOutcome {
  readonly passed: number;
  /** One line for each step that was not as recorded. */
  readonly failed: string[];
}

export async function replayModbus(file: string): Promise<ModbusOutcome> {
  // The file says what it is; a step of an unknown kind is a failure.
  const document = JSON.parse(readFileSync(file, 'utf8')) as ModbusDocument;
  const replay = new ModbusReplay(document);
  await replay.start();
  const failed: string[] = [];
  for (const [i, step] of document.steps.entries()) {
    const wrong = await replay.step(step);
    if (wrong !== undefined) failed.push(`step ${i} (${step.note ?? step.op}): ${wrong}`);
  }
  await replay.stop();
  return { passed: document.steps.length - failed.length, failed };
}

class ModbusReplay {
  readonly #system = new ModbusSystem();
  readonly #settings = new SimulatedSettings(this.#system.bus);
  readonly #document: ModbusDocument;
  #client: MemoryClient | undefined;

  constructor(document: ModbusDocument) {
    this.#document = document;
  }

  async start(): Promise<void> {
    for (const [service, values] of Object.entries(this.#document.services)) this.#add(service, values);
    await this.#system.up();
    this.#client = this.#system.connected();
  }

  stop(): Promise<void> {
    return this.#system.stop();
  }

  /** @returns what is wrong; undefined when the step is as recorded */
  async step(step: ModbusStep): Promise<string | undefined> {
    const { op, service = '', path = '', value = null, values = {} } = step;
    const { bus } = this.#system;
    switch (op) {
      case 'modbus':
        return this.#exchange(step);
      case 'service.set':
        if (service === SETTINGS_SERVICE) this.#settings.set(path, fromJson(value), isFloat(value));
        else bus.set(service, path, fromJson(value));
        return undefined;
      case 'service.remove':
        bus.remove(service);
        return undefined;
      case 'service.add':
        this.#add(service, values);
        return undefined;
      default:
        return `unknown step ${op}`;
    }
  }

  async #exchange({ tx = '', rx = '', split = 0, writes = [] }: ModbusStep): Promise<string | undefined> {
    const client = this.#client;
    if (client === undefined) return 'not connected';
    this.#system.bus.seen.length = 0;
    const early = split === 0 ? '' : await client.raw(tx.slice(0, 2 * split));
    const got = early + (await client.raw(tx.slice(2 * split)));
    if (got !== rx) return `${tx} answered ${got}, not ${rx}`;
    const seen = JSON.stringify(this.#system.bus.seen.map(seenAsJson));
    const want = JSON.stringify(writes);
    return seen === want ? undefined : `${tx} wrote ${seen}, not ${want}`;
  }

  #add(service: string, values: JsonValues): void {
    if (service === SETTINGS_SERVICE) {
      for (const [path, value] of Object.entries(values)) this.#settings.set(path, fromJson(value), isFloat(value));
      return;
    }
    const plain = Object.fromEntries(Object.entries(values).map(([path, value]) => [path, fromJson(value)]));
    this.#system.bus.add(new SimulatedService(service, plain));
  }
}

/** A SetValue as the recordings write it: a double with an integral value is marked. */
function seenAsJson({ service, path, typed }: SeenWrite): unknown {
  const whole = typed.signature === 'd' && Number.isInteger(typed.value);
  return [service, path, whole ? { d: typed.value } : typed.value];
}

function isFloat(json: Json): boolean {
  return typeof json === 'object' ? json !== null && 'd' in json : typeof json === 'number' && !Number.isInteger(json);
}
