/** Installs what the tests of the executables and of the firmware need: a bus, the emulator of a board, its boot loader. */
import { ensureCommands } from './lib.mjs';

ensureCommands({
  'dbus-daemon': 'dbus',
  'dbus-send': 'dbus-bin',
  socat: 'socat',
  'qemu-system-arm': 'qemu-system-arm',
  '/usr/lib/u-boot/qemu_arm/u-boot.bin': 'u-boot-qemu',
  fw_printenv: 'libubootenv-tool',
});
