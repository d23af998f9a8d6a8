/** com.victronenergy.settings: the tree of settings as the bus serves it. A call is answered once it is stored. */
import type {
  CallFailure,
  CallReply,
  IncomingCall,
  ItemAttributes,
  Registration,
  ServedItem,
  ServedTree,
  Typed,
} from '../../bus/bus.ts';
import { BUS_ITEM, soleArgument, variantReply } from '../../bus/bus-item.ts';
import { INVALID, plain } from '../../bus/value.ts';
import type { Log } from '../../kernel/log.ts';
import type { Row, Value } from '../../schema/row.ts';
import { readDefinition, readDefinitions, readPaths, type Wanted, wrongArguments } from './service-arguments.ts';
import { INTERFACES, SETTINGS_INTERFACE } from './service-introspection.ts';
import { type Setting, type SettingType, settingText } from './setting.ts';
import { contentOf, defaultOf, isBelowInt32, isOutsideInt32, limitOf, typedOf } from './setting-wire.ts';
import { addSetting, type Change, CODE, removeSetting, setDefault, setValue } from './settings-rules.ts';
import type { SettingsTree } from './settings-tree.ts';
import type { SettingsStore } from './store.ts';

export const SETTINGS_SERVICE = 'com.victronenergy.settings';
/** Decides who gets into the machine: not everybody on the bus may change it. */
export const SECURITY_PROFILE = '/Settings/System/SecurityProfile';

/** Whether the client with this unique name (empty: within this process) may change the security profile. */
export type MayWriteSecurityProfile = (sender: string) => boolean | Promise<boolean>;

const ROWS: Readonly<Record<SettingType, Row>> = {
  i: { type: 'int', writable: true },
  f: { type: 'float', writable: true },
  s: { type: 'string', writable: true },
};

/**
 * The recorded answer to a call that has given an integer setting a value outside int32, and to reading one below it:
 * the value is kept, but clients have only ever seen this error and no signal.
 */
const OVERFLOW: CallFailure = {
  error: 'org.freedesktop.DBus.Python.OverflowError',
  message: 'the value is kept, but it is outside the range of int32',
};

type Answer = CallReply | CallFailure;

interface Item extends ServedItem {
  readonly setting: Setting;
}

export class SettingsService implements ServedTree {
  readonly name = SETTINGS_SERVICE;
  readonly signals = 'properties';
  readonly #tree: SettingsTree;
  readonly #store: SettingsStore;
  readonly #log: Log;
  readonly #mayWriteSecurityProfile: MayWriteSecurityProfile;
  #bus: Pick<Registration, 'signal'> | undefined;

  constructor(
    tree: SettingsTree,
    store: SettingsStore,
    log: Log,
    mayWriteSecurityProfile: MayWriteSecurityProfile = () => false,
  ) {
    this.#tree = tree;
    this.#store = store;
    this.#log = log;
    this.#mayWriteSecurityProfile = mayWriteSecurityProfile;
  }

  /** Where signals go from now on. */
  registered(bus: Pick<Registration, 'signal'>): void {
    this.#bus = bus;
  }

  item(path: string): Item | undefined {
    const setting = this.#tree.get(path);
    return setting === undefined ? undefined : itemOf(setting);
  }

