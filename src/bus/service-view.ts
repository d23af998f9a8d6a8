/** One service as those see it who read values, ours and foreign ones alike. */
import type { Value } from '../schema/row.ts';

/** Where a value stands, for who reads it again and again. It shows the present value as long as the path is there. */
export interface Cell {
  readonly value: Value;
  /** The path was taken off the service. When it comes again it stands elsewhere. */
  readonly gone: boolean;
}

/** One service, as a reader sees it. */
export interface ServiceView {
  /** `com.victronenergy.battery.ttyUSB0` */
  readonly name: string;
  /** The part behind com.victronenergy: `battery`. */
  readonly type: string;
  /** Whether this process serves it. */
  readonly own: boolean;
  /** The value; null when invalid or when there is no such path. */
  get(path: string): Value;
  /** Where that value stands; undefined when there is no such path. */
  cell(path: string): Cell | undefined;
  has(path: string): boolean;
  paths(): Iterable<string>;
  /** When the value last changed, on the monotonic clock in milliseconds; undefined when there is no such path. */
  changedAt(path: string): number | undefined;
}

/** `com.victronenergy.battery.ttyUSB0` → `battery` */
export function serviceType(name: string): string {
  return name.split('.', 3)[2] ?? '';
}

/** An item that a service holds. */
export interface Stored extends Cell {
  readonly changedAt: number;
}

/** A service that holds its items. Who derives from it changes them. */
export abstract class StoredItems<Item extends Stored> implements ServiceView {
  abstract readonly own: boolean;
  readonly name: string;
  readonly type: string;
  protected readonly items = new Map<string, Item>();

  constructor(name: string) {
    this.name = name;
    this.type = serviceType(name);
  }

  get(path: string): Value {
    return this.items.get(path)?.value ?? null;
  }

  cell(path: string): Cell | undefined {
    return this.items.get(path);
  }

  has(path: string): boolean {
    return this.items.has(path);
  }

  paths(): Iterable<string> {
    return this.items.keys();
  }

  changedAt(path: string): number | undefined {
    return this.items.get(path)?.changedAt;
  }
}
