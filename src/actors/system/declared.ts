import type { Topic } from './topic.ts';

/** The declared reads of a topic, for looking up. */
export class Declared {
  readonly devices: ReadonlyMap<string, Set<string>>;
  readonly settings: Set<string>;
  readonly own: Set<string>;
  readonly ownValid: Set<string>;
  readonly topics: Set<Topic>;

  constructor(topic: Topic) {
    const { devices = {}, besides = {}, settings = [], own = [], ownValid = [], topics = [] } = topic.reads;
    const types = new Set([...Object.keys(devices), ...Object.keys(besides)]);
    this.devices = new Map(
      [...types].map(type => [type, new Set([...(devices[type] ?? []), ...(besides[type] ?? [])])]),
    );
    this.settings = new Set(settings);
    this.own = new Set(own);
    this.ownValid = new Set(ownValid);
    this.topics = new Set(topics);
  }
}
