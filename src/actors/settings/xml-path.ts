/** Finding and changing elements of a settings file by their path below the root: `System/VncLocal`. */
import { type XmlElement, xmlElement } from './xml.ts';

/** All elements at a path; `*` stands for any name. */
export function findAll(root: XmlElement, path: string): XmlElement[] {
  let found = [root];
  for (const name of path.split('/'))
    found = found.flatMap(element => element.children.filter(child => name === '*' || child.tag === name));
  return found;
}

export function find(root: XmlElement, path: string): XmlElement | undefined {
  return findAll(root, path)[0];
}

/** The text at a path; empty when there is no such element. */
export function textAt(root: XmlElement, path: string): string {
  return find(root, path)?.text ?? '';
}

/** The element at a path, made with all above it when missing. */
export function ensure(root: XmlElement, path: string): XmlElement {
  let element = root;
  for (const tag of path.split('/')) {
    let child = element.children.find(one => one.tag === tag);
    if (child === undefined) {
      child = xmlElement(tag);
      element.children.push(child);
    }
    element = child;
  }
  return element;
}

/** Sets the value of a setting, which is made when missing. */
export function setSetting(root: XmlElement, path: string, type: 'i' | 'f' | 's', value: string | number): void {
  const element = ensure(root, path);
  element.text = String(value);
  element.attributes.set('type', type);
}

/** As `setSetting`, but leaves a setting that is there alone. */
export function addSetting(root: XmlElement, path: string, type: 'i' | 'f' | 's', value: string | number): void {
  if (find(root, path) === undefined) setSetting(root, path, type, value);
}

export function removeAt(root: XmlElement, path: string): void {
  const slash = path.lastIndexOf('/');
  const parent = slash < 0 ? root : find(root, path.slice(0, slash));
  if (parent === undefined) return;
  const at = parent.children.findIndex(child => child.tag === path.slice(slash + 1));
  if (at >= 0) parent.children.splice(at, 1);
}

/** Gives a child of `parent` another name, in the place of one that has it already. */
export function renameChild(parent: XmlElement, from: string, to: string): void {
  const child = parent.children.find(one => one.tag === from);
  if (child === undefined) return;
  removeAt(parent, to);
  child.tag = to;
}

/** A name as a tag: XML allows none that starts with a digit. */
export function tagOf(name: string): string {
  return /^\d/.test(name) ? `_${name}` : name;
}
