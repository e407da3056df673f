/* Writes down, in order, everything that a process does to the files below CUT_ROOT, so that bench/power_cut.py can rebuild what a
   disk would hold had the power gone at any moment. Loaded by LD_PRELOAD; the log at CUT_LOG is only ever appended to.
   A record: "op inode offset length length2 \n" in decimal, then the two byte strings. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -2;
static char root[PATH_MAX];

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int watched(const char *path) {
    if (log_fd == -2) {
        const char *at = getenv("CUT_ROOT"), *file = getenv("CUT_LOG");
        snprintf(root, sizeof root, "%s/", at ? at : "");
        log_fd = at && file ? REAL(open)(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
    }
    return log_fd >= 0 && strncmp(path, root, strlen(root)) == 0;
}

static void full(int dir, const char *path, char *out) {
    char base[PATH_MAX] = "";
    if (path[0] == '/') { snprintf(out, PATH_MAX, "%s", path); return; }
    if (dir == AT_FDCWD) { if (!getcwd(base, sizeof base)) base[0] = 0; }
    else {
        char link[64]; snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
        ssize_t n = readlink(link, base, sizeof base - 1); base[n > 0 ? n : 0] = 0;
    }
    snprintf(out, PATH_MAX, "%s/%s", base, path);
}

static int file_of(int fd, struct stat *found) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n <= 0) return 0;
    path[n] = 0;
    return watched(path) && fstat(fd, found) == 0;
}

static void note(const char *op, ino_t inode, off_t offset, const void *a, size_t na, const void *b, size_t nb) {
    char head[128];
    int n = snprintf(head, sizeof head, "%s %lu %ld %zu %zu\n", op, (unsigned long)inode, (long)offset, na, nb);
    struct iovec parts[3] = {{head, n}, {(void *)a, na}, {(void *)b, nb}};
    if (REAL(writev)(log_fd, parts, 3) != (ssize_t)(n + na + nb)) abort();
}

static ino_t inode_at(const char *path) { struct stat s; return stat(path, &s) == 0 ? s.st_ino : 0; }

static int opened(int dir, const char *path, int flags, mode_t mode) {
    char where[PATH_MAX]; struct stat s;
    full(dir, path, where);
    if (!watched(where) || !(flags & (O_CREAT | O_TRUNC))) return REAL(openat)(dir, path, flags, mode);
    pthread_mutex_lock(&one);
    int existed = stat(where, &s) == 0, fd = REAL(openat)(dir, path, flags, mode), error = errno;
    if (fd >= 0 && fstat(fd, &s) == 0 && S_ISREG(s.st_mode)) {
        if (!existed) note("create", s.st_ino, 0, where, strlen(where), "", 0);
        else if (flags & O_TRUNC) note("truncate", s.st_ino, 0, "", 0, "", 0);
    }
    pthread_mutex_unlock(&one);
    errno = error;
    return fd;
}

#define MODE mode_t mode = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list v; va_start(v, flags); mode = va_arg(v, mode_t); va_end(v); }
int open(const char *path, int flags, ...) { MODE return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE return opened(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int dir, const char *path, int flags, ...) { MODE return opened(dir, path, flags, mode); }
int openat64(int dir, const char *path, int flags, ...) { MODE return opened(dir, path, flags | O_LARGEFILE, mode); }
int creat(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

#define NOTED(call, action) \
    pthread_mutex_lock(&one); __typeof__(call) done = call; int error = errno; \
    if (done >= 0) { action; } pthread_mutex_unlock(&one); errno = error; return done

ssize_t write(int fd, const void *data, size_t n) {
    struct stat s;
    if (!file_of(fd, &s)) return REAL(write)(fd, data, n);
    off_t at = fcntl(fd, F_GETFL) & O_APPEND ? s.st_size : lseek(fd, 0, SEEK_CUR);
    NOTED(REAL(write)(fd, data, n), note("write", s.st_ino, at, data, done, "", 0));
}
ssize_t pwrite64(int fd, const void *data, size_t n, off_t at) {
    struct stat s;
    if (!file_of(fd, &s)) return REAL(pwrite64)(fd, data, n, at);
    NOTED(REAL(pwrite64)(fd, data, n, at), note("write", s.st_ino, at, data, done, "", 0));
}
ssize_t pwrite(int fd, const void *data, size_t n, off_t at) { return pwrite64(fd, data, n, at); }
ssize_t writev(int fd, const struct iovec *parts, int count) {
    struct stat s;
    if (!file_of(fd, &s)) return REAL(writev)(fd, parts, count);
    ssize_t all = 0;
    for (int i = 0; i < count; i++) {
        ssize_t n = write(fd, parts[i].iov_base, parts[i].iov_len);
        if (n < 0) return all ? all : n;
        all += n;
        if ((size_t)n < parts[i].iov_len) break;
    }
    return all;
}
/* callers fall back to read and write */
ssize_t copy_file_range(int a, off64_t *x, int b, off64_t *y, size_t n, unsigned f) { errno = ENOSYS; return -1; }
ssize_t sendfile64(int a, int b, off64_t *x, size_t n) { errno = ENOTSOCK; return -1; }
ssize_t sendfile(int a, int b, off_t *x, size_t n) { errno = ENOTSOCK; return -1; }

