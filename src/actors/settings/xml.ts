/**
 * The part of XML that settings files use: elements, attributes, text, comments, CDATA and the five entities, in UTF-8.
 * No DTD and no entities of one's own: a file that has them is refused, so nothing can be made to expand.
 */
import { Fault } from '../../kernel/fault.ts';

export interface XmlElement {
  tag: string;
  readonly attributes: Map<string, string>;
  /** What stands before the first child; null when there is nothing. `''` is written as `<a></a>`, null as `<a/>`. */
  text: string | null;
  children: XmlElement[];
}

export const XML_LIMITS = {
  /** Bytes of a file. */
  bytes: 32 * 1024 * 1024,
  /** Elements within each other. */
  depth: 64,
  elements: 100_000,
} as const;

export function xmlElement(
  tag: string,
  attributes: Readonly<Record<string, string>> = {},
  text: string | null = null,
): XmlElement {
  return { tag, attributes: new Map(Object.entries(attributes)), text, children: [] };
}

/** The root element. Throws a Fault (configuration) that names the place for anything that is not in order. */
export function parseXml(bytes: Uint8Array): XmlElement {
  if (bytes.length > XML_LIMITS.bytes)
    throw new Fault('configuration', `${bytes.length} bytes, ${XML_LIMITS.bytes} allowed`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Fault('configuration', 'not UTF-8', error);
  }
  return new Parser(text.replace(/\r\n?/g, '\n')).document();
}

const NAME = /[A-Za-z_:\u0080-\uffff][\w:.\-\u0080-\uffff]*/y;
const SPACE = /[ \t\n]*/y;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

class Parser {
  readonly #text: string;
  #at = 0;
  #elements = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): XmlElement {
    if (this.#text.startsWith('<?xml')) this.#declaration();
    this.#between();
    const root = this.#element();
    this.#between();
    if (this.#at < this.#text.length) this.#fail('something follows the root element');
    return root;
  }

  #declaration(): void {
    const declaration = this.#until('?>', 'the XML declaration has no end');
    const encoding = /encoding\s*=\s*["']([^"']*)["']/.exec(declaration)?.[1];
    if (encoding !== undefined && !/^(utf-?8|us-ascii)$/i.test(encoding))
      this.#fail(`encoding ${encoding} is not UTF-8`);
  }

  /** Elements are opened and closed on a stack of our own: depth costs no recursion. */
  #element(): XmlElement {
    const root = this.#open();
    const stack = root.closed ? [] : [root.element];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const text = this.#characters();
      if (top.children.length === 0 && text !== '') top.text = (top.text ?? '') + text;
      if (this.#skip('<!--')) this.#until('-->', 'a comment has no end');
      else if (this.#skip('<?')) this.#until('?>', 'an instruction has no end');
      else if (this.#skip('<![CDATA[')) top.text = (top.text ?? '') + this.#until(']]>', 'CDATA has no end');
      else if (this.#skip('</')) this.#close(stack, top);
      else {
        const { element, closed } = this.#open();
        top.children.push(element);
        if (!closed) stack.push(element);
        if (stack.length > XML_LIMITS.depth) this.#fail(`more than ${XML_LIMITS.depth} elements within each other`);
      }
    }
    return root.element;
  }

  #open(): { element: XmlElement; closed: boolean } {
    if (!this.#skip('<')) this.#fail('an element is missing');
    if (++this.#elements > XML_LIMITS.elements) this.#fail(`more than ${XML_LIMITS.elements} elements`);
    const element = xmlElement(this.#match(NAME) || this.#fail('an element has no name'));
    for (;;) {
      const space = this.#match(SPACE);
      if (this.#skip('/>')) return { element, closed: true };
      if (this.#skip('>')) return { element, closed: false };
      if (space === '') this.#fail(`<${element.tag}> is not closed`);
      this.#attribute(element);
    }
  }

  #attribute(element: XmlElement): void {
    const name = this.#match(NAME) || this.#fail(`<${element.tag}> is not closed`);
    this.#match(SPACE);
    if (!this.#skip('=')) this.#fail(`${name} has no value`);
    this.#match(SPACE);
    const quote = this.#skip('"') ? '"' : this.#skip("'") ? "'" : this.#fail(`${name} has no quotes`);
    const raw = this.#until(quote, `${name} has no end`);
    if (raw.includes('<')) this.#fail(`< in ${name}`);
    if (element.attributes.has(name)) this.#fail(`${name} twice in <${element.tag}>`);
    element.attributes.set(name, this.#decode(raw.replace(/[\t\n]/g, ' ')));
  }

  #close(stack: XmlElement[], top: XmlElement): void {
    const name = this.#match(NAME);
    this.#match(SPACE);
    if (name !== top.tag || !this.#skip('>')) this.#fail(`<${top.tag}> is closed by </${name}`);
    stack.pop();
  }

  /** Space, comments and instructions around the root. */
  #between(): void {
    for (;;) {
      this.#match(SPACE);
      if (this.#skip('<!--')) this.#until('-->', 'a comment has no end');
      else if (this.#skip('<?')) this.#until('?>', 'an instruction has no end');
      else return;
    }
  }

  #characters(): string {
    const end = this.#text.indexOf('<', this.#at);
    if (end < 0) this.#fail('the file ends within an element');
    const raw = this.#text.slice(this.#at, end);
    this.#at = end;
    return this.#decode(raw);
  }

  #decode(raw: string): string {
    if (!raw.includes('&')) return raw;
    return raw.replace(/&([^;&]{0,10};?)/g, (whole, body: string) => {
      const name = body.endsWith(';') ? body.slice(0, -1) : '';
      const code = /^#(?:x([0-9a-fA-F]+)|(\d+))$/.exec(name);
      if (code === null) return ENTITIES[name] ?? this.#fail(`unknown entity ${whole}`);
      const point = code[1] !== undefined ? Number.parseInt(code[1], 16) : Number(code[2]);
      if (point === 0 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) this.#fail(`no character ${whole}`);
      return String.fromCodePoint(point);
    });
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #skip(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  /** What stands before `token`, which is passed over. */
  #until(token: string, otherwise: string): string {
    const end = this.#text.indexOf(token, this.#at);
    if (end < 0) this.#fail(otherwise);
    const found = this.#text.slice(this.#at, end);
    this.#at = end + token.length;
    return found;
  }

  #fail(what: string): never {
    const line = this.#text.slice(0, this.#at).split('\n').length;
    throw new Fault('configuration', `line ${line}: ${what}`);
  }
}

/** The whole file, elements sorted by tag, indented by two: byte for byte as the stock program writes it. */
export function writeXml(root: XmlElement): string {
  const lines = ["<?xml version='1.0' encoding='UTF-8'?>"];
  writeElement(root, '', lines);
  return `${lines.join('\n')}\n`;
}

function writeElement(element: XmlElement, indent: string, lines: string[]): void {
  let head = `${indent}<${element.tag}`;
  for (const [name, value] of element.attributes) head += ` ${name}="${escapeAttribute(value)}"`;
  if (element.children.length > 0) {
    lines.push(`${head}>`);
    const sorted = element.children.slice().sort((a, b) => (a.tag < b.tag ? -1 : a.tag > b.tag ? 1 : 0));
    for (const child of sorted) writeElement(child, `${indent}  `, lines);
    lines.push(`${indent}</${element.tag}>`);
  } else {
    lines.push(element.text === null ? `${head}/>` : `${head}>${escapeText(element.text)}</${element.tag}>`);
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>\r]/g, found => ESCAPES[found] ?? found);
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"\t\n\r]/g, found => ESCAPES[found] ?? found);
}
