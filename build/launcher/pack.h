/*
 * What follows the launcher in the executable: the compressed files, the table of them, and at the very end a trailer.
 *
 *   [launcher, a static ELF][zstd frame: the files, one after the other][table: `count` entries][trailer]
 *
 * Numbers are little-endian, as on all machines that gxd runs on. Written by build/packaging/static.mjs.
 */
#ifndef PACK_H
#define PACK_H
#include <stdint.h>

#include "sha256.h"

#define PACK_MAGIC "GXDPACK1"

enum { PACK_NAME_BYTES = 56, PACK_FILES_MAX = 64 };

struct pack_entry {
  char name[PACK_NAME_BYTES]; /* ends with a zero byte, holds no slash */
  uint64_t size;              /* bytes, unpacked */
  uint8_t digest[SHA256_BYTES];
};

struct pack_trailer {
  char magic[8];
  uint64_t compressed; /* bytes of the zstd frame */
  uint64_t count;      /* of entries */
  uint8_t digest[SHA256_BYTES]; /* of the table */
};

struct pack {
  int file;
  int64_t payload; /* offset of the zstd frame, bytes */
  struct pack_trailer trailer;
  struct pack_entry entries[PACK_FILES_MAX];
};

/* Opens the pack in our own executable. Ends the program when the file is damaged. */
void pack_open(struct pack *pack);

/* Bytes of all files, unpacked. */
uint64_t pack_size(const struct pack *pack);

/* Writes all files into the folder, each checked against its digest. Ends the program when that fails. */
void pack_unpack(const struct pack *pack, int folder);

/* Whether the folder holds exactly these files: ours or root's, written by nobody else, with the right content. */
int pack_matches(const struct pack *pack, int folder);

#endif
