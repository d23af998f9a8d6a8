/** org.freedesktop.DBus.Introspectable: a prepared tree of nodes, so that an answer costs one node, not all. */
import type { ServedTree } from '../bus.ts';

const HEAD =
  '<!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"\n' +
  ' "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">\n<node>\n';

const STANDARD = `  <interface name="org.freedesktop.DBus.Introspectable">
    <method name="Introspect"><arg name="xml" type="s" direction="out"/></method>
  </interface>
  <interface name="org.freedesktop.DBus.Peer">
    <method name="Ping"/>
    <method name="GetMachineId"><arg name="id" type="s" direction="out"/></method>
  </interface>
  <interface name="org.freedesktop.DBus.Properties">
    <method name="Get">
      <arg name="interface" type="s" direction="in"/>
      <arg name="name" type="s" direction="in"/>
      <arg name="value" type="v" direction="out"/>
    </method>
    <method name="GetAll">
      <arg name="interface" type="s" direction="in"/>
      <arg name="values" type="a{sv}" direction="out"/>
    </method>
  </interface>
`;

const ITEM = `  <interface name="com.victronenergy.BusItem">
    <method name="GetValue"><arg name="value" type="v" direction="out"/></method>
    <method name="GetText"><arg name="text" type="s" direction="out"/></method>
    <method name="SetValue">
      <arg name="value" type="v" direction="in"/>
      <arg name="result" type="i" direction="out"/>
    </method>
    <method name="GetMin"><arg name="min" type="v" direction="out"/></method>
    <method name="GetMax"><arg name="max" type="v" direction="out"/></method>
    <method name="GetDescription">
      <arg name="language" type="s" direction="in"/>
      <arg name="length" type="i" direction="in"/>
      <arg name="description" type="s" direction="out"/>
    </method>
    <signal name="PropertiesChanged"><arg name="changes" type="a{sv}"/></signal>
    <property name="Value" type="v" access="read"/>
    <property name="Text" type="s" access="read"/>
    <property name="Valid" type="b" access="read"/>
  </interface>
`;

const GROUP = `  <interface name="com.victronenergy.BusItem">
    <method name="GetValue"><arg name="values" type="v" direction="out"/></method>
    <method name="GetText"><arg name="texts" type="v" direction="out"/></method>
  </interface>
`;

const ROOT = `  <interface name="com.victronenergy.BusItem">
    <method name="GetItems"><arg name="items" type="a{sa{sv}}" direction="out"/></method>
    <method name="GetValue"><arg name="values" type="v" direction="out"/></method>
    <method name="GetText"><arg name="texts" type="v" direction="out"/></method>
    <signal name="ItemsChanged"><arg name="changes" type="a{sa{sv}}"/></signal>
  </interface>
`;

export class Introspection {
  readonly #tree: ServedTree;
  /** Node → names of its children. */
  readonly #children = new Map<string, Set<string>>();
  /** Items that are in the tree of nodes. */
  readonly #paths = new Set<string>();

  constructor(tree: ServedTree) {
    this.#tree = tree;
    this.#children.set('/', new Set());
    this.readAll();
  }

  /** Notes that a path may have come or gone. */
  note(path: string): void {
    const there = this.#tree.item(path) !== undefined;
    if (there === this.#paths.has(path)) return;
    if (there) this.#add(path);
    else this.#remove(path);
  }

  /** The XML of a node; undefined when there is none at `path`. */
  xml(path: string): string | undefined {
    // A tree that sends its signals by itself announces nothing: look at all of it.
    if (this.#tree.signals === 'properties') this.readAll();
    const item = this.#tree.item(path) !== undefined;
    // A path that was added in this tick has not been announced yet.
    if (item && !this.#paths.has(path)) this.#add(path);
    let children = this.#children.get(path);
    const own = this.#tree.introspect?.(path) ?? '';
    if (!item && children === undefined && own === '') {
      this.readAll();
      children = this.#children.get(path);
      if (children === undefined) return undefined;
    }
    const nodes = [...(children ?? [])].map(name => `  <node name="${escaped(name)}"/>\n`);
    const busItem = item ? ITEM : path === '/' ? ROOT : GROUP;
    return `${HEAD}${STANDARD}${busItem}${own}${nodes.join('')}</node>\n`;
  }

  /** Takes all items and groups of the tree in. */
  readAll(): void {
    for (const path of [...this.#paths]) this.note(path);
    for (const [path] of this.#tree.items()) if (!this.#paths.has(path)) this.#add(path);
    for (const group of this.#tree.emptyGroups?.() ?? []) this.#link(group);
  }

  #add(path: string): void {
    this.#paths.add(path);
    this.#link(path);
  }

  #link(path: string): void {
    for (let node = path; node !== '/' && node !== ''; ) {
      const parent = parentOf(node);
      const siblings = this.#children.get(parent);
      const name = node.slice(node.lastIndexOf('/') + 1);
      if (siblings === undefined) this.#children.set(parent, new Set([name]));
      else if (siblings.has(name)) return;
      else siblings.add(name);
      node = parent;
    }
  }

  /** Takes a path out, and the groups that it leaves empty. */
  #remove(path: string): void {
    this.#paths.delete(path);
    for (let node = path; node !== '/' && !this.#paths.has(node) && !this.#children.has(node); ) {
      const parent = parentOf(node);
      const siblings = this.#children.get(parent);
      siblings?.delete(node.slice(node.lastIndexOf('/') + 1));
      if (siblings?.size === 0 && parent !== '/') this.#children.delete(parent);
      node = parent;
    }
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
