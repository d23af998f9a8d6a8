/*
 * The executable of gxd where no libraries can be counted on: it carries Node, the libraries that Node needs and the
 * program, unpacks them once into a folder that only root or we can write, checks them each time before they are run,
 * and runs them.
 *
 * `--unpack` unpacks, checks, prints the folder and ends: for those who prepare an image.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "folder.h"
#include "pack.h"

/* Names in the pack; see build/packaging/static.mjs. */
#define LOADER "ld.so"
#define PROGRAM "gxd"

/* Boards have 256 MB: a small young generation, and a limit that makes garbage go before memory does. Megabytes. */
#define NODE_OPTIONS "--max-semi-space-size=1 --max-old-space-size=64"

enum { OPTIONS_MAX = 6, EXIT_CANNOT_RUN = 126 };

void fail(const char *format, ...) {
  int error = errno;
  va_list args;
  va_start(args, format);
  fputs("gxd: ", stderr);
  vfprintf(stderr, format, args);
  va_end(args);
  if (error != 0) fprintf(stderr, ": %s", strerror(error));
  fputc('\n', stderr);
  _exit(EXIT_CANNOT_RUN);
}

static void unpack(const struct pack *pack, const char *runtimes, const char *path) {
  char fresh[PATH_MAX];
  folder_remove_unused(runtimes, path);
  int folder = folder_begin(runtimes, fresh);
  pack_unpack(pack, folder);
  if (fsync(folder) != 0) fail("%s cannot be written", fresh);
  close(folder);
  folder_commit(fresh, path);
}

/* What of the caller's environment would change which code is run, or stop it, and what the runtime needs. */
static void set_environment(void) {
  unsetenv("LD_PRELOAD");
  unsetenv("LD_LIBRARY_PATH");
  unsetenv("LD_AUDIT");
  unsetenv("NODE_PATH");
  if (setenv("NODE_OPTIONS", NODE_OPTIONS, 1) != 0) fail("no memory for the environment");
  /* A kernel thread for io_uring would take a whole core of a board that has one. */
  if (setenv("UV_USE_IO_URING", "0", 1) != 0) fail("no memory for the environment");
}

int main(int argc, char **argv) {
  static struct pack pack;
  char runtimes[PATH_MAX], path[PATH_MAX];
  pack_open(&pack);
  folder_of_runtimes(runtimes);
  int folder = folder_open(runtimes, pack.trailer.digest, path);
  if (folder < 0 || !pack_matches(&pack, folder)) {
    if (folder >= 0) {
      fprintf(stderr, "gxd: the runtime in %s is damaged, and is unpacked again\n", path);
      folder_remove(path);
      close(folder);
    }
    unpack(&pack, runtimes, path);
    folder = folder_open(runtimes, pack.trailer.digest, path);
    errno = 0;
    if (folder < 0 || !pack_matches(&pack, folder)) fail("the runtime in %s is not what was written", path);
  }
  if (argc == 2 && strcmp(argv[1], "--unpack") == 0) {
    puts(path);
    return 0;
  }
  set_environment();

  char loader[PATH_MAX + sizeof LOADER], program[PATH_MAX + sizeof PROGRAM];
  snprintf(loader, sizeof loader, "%s/%s", path, LOADER);
  snprintf(program, sizeof program, "%s/%s", path, PROGRAM);
  char **args = calloc(argc + OPTIONS_MAX + 1, sizeof *args);
  if (args == NULL || argc < 1) fail("no arguments");
  char *options[OPTIONS_MAX] = {argv[0], "--argv0", argv[0], "--library-path", path, program};
  memcpy(args, options, sizeof options);
  for (int i = 1; i < argc; i++) args[OPTIONS_MAX + i - 1] = argv[i];
  execv(loader, args);
  fail("%s cannot be run (is its file system mounted noexec?)", loader);
}
