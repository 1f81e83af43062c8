/*
 * Makes the disk of one process fail to order (LD_PRELOAD on Linux, glibc).
 *
 * A test maps the same control file (environment variable WEIR_FAULTS) and arms rules at the moment
 * it likes; without the variable every call passes. A rule names the calls it is about (writes,
 * syncs, truncations), a path prefix, how many matching calls pass first, how often it fires, and
 * what then happens:
 *
 *   FAIL    the call returns -1 with the given errno and does nothing
 *   SHORT   a write stores at most `amount` bytes and says so
 *   HOLD    the call waits until the rule is disarmed, then runs
 *   LOSE    a sync fails, and what was written to that file since its last successful sync is taken
 *           back: Linux marks the pages clean after a failed write-back, so the next fsync succeeds
 *           and the disk lacks the data
 *   KILL    a write stores `amount` bytes, then the process dies by SIGKILL: a torn write
 *
 * Taking back needs to know the bytes that were there before, so with track set at offset 8 of the
 * control file every write below a rule's prefix first saves them.
 *
 * Control file, little-endian, 4096 bytes:
 *
 *   0  u64 magic "WEIRFLT1"   8  u32 track   12  u32 reserved
 *   64 + 448 * i, i < 8: a rule
 *      +0  u32 armed (written last)  +4  u32 calls (1 write, 2 sync, 4 truncate)
 *      +8  u32 action                +12 u32 errno
 *      +16 u64 pass   matching calls that pass before the first fault
 *      +24 u64 times  faults left
 *      +32 u64 seen   matching calls   +40 u64 fired   +48 u64 held (calls waiting now)
 *      +56 u64 amount                  +64 char prefix[384], zero-terminated
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, TRUNCATE = 4 };
enum { FAIL = 1, SHORT = 2, HOLD = 3, LOSE = 4, KILL = 5 };
enum { RULES = 8, PREFIX = 384 };

struct rule {
  uint32_t armed, calls, action, error;
  uint64_t pass, times, seen, fired, held, amount;
  char prefix[PREFIX];
};

struct control {
  uint64_t magic;
  uint32_t track, reserved;
  char unused[48];
  struct rule rules[RULES];
};

/* What a range of a file held before a write that is not synced yet; newest first. */
struct undo {
  struct undo *next;
  dev_t device;
  ino_t inode;
  off_t offset;
  size_t length;
  char bytes[];
};

static struct control *control;
static struct undo *undos;
static pthread_mutex_t undo_lock = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off_t);

__attribute__((constructor)) static void start(void) {
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_writev = dlsym(RTLD_NEXT, "writev");
  real_pwritev = dlsym(RTLD_NEXT, "pwritev64");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
  const char *path = getenv("WEIR_FAULTS");
  if (path == NULL) return;
  int fd = open(path, O_RDWR | O_CLOEXEC);
  void *map = fd < 0 ? MAP_FAILED
                     : mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (map == MAP_FAILED || memcmp(map, "WEIRFLT1", 8) != 0) {
    fprintf(stderr, "weirfaults: cannot use the control file %s\n", path);
    _exit(70);
  }
  close(fd);
  control = map;
}

static int path_of(int fd, char *path, size_t size) {
  char link[32];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, size - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return 1;
}

static int is_below(const char *path, const struct rule *rule) {
  return rule->prefix[0] != 0 && strncmp(path, rule->prefix, strlen(rule->prefix)) == 0;
}

