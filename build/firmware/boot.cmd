# The boot loader's part of the A/B scheme. `slot` is the partition to start, 2 or 3. While `upgrade_available` is 1 the
# slot is on trial: it has `bootlimit` starts to become well and say so (upgrade_available=0), then the other one is
# taken again. Numbers are hexadecimal.
#
# The environment is there twice, at sectors 0x40 and 0x440, 16 KiB each, as libubootenv writes it: checksum, one byte
# that counts the writes, the variables. The whole copy with the higher count is valid; the other one is written next.
# `env import` knows the form without the count, which is made of it at ${plain}.
setenv one 0x47000000
setenv two 0x47010000
setenv plain 0x47020000
setenv kept "slot upgrade_available bootcount rolledback"
setenv bootlimit 3

virtio dev 0
virtio read ${one} 40 20
virtio read ${two} 440 20
setenv use none
cp.b 0x47000000 ${plain} 4
cp.b 0x47000005 0x47020004 3ffb
if env import -c ${plain} 3fff ${kept}; then setenv use one; fi
cp.b 0x47010000 ${plain} 4
cp.b 0x47010005 0x47020004 3ffb
if env import -c ${plain} 3fff ${kept}; then
  if test "${use}" = "none"; then
    setenv use two
  else
    # The count goes from 0xff to 0.
    setexpr.b first *0x47000004
    setexpr.b second *0x47010004
    if itest.b ${second} -gt ${first}; then setenv use two; fi
    if test "${first}" = "ff" && test "${second}" = "0"; then setenv use two; fi
    if test "${first}" = "0" && test "${second}" = "ff"; then setenv use one; fi
  fi
fi
if test "${use}" = "one"; then
  setenv spare 0x47010000
  setenv spare_sector 440
  setexpr.b count *0x47000004
  cp.b 0x47000000 ${plain} 4
  cp.b 0x47000005 0x47020004 3ffb
else
  setenv spare 0x47000000
  setenv spare_sector 40
  setexpr.b count *0x47010004
fi
if test "${use}" != "none"; then env import -c ${plain} 3fff ${kept}; fi
if test "${slot}" != "3"; then setenv slot 2; fi
if test "${slot}" = "2"; then setenv other 3; else setenv other 2; fi
if test "${bootcount}" = ""; then setenv bootcount 0; fi
echo "gxd-boot slot ${slot} trial ${upgrade_available} start ${bootcount} environment ${use}"

if test "${upgrade_available}" = "1"; then
  setexpr bootcount ${bootcount} + 1
  if itest ${bootcount} -gt ${bootlimit}; then
    setenv slot ${other}
    setenv upgrade_available 0
    setenv bootcount 0
    setenv rolledback 1
    echo "gxd-boot falls back to slot ${slot}"
  fi
  env export -c -s 3fff ${plain} ${kept}
  setexpr count ${count} + 1
  setexpr spare_count ${spare} + 4
  setexpr spare_data ${spare} + 5
  cp.b ${plain} ${spare} 4
  mw.b ${spare_count} ${count}
  cp.b 0x47020004 ${spare_data} 3ffb
  virtio write ${spare} ${spare_sector} 20
fi

# A slot that cannot be read is given up for the other one at once, except on trial: then each try counts.
if test "${upgrade_available}" = "1"; then setenv slots "${slot}"; else setenv slots "${slot} ${other}"; fi
for one_slot in ${slots}; do
  setenv bootargs "console=ttyAMA0 loglevel=4 panic=5 slot=/dev/vda${one_slot}"
  if load virtio 0:${one_slot} ${kernel_addr_r} /boot/zImage; then
    if load virtio 0:${one_slot} ${ramdisk_addr_r} /boot/first.gz; then
      bootz ${kernel_addr_r} ${ramdisk_addr_r}:${filesize} ${fdtcontroladdr}
    fi
  fi
  echo "gxd-boot slot ${one_slot} cannot be started"
done
reset
