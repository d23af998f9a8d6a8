/** A task that must not run twice at once, and that nobody who asks for it may miss. */

/**
 * @param signal when it is aborted, the task is not begun again
 * @returns runs the task; asked for while it runs, it runs once more behind, however often that was
 */
export function oneAtATime(task: () => Promise<void>, signal: AbortSignal): () => Promise<void> {
  let running = false;
  let again = false;
  return async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        again = false;
        await task();
      } while (again && !signal.aborted);
    } finally {
      running = false;
    }
  };
}
