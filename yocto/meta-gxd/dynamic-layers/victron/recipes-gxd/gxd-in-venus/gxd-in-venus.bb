SUMMARY = "gxd in place of some programs of Venus OS: the others, which run as root, keep their names on the bus"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://${COMMON_LICENSE_DIR}/MIT;md5=0835ade698e0bcf8506ecda2f7b4f302"
PV = "${GXD_VERSION}"

SRC_URI = "file://com.victronenergy.gxd-in-venus.conf;subdir=${BP}"

RDEPENDS:${PN} = "gxd util-linux-setpriv"

do_configure[noexec] = "1"
do_compile[noexec] = "1"

do_install() {
    install -D -m 0644 ${S}/com.victronenergy.gxd-in-venus.conf \
        ${D}${sysconfdir}/dbus-1/system.d/com.victronenergy.gxd-in-venus.conf
}

PACKAGES = "${PN}"
FILES:${PN} = "${sysconfdir}"
