/** The settings of a scenario in our own settings service: in its file before it starts, by its calls afterwards. */

import { SettingsTree } from '../../src/actors/settings/settings-tree.ts';
import { documentOf } from '../../src/actors/settings/settings-xml.ts';
import { writeXml } from '../../src/actors/settings/xml.ts';
import type { TypedData } from '../../src/bus/bus.ts';
import { SETTINGS_INTERFACE, SETTINGS_SERVICE } from '../../src/bus/settings-client.ts';
import { typedGuess } from '../../src/bus/value.ts';
import type { Value } from '../../src/schema/row.ts';
import type { MemoryBus } from '../support/memory-bus.ts';
import type { PowerCutFiles } from '../support/power-cut-files.ts';

export class OwnSettings {
  readonly #bus: MemoryBus;
  readonly #tree = new SettingsTree();

  constructor(bus: MemoryBus) {
    this.#bus = bus;
  }

  /** What has been set so far becomes the file that the service finds when it starts. */
  store(files: PowerCutFiles, folder: string): void {
    files.put(`${folder}/settings.xml`, writeXml(documentOf(this.#tree, 'scenario')));
  }

  /** Sets a value as the scenario wants it, in the type of the setting when there is one. */
  async set(path: string, value: Value, isFloat = false): Promise<void> {
    if (!path.startsWith('/Settings/') || (typeof value !== 'number' && typeof value !== 'string')) return;
    const served = this.#bus.tree(SETTINGS_SERVICE);
    const type = typeof value === 'string' ? 's' : isFloat || !Number.isInteger(value) ? 'f' : 'i';
    if (served === undefined) {
      this.#tree.put({ path, type, value, default: value, min: null, max: null, silent: false });
      return;
    }
    const typed = type === 'f' ? { signature: 'd', value } : typedGuess(value);
    if (served.item(path) !== undefined) {
      await this.#bus.setValue(SETTINGS_SERVICE, path, typed);
      return;
    }
    const entry = new Map<string, TypedData>([
      ['path', { signature: 's', value: path }],
      ['default', typed],
    ]);
    await this.#bus.call(SETTINGS_SERVICE, '/', SETTINGS_INTERFACE, 'AddSettings', {
      signature: 'aa{sv}',
      body: [[entry]],
    });
  }
}
