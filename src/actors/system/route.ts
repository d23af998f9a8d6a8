/**
 * The way that a topic takes through its inputs. It mostly goes the same way again: what comes next is tried before
 * anything is looked up, which costs more than all of the sums.
 */
import type { Cell } from '../../bus/service-view.ts';

/** Reads of one run that are kept; what lies behind is looked up. */
const STEP_LIMIT = 2_000;

interface Step {
  of: object;
  path: string;
  cell: Cell;
}

export class Route {
  #steps: Step[] = [];
  #at = 0;

  /** The next run begins. */
  begin(): void {
    this.#at = 0;
  }

  forget(): void {
    this.#steps = [];
    this.#at = 0;
  }

  /** The cell that is read next, when it is that of the run before; undefined when it must be looked up. */
  next(of: object, path: string): Cell | undefined {
    const step = this.#steps[this.#at];
    if (step === undefined || step.of !== of || step.path !== path || step.cell.gone) return undefined;
    this.#at++;
    return step.cell;
  }

  /** Keeps what had to be looked up. */
  take(of: object, path: string, cell: Cell): void {
    const step = this.#steps[this.#at];
    if (step !== undefined) {
      step.of = of;
      step.path = path;
      step.cell = cell;
    } else if (this.#at < STEP_LIMIT) {
      this.#steps[this.#at] = { of, path, cell };
    }
    this.#at++;
  }
}
