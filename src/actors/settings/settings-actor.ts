/** The actor that owns com.victronenergy.settings: all that is to survive goes through it. */
import type { GatewayActor } from '../../bus/gateway-context.ts';
import type { Files } from '../../ports/files.ts';
import { MACHINE_FILES, type MachineFiles } from './machine.ts';
import { recover } from './recovery.ts';
import { type MayWriteSecurityProfile, SettingsService } from './settings-service.ts';
import { SettingsStore } from './store.ts';
import { addSystemDefaults, SYSTEM_DEFAULTS_FOLDER } from './system-defaults.ts';

export interface SettingsOptions {
  readonly files: Files;
  /** Where settings.xml is: `conf` below the data folder. Made when missing. */
  readonly folder: string;
  /** Of this machine; it marks the file. Null: not known, what the file has stays. */
  readonly uniqueId?: string | null;
  /** Folder with settings that the image brings along. */
  readonly systemDefaults?: string;
  readonly machineFiles?: MachineFiles;
  /** Nobody may when it is left out. */
  readonly mayWriteSecurityProfile?: MayWriteSecurityProfile;
}

export function settingsActor(options: SettingsOptions): GatewayActor {
  const { files, folder, uniqueId = null, systemDefaults = SYSTEM_DEFAULTS_FOLDER } = options;
  return {
    name: 'settings',
    critical: true,
    async start(context) {
      const { log, clock } = context;
      const machineFiles = options.machineFiles ?? MACHINE_FILES;
      const recovered = await recover({ files, folder, log, uniqueId, machineFiles });
      const store = await SettingsStore.open({ files, folder, clock, log }, recovered);
      context.own({ release: () => store.close() });
      const { tree } = recovered;
      await store.store(await addSystemDefaults(files, systemDefaults, tree, log));
      const service = new SettingsService(tree, store, log, options.mayWriteSecurityProfile);
      service.registered(await context.serve(service));
      log.info('settings are served', { settings: tree.count });
    },
  };
}
