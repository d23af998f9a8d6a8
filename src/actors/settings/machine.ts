/** What migrations have to know of the machine, from its configuration files. */
import type { Files } from '../../ports/files.ts';

export interface MachineFiles {
  /** First word: the CAN interface that settings without one meant. */
  readonly canPorts: string;
  /** Lines `tank PIN` and `temp PIN`: which analog inputs there are. */
  readonly analogInputs: string;
}

/** Where they are on a gateway. */
export const MACHINE_FILES: MachineFiles = {
  canPorts: '/etc/venus/canbus_ports',
  analogInputs: '/etc/venus/dbus-adc.conf',
};

/** The password for the user interface on the local network, beside settings.xml. Empty: anybody may. */
export const PASSWORD_FILE = 'vncpassword.txt';

export interface Machine {
  readonly canInterface: string | null;
  /** Pins of the analog inputs in their order; null when the machine has no list of them. */
  readonly analogPins: { readonly tank: readonly string[]; readonly temperature: readonly string[] } | null;
  readonly passwordSet: boolean;
}

export async function readMachine(files: Files, folder: string, from: MachineFiles): Promise<Machine> {
  const [can, analog, password] = [
    await readText(files, from.canPorts),
    await readText(files, from.analogInputs),
    await readText(files, `${folder}/${PASSWORD_FILE}`),
  ];
  const pins = (kind: string): string[] =>
    (analog ?? '').split('\n').flatMap(line => {
      const [word, pin] = line.trim().split(/\s+/);
      return word === kind && pin !== undefined ? [pin] : [];
    });
  return {
    canInterface: /^\s*(\w+)/.exec(can?.split('\n')[0] ?? '')?.[1] ?? null,
    analogPins: analog === null ? null : { tank: pins('tank'), temperature: pins('temp') },
    passwordSet: (password?.split('\n')[0] ?? '').trim() !== '',
  };
}

async function readText(files: Files, path: string): Promise<string | null> {
  const bytes = await files.read(path);
  return bytes === null ? null : new TextDecoder().decode(bytes);
}
