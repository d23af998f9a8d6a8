/** Installs what the tests of the firmware need: the emulator of a board, and its boot loader. */
import { ensureCommands } from './lib.mjs';

ensureCommands({ 'qemu-system-arm': 'qemu-system-arm', '/usr/lib/u-boot/qemu_arm/u-boot.bin': 'u-boot-qemu' });
