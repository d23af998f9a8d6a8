# The boot loader's part of the A/B scheme. `slot` is the partition to start, 2 or 3. While `upgrade_available` is 1 the
# slot is on trial: it has `bootlimit` starts to become well and say so (upgrade_available=0), then the other one is
# taken again. The environment is one copy with its checksum: 16 KiB at sector 0x40.
setenv env 0x47000000
setenv slot 2
setenv upgrade_available 0
setenv bootcount 0
setenv bootlimit 3
setenv kept "slot upgrade_available bootcount rolledback ustate"
virtio dev 0
virtio read ${env} 0x40 0x20
if env import -c ${env} 0x4000 ${kept}; then echo "gxd-boot slot ${slot} trial ${upgrade_available} start ${bootcount}"; else echo "gxd-boot no environment, slot ${slot}"; fi
if test "${upgrade_available}" = "1"; then
  setexpr bootcount ${bootcount} + 1
  if test ${bootcount} -gt ${bootlimit}; then
    if test "${slot}" = "2"; then setenv slot 3; else setenv slot 2; fi
    setenv upgrade_available 0
    setenv bootcount 0
    setenv rolledback 1
    echo "gxd-boot falls back to slot ${slot}"
  fi
  mw.b ${env} 0 0x4000
  env export -c -s 0x4000 ${env} ${kept}
  virtio write ${env} 0x40 0x20
fi
setenv bootargs "console=ttyAMA0 loglevel=4 panic=5 slot=/dev/vda${slot}"
if load virtio 0:${slot} ${kernel_addr_r} /boot/zImage; then
  if load virtio 0:${slot} ${ramdisk_addr_r} /boot/first.gz; then
    bootz ${kernel_addr_r} ${ramdisk_addr_r}:${filesize} ${fdtcontroladdr}
  fi
fi
echo "gxd-boot slot ${slot} cannot be started"
reset
