/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/helper-sandbox.h"

#include <sys/prctl.h>

void tambo_sandbox_enter (TamboSandboxReach reach, const char **out_missing) {
  gboolean files, calls;

  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  files = tambo_sandbox_close_files ();
  calls = tambo_sandbox_close_calls (reach);
  *out_missing = files && calls ? NULL
                 : files        ? "seccomp"
                 : calls        ? "Landlock"
                                : "seccomp and Landlock";
}
