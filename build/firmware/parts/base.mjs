/** What every gateway has: a shell's commands, supervision of services, the bus, devices, and the data partition. */

/** @type {import('../contents.mjs').Part} */
export const base = {
  packages: [
    'busybox-static',
    'daemontools',
    'dbus-bin',
    'dbus-daemon',
    'dbus-system-bus-common',
    'e2fsprogs',
    'iproute2',
    'libc6',
    'libgcc-s1',
    'libstdc++6',
    'udev',
    'util-linux',
  ],
  programs: [
    '/bin/busybox',
    '/bin/ip',
    '/bin/udevadm',
    '/sbin/e2fsck',
    '/sbin/mke2fs',
    '/usr/bin/dbus-daemon',
    '/usr/bin/dbus-send',
    '/usr/bin/dbus-uuidgen',
    '/usr/bin/multilog',
    '/usr/bin/setpriv',
    '/usr/bin/setuidgid',
    '/usr/bin/supervise',
    '/usr/bin/svc',
    '/usr/bin/svscan',
    '/usr/bin/svstat',
  ],
  // What the runtime needs and no program above names, or only by dlopen.
  libraries: ['libdl.so.2', 'libpthread.so.0', 'libstdc++.so.6'],
  files: [
    '/etc/mke2fs.conf',
    '/lib/udev/rules.d/50-udev-default.rules',
    '/lib/udev/rules.d/60-serial.rules',
    '/lib/udev/rules.d/80-drivers.rules',
    '/usr/share/dbus-1/system.conf',
  ],
  firstModules: ['virtio_pci', 'virtio_blk', 'crc32c_generic', 'ext4'],
  modules: ['virtio_net', 'virtio-rng'],
  deviceModules: ['ohci-pci', 'ehci-pci', 'ftdi_sio', 'cp210x', 'pl2303', 'ch341', 'cdc-acm', 'option'],
  links: {
    'usr/sbin/init': '../bin/busybox',
    'usr/bin/systemd-udevd': 'udevadm',
    'etc/machine-id': '../run/machine-id',
    'etc/mtab': '../proc/mounts',
  },
};
