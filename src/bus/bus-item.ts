/**
 * What a service of ours answers to a method call, whatever carries it: com.victronenergy.BusItem on items and groups,
 * GetItems on `/`, and org.freedesktop.DBus.Properties. Introspection, Peer and signals are the carrier's business.
 * Replies, signatures and error names as recorded from the programs on gateways today.
 */
import { describe, Fault } from '../kernel/fault.ts';
import type { CallFailure, CallReply, IncomingCall, ServedItem, ServedTree, Typed, TypedData } from './bus.ts';
import { INVALID_TEXT } from './text.ts';
import { INVALID, isTyped, plain } from './value.ts';

export const BUS_ITEM = 'com.victronenergy.BusItem';
export const DBUS_PROPERTIES = 'org.freedesktop.DBus.Properties';

export const ERROR = {
  unknownMethod: 'org.freedesktop.DBus.Error.UnknownMethod',
  unknownObject: 'org.freedesktop.DBus.Error.UnknownObject',
  unknownProperty: 'org.freedesktop.DBus.Error.UnknownProperty',
  invalidArgs: 'org.freedesktop.DBus.Error.InvalidArgs',
  failed: 'org.freedesktop.DBus.Error.Failed',
} as const;

/** The sender of calls from within this process. */
export const OWN_SENDER = '';

type Answer = CallReply | CallFailure;

/** Answers any call to `tree`. Never throws, never rejects: what a tree throws becomes an error reply. */
export async function answerCall(tree: ServedTree, call: IncomingCall): Promise<Answer> {
  try {
    const own = await tree.call?.(call);
    return own ?? (await answerStandard(tree, call));
  } catch (error) {
    return failure(ERROR.failed, describe(error));
  }
}

/**
 * A call from within this process on one of our own trees. Rejects with a Fault (bus) for an error reply, as a call on
 * a foreign service does.
 */
export async function callOwn(
  tree: ServedTree,
  path: string,
  iface: string,
  member: string,
  args: CallReply,
): Promise<CallReply> {
  const answer = await answerCall(tree, { path, interface: iface, member, ...args, sender: OWN_SENDER });
  if ('error' in answer) throw new Fault('bus', `${tree.name}${path} ${member}: ${answer.message} [${answer.error}]`);
  return answer;
}

/** What BusItem and Properties answer, without a look at `tree.call`. Throws and rejects with what the tree does. */
export function answerStandard(tree: ServedTree, call: IncomingCall): Answer | Promise<Answer> {
  const item = tree.item(call.path);
  if (item === undefined && !isGroup(tree, call.path))
    return failure(ERROR.unknownObject, `there is no ${call.path} in ${tree.name}`);
  if (call.interface === DBUS_PROPERTIES) return answerProperties(tree, call, item);
  if (call.interface === BUS_ITEM || call.interface === '') {
    const answer = item === undefined ? answerGroup(tree, call) : answerItem(tree, call, item);
    if (answer !== undefined) return answer;
  }
  return unknownMethod(call);
}

function answerItem(tree: ServedTree, call: IncomingCall, item: ServedItem): Answer | Promise<Answer> | undefined {
  const { path } = call;
  switch (call.member) {
    case 'GetValue':
      return variantReply(tree.typed(path, item));
    case 'GetText':
      return { signature: 's', body: [textOf(tree, path, item, '')] };
    case 'GetMin':
      return variantReply(tree.attributes?.(path, item).min ?? INVALID);
    case 'GetMax':
      return variantReply(tree.attributes?.(path, item).max ?? INVALID);
    case 'SetValue':
      return setValue(tree, call);
    case 'GetDescription':
      // As velib has it: language and length are taken and not looked at.
      return call.signature === 'si'
        ? { signature: 's', body: [item.row.label ?? 'No description given'] }
        : failure(ERROR.invalidArgs, 'GetDescription takes si');
    default:
      return undefined;
  }
}

async function setValue(tree: ServedTree, call: IncomingCall): Promise<Answer> {
  const typed = soleArgument(call);
  if (typed === undefined) return failure(ERROR.invalidArgs, 'SetValue takes one value');
  return { signature: 'i', body: [await tree.write(call.path, plain(typed), typed, call.sender)] };
}

/** The one argument of a call, out of its variants. A caller that forgot the variant is understood too. */
export function soleArgument(call: IncomingCall): Typed | undefined {
  let value = call.body[0];
  if (value === undefined || call.body.length !== 1) return undefined;
  let signature = call.signature;
  while (isTyped(value)) {
    signature = value.signature;
    value = value.value;
  }
  return { signature, value };
}

function answerGroup(tree: ServedTree, call: IncomingCall): Answer | undefined {
  switch (call.member) {
    case 'GetValue':
      return variantReply({
        signature: 'a{sv}',
        value: below(tree, call.path, (path, item) => tree.typed(path, item)),
      });
    case 'GetText': {
      const texts = below(tree, call.path, (path, item) => textOf(tree, path, item, ''));
      return variantReply({ signature: 'a{ss}', value: texts });
    }
    case 'GetItems':
      return call.path === '/' ? { signature: 'a{sa{sv}}', body: [allItems(tree)] } : undefined;
    default:
      return undefined;
  }
}

/** What GetItems answers: path → Value, Text, and the attributes that are set. */
export function allItems(tree: ServedTree): ReadonlyMap<string, TypedData> {
  const items = new Map<string, TypedData>();
  for (const [path, item] of tree.items()) items.set(path, itemProperties(tree, path, item));
  return items;
}

/** Value, Text and the attributes that are set, as in GetItems. */
export function itemProperties(tree: ServedTree, path: string, item: ServedItem): ReadonlyMap<string, TypedData> {
  const properties = valueAndText(tree, path, item);
  const attributes = tree.attributes?.(path, item);
  if (attributes?.min !== undefined) properties.set('Min', attributes.min);
  if (attributes?.max !== undefined) properties.set('Max', attributes.max);
  if (attributes?.default !== undefined) properties.set('Default', attributes.default);
  return properties;
}

/** Value and Text, as in signals. */
export function valueAndText(tree: ServedTree, path: string, item: ServedItem): Map<string, Typed> {
  return new Map([
    ['Value', tree.typed(path, item)],
    ['Text', { signature: 's', value: textOf(tree, path, item, INVALID_TEXT) }],
  ]);
}

function answerProperties(tree: ServedTree, call: IncomingCall, item: ServedItem | undefined): Answer {
  const [iface, name] = call.body;
  const all = new Map<string, TypedData>();
  if (item !== undefined && (iface === BUS_ITEM || iface === '')) {
    for (const [key, value] of itemProperties(tree, call.path, item)) all.set(key, value);
    all.set('Text', { signature: 's', value: textOf(tree, call.path, item, '') });
    all.set('Valid', { signature: 'b', value: item.value !== null });
  }
  switch (call.member) {
    case 'GetAll':
      return call.signature === 's'
        ? { signature: 'a{sv}', body: [all] }
        : failure(ERROR.invalidArgs, 'GetAll takes s');
    case 'Get': {
      if (call.signature !== 'ss' || typeof name !== 'string') return failure(ERROR.invalidArgs, 'Get takes ss');
      const value = all.get(name);
      if (value === undefined) return failure(ERROR.unknownProperty, `${call.path} has no property ${name}`);
      return { signature: 'v', body: [value] };
    }
    default:
      return unknownMethod(call);
  }
}

function textOf(tree: ServedTree, path: string, item: ServedItem, whenInvalid: string): string {
  return item.value === null ? whenInvalid : tree.text(path, item);
}

/** Whether something is below `path`, or it is a group by itself. */
export function isGroup(tree: ServedTree, path: string): boolean {
  if (path === '/') return true;
  const prefix = `${path}/`;
  for (const group of tree.emptyGroups?.() ?? []) if (group === path || group.startsWith(prefix)) return true;
  for (const [item] of tree.items()) if (item.startsWith(prefix)) return true;
  return false;
}

/** Relative path (no slash in front) → what `pick` makes of each item below `group`. */
function below(
  tree: ServedTree,
  group: string,
  pick: (path: string, item: ServedItem) => TypedData,
): ReadonlyMap<string, TypedData> {
  const prefix = group === '/' ? '/' : `${group}/`;
  const found = new Map<string, TypedData>();
  for (const [path, item] of tree.items())
    if (path.startsWith(prefix)) found.set(path.slice(prefix.length), pick(path, item));
  return found;
}

export function variantReply(value: Typed): CallReply {
  return { signature: 'v', body: [value] };
}

export function failure(error: string, message: string): CallFailure {
  return { error, message };
}

export function unknownMethod(call: IncomingCall): CallFailure {
  return failure(ERROR.unknownMethod, `${call.path} has no method ${call.interface}.${call.member}`);
}
