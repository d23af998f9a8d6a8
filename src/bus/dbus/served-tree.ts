/**
 * A tree of ours on its connection: answers every call, and sends the changes. What a call is answered with stands in
 * ../bus-item.ts; here are the calls that come often, written without a value in between, and what D-Bus alone needs.
 */
import { readFile } from 'node:fs/promises';
import { describe } from '../../kernel/fault.ts';
import type { CallFailure, CallReply, IncomingCall, ItemAttributes, ServedItem, ServedTree, Typed } from '../bus.ts';
import { answerStandard, BUS_ITEM, ERROR, failure } from '../bus-item.ts';
import { INVALID_TEXT } from '../text.ts';
import { INVALID } from '../value.ts';
import type { DbusConnection } from './connection.ts';
import { Introspection } from './introspection.ts';
import type { Message } from './message.ts';
import type { WireWriter } from './wire-writer.ts';

const INTROSPECTABLE = 'org.freedesktop.DBus.Introspectable';
const PEER = 'org.freedesktop.DBus.Peer';
const COMMON = new Set([INTROSPECTABLE, PEER]);
/** Calls need not name their interface. */
const COMMON_MEMBERS = new Set(['Introspect', 'Ping', 'GetMachineId']);
const MACHINE_ID_FILES = ['/var/lib/dbus/machine-id', '/etc/machine-id'];
const LIMITS_EXCEEDED = 'org.freedesktop.DBus.Error.LimitsExceeded';

export class TreeServer {
  readonly #tree: ServedTree;
  readonly #introspection: Introspection;

  constructor(tree: ServedTree) {
    this.#tree = tree;
    this.#introspection = new Introspection(tree);
  }

  /** Answers a call, now or when the tree has done what was asked. Never throws. */
  answer(message: Message, connection: DbusConnection): void {
    try {
      const call = incomingCall(message);
      if ('error' in call) {
        connection.replyError(message, call);
        return;
      }
      // Peer and Introspectable are the same for every tree: they ask about the connection, not about its items.
      if (COMMON.has(call.interface) || (call.interface === '' && COMMON_MEMBERS.has(call.member))) {
        this.#answerCommon(message, call, connection);
        return;
      }
      const own = this.#tree.call?.(call);
      if (own === undefined) this.#answerStandard(message, call, connection);
      else if (own instanceof Promise) this.#later(message, connection, this.#afterOwn(own, call));
      else respond(message, own, connection);
    } catch (error) {
      connection.replyError(message, failure(ERROR.failed, describe(error)));
    }
  }

