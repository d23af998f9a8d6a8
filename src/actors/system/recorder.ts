/** Writes down what a topic looks at while it computes, so that a value can be explained by what really made it. */
import type { ExplainedChoice, ExplainedInput } from '../../bus/explain.ts';
import type { ServiceView } from '../../bus/service-view.ts';
import type { Topic } from './topic.ts';

/** What was seen on the way to some values; what was seen outside of a part counts for every part inside. */
export class Sight {
  readonly outer: Sight | undefined;
  readonly inputs = new Map<string, ExplainedInput>();
  readonly choices: ExplainedChoice[] = [];
  readonly notes: string[] = [];
  readonly results = new Set<Topic>();
  /** The devices that were looked for. */
  readonly present = new Set<ServiceView>();

  constructor(outer: Sight | undefined) {
    this.outer = outer;
  }

  /** This sight and all around it, outermost first. */
  whole(): Sight[] {
    return [...(this.outer?.whole() ?? []), this];
  }
}

export class Recorder {
  #sight = new Sight(undefined);
  /** Path → what was seen where it was set. */
  readonly set = new Map<string, Sight>();
  /** Every sight, the outermost first. */
  readonly sights: Sight[] = [this.#sight];

  get sight(): Sight {
    return this.#sight;
  }

  input(input: ExplainedInput): void {
    this.#sight.inputs.set(`${input.service} ${input.path}`, input);
  }

  /** Runs `part` with a sight of its own. */
  within<T>(part: () => T): T {
    const outer = this.#sight;
    this.#sight = new Sight(outer);
    this.sights.push(this.#sight);
    try {
      return part();
    } finally {
      this.#sight = outer;
    }
  }
}
