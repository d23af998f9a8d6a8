/** Devices of somebody else on a real bus: trees that take whatever is written to them. */
import type { Bus, IncomingCall, Registration, ServedItem, ServedTree, TypedData } from '../../src/bus/bus.ts';
import { SETTINGS_SERVICE } from '../../src/bus/settings-client.ts';
import { textByRow } from '../../src/bus/text.ts';
import { plain, typedByRow } from '../../src/bus/value.ts';
import { schemaOf } from '../../src/schema/registry.ts';
import { findRow, type Row, type Value } from '../../src/schema/row.ts';

const INTEGER: Row = { type: 'int' };
const FLOAT: Row = { type: 'float' };
const TEXT: Row = { type: 'string' };

export class ServedDevice {
  readonly name: string;
  /** What was written by others, in order. */
  readonly writes: { readonly path: string; readonly value: Value; readonly signature: string }[] = [];
  /** Decides on a write: 0 takes it. */
  onWrite: (path: string, value: Value) => number = () => 0;
  readonly #items = new Map<string, ServedItem>();
  readonly #type: string;
  #registration: Registration | undefined;

  private constructor(name: string, values: Readonly<Record<string, Value>>) {
    this.name = name;
    this.#type = name.split('.')[2] ?? '';
    for (const [path, value] of Object.entries(values)) this.#items.set(path, { row: this.#rowOf(path, value), value });
  }

  static async publish(bus: Bus, name: string, values: Readonly<Record<string, Value>>): Promise<ServedDevice> {
    const device = new ServedDevice(name, values);
    device.#registration = await bus.publish(device.#tree());
    return device;
  }

  get(path: string): Value {
    return this.#items.get(path)?.value ?? null;
  }

  /** The device changes a value by itself. */
  set(path: string, value: Value): void {
    this.setAll({ [path]: value });
  }

  /** The same of several values, in one message. */
  setAll(values: Readonly<Record<string, Value>>): void {
    for (const [path, value] of Object.entries(values))
      this.#items.set(path, { row: this.#items.get(path)?.row ?? this.#rowOf(path, value), value });
    this.#registration?.announce(Object.keys(values));
  }

  async leave(): Promise<void> {
    await this.#registration?.release();
  }

  #tree(): ServedTree {
    return {
      name: this.name,
      signals: this.name === SETTINGS_SERVICE ? 'properties' : 'items',
      item: path => this.#items.get(path),
      items: () => this.#items,
      typed: (_path, item) => typedByRow(item.value, item.row),
      text: (_path, item) => textByRow(item.value, item.row),
      write: (path, value, { signature }) => {
        this.writes.push({ path, value, signature });
        const code = this.onWrite(path, value);
        if (code === 0) this.set(path, value);
        return code;
      },
      call: call => (call.member === 'AddSettings' ? this.#addSettings(call) : undefined),
    };
  }

  /** Adds what is missing with its default, and answers the values. */
  #addSettings({ body }: IncomingCall): { signature: string; body: TypedData[] } {
    const entries = body[0] as readonly ReadonlyMap<string, TypedData>[]; // aa{sv}, by the signature of the method
    const results = entries.map(entry => {
      const read = (key: string): Value => {
        const data = entry.get(key);
        return data === undefined ? null : plain({ signature: 'v', value: data });
      };
      const path = String(read('path'));
      if (!this.#items.has(path)) this.set(path, read('default'));
      const item = this.#items.get(path);
      return new Map<string, TypedData>([
        ['path', { signature: 's', value: path }],
        ['error', { signature: 'i', value: 0 }],
        ['value', typedByRow(item?.value ?? null, item?.row ?? INTEGER)],
      ]);
    });
    return { signature: 'aa{sv}', body: [results] };
  }

  #rowOf(path: string, value: Value): Row {
    const known = findRow(schemaOf(this.#type) ?? {}, path);
    if (known !== undefined) return known;
    return typeof value === 'string' ? TEXT : Number.isInteger(value) ? INTEGER : FLOAT;
  }
}