  *items(): Iterable<readonly [string, Item]> {
    for (const setting of this.#tree.settings()) yield [setting.path, itemOf(setting)];
  }

  emptyGroups(): Iterable<string> {
    return this.#tree.emptyGroups();
  }

  typed(path: string): Typed {
    const setting = this.#tree.get(path);
    return setting === undefined ? INVALID : typedOf(setting.type, setting.value);
  }

  text(path: string): string {
    const setting = this.#tree.get(path);
    return setting === undefined ? '' : settingText(setting.type, setting.value);
  }

  attributes(path: string): ItemAttributes {
    const setting = this.#tree.get(path);
    if (setting === undefined) return {};
    const { type, min, max } = setting;
    return {
      ...(min === null ? {} : { min: typedOf(type, min) }),
      ...(max === null ? {} : { max: typedOf(type, max) }),
      ...(setting.default === null ? {} : { default: typedOf(type, setting.default) }),
    };
  }

  introspect(path: string): string {
    if (this.#tree.get(path) !== undefined) return INTERFACES.setting;
    return this.#tree.isGroup(path) ? INTERFACES.group : '';
  }

  async write(path: string, value: Value, _typed: Typed, sender: string): Promise<number> {
    return (await this.#write(path, value, sender)).code;
  }

  call(call: IncomingCall): Answer | Promise<Answer> | undefined {
    const setting = this.#tree.get(call.path);
    const isItem = call.interface === '' || call.interface === BUS_ITEM;
    const isSettings = call.interface === '' || call.interface === SETTINGS_INTERFACE;
    if (setting !== undefined)
      return (
        (isItem ? this.#itemCall(call, setting) : undefined) ?? (isSettings ? attributeCall(call, setting) : undefined)
      );
    if (!this.#tree.isGroup(call.path)) return undefined;
    if (isItem && call.member === 'SetDefault') return this.#setDefault(call);
    return isSettings ? this.#groupCall(call) : undefined;
  }

  #itemCall(call: IncomingCall, setting: Setting): Answer | Promise<Answer> | undefined {
    switch (call.member) {
      case 'GetValue':
        return isBelowInt32(setting) ? OVERFLOW : undefined;
      case 'SetValue':
        return setting.type === 'i' ? this.#setInteger(call) : undefined;
      case 'GetMin':
        return variantReply(limitOf(setting.type, setting.min));
      case 'GetMax':
        return variantReply(limitOf(setting.type, setting.max));
      case 'GetDefault':
        return variantReply(defaultOf(setting));
      case 'SetDefault':
        return this.#setDefault(call);
      default:
        return undefined;
    }
  }

  #groupCall(call: IncomingCall): Promise<Answer> | Answer | undefined {
    switch (call.member) {
      case 'AddSetting':
      case 'AddSilentSetting': {
        const wanted = readDefinition(call, call.member === 'AddSilentSetting');
        return wanted === undefined ? wrongArguments(call, 'ssvsvv') : this.#addSetting(wanted);
      }
      case 'AddSettings': {
        const wanted = readDefinitions(call);
        return wanted === undefined ? wrongArguments(call, 'aa{sv}') : this.#addSettings(wanted);
      }
      case 'RemoveSettings': {
        const paths = readPaths(call);
        return paths === undefined ? wrongArguments(call, 'as') : this.#removeSettings(paths, call.sender);
      }
      default:
        return undefined;
    }
  }

  async #addSetting(wanted: Wanted): Promise<Answer> {
    const { code, changes } = addSetting(this.#tree, wanted.definition);
    await this.#store.store(changes);
    if (!this.#tell(changes)) return OVERFLOW;
    return { signature: 'i', body: [code] };
  }

  async #addSettings(wanted: readonly Wanted[]): Promise<Answer> {
    const changes: Change[] = [];
    const results = wanted.map(one => {
      const result = new Map<string, Typed>();
      if (one.givenPath !== undefined) result.set('path', one.givenPath);
      let code: number = CODE.path;
      if (one.givenPath?.signature === 's') {
        const outcome = addSetting(this.#tree, one.definition);
        code = outcome.code;
        changes.push(...outcome.changes);
      }
      result.set('error', { signature: 'i', value: code });
      if (code === CODE.done) result.set('value', this.typed(one.definition.path));
      return result;
    });
    await this.#store.store(changes);
    this.#tell(changes);
    return { signature: 'aa{sv}', body: [results] };
  }

  async #removeSettings(paths: readonly string[], sender: string): Promise<Answer> {
    const changes: Change[] = [];
    const guarded = paths.includes(SECURITY_PROFILE) && !(await this.#mayWriteSecurityProfile(sender));
    const codes = paths.map(path => {
      if (guarded && path === SECURITY_PROFILE) return CODE.refused;
      const outcome = removeSetting(this.#tree, path);
      changes.push(...outcome.changes);
      return outcome.code;
    });
    const stored = await this.#store.store(changes);
    if (!stored) return { signature: 'ai', body: [codes.map(() => CODE.refused)] };
    this.#tell(changes);
    return { signature: 'ai', body: [codes] };
  }

  async #setDefault(call: IncomingCall): Promise<Answer> {
    if (this.#isGuarded(call.path) && !(await this.#mayWriteSecurityProfile(call.sender)))
      return codeReply(CODE.refused);
    const { code, changes } = setDefault(this.#tree, call.path);
    const stored = await this.#store.store(changes);
    if (!stored) return codeReply(CODE.refused);
    this.#tell(changes);
    return codeReply(code);
  }

  async #write(path: string, value: Value, sender: string): Promise<{ code: number; told: boolean }> {
    // Nothing is waited for that need not be: who reads after a write, in the same message even, finds what was written.
    if (this.#isGuarded(path) && !(await this.#mayWriteSecurityProfile(sender)))
      return { code: CODE.refused, told: true };
    const { code, changes } = setValue(this.#tree, path, value);
    if (code !== CODE.done) return { code, told: true };
    if (!(await this.#store.store(changes))) return { code: CODE.refused, told: true };
    return { code, told: this.#tell(changes) };
  }

  async #setInteger(call: IncomingCall): Promise<Answer> {
    const typed = soleArgument(call);
    if (typed === undefined) return wrongArguments(call, 'v');
    const { code, told } = await this.#write(call.path, plain(typed), call.sender);
    return told ? codeReply(code) : OVERFLOW;
  }

  /** A group with the security profile in it is reset as a whole or not at all. */
  #isGuarded(path: string): boolean {
    const concerned = path === SECURITY_PROFILE || path === '/' || SECURITY_PROFILE.startsWith(`${path}/`);
    return concerned && this.#tree.get(SECURITY_PROFILE) !== undefined;
  }

  /** Sends the signal of each change, and logs it. False when one could not be told: see `OVERFLOW`. */
  #tell(changes: readonly Change[]): boolean {
    let told = true;
    for (const change of changes) {
      this.#logChange(change);
      if (change.after !== undefined && isOutsideInt32(change.after)) told = false;
      else
        this.#bus?.signal(change.path, BUS_ITEM, 'PropertiesChanged', {
          signature: 'a{sv}',
          body: [contentOf(change)],
        });
    }
    return told;
  }

  #logChange({ path, kind, before, after }: Change): void {
    if (kind === 'removed') this.#log.info(`${path} removed`);
    else if (after?.silent === false)
      this.#log.info(kind === 'value' ? `${path} changed` : `${path} added`, {
        ...(before === undefined ? {} : { from: before.value }),
        to: after.value,
      });
  }
}

function itemOf(setting: Setting): Item {
  return { row: ROWS[setting.type], value: setting.value, setting };
}

function attributeCall(call: IncomingCall, setting: Setting): Answer | undefined {
  const { type, min, max, silent } = setting;
  switch (call.member) {
    case 'GetSilent':
      return { signature: 'b', body: [silent] };
    case 'GetAttributes':
      return {
        signature: 'vvvi',
        body: [defaultOf(setting), limitOf(type, min), limitOf(type, max), Number(silent)],
      };
    default:
      return undefined;
  }
}

function codeReply(code: number): CallReply {
  return { signature: 'i', body: [code] };
}