  /** Sends the changes of one tick. */
  announce(paths: Iterable<string>, connection: DbusConnection): void {
    const changed = [...paths];
    for (const path of changed) this.#introspection.note(path);
    if (this.#tree.signals === 'properties') {
      for (const path of changed) this.#sendPropertiesChanged(path, connection);
    } else if (changed.length > 0) {
      connection.signal('/', BUS_ITEM, 'ItemsChanged', 'a{sa{sv}}', writer => {
        const mark = writer.beginArray(8);
        for (const path of changed) {
          writer.align(8);
          writer.string(path);
          const item = this.#tree.item(path);
          if (item === undefined) writeProperties(writer, INVALID, INVALID_TEXT);
          else writeProperties(writer, this.#tree.typed(path, item), this.#text(path, item, INVALID_TEXT));
        }
        writer.endArray(mark, 8);
      });
    }
  }

  /** Sends all that there is, after the bus was away. */
  announceAll(connection: DbusConnection): void {
    // Clients of the other kind ask again when the name comes back.
    if (this.#tree.signals === 'items') this.announce(pathsOf(this.#tree), connection);
  }

  #sendPropertiesChanged(path: string, connection: DbusConnection): void {
    const item = this.#tree.item(path);
    connection.signal(path, BUS_ITEM, 'PropertiesChanged', 'a{sv}', writer => {
      if (item === undefined) writeProperties(writer, INVALID, '');
      else
        writeProperties(
          writer,
          this.#tree.typed(path, item),
          this.#text(path, item, INVALID_TEXT),
          this.#tree.attributes?.(path, item),
        );
    });
  }

  #answerStandard(message: Message, call: IncomingCall, connection: DbusConnection): void {
    if (call.interface === BUS_ITEM || call.interface === '') {
      const item = this.#tree.item(call.path);
      if (call.member === 'GetValue' && item !== undefined) {
        const typed = this.#tree.typed(call.path, item);
        connection.reply(message, 'v', writer => writeValue(writer, typed));
        return;
      }
      if (call.member === 'GetItems' && item === undefined && call.path === '/') {
        connection.reply(message, 'a{sa{sv}}', writer => this.#writeItems(writer));
        return;
      }
    }
    const answer = answerStandard(this.#tree, call);
    if (answer instanceof Promise) this.#later(message, connection, answer);
    else respond(message, answer, connection);
  }

  #writeItems(writer: WireWriter): void {
    const mark = writer.beginArray(8);
    for (const [path, item] of this.#tree.items()) {
      writer.align(8);
      writer.string(path);
      const typed = this.#tree.typed(path, item);
      writeProperties(writer, typed, this.#text(path, item, INVALID_TEXT), this.#tree.attributes?.(path, item));
    }
    writer.endArray(mark, 8);
  }

  async #afterOwn(
    own: Promise<CallReply | CallFailure | undefined>,
    call: IncomingCall,
  ): Promise<CallReply | CallFailure> {
    return (await own) ?? (await answerStandard(this.#tree, call));
  }

  #later(message: Message, connection: DbusConnection, answer: Promise<CallReply | CallFailure>): void {
    answer.then(
      ready => respond(message, ready, connection),
      error => connection.replyError(message, failure(ERROR.failed, describe(error))),
    );
  }

  #answerCommon(message: Message, call: IncomingCall, connection: DbusConnection): void {
    const named = `${call.interface}.${call.member}`;
    if (named === `${INTROSPECTABLE}.Introspect` || named === '.Introspect') {
      const xml = this.#introspection.xml(call.path);
      if (xml !== undefined) connection.reply(message, 's', writer => writer.string(xml));
      else connection.replyError(message, failure(ERROR.unknownObject, `there is no ${call.path}`));
    } else if (named === `${PEER}.Ping` || named === '.Ping') {
      connection.reply(message, '');
    } else if (named === `${PEER}.GetMachineId` || named === '.GetMachineId') {
      this.#later(
        message,
        connection,
        machineId().then(id => ({ signature: 's', body: [id] })),
      );
    } else {
      connection.replyError(message, failure(ERROR.unknownMethod, `there is no ${named}`));
    }
  }

  #text(path: string, item: ServedItem, whenInvalid: string): string {
    return item.value === null ? whenInvalid : this.#tree.text(path, item);
  }
}

function* pathsOf(tree: ServedTree): Iterable<string> {
  for (const [path] of tree.items()) yield path;
}

function incomingCall(message: Message): IncomingCall | CallFailure {
  const { path, member, signature, sender } = message;
  if (message.body === undefined) return failure(LIMITS_EXCEEDED, 'the message is too long');
  const body = message.body.body(signature);
  if (body === undefined) return failure(ERROR.invalidArgs, `the arguments cannot be read: ${message.body.fault}`);
  return { path, interface: message.interface, member, signature, body, sender };
}

function respond(message: Message, answer: CallReply | CallFailure, connection: DbusConnection): void {
  if ('error' in answer) connection.replyError(message, answer);
  else if (answer.signature === '') connection.reply(message, '');
  else connection.reply(message, answer.signature, writer => writer.body(answer.signature, answer.body));
}

function writeProperties(writer: WireWriter, value: Typed, text: string, attributes?: ItemAttributes): void {
  const mark = writer.beginArray(8);
  writer.align(8);
  writer.string('Value');
  writeValue(writer, value);
  writer.align(8);
  writer.string('Text');
  writer.signature('s');
  writer.string(text);
  if (attributes !== undefined) {
    writeProperty(writer, 'Min', attributes.min);
    writeProperty(writer, 'Max', attributes.max);
    writeProperty(writer, 'Default', attributes.default);
  }
  writer.endArray(mark, 8);
}

function writeProperty(writer: WireWriter, name: string, value: Typed | undefined): void {
  if (value === undefined) return;
  writer.align(8);
  writer.string(name);
  writeValue(writer, value);
}

/** One value that cannot stand on the wire must not keep the others from it: it is sent as invalid. */
function writeValue(writer: WireWriter, value: Typed): void {
  const start = writer.at;
  writer.variant(value);
  if (writer.fault === undefined) return;
  writer.at = start;
  writer.fault = undefined;
  writer.variant(INVALID);
}

/** Rejects when the machine has none: the caller gets that as an error. */
async function machineId(): Promise<string> {
  let reason: unknown;
  for (const file of MACHINE_ID_FILES) {
    try {
      return (await readFile(file, 'utf8')).trim();
    } catch (error) {
      reason = error;
    }
  }
  throw reason;
}
