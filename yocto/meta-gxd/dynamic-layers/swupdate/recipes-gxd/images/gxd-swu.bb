SUMMARY = "A signed update with gxd-image, for the slot that does not run"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://${COMMON_LICENSE_DIR}/MIT;md5=0835ade698e0bcf8506ecda2f7b4f302"
PV = "${GXD_VERSION}"

inherit swupdate

# The same description as that of `npm run swu`, with other images in it.
FILESEXTRAPATHS:prepend := "${GXD_TREE}/build/update:"
SRC_URI = "file://sw-description"

IMAGE_DEPENDS = "gxd-image"
SWUPDATE_IMAGES = "gxd-image"
SWUPDATE_IMAGES_FSTYPES[gxd-image] = ".ext4.gz"
GXD_SLOT_IMAGE = "gxd-image-${MACHINE}.ext4.gz"
GXD_SLOT_COMPRESSION = "zlib"

SWUPDATE_SIGNING = "CMS"
SWUPDATE_CMS_KEY = "${GXD_SIGN_KEY}"
SWUPDATE_CMS_CERT = "${GXD_SIGN_CERT}"

# gxd-swu-MACHINE.swu, on old releases and new ones alike.
IMAGE_NAME_SUFFIX = ""

# Some releases do not make the folder that the description is filled in.
do_swuimage[dirs] += "${S}"