int ftruncate64(int fd, off_t size) {
    struct stat s;
    if (!file_of(fd, &s)) return REAL(ftruncate64)(fd, size);
    NOTED(REAL(ftruncate64)(fd, size), note("truncate", s.st_ino, size, "", 0, "", 0));
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int synced(int fd, int (*sync)(int)) {
    struct stat s;
    if (!file_of(fd, &s)) {
        char link[64], path[PATH_MAX];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(link, path, sizeof path - 2);
        if (n <= 0) return sync(fd);
        strcpy(path + n, "/");
        if (!watched(path)) return sync(fd);
        fstat(fd, &s);
    }
    NOTED(sync(fd), note(S_ISDIR(s.st_mode) ? "syncdir" : "sync", s.st_ino, 0, "", 0, "", 0));
}
int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

static int renamed(int a, const char *from, int b, const char *to, unsigned flags) {
    char x[PATH_MAX], y[PATH_MAX];
    full(a, from, x); full(b, to, y);
    if (!watched(x) && !watched(y)) return REAL(renameat2)(a, from, b, to, flags);
    NOTED(REAL(renameat2)(a, from, b, to, flags), note("rename", 0, 0, x, strlen(x), y, strlen(y)));
}
int rename(const char *from, const char *to) { return renamed(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int a, const char *from, int b, const char *to) { return renamed(a, from, b, to, 0); }
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) { return renamed(a, from, b, to, flags); }

static int removed(int dir, const char *path, int flags) {
    char where[PATH_MAX];
    full(dir, path, where);
    if (!watched(where)) return REAL(unlinkat)(dir, path, flags);
    NOTED(REAL(unlinkat)(dir, path, flags), note("remove", 0, 0, where, strlen(where), "", 0));
}
int unlink(const char *path) { return removed(AT_FDCWD, path, 0); }
int unlinkat(int dir, const char *path, int flags) { return removed(dir, path, flags); }
int rmdir(const char *path) { return removed(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) { struct stat s; return removed(AT_FDCWD, path, lstat(path, &s) == 0 && S_ISDIR(s.st_mode) ? AT_REMOVEDIR : 0); }

int mkdirat(int dir, const char *path, mode_t mode) {
    char where[PATH_MAX];
    full(dir, path, where);
    if (!watched(where)) return REAL(mkdirat)(dir, path, mode);
    NOTED(REAL(mkdirat)(dir, path, mode), note("mkdir", inode_at(where), 0, where, strlen(where), "", 0));
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }
