import type { Topic } from './topic.ts';

/** The declared reads of a topic, for looking up. */
export class Declared {
  readonly devices: ReadonlyMap<string, Set<string>>;
  readonly settings: Set<string>;
  readonly own: Set<string>;
  readonly topics: Set<Topic>;

  constructor(topic: Topic) {
    const { devices = {}, settings = [], own = [], topics = [] } = topic.reads;
    this.devices = new Map(Object.entries(devices).map(([type, paths]) => [type, new Set(paths)]));
    this.settings = new Set(settings);
    this.own = new Set(own);
    this.topics = new Set(topics);
  }
}
