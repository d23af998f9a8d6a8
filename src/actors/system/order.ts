/** The order in which topics run: each after those it reads from. */
import { Fault } from '../../kernel/fault.ts';
import type { Topic } from './topic.ts';

/** @throws Fault (bug) when two topics publish one path, or topics read from each other in a circle */
export function inDependencyOrder(topics: readonly Topic[]): Topic[] {
  const publisher = publishersOf(topics);
  const ordered: Topic[] = [];
  const done = new Set<Topic>();
  const onTheWay: Topic[] = [];
  const visit = (topic: Topic): void => {
    if (done.has(topic)) return;
    if (onTheWay.includes(topic)) {
      const circle = [...onTheWay.slice(onTheWay.indexOf(topic)), topic].map(one => one.name);
      throw new Fault('bug', `topics read from each other in a circle: ${circle.join(' → ')}`);
    }
    onTheWay.push(topic);
    for (const before of topic.reads.topics ?? []) {
      if (!topics.includes(before)) throw new Fault('bug', `${topic.name} uses ${before.name}, which does not run`);
      visit(before);
    }
    for (const path of [...(topic.reads.own ?? []), ...(topic.reads.ownValid ?? [])]) {
      const before = publisher.get(path);
      if (before === undefined) throw new Fault('bug', `${topic.name} reads ${path}, which no topic publishes`);
      if (before !== topic) visit(before);
    }
    onTheWay.pop();
    done.add(topic);
    ordered.push(topic);
  };
  for (const topic of topics) visit(topic);
  return ordered;
}

function publishersOf(topics: readonly Topic[]): Map<string, Topic> {
  const publisher = new Map<string, Topic>();
  for (const topic of topics)
    for (const path of new Set([...Object.keys(topic.publishes), ...Object.keys(topic.accepts ?? {})])) {
      const other = publisher.get(path);
      if (other !== undefined) throw new Fault('bug', `${other.name} and ${topic.name} both publish ${path}`);
      publisher.set(path, topic);
    }
  return publisher;
}
