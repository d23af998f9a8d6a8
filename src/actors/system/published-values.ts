/** The values of the topics in the tree of com.victronenergy.system: shown when they differ, and who reads them marked. */
import { SET_DONE, SET_REFUSED } from '../../bus/published-service.ts';
import { sameValue } from '../../bus/value.ts';
import type { Value } from '../../schema/row.ts';
import type { Marks } from './marks.ts';
import type { Entry, Outcome } from './outcome.ts';
import { patternOf } from './path-pattern.ts';
import type { Readers } from './readers.ts';
import type { Slot } from './slot.ts';
import type { SystemTree } from './topic.ts';

export class PublishedValues {
  readonly #service: SystemTree;
  readonly #readers: Readers;
  readonly #marks: Marks;

  constructor(service: SystemTree, readers: Readers, marks: Marks) {
    this.#service = service;
    this.#readers = readers;
    this.#marks = marks;
  }

  /**
   * Makes a topic's paths, and lets clients write those that it accepts.
   * @param written hears of a write that was taken
   */
  prepare(slot: Slot, written: (path: string) => void): void {
    const { topic, outcome } = slot;
    for (const path of Object.keys(topic.publishes)) {
      if (patternOf(path) !== undefined) continue;
      outcome.entry(path, 'invalid').shown = null;
      this.#service.setAny(path, null);
    }
    for (const [path, { initial, take, everyWrite }] of Object.entries(topic.accepts ?? {})) {
      const entry = outcome.entry(path, 'stays');
      entry.shown = initial;
      this.#service.setAny(path, initial);
      if (everyWrite === true) this.#service.hearsEveryWrite(path);
      this.#service.onWriteAny(path, value => {
        const taken = take === undefined ? value : take(value);
        if (taken === undefined) return SET_REFUSED;
        this.#service.setAny(path, taken);
        entry.shown = taken;
        written(path);
        return SET_DONE;
      });
    }
  }

  /** Shows what was set; what was not set becomes invalid, or leaves. */
  publish({ outcome }: Slot): void {
    for (let i = 0; i < outcome.changes; i++) {
      const entry = outcome.changed[i];
      if (entry !== undefined) this.#show(entry);
    }
    if (outcome.hasUnused) this.#publishUnused(outcome);
  }

  #publishUnused(outcome: Outcome): void {
    let leaving = false;
    for (const entry of outcome.list) {
      if (entry.usedIn === outcome.run) continue;
      if (entry.unset === 'leaves') leaving = true;
      if (entry.unset !== 'invalid' || entry.shown === null) continue;
      entry.value = null;
      this.#show(entry);
    }
    if (leaving) for (const entry of outcome.takeLeaving()) this.#leave(entry);
  }

  #show(entry: Entry): void {
    const { path, value, shown } = entry;
    if (shown !== undefined && sameValue(value, shown)) return;
    entry.shown = value;
    if (this.#service.setAny(path, value)) this.#changed(entry, isValid(value) !== isValid(shown));
  }

  #leave(entry: Entry): void {
    this.#service.remove(entry.path);
    this.#changed(entry, true);
  }

  /** @param validity whether it has a value now and had none before, or the other way round */
  #changed(entry: Entry, validity: boolean): void {
    entry.readers ??= this.#readers.ofOwn(entry.path);
    this.#marks.addAll(entry.readers);
    if (!validity) return;
    entry.ofValidity ??= this.#readers.ofValidity(entry.path);
    this.#marks.addAll(entry.ofValidity);
  }
}

/** Whether a value stands in the tree as one; what is no finite number is invalid there. */
function isValid(value: Value | undefined): boolean {
  return value !== undefined && value !== null && (typeof value !== 'number' || Number.isFinite(value));
}
