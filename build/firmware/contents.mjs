/** What the image is made of. The contents are chosen file by file: packages bring far more than a gateway runs. */

export const IMAGE_PACKAGES = [
  'busybox-static',
  'can-utils',
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
];

/** Debian's kernel for boards with device tree; it has SocketCAN, USB serial adapters and GPIO. */
export const KERNEL_PACKAGES = ['linux-image-armmp'];

/** Programs; the libraries that they name as needed come with them. */
export const PROGRAMS = [
  '/bin/busybox',
  '/bin/ip',
  '/bin/udevadm',
  '/sbin/e2fsck',
  '/sbin/mke2fs',
  '/usr/bin/candump',
  '/usr/bin/cansend',
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
];

/** What the runtime needs and no program above names, or only by dlopen. */
export const LIBRARIES = ['libdl.so.2', 'libpthread.so.0', 'libstdc++.so.6'];

/** Folders and files that are copied as they are. */
export const TREES = [
  '/etc/mke2fs.conf',
  '/lib/udev/rules.d/50-udev-default.rules',
  '/lib/udev/rules.d/60-serial.rules',
  '/lib/udev/rules.d/80-drivers.rules',
  '/usr/share/dbus-1/system.conf',
];

/** Kernel modules that the first stage needs to find the root file system. */
export const FIRST_MODULES = ['virtio_pci', 'virtio_blk', 'crc32c_generic', 'ext4'];

/** Kernel modules that are loaded at start; udev loads those of the devices that it finds. */
export const MODULES = ['can', 'can-raw', 'vcan', 'slcan', 'virtio_net', 'virtio-rng'];

/** Kernel modules of devices that may be plugged in. */
export const DEVICE_MODULES = ['ohci-pci', 'ehci-pci', 'ftdi_sio', 'cp210x', 'pl2303', 'ch341', 'cdc-acm', 'option'];

/** Other names of programs. */
export const LINKS = {
  'usr/sbin/init': '../bin/busybox',
  'usr/bin/systemd-udevd': 'udevadm',
  'etc/machine-id': '../run/machine-id',
  'etc/mtab': '../proc/mounts',
};
