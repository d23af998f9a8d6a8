/**
 * The lines of known boards by the numbers that the kernel gives them, for images that do not bring them as links in
 * /dev/gpio. On newer boards lines are found by the names that the device tree gives them, without numbers.
 * Facts: the lists `gpio_list` of the public layer meta-victronenergy.
 */

export interface BoardLines {
  /** What /etc/venus/machine holds. */
  readonly machine: string;
  /** Only on boards whose device tree says this. */
  readonly compatible?: RegExp;
  /** Name → number. Relays and the buzzer are outputs, digital inputs are inputs. */
  readonly lines: Readonly<Record<string, number>>;
}

export const BOARD_LINES: readonly BoardLines[] = [
  { machine: 'ccgx', lines: { relay_1: 182, buzzer: 35 } },
  // Venus GX has one relay and two inputs more than a bare BeagleBone.
  {
    machine: 'beaglebone',
    compatible: /^sancloud,am335x-boneenhanced$/,
    lines: {
      relay_1: 67,
      relay_2: 69,
      digital_input_1: 46,
      digital_input_2: 26,
      digital_input_3: 61,
      digital_input_4: 65,
      digital_input_5: 44,
    },
  },
  { machine: 'beaglebone', lines: { relay_1: 67, digital_input_1: 46, digital_input_2: 26, digital_input_3: 61 } },
  // Cerbo GX
  {
    machine: 'einstein',
    lines: {
      relay_1: 36,
      relay_2: 35,
      digital_input_1: 6,
      digital_input_2: 4,
      digital_input_3: 7,
      digital_input_4: 5,
    },
  },
  {
    machine: 'nanopi',
    compatible: /^victronenergy,maxi-gx/,
    lines: {
      relay_1: 388,
      relay_2: 389,
      digital_input_1: 384,
      digital_input_2: 385,
      digital_input_3: 386,
      digital_input_4: 387,
    },
  },
  { machine: 'nanopi', compatible: /^victronenergy,paygo$/, lines: { digital_input_1: 66 } },
  {
    machine: 'raspberrypi2',
    lines: {
      relay_1: 21,
      digital_input_1: 5,
      digital_input_2: 6,
      digital_input_3: 13,
      digital_input_4: 19,
      digital_input_5: 26,
    },
  },
];

/** @param compatible the strings of the device tree's root */
export function linesOf(machine: string, compatible: readonly string[]): BoardLines | undefined {
  return BOARD_LINES.find(
    row =>
      row.machine === machine &&
      (row.compatible === undefined || compatible.some(one => row.compatible?.test(one) === true)),
  );
}
