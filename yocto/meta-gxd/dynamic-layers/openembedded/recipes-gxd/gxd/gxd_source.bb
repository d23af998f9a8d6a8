require recipes-gxd/gxd/gxd.inc

# gxd from its source, for the Node of the image (20.11 or newer: scarthgap and later). It is taken when asked for:
# PREFERRED_VERSION_gxd = "${GXD_VERSION}+source"
PV = "${GXD_VERSION}+source"
DEFAULT_PREFERENCE = "-1"
LICENSE = "MIT & Apache-2.0"
LIC_FILES_CHKSUM = "file://LICENSE;md5=e10e9ea837aecf76c9b8ef20517a1b8d"

SRC_URI = "\
    file://LICENSE;subdir=${BP} \
    file://package.json;subdir=${BP} \
    file://package-lock.json;subdir=${BP} \
    file://src;subdir=${BP} \
    file://build/esbuild-options.mjs;subdir=${BP} \
    file://build/lib.mjs;subdir=${BP} \
    file://build/native-addons.mjs;subdir=${BP} \
    file://build/parts.mjs;subdir=${BP} \
    file://build/program-bundle.mjs;subdir=${BP} \
    file://build/socketcan-addon.mjs;subdir=${BP} \
    file://build/packaging/debian.mjs;subdir=${BP} \
    file://build/packaging/packages.mjs;subdir=${BP} \
    file://build/packaging/targets.mjs;subdir=${BP} \
    file://build/runtime/arm64/package.json;subdir=${BP} \
    file://build/runtime/armv7/package.json;subdir=${BP} \
    file://build/runtime/x64/package.json;subdir=${BP} \
    file://build/runtime/socketcan/package.json;subdir=${BP} \
    file://build/runtime/socketcan/package-lock.json;subdir=${BP} \
"

DEPENDS = "nodejs-native"
RDEPENDS:${PN} += "nodejs"

# As Node names the machine, and as the script that compiles the addon for CAN names its compiler.
GXD_PROCESS = "unknown"
GXD_PROCESS:arm = "arm"
GXD_PROCESS:aarch64 = "arm64"
GXD_PROCESS:x86-64 = "x64"
GXD_TRIPLET = "unknown"
GXD_TRIPLET:arm = "arm-linux-gnueabihf"
GXD_TRIPLET:aarch64 = "aarch64-linux-gnu"
GXD_TRIPLET:x86-64 = "x86_64-linux-gnu"
COMPATIBLE_HOST = "(arm.*-linux-gnueabi|aarch64.*-linux|x86_64.*-linux)"

# Packages come once, by the checksums of the lock files, into the folder of downloads; what follows needs no network.
GXD_NPM = "npm ci --ignore-scripts --no-audit --no-fund --cache ${DL_DIR}/npm-gxd"
do_npm() {
    offline=${@'--offline' if bb.utils.to_boolean(d.getVar('BB_NO_NETWORK') or '0') else ''}
    for folder in ${S} ${S}/build/runtime/socketcan; do
        cd $folder
        ${GXD_NPM} --force $offline
        # The scripts take this for: they are there.
        cp package-lock.json node_modules/.installed-for
    done
}
do_npm[network] = "1"
do_npm[depends] = "nodejs-native:do_populate_sysroot"
addtask npm after do_prepare_recipe_sysroot do_unpack before do_configure

do_configure[noexec] = "1"

do_compile() {
    cd ${S}
    mkdir -p tools
    printf '#!/bin/sh\nexec %s "$@"\n' "${CXX}" > tools/${GXD_TRIPLET}-g++
    chmod 0755 tools/${GXD_TRIPLET}-g++
    PATH=${S}/tools:$PATH node --input-type=module --eval "
        const { bundleProgram } = await import('${S}/build/program-bundle.mjs');
        await bundleProgram('${GXD_PROCESS}', '${S}/dist/gxd.cjs', { command: true });"
}

do_install() {
    install -D -m 0644 ${S}/dist/gxd.cjs ${D}/opt/gxd/gxd.cjs
    printf '#!/bin/sh\nexec %s/node /opt/gxd/gxd.cjs "$@"\n' ${bindir} > ${D}/opt/gxd/gxd
    chmod 0755 ${D}/opt/gxd/gxd
    install -d ${D}${sysconfdir}/gxd
    echo ${GXD_VERSION} > ${D}${sysconfdir}/gxd/version
}
