/** Checks one after the other, for programs that are no tap tests; ends with a line "N passed, N failed". */

export class CheckList {
  #passed = 0;
  #failed = 0;

  /** Runs one check. A text that it returns is printed beside it: a figure. What it throws is why it failed. */
  async check(name: string, body: () => unknown): Promise<void> {
    try {
      const figure = await body();
      this.#passed++;
      console.log(`ok      ${name}${typeof figure === 'string' ? `: ${figure}` : ''}`);
    } catch (error) {
      this.#failed++;
      console.log(`FAILED  ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Prints the count. @returns the exit code */
  end(): number {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0 ? 0 : 1;
  }
}
