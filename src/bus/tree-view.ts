/** A served tree that is not a PublishedService (the settings), as a service in the world. */
import type { Clock } from '../kernel/clock.ts';
import type { Value } from '../schema/row.ts';
import type { ServedTree } from './bus.ts';
import { type Cell, serviceType } from './service-view.ts';
import type { OwnService } from './world.ts';

export class TreeView implements OwnService {
  readonly own = true;
  readonly name: string;
  readonly type: string;
  readonly tree: ServedTree;
  readonly #clock: Clock;
  readonly #changed = new Map<string, number>();

  constructor(tree: ServedTree, clock: Clock) {
    this.tree = tree;
    this.name = tree.name;
    this.type = serviceType(tree.name);
    this.#clock = clock;
  }

  get(path: string): Value {
    return this.tree.item(path)?.value ?? null;
  }

  cell(path: string): Cell | undefined {
    return this.has(path) ? new TreeCell(this, path) : undefined;
  }

  has(path: string): boolean {
    return this.tree.item(path) !== undefined;
  }

  *paths(): Iterable<string> {
    for (const [path] of this.tree.items()) yield path;
  }

  changedAt(path: string): number | undefined {
    return this.#changed.get(path);
  }

  /** Notes that a path has changed now. @returns its value */
  noteChange(path: string): Value {
    this.#changed.set(path, this.#clock.monotonic());
    return this.get(path);
  }
}

/** A tree need not keep its items: this one looks them up. */
class TreeCell implements Cell {
  readonly #view: TreeView;
  readonly #path: string;

  constructor(view: TreeView, path: string) {
    this.#view = view;
    this.#path = path;
  }

  get value(): Value {
    return this.#view.get(this.#path);
  }

  get gone(): boolean {
    return !this.#view.has(this.#path);
  }
}
