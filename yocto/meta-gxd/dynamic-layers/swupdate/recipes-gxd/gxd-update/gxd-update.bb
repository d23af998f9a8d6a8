SUMMARY = "Updates in the field: what the board is, and whose updates it takes"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://${COMMON_LICENSE_DIR}/MIT;md5=0835ade698e0bcf8506ecda2f7b4f302"
PV = "${GXD_VERSION}"

SRC_URI = "file://${GXD_SIGN_CA};subdir=${BP}"

# fw_env.config, where the boot loader keeps its environment, is the board's.
RDEPENDS:${PN} = "gxd-overlay swupdate libubootenv-bin"
PACKAGE_ARCH = "${MACHINE_ARCH}"
# Only who has keys can build it.
EXCLUDE_FROM_WORLD = "1"

do_configure[noexec] = "1"
do_compile[noexec] = "1"

do_install() {
    install -D -m 0644 ${GXD_SIGN_CA} ${D}${sysconfdir}/swupdate/trusted.pem
    echo "${GXD_BOARD} ${GXD_REVISION}" > ${D}${sysconfdir}/hwrevision
    chmod 0644 ${D}${sysconfdir}/hwrevision
}

PACKAGES = "${PN}"
FILES:${PN} = "${sysconfdir}"
