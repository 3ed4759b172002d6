/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/helper-sandbox.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/socket.h>

/* No driver has a use for these. */
static const int refused[] = {
  SCMP_SYS (execve),
  SCMP_SYS (execveat),
#ifndef __SANITIZE_ADDRESS__ /* its search for leaks traces the process from a twin */
  SCMP_SYS (ptrace),
#endif
  SCMP_SYS (process_vm_readv),
  SCMP_SYS (process_vm_writev),
  SCMP_SYS (pidfd_getfd),
  SCMP_SYS (kcmp),
  SCMP_SYS (userfaultfd),
  SCMP_SYS (io_uring_setup),
  SCMP_SYS (bpf),
  SCMP_SYS (perf_event_open),
  SCMP_SYS (add_key),
  SCMP_SYS (keyctl),
  SCMP_SYS (request_key),
  SCMP_SYS (open_by_handle_at),
  SCMP_SYS (mount),
  SCMP_SYS (umount2),
  SCMP_SYS (move_mount),
  SCMP_SYS (fsopen),
  SCMP_SYS (fsmount),
  SCMP_SYS (open_tree),
  SCMP_SYS (pivot_root),
  SCMP_SYS (chroot),
  SCMP_SYS (setns),
  SCMP_SYS (unshare),
  SCMP_SYS (init_module),
  SCMP_SYS (finit_module),
  SCMP_SYS (delete_module),
  SCMP_SYS (kexec_load),
  SCMP_SYS (kexec_file_load),
  SCMP_SYS (reboot),
  SCMP_SYS (swapon),
  SCMP_SYS (swapoff),
  SCMP_SYS (settimeofday),
  SCMP_SYS (clock_settime),
  SCMP_SYS (adjtimex),
  SCMP_SYS (sethostname),
  SCMP_SYS (quotactl),
};

static gboolean refuse_calls (scmp_filter_ctx filter) {
  gboolean done = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    done &= seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), refused[i], 0) == 0;
  return done;
}

/* Threads are made with it, processes without; its successor hides its flags from every filter, and the C
 * library then does with the older one. */
static gboolean refuse_processes (scmp_filter_ctx filter) {
#ifdef __SANITIZE_ADDRESS__
  return TRUE;
#else
  return seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (clone), 1,
                           SCMP_A0 (SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0))
             == 0
         && seccomp_rule_add (filter, SCMP_ACT_ERRNO (ENOSYS), SCMP_SYS (clone3), 0) == 0
         && seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (fork), 0) == 0
         && seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (vfork), 0) == 0;
#endif
}

/* Between processes of this machine, and the kernel's news of devices. */
static gboolean refuse_network (scmp_filter_ctx filter) {
  static const int far[] = { AF_INET, AF_INET6, AF_PACKET, AF_VSOCK, AF_BLUETOOTH };
  gboolean done = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (far); i++)
    done &= seccomp_rule_add (filter, SCMP_ACT_ERRNO (EACCES), SCMP_SYS (socket), 1,
                              SCMP_A0 (SCMP_CMP_EQ, (scmp_datum_t) far[i]))
            == 0;
  return done;
}

gboolean tambo_sandbox_close_calls (TamboSandboxReach reach) {
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);
  gboolean done = filter != NULL && refuse_calls (filter)
                  && ((reach & TAMBO_SANDBOX_PROCESSES) != 0 || refuse_processes (filter))
                  && ((reach & TAMBO_SANDBOX_NETWORK) != 0 || refuse_network (filter))
                  && seccomp_load (filter) == 0;

  if (filter != NULL)
    seccomp_release (filter);
  return done;
}
