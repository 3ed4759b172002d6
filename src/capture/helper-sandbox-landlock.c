/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/helper-sandbox.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of kernels younger than Debian 12's headers. */
#define ACCESS_TRUNCATE (G_GUINT64_CONSTANT (1) << 14)
#define ACCESS_IOCTL_DEV (G_GUINT64_CONSTANT (1) << 15)
#define SCOPE_ABSTRACT_SOCKET (G_GUINT64_CONSTANT (1) << 0)
#define SCOPE_SIGNAL (G_GUINT64_CONSTANT (1) << 1)

typedef struct {
  guint64 files, network, scoped;
} Ruleset;

#define READ                                                                                       \
  (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE)
#define WRITE                                                                                      \
  (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE  \
   | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG      \
   | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK   \
   | LANDLOCK_ACCESS_FS_MAKE_SYM)
#define OF_A_FILE                                                                                  \
  (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE       \
   | ACCESS_TRUNCATE | ACCESS_IOCTL_DEV)

/* The system's own: libraries, drivers' modules and tables, and what is plugged in. In a Flatpak the drivers that
 * its runtime lacks lie below /app. */
static const char *const readable[] = { "/usr", "/lib",  "/lib64", "/bin",      "/app",
                                        "/etc", "/proc", "/sys",   "/run/udev", NULL };

static int open_ruleset (int version, guint64 *out_files) {
  Ruleset ruleset = { .files = READ | WRITE };
  gsize size = version < 4 ? 8 : version < 6 ? 16 : sizeof ruleset;

  if (version >= 2)
    ruleset.files |= LANDLOCK_ACCESS_FS_REFER;
  if (version >= 3)
    ruleset.files |= ACCESS_TRUNCATE;
  if (version >= 5)
    ruleset.files |= ACCESS_IOCTL_DEV;
  if (version >= 6)
    ruleset.scoped = SCOPE_ABSTRACT_SOCKET | SCOPE_SIGNAL;
  *out_files = ruleset.files;
  return (int) syscall (SYS_landlock_create_ruleset, &ruleset, size, 0);
}

/* Where practice devices lie: the drivers' own variables say so. */
static const char *const practice[] = { "FP_VIRTUAL_IMAGE", "UMOCKDEV_DIR", NULL };

/* What is not there needs no rule. Opened past whatever stands before the C library: what is ruled is the
 * real tree, and a testbed's is below its own folder. */
static void allow (int ruleset, const char *path, guint64 access) {
  struct landlock_path_beneath_attr rule = { .parent_fd = (int) syscall (SYS_openat, AT_FDCWD, path,
                                                                         O_PATH | O_CLOEXEC) };
  struct stat info;

  if (rule.parent_fd < 0)
    return;
  rule.allowed_access = access;
  if (fstat (rule.parent_fd, &info) == 0 && !S_ISDIR (info.st_mode))
    rule.allowed_access &= OF_A_FILE;
  syscall (SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  close (rule.parent_fd);
}

static void allow_practice (int ruleset, guint64 access) {
  for (guint i = 0; practice[i] != NULL; i++) {
    const char *path = g_getenv (practice[i]);
    g_autofree char *folder = path != NULL ? g_path_get_dirname (path) : NULL;

    if (folder != NULL)
      allow (ruleset, folder, access);
  }
}

gboolean tambo_sandbox_close_files (void) {
  int version =
      (int) syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  guint64 files;
  int ruleset = version > 0 ? open_ruleset (version, &files) : -1;
  gboolean done;

  if (ruleset < 0)
    return FALSE;
  for (guint i = 0; readable[i] != NULL; i++)
    allow (ruleset, readable[i], READ);
  allow (ruleset, "/dev", files);
  /* Nothing of the applicants' is ever there; drivers may want it. */
  allow (ruleset, g_get_tmp_dir (), files);
  allow_practice (ruleset, files);
  if (g_getenv ("TAMBO_SBI_TRUST") != NULL)
    allow (ruleset, g_getenv ("TAMBO_SBI_TRUST"), READ);
  done = syscall (SYS_landlock_restrict_self, ruleset, 0) == 0;
  close (ruleset);
  return done;
}
