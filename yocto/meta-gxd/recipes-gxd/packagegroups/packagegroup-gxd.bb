SUMMARY = "An energy gateway: gxd, and the tools that its scripts call"
PV = "${GXD_VERSION}"

# What it depends on is not the same for all machines.
PACKAGE_ARCH = "${TUNE_PKGARCH}"
inherit packagegroup

RDEPENDS:${PN} = "\
    gxd \
    gxd-overlay \
    gxd-user \
    iproute2 \
    util-linux-setpriv \
    ${@gxd_supervision(d)} \
"

# Under systemd it supervises; Venus OS brings its own tree of services.
def gxd_supervision(d):
    layers = (d.getVar('BBFILE_COLLECTIONS') or '').split()
    has_own = 'systemd' in (d.getVar('DISTRO_FEATURES') or '').split() or 'victronenergy-software' in layers
    return '' if has_own or 'openembedded-layer' not in layers else 'daemontools'
