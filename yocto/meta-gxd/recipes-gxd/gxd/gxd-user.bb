SUMMARY = "The user that gxd runs as, and the group of those who may write on its bus"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://${COMMON_LICENSE_DIR}/MIT;md5=0835ade698e0bcf8506ecda2f7b4f302"
PV = "${GXD_VERSION}"

inherit useradd

# A driver of somebody else depends on this package alone: its user is put into the group gxd.
USERADD_PACKAGES = "${PN}"
GROUPADD_PARAM:${PN} = "--system --gid ${GXD_ID} gxd"
USERADD_PARAM:${PN} = "--system --uid ${GXD_ID} --gid gxd --groups dialout --home-dir /data/gxd --no-create-home --shell /bin/false gxd"

do_configure[noexec] = "1"
do_compile[noexec] = "1"

do_install() {
    :
}

PACKAGES = "${PN}"
ALLOW_EMPTY:${PN} = "1"
