#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"

#define PREFIX "runtime-"
enum { DIGEST_BYTES_IN_NAME = 12, UNUSED_MAX = 64 };

__attribute__((format(printf, 2, 3))) static void path_of(char path[PATH_MAX], const char *format, ...) {
  va_list args;
  va_start(args, format);
  int length = vsnprintf(path, PATH_MAX, format, args);
  va_end(args);
  errno = 0;
  if (length < 0 || length >= PATH_MAX) fail("the name of the folder for the runtime is too long");
}

static void check_owner(const char *path) {
  struct stat facts;
  if (lstat(path, &facts) != 0) fail("%s", path);
  errno = 0;
  if (!S_ISDIR(facts.st_mode)) fail("%s is not a folder", path);
  if ((facts.st_uid != 0 && facts.st_uid != geteuid()) || (facts.st_mode & 022) != 0)
    fail("the runtime is not put below %s, which others can write (GXD_RUNTIME_FOLDER names another place)", path);
}

static void make_folders(const char *wanted) {
  char path[PATH_MAX];
  path_of(path, "%s", wanted);
  for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = 0;
    if (mkdir(path, 0755) != 0 && errno != EEXIST) fail("%s cannot be made (GXD_RUNTIME_FOLDER names another place)", path);
    *slash = '/';
  }
  if (mkdir(path, 0755) != 0 && errno != EEXIST) fail("%s cannot be made (GXD_RUNTIME_FOLDER names another place)", path);
}

void folder_of_runtimes(char path[PATH_MAX]) {
  char wanted[PATH_MAX];
  const char *named = getenv("GXD_RUNTIME_FOLDER");
  const char *home = getenv("HOME");
  errno = 0;
  if (named != NULL) path_of(wanted, "%s", named);
  else if (geteuid() == 0) path_of(wanted, "/var/cache/gxd");
  else if (home != NULL && home[0] == '/') path_of(wanted, "%s/.cache/gxd", home);
  else fail("there is no home folder to unpack the runtime in: GXD_RUNTIME_FOLDER must name a place");
  if (wanted[0] != '/') fail("GXD_RUNTIME_FOLDER must be an absolute path");
  make_folders(wanted);
  if (realpath(wanted, path) == NULL) fail("%s", wanted);

  char above[PATH_MAX];
  path_of(above, "%s", path);
  check_owner("/");
  for (char *slash = strchr(above + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = 0;
    check_owner(above);
    *slash = '/';
  }
  check_owner(above);
}

static int open_locked(const char *path) {
  /* Not closed at exec: the lock is held as long as the program runs. */
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (folder >= 0) flock(folder, LOCK_SH | LOCK_NB);
  return folder;
}

int folder_open(const char *runtimes, const uint8_t digest[SHA256_BYTES], char path[PATH_MAX]) {
  char name[2 * DIGEST_BYTES_IN_NAME + 1];
  for (int i = 0; i < DIGEST_BYTES_IN_NAME; i++) sprintf(name + 2 * i, "%02x", digest[i]);
  path_of(path, "%s/%s%s", runtimes, PREFIX, name);
  int folder = open_locked(path);
  if (folder >= 0) check_owner(path);
  return folder;
}

int folder_begin(const char *runtimes, char path[PATH_MAX]) {
  path_of(path, "%s/%snew-XXXXXX", runtimes, PREFIX);
  if (mkdtemp(path) == NULL) fail("%s cannot be written (GXD_RUNTIME_FOLDER names another place)", runtimes);
  int folder = open_locked(path);
  if (folder < 0) fail("%s", path);
  return folder;
}

void folder_commit(const char *from, const char *to) {
  if (rename(from, to) == 0) return;
  if (errno != EEXIST && errno != ENOTEMPTY) fail("%s cannot be made", to);
  folder_remove(from);
}

void folder_remove(const char *path) {
  DIR *folder = opendir(path);
  if (folder == NULL) return;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) unlinkat(dirfd(folder), entry->d_name, 0);
  closedir(folder);
  rmdir(path);
}

void folder_remove_unused(const char *runtimes, const char *except) {
  DIR *all = opendir(runtimes);
  if (all == NULL) return;
  int seen = 0;
  for (struct dirent *entry; seen < UNUSED_MAX && (entry = readdir(all)) != NULL;) {
    if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0) continue;
    seen++;
    char path[PATH_MAX];
    path_of(path, "%s/%s", runtimes, entry->d_name);
    if (strcmp(path, except) == 0) continue;
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) continue;
    if (flock(folder, LOCK_EX | LOCK_NB) == 0) folder_remove(path);
    close(folder);
  }
  closedir(all);
}
