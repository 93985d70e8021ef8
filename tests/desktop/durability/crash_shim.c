/* Loaded before libc (LD_PRELOAD): counts, records and spoils what a program does to files under one folder.
 *
 * Nothing happens until crash_arm() is called, so one warm process can fork a child for every point.
 *   kill    die before operation N               torn    half of write N reaches the file, then die
 *   eio     operation N fails once               enospc  operation N and every later one that needs room fails
 *   short   write N keeps half of its bytes      eintr   operation N is interrupted once
 *   rofs    from N on, everything that changes a file is refused
 *   eioread reading number N fails once          (reads have a counter of their own)
 * The record has one line per operation, `letter path number length`, tab separated, then the bytes of a write:
 *   W write  T truncate  S sync  C create  M make folder  R rename (the new path follows as bytes)  U unlink
 *   D remove folder  A acknowledged (written by crash_mark)
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { LONGEST = 4096 };
static char pattern[LONGEST];
static char mode[16] = "";
static long at = 0, counted = 0, reads = 0;
static int record_to = -1;

static void stop(void) { syscall(SYS_kill, syscall(SYS_getpid), SIGKILL); for (;;) { } }
static int is(const char *name) { return strcmp(mode, name) == 0; }

void crash_arm(const char *under, long n, const char *how, const char *record) {
    snprintf(pattern, sizeof pattern, "%s", under);
    snprintf(mode, sizeof mode, "%s", how);
    at = n; counted = 0; reads = 0;
    if (record_to >= 0) { syscall(SYS_close, record_to); record_to = -1; }
    if (record && *record)
        record_to = syscall(SYS_openat, AT_FDCWD, record, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}
void crash_disarm(void) { crash_arm("", 0, "", 0); }
long crash_counted(void) { return counted; }
long crash_reads(void) { return reads; }

static void put(const void *data, size_t n) {
    const char *from = data;
    while (n > 0) {
        ssize_t done = syscall(SYS_write, record_to, from, n);
        if (done <= 0) stop();
        from += done; n -= (size_t)done;
    }
}
static void record(char letter, const char *path, long number, const void *data, size_t n) {
    if (record_to < 0) return;
    char line[LONGEST + 64];
    int length = snprintf(line, sizeof line, "%c\t%s\t%ld\t%zu\n", letter, path, number, n);
    put(line, (size_t)length);
    if (n) put(data, n);
}
void crash_mark(void) { record('A', "", 0, 0, 0); }

static int under(const char *path) { return *pattern && path && strstr(path, pattern) != 0; }
static int mine(int fd, char *path) {
    if (!*pattern) return 0;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, LONGEST - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return under(path);
}
/* 0: go on. Else the errno this operation fails with. `grows`: it needs room; `changes`: a read-only medium refuses. */
static int spoiled(int grows, int changes) {
    counted++;
    if (at <= 0) return 0;
    if (counted == at) {
        if (is("kill") || is("torn")) stop();
        if (is("eio")) return EIO;
        if (is("eintr")) return EINTR;
    }
    if (counted >= at) {
        if (is("enospc") && grows) return ENOSPC;
        if (is("rofs") && changes) return EROFS;
    }
    return 0;
}
static int spoiled_read(void) {
    reads++;
    return is("eioread") && reads == at ? EIO : 0;
}
static int half(void) { return at > 0 && counted + 1 == at; }

#define REFUSE(grows, changes) do { int why = spoiled(grows, changes); if (why) { errno = why; return -1; } } while (0)

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t offset) {
    char path[LONGEST];
    if (mine(fd, path)) {
        if (half() && is("torn")) { record('W', path, offset, data, n / 2); syscall(SYS_pwrite64, fd, data, n / 2, offset); stop(); }
        int cut = half() && is("short") && n > 1;
        REFUSE(1, 1);
        if (cut) n /= 2;
        record('W', path, offset, data, n);
    }
    return syscall(SYS_pwrite64, fd, data, n, offset);
}
ssize_t pwrite(int fd, const void *data, size_t n, off_t offset) { return pwrite64(fd, data, n, offset); }
ssize_t write(int fd, const void *data, size_t n) {
    char path[LONGEST];
    if (mine(fd, path)) {
        if (half() && is("torn")) { syscall(SYS_write, fd, data, n / 2); stop(); }
        int cut = half() && is("short") && n > 1;
        REFUSE(1, 1);
        if (cut) n /= 2;
        off_t offset = lseek(fd, 0, SEEK_CUR);
        if (fcntl(fd, F_GETFL) & O_APPEND) offset = lseek(fd, 0, SEEK_END);
        record('W', path, offset, data, n);
    }
    return syscall(SYS_write, fd, data, n);
}
ssize_t pread64(int fd, void *data, size_t n, off64_t offset) {
    char path[LONGEST];
    if (mine(fd, path)) { int why = spoiled_read(); if (why) { errno = why; return -1; } }
    return syscall(SYS_pread64, fd, data, n, offset);
}
ssize_t pread(int fd, void *data, size_t n, off_t offset) { return pread64(fd, data, n, offset); }
ssize_t read(int fd, void *data, size_t n) {
    char path[LONGEST];
    if (mine(fd, path)) { int why = spoiled_read(); if (why) { errno = why; return -1; } }
    return syscall(SYS_read, fd, data, n);
}
static int synced(int fd, long call) {
    char path[LONGEST];
    if (mine(fd, path)) { REFUSE(0, 0); record('S', path, 0, 0, 0); }
    return syscall(call, fd);
}
int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }
int ftruncate64(int fd, off64_t size) {
    char path[LONGEST];
    if (mine(fd, path)) { REFUSE(0, 1); record('T', path, size, 0, 0); }
    return syscall(SYS_ftruncate, fd, size);
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int opened(int folder, const char *path, int flags, mode_t how) {
    char letter = 0;
    if ((flags & (O_CREAT | O_TRUNC)) && under(path)) {
        struct stat found;
        int there = stat(path, &found) == 0;
        if (!there && (flags & O_CREAT)) letter = 'C';
        else if (there && (flags & O_TRUNC)) letter = 'T';
        if (letter) REFUSE(!there, 1);
    }
    if (at > 0 && counted >= at && is("rofs") && (flags & (O_WRONLY | O_RDWR)) && under(path)) { errno = EROFS; return -1; }
    int fd = syscall(SYS_openat, folder, path, flags, how);
    if (letter && fd >= 0) record(letter, path, 0, 0, 0);
    return fd;
}
#define MODE_OF(flags) mode_t how = 0; if ((flags) & (O_CREAT | O_TMPFILE)) { va_list list; va_start(list, flags); how = va_arg(list, mode_t); va_end(list); }
int open(const char *path, int flags, ...) { MODE_OF(flags) return opened(AT_FDCWD, path, flags, how); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return opened(AT_FDCWD, path, flags | O_LARGEFILE, how); }
int openat(int folder, const char *path, int flags, ...) { MODE_OF(flags) return opened(folder, path, flags, how); }
int openat64(int folder, const char *path, int flags, ...) { MODE_OF(flags) return opened(folder, path, flags | O_LARGEFILE, how); }

int mkdir(const char *path, mode_t how) {
    struct stat found;
    int counts = under(path) && stat(path, &found) != 0;
    if (counts) REFUSE(1, 1);
    int made = syscall(SYS_mkdirat, AT_FDCWD, path, how);
    if (counts && made == 0) record('M', path, 0, 0, 0);
    return made;
}
int rename(const char *old, const char *new) {
    if (under(old) || under(new)) { REFUSE(0, 1); record('R', old, 0, new, strlen(new)); }
    return syscall(SYS_renameat, AT_FDCWD, old, AT_FDCWD, new);
}
/* Folders are removed by relative names under a folder descriptor (shutil.rmtree): the whole path is put together. */
static const char *whole(int folder, const char *path, char *room) {
    if (*path == '/' || folder == AT_FDCWD) return path;
    char at_folder[LONGEST];
    if (!mine(folder, at_folder)) return path;
    snprintf(room, 2 * LONGEST, "%s/%s", at_folder, path);
    return room;
}
int unlinkat(int folder, const char *path, int flags) {
    char room[2 * LONGEST];
    const char *full = whole(folder, path, room);
    struct stat found;
    if (under(full) && lstat(full, &found) == 0) { REFUSE(0, 1); record(flags & AT_REMOVEDIR ? 'D' : 'U', full, 0, 0, 0); }
    return syscall(SYS_unlinkat, folder, path, flags);
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
