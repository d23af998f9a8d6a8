#include "pack.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "fail.h"

enum { CHUNK = 128 * 1024 };

static void read_at(int file, void *into, size_t size, int64_t offset) {
  char *to = into;
  while (size > 0) {
    ssize_t got = pread(file, to, size, offset);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      if (got == 0) errno = 0;
      fail("the executable cannot be read%s", got == 0 ? ": it is cut off" : "");
    }
    to += got, size -= got, offset += got;
  }
}

void pack_open(struct pack *pack) {
  /* Without /proc, as in a bare chroot, the kernel still says what it was asked to execute. */
  pack->file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  if (pack->file < 0) pack->file = open((const char *)getauxval(AT_EXECFN), O_RDONLY | O_CLOEXEC);
  if (pack->file < 0) fail("the executable cannot be opened");
  struct pack_trailer *trailer = &pack->trailer;
  int64_t end = lseek(pack->file, 0, SEEK_END) - (int64_t)sizeof *trailer;
  errno = 0;
  if (end < 0) fail("the executable is damaged: too short");
  read_at(pack->file, trailer, sizeof *trailer, end);
  errno = 0;
  if (memcmp(trailer->magic, PACK_MAGIC, sizeof trailer->magic) != 0 || trailer->count == 0 ||
      trailer->count > PACK_FILES_MAX || trailer->compressed > (uint64_t)end)
    fail("the executable is damaged: its trailer is wrong or missing (stripped, or cut off?)");
  int64_t table = end - (int64_t)(trailer->count * sizeof *pack->entries);
  pack->payload = table - (int64_t)trailer->compressed;
  if (pack->payload < 0) fail("the executable is damaged: too short");
  read_at(pack->file, pack->entries, trailer->count * sizeof *pack->entries, table);

  struct sha256 hash;
  uint8_t digest[SHA256_BYTES];
  sha256_start(&hash);
  sha256_add(&hash, pack->entries, trailer->count * sizeof *pack->entries);
  sha256_end(&hash, digest);
  errno = 0;
  if (memcmp(digest, trailer->digest, sizeof digest) != 0) fail("the executable is damaged: its table is wrong");
  for (uint64_t i = 0; i < trailer->count; i++) {
    const char *name = pack->entries[i].name;
    if (memchr(name, 0, PACK_NAME_BYTES) == NULL || name[0] == 0 || name[0] == '.' || strchr(name, '/') != NULL)
      fail("the executable is damaged: a name in its table is wrong");
  }
}

uint64_t pack_size(const struct pack *pack) {
  uint64_t size = 0;
  for (uint64_t i = 0; i < pack->trailer.count; i++) size += pack->entries[i].size;
  return size;
}

/* Reads the payload piece by piece. */
struct reader {
  const struct pack *pack;
  ZSTD_DStream *stream;
  ZSTD_inBuffer input;
  uint64_t taken; /* compressed bytes */
  char buffer[CHUNK];
};

static size_t read_some(struct reader *reader, void *into, size_t size) {
  ZSTD_outBuffer output = {into, size, 0};
  while (output.pos == 0) {
    if (reader->input.pos == reader->input.size) {
      uint64_t left = reader->pack->trailer.compressed - reader->taken;
      size_t part = left < CHUNK ? left : CHUNK;
      errno = 0;
      if (part == 0) fail("the executable is damaged: its content ends early");
      read_at(reader->pack->file, reader->buffer, part, reader->pack->payload + (int64_t)reader->taken);
      reader->taken += part;
      reader->input = (ZSTD_inBuffer){reader->buffer, part, 0};
    }
    size_t result = ZSTD_decompressStream(reader->stream, &output, &reader->input);
    errno = 0;
    if (ZSTD_isError(result)) fail("the executable is damaged: %s", ZSTD_getErrorName(result));
  }
  return output.pos;
}

static void write_all(int file, const char *from, size_t size, const char *name) {
  while (size > 0) {
    ssize_t put = write(file, from, size);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("%s cannot be written", name);
    from += put, size -= put;
  }
}

void pack_unpack(const struct pack *pack, int folder) {
  static struct reader reader;
  static char chunk[CHUNK];
  reader.pack = pack;
  reader.stream = ZSTD_createDStream();
  if (reader.stream == NULL) fail("no memory to unpack with");
  for (uint64_t i = 0; i < pack->trailer.count; i++) {
    const struct pack_entry *entry = &pack->entries[i];
    int file = openat(folder, entry->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0700);
    if (file < 0) fail("%s cannot be made", entry->name);
    struct sha256 hash;
    sha256_start(&hash);
    for (uint64_t left = entry->size; left > 0;) {
      size_t got = read_some(&reader, chunk, left < CHUNK ? left : CHUNK);
      sha256_add(&hash, chunk, got);
      write_all(file, chunk, got, entry->name);
      left -= got;
    }
    uint8_t digest[SHA256_BYTES];
    sha256_end(&hash, digest);
    errno = 0;
    if (memcmp(digest, entry->digest, sizeof digest) != 0)
      fail("the executable is damaged: the content of %s is wrong", entry->name);
    if (fchmod(file, 0500) != 0 || fsync(file) != 0 || close(file) != 0) fail("%s cannot be written", entry->name);
  }
  ZSTD_freeDStream(reader.stream);
}

static int entry_matches(const struct pack_entry *entry, int folder) {
  static char chunk[CHUNK];
  int file = openat(folder, entry->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0) return 0;
  struct stat facts;
  int same = fstat(file, &facts) == 0 && S_ISREG(facts.st_mode) && (facts.st_uid == 0 || facts.st_uid == geteuid()) &&
             (facts.st_mode & 022) == 0 && (uint64_t)facts.st_size == entry->size;
  struct sha256 hash;
  sha256_start(&hash);
  for (ssize_t got; same && (got = read(file, chunk, CHUNK)) != 0;) {
    if (got > 0) sha256_add(&hash, chunk, got);
    else if (errno != EINTR) same = 0;
  }
  close(file);
  uint8_t digest[SHA256_BYTES];
  sha256_end(&hash, digest);
  return same && memcmp(digest, entry->digest, sizeof digest) == 0;
}

int pack_matches(const struct pack *pack, int folder) {
  for (uint64_t i = 0; i < pack->trailer.count; i++)
    if (!entry_matches(&pack->entries[i], folder)) return 0;
  return 1;
}
