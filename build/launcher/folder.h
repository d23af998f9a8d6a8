/* The folder that the runtime is unpacked in. */
#ifndef FOLDER_H
#define FOLDER_H
#include <limits.h>
#include <stdint.h>

#include "sha256.h"

/*
 * The folder of all runtimes: GXD_RUNTIME_FOLDER, else /var/cache/gxd for root, else .cache/gxd in the home folder.
 * It is made when it is missing. Ends the program unless it, and every folder above it, belongs to root or to us and
 * can be written by nobody else: what lies in it is going to be run.
 */
void folder_of_runtimes(char path[PATH_MAX]);

/*
 * The folder of one runtime, by the digest of its table, opened. It stays open and locked (shared) as long as the
 * program runs. -1 when there is none.
 */
int folder_open(const char *runtimes, const uint8_t digest[SHA256_BYTES], char path[PATH_MAX]);

/* A new folder beside it to unpack in, opened. */
int folder_begin(const char *runtimes, char path[PATH_MAX]);

/* Gives the new folder its name. When another process was faster, ours goes away. */
void folder_commit(const char *from, const char *to);

/* Removes a folder and the files in it, without complaint. */
void folder_remove(const char *path);

/* Removes runtimes that nothing runs from: versions of yesterday, and what a power cut left. */
void folder_remove_unused(const char *runtimes, const char *except);

#endif