/* The armed rule that is to act on this call, or NULL. */
static struct rule *match(int fd, uint32_t call) {
  if (control == NULL) return NULL;
  char path[4096];
  int known = 0;
  for (int i = 0; i < RULES; i++) {
    struct rule *rule = &control->rules[i];
    if (!__atomic_load_n(&rule->armed, __ATOMIC_ACQUIRE) || !(rule->calls & call)) continue;
    if (!known && !path_of(fd, path, sizeof path)) return NULL;
    known = 1;
    if (!is_below(path, rule)) continue;
    uint64_t before = __atomic_fetch_add(&rule->seen, 1, __ATOMIC_ACQ_REL);
    if (before < rule->pass) continue;
    uint64_t left = __atomic_load_n(&rule->times, __ATOMIC_ACQUIRE);
    while (left > 0 && !__atomic_compare_exchange_n(&rule->times, &left, left - 1, 0,
                                                    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
    }
    if (left == 0) continue;
    __atomic_fetch_add(&rule->fired, 1, __ATOMIC_ACQ_REL);
    return rule;
  }
  return NULL;
}

static void hold(struct rule *rule) {
  __atomic_fetch_add(&rule->held, 1, __ATOMIC_ACQ_REL);
  while (__atomic_load_n(&rule->armed, __ATOMIC_ACQUIRE)) usleep(1000);
  __atomic_fetch_sub(&rule->held, 1, __ATOMIC_ACQ_REL);
}

static int is_tracked(int fd) {
  char path[4096];
  if (control == NULL || !__atomic_load_n(&control->track, __ATOMIC_ACQUIRE)) return 0;
  if (!path_of(fd, path, sizeof path)) return 0;
  for (int i = 0; i < RULES; i++)
    if (is_below(path, &control->rules[i])) return 1;
  return 0;
}

static void remember(int fd, off_t offset, size_t length) {
  struct stat about;
  if (length == 0 || offset < 0 || fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) return;
  if (fcntl(fd, F_GETFL) & O_APPEND) return; /* Its writes end elsewhere; a log never appends so. */
  struct undo *undo = calloc(1, sizeof *undo + length);
  if (undo == NULL) abort();
  undo->device = about.st_dev;
  undo->inode = about.st_ino;
  undo->offset = offset;
  undo->length = length;
  char path[4096];
  int reader = path_of(fd, path, sizeof path) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  /* What is beyond the end reads as zeros, which is what a lost extension leaves. */
  if (reader >= 0) {
    if (pread(reader, undo->bytes, length, offset) < 0) memset(undo->bytes, 0, length);
    close(reader);
  }
  pthread_mutex_lock(&undo_lock);
  undo->next = undos;
  undos = undo;
  pthread_mutex_unlock(&undo_lock);
}

/* Ends the unsynced writes of a file: kept when synced, taken back when lost. */
static void settle(int fd, int lost) {
  struct stat about;
  if (fstat(fd, &about) != 0) return;
  pthread_mutex_lock(&undo_lock);
  struct undo **at = &undos;
  while (*at != NULL) {
    struct undo *undo = *at;
    if (undo->device != about.st_dev || undo->inode != about.st_ino) {
      at = &undo->next;
      continue;
    }
    if (lost && real_pwrite(fd, undo->bytes, undo->length, undo->offset) < 0) abort();
    *at = undo->next;
    free(undo);
  }
  pthread_mutex_unlock(&undo_lock);
}

static ssize_t store(int fd, const struct iovec *parts, int count, off_t offset) {
  return offset < 0 ? real_writev(fd, parts, count) : real_pwritev(fd, parts, count, offset);
}

static size_t total(const struct iovec *parts, int count) {
  size_t sum = 0;
  for (int i = 0; i < count; i++) sum += parts[i].iov_len;
  return sum;
}

static ssize_t store_at_most(int fd, const struct iovec *parts, int count, off_t offset,
                             size_t limit) {
  if (fcntl(fd, F_GETFL) & O_DIRECT) limit = limit < 4096 ? 4096 : limit & ~(size_t)4095;
  struct iovec cut[1024];
  int used = 0;
  for (; used < count && used < 1024 && limit > 0; used++) {
    cut[used] = parts[used];
    if (cut[used].iov_len > limit) cut[used].iov_len = limit;
    limit -= cut[used].iov_len;
  }
  return used == 0 ? 0 : store(fd, cut, used, offset);
}

/* Every write comes here; offset -1 means at the file's position. */
static ssize_t write_parts(int fd, const struct iovec *parts, int count, off_t offset) {
  struct rule *rule = match(fd, WRITE);
  if (rule != NULL && rule->action == FAIL) {
    errno = (int)rule->error;
    return -1;
  }
  if (rule != NULL && rule->action == HOLD) hold(rule);
  if (is_tracked(fd))
    remember(fd, offset < 0 ? lseek(fd, 0, SEEK_CUR) : offset, total(parts, count));
  if (rule != NULL && rule->action == SHORT)
    return store_at_most(fd, parts, count, offset, rule->amount == 0 ? 1 : rule->amount);
  if (rule != NULL && rule->action == KILL) {
    store_at_most(fd, parts, count, offset, rule->amount);
    kill(getpid(), SIGKILL);
  }
  return store(fd, parts, count, offset);
}

static int sync_file(int fd, int (*real)(int)) {
  struct rule *rule = match(fd, SYNC);
  if (rule != NULL && (rule->action == FAIL || rule->action == LOSE)) {
    if (rule->action == LOSE) settle(fd, 1);
    errno = (int)rule->error;
    return -1;
  }
  if (rule != NULL && rule->action == HOLD) hold(rule);
  int result = real(fd);
  if (result == 0 && control != NULL) settle(fd, 0);
  return result;
}

static int truncate_file(int fd, off_t length) {
  struct rule *rule = match(fd, TRUNCATE);
  if (rule != NULL && rule->action == FAIL) {
    errno = (int)rule->error;
    return -1;
  }
  if (rule != NULL && rule->action == HOLD) hold(rule);
  return real_ftruncate(fd, length);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  if (control == NULL && real_write != NULL) return real_write(fd, bytes, length);
  struct iovec part = {(void *)bytes, length};
  return write_parts(fd, &part, 1, -1);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) {
  struct iovec part = {(void *)bytes, length};
  return write_parts(fd, &part, 1, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  return pwrite64(fd, bytes, length, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  return write_parts(fd, parts, count, -1);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t offset) {
  return write_parts(fd, parts, count, offset);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  return write_parts(fd, parts, count, offset);
}

int fsync(int fd) { return sync_file(fd, real_fsync); }

int fdatasync(int fd) { return sync_file(fd, real_fdatasync); }

int ftruncate64(int fd, off_t length) { return truncate_file(fd, length); }

int ftruncate(int fd, off_t length) { return truncate_file(fd, length); }
