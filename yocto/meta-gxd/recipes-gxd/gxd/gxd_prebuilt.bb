require gxd.inc

# The executable as `npm run package -- armv7` makes it: Node with the program inside. It wants glibc 2.28 and libstdc++ of
# GCC 9, or newer, and nothing else.
LICENSE = "MIT & Apache-2.0 & BSD-2-Clause & BSD-3-Clause & ISC"
LIC_FILES_CHKSUM = "file://LICENSE;md5=e10e9ea837aecf76c9b8ef20517a1b8d"

GXD_ARCH = "unknown"
GXD_ARCH:arm = "armv7"
GXD_ARCH:aarch64 = "arm64"
GXD_ARCH:x86-64 = "x64"

SRC_URI = "\
    file://LICENSE;subdir=${BP} \
    file://gxd-${GXD_ARCH}-dynamic;subdir=${BP} \
    file://gxd-${GXD_ARCH}.addons;subdir=${BP} \
    file://gxd-${GXD_ARCH}.licences.txt;subdir=${BP} \
    file://gxd-${GXD_ARCH}.cdx.json;subdir=${BP} \
"

COMPATIBLE_HOST = "(arm.*-linux-gnueabi|aarch64.*-linux|x86_64.*-linux)"
COMPATIBLE_HOST:libc-musl = "null"

# Nothing is compiled. The program lies behind the sections of its ELF file: whatever takes these apart destroys it.
INHIBIT_DEFAULT_DEPS = "1"
INHIBIT_PACKAGE_STRIP = "1"
INHIBIT_PACKAGE_DEBUG_SPLIT = "1"
INHIBIT_SYSROOT_STRIP = "1"
INSANE_SKIP:${PN} += "already-stripped ldflags file-rdeps textrel 32bit-time"
RDEPENDS:${PN} += "libstdc++"

do_configure[noexec] = "1"
do_compile[noexec] = "1"

do_install() {
    install -D -m 0755 ${S}/gxd-${GXD_ARCH}-dynamic ${D}/opt/gxd/gxd
    for addon in ${S}/gxd-${GXD_ARCH}.addons/*.node; do
        install -m 0755 $addon ${D}/opt/gxd/
    done
    install -D -m 0644 ${S}/gxd-${GXD_ARCH}.licences.txt ${D}${datadir}/doc/gxd/licences.txt
    install -D -m 0644 ${S}/gxd-${GXD_ARCH}.cdx.json ${D}${datadir}/doc/gxd/components.cdx.json
    install -d ${D}${sysconfdir}/gxd
    echo ${GXD_VERSION} > ${D}${sysconfdir}/gxd/version
}
