/**
 * What a newer version of gxd has written into settings.xml and this one does not know. After an update that was given
 * up the older version runs with that file: it leaves all this as it is, for the newer one to come.
 */
import type { XmlElement } from './xml.ts';

export interface NewerContent {
  /** Of the file. It stays, or the newer version would bring it up to date a second time. */
  readonly version: number;
  /** Settings of types that we do not know, with the groups that they are in. */
  readonly elements: { readonly group: string; readonly element: XmlElement }[];
  /** Attributes that we do not know, by the path of their setting; of the file itself by that of the root. */
  readonly attributes: Map<string, ReadonlyMap<string, string>>;
}

export function newerContent(version: number): NewerContent {
  return { version, elements: [], attributes: new Map() };
}

/** Remembers those attributes of an element that are not among `known`. */
export function keepAttributes(
  content: NewerContent,
  path: string,
  element: XmlElement,
  known: ReadonlySet<string>,
): void {
  const others = new Map([...element.attributes].filter(([name]) => !known.has(name)));
  if (others.size > 0) content.attributes.set(path, others);
}
