SUMMARY = "A system with gxd and little else, for a slot that is never written but as a whole"
LICENSE = "MIT"

inherit core-image

IMAGE_FEATURES += "read-only-rootfs"
IMAGE_INSTALL = "\
    packagegroup-core-boot \
    packagegroup-gxd \
    ${@bb.utils.contains('BBFILE_COLLECTIONS', 'swupdate', 'gxd-update', '', d)} \
    ${CORE_IMAGE_EXTRA_INSTALL} \
"
IMAGE_FSTYPES += "ext4.gz"
# gxd-image-MACHINE.ext4.gz on old and new releases alike.
IMAGE_NAME_SUFFIX = ""

# The only place that is written. It is there before the service starts: /data is in the package of the overlay.
gxd_data_partition() {
    install -d ${IMAGE_ROOTFS}/data
    echo "${GXD_DATA} /data ext4 noatime,nosuid,nodev,noexec,errors=remount-ro 0 2" >> ${IMAGE_ROOTFS}${sysconfdir}/fstab
}
ROOTFS_POSTPROCESS_COMMAND += "gxd_data_partition; "
