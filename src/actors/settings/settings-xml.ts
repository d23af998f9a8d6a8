/**
 * settings.xml and the tree of settings, both ways. A setting is an element with a `type`, all others are groups; a
 * name that starts with a digit has a `_` in front, as XML allows no such tag.
 */
import { Fault } from '../../kernel/fault.ts';
import { keepAttributes, newerContent } from './newer-content.ts';
import { convert, convertLimit, isSettingType, type Setting, type SettingValue, settingText } from './setting.ts';
import { isSettingPath } from './settings-rules.ts';
import { parentOf, SettingsTree } from './settings-tree.ts';
import { parseXml, type XmlElement, xmlElement } from './xml.ts';
import { tagOf } from './xml-path.ts';

/** The version of the file that we write: what its settings are called and mean (see `migrations.ts`). */
export const SETTINGS_VERSION = 19;

export const ROOT_TAG = 'Settings';

const ROOT_ATTRIBUTES = new Set(['version', 'unique-id']);
const SETTING_ATTRIBUTES = new Set(['type', 'min', 'max', 'default', 'silent']);

/** Parses a settings file. Throws a Fault (configuration) when it is not one. */
export function parseSettings(bytes: Uint8Array): XmlElement {
  const root = parseXml(bytes);
  if (root.tag !== ROOT_TAG) throw new Fault('configuration', `the root element is <${root.tag}>, not <${ROOT_TAG}>`);
  versionOf(root);
  dropBlanks(root);
  return root;
}

/** Line ends and indentation are no text of a group. */
function dropBlanks(element: XmlElement): void {
  if (!element.attributes.has('type') && element.text?.trim() === '') element.text = null;
  for (const child of element.children) dropBlanks(child);
}

/** Of `19` and `1.0` the first number counts; very old files have none and are version 1. */
export function versionOf(root: XmlElement): number {
  const text = root.attributes.get('version') || '1';
  const match = /^\s*(\d{1,6})(\.\d+)*\s*$/.exec(text);
  if (match === null) throw new Fault('configuration', `version "${text}" is not a number`);
  return Number(match[1]);
}

export function uniqueIdOf(root: XmlElement): string {
  return root.attributes.get('unique-id') ?? '';
}

/** An empty file. `uniqueId` names the machine it belongs to. */
export function newDocument(uniqueId: string, version = SETTINGS_VERSION): XmlElement {
  return xmlElement(ROOT_TAG, { version: String(version), 'unique-id': uniqueId });
}

/**
 * The settings of a file. What cannot be a setting is left out and told to `remark`; what a newer version may know is
 * kept.
 */
export function treeOf(root: XmlElement, remark: (text: string) => void): SettingsTree {
  const tree = new SettingsTree();
  const version = versionOf(root);
  if (version > SETTINGS_VERSION) {
    tree.newer = newerContent(version);
    keepAttributes(tree.newer, `/${ROOT_TAG}`, root, ROOT_ATTRIBUTES);
  }
  const addSetting = (element: XmlElement, path: string): void => {
    if (tree.newer !== undefined) {
      if (!isSettingType(element.attributes.get('type'))) {
        tree.newer.elements.push({ group: parentOf(path), element });
        return;
      }
      keepAttributes(tree.newer, path, element, SETTING_ATTRIBUTES);
    }
    const setting = settingOf(element, path, remark);
    if (setting === undefined) return;
    const twice = tree.get(path) !== undefined;
    if (twice) remark(`${path} is there twice: the last one counts`);
    if (!twice && !tree.hasRoom(path)) remark(`${path} is a group too: left out`);
    else if (!tree.fits(setting)) remark(`${path}: too many settings: left out`);
    else tree.put(setting);
  };
  const enter = (element: XmlElement, parent: string): void => {
    const path = `${parent}/${element.tag.replace(/^_/, '')}`;
    if (!isSettingPath(path) && path !== '/Settings') remark(`${path} is no path of a setting: left out`);
    else if (element.attributes.has('type')) addSetting(element, path);
    else if (tree.get(path) !== undefined) remark(`${path} is a setting too: the group is left out`);
    else {
      tree.addGroup(path);
      for (const child of element.children) enter(child, path);
    }
  };
  enter(root, '');
  return tree;
}

function settingOf(element: XmlElement, path: string, remark: (text: string) => void): Setting | undefined {
  const type = element.attributes.get('type');
  if (!isSettingType(type)) {
    remark(`${path} has the unknown type "${type}": left out`);
    return undefined;
  }
  const attribute = (name: string) => element.attributes.get(name) ?? null;
  const fallback = convert(type, attribute('default'));
  let value = convert(type, element.text ?? '');
  if (value === null) {
    value = fallback ?? (type === 's' ? '' : 0);
    remark(`${path}: "${element.text ?? ''}" is not of type ${type}: ${settingText(type, value)} instead`);
  }
  return {
    path,
    type,
    value,
    default: fallback,
    min: convertLimit(type, attribute('min')),
    max: convertLimit(type, attribute('max')),
    silent: isTrue(attribute('silent')),
  };
}

function isTrue(text: string | null): boolean {
  return text !== null && (text.toLowerCase() === 'true' || (/^\s*[+-]?\d+\s*$/.test(text) && Number(text) !== 0));
}

/** The file that holds all settings and empty groups of `tree`. */
export function documentOf(tree: SettingsTree, uniqueId: string): XmlElement {
  const root = newDocument(uniqueId, tree.newer?.version);
  const groups = new Map<string, XmlElement>([[`/${ROOT_TAG}`, root]]);
  const groupAt = (path: string): XmlElement => {
    let group = groups.get(path);
    if (group === undefined) {
      group = xmlElement(tagOfPath(path));
      groups.set(path, group);
      groupAt(parentOf(path)).children.push(group);
    }
    return group;
  };
  for (const path of tree.emptyGroups()) groupAt(path);
  const addAttributes = (element: XmlElement, path: string): XmlElement => {
    for (const [name, value] of tree.newer?.attributes.get(path) ?? []) element.attributes.set(name, value);
    return element;
  };
  for (const setting of tree.settings())
    groupAt(parentOf(setting.path)).children.push(addAttributes(elementOf(setting), setting.path));
  addAttributes(root, `/${ROOT_TAG}`);
  for (const { group, element } of tree.newer?.elements ?? []) {
    const path = `${group}/${element.tag.replace(/^_/, '')}`;
    if (tree.hasRoom(path) && tree.get(path) === undefined) groupAt(group).children.push(element);
  }
  return root;
}

function elementOf(setting: Setting): XmlElement {
  const { type } = setting;
  const element = xmlElement(tagOfPath(setting.path), { type }, settingText(type, setting.value));
  const set = (name: string, value: SettingValue | null) => {
    if (value !== null) element.attributes.set(name, settingText(type, value));
  };
  set('min', setting.min);
  set('max', setting.max);
  set('default', setting.default);
  element.attributes.set('silent', setting.silent ? 'True' : 'False');
  return element;
}

function tagOfPath(path: string): string {
  return tagOf(path.slice(path.lastIndexOf('/') + 1));
}
