SUMMARY = "What gxd needs around it: service, D-Bus policy, udev rules, defaults, logs"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://LICENSE;md5=e10e9ea837aecf76c9b8ef20517a1b8d"
PV = "${GXD_VERSION}"

FILESEXTRAPATHS:prepend := "${GXD_TREE}:"
SRC_URI = "\
    file://LICENSE;subdir=${BP} \
    file://rootfs-overlay;subdir=${BP} \
"

inherit systemd update-rc.d

RDEPENDS:${PN} = "gxd-user dbus"

SYSTEMD_SERVICE:${PN} = "gxd.service gxd-confirm-update.service"
INITSCRIPT_NAME = "gxd"
INITSCRIPT_PARAMS = "defaults 80 20"
# Venus OS has a /service tree of its own, which takes up what lies in /opt/victronenergy/service.
GXD_OWN_INIT = "${@bb.utils.contains('BBFILE_COLLECTIONS', 'victronenergy-software', '0', '1', d)}"
INHIBIT_UPDATERCD_BBCLASS = "${@'' if d.getVar('GXD_OWN_INIT') == '1' else '1'}"

do_configure[noexec] = "1"
do_compile[noexec] = "1"

do_install() {
    cp -R --no-dereference --preserve=mode,links ${S}/rootfs-overlay/. ${D}/
    rm ${D}/README.md
    # Modes do not depend on how the files came here.
    find ${D} -type d -exec chmod 0755 {} +
    find ${D} -type f -perm /0111 -exec chmod 0755 {} +
    find ${D} -type f ! -perm /0111 -exec chmod 0644 {} +
    # Where there is one: it is read-only, and the partition is mounted there.
    install -d ${D}/data

    if [ ${D}${systemd_system_unitdir} != ${D}/usr/lib/systemd/system ]; then
        install -d ${D}${systemd_system_unitdir}
        mv ${D}/usr/lib/systemd/system/* ${D}${systemd_system_unitdir}/
        rmdir -p --ignore-fail-on-non-empty ${D}/usr/lib/systemd/system
    fi
    if [ ${GXD_OWN_INIT} != 1 ]; then
        rm -r ${D}${sysconfdir}/init.d
    fi
    without="${@','.join((d.getVar('GXD_WITHOUT') or '').split())}"
    if [ -n "$without" ]; then
        sed -i "s/^GXD_OPTIONS=\"\(.*\)\"/GXD_OPTIONS=\"\1 --without=$without\"/" ${D}${sysconfdir}/default/gxd
    fi
}

PACKAGES = "${PN}"
FILES:${PN} = "/data /opt ${sysconfdir} ${systemd_unitdir} /usr"
CONFFILES:${PN} = "${sysconfdir}/default/gxd ${sysconfdir}/gxd/gpio"
