/** Installs what the test of the unit needs: systemd itself, which need not be what runs this machine. */
import { ensureCommands } from './lib.mjs';

ensureCommands({
  '/lib/systemd/systemd': 'systemd',
  'dbus-daemon': 'dbus',
  'dbus-send': 'dbus-bin',
  nsenter: 'util-linux',
  ip: 'iproute2',
  ss: 'iproute2',
  fw_printenv: 'libubootenv-tool',
  mkenvimage: 'u-boot-tools',
});
