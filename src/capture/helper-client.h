/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The desk's end of a tambo-capture-helper: starts it, sends it commands, waits for its frames with
 * a deadline, and ends it. Needs no main loop; a helper belongs to one thread at a time. The program
 * is looked for in $TAMBO_LIBEXECDIR, or where it was installed.
 */
#pragma once

#include <gio/gio.h>

#include "capture/helper-protocol.h"

/* A helper whose input was closed has so long to let its device go before it is killed. */
#define TAMBO_HELPER_GRACE_MS 2000

typedef struct _TamboHelper TamboHelper;

/* ARGUMENTS is NULL-terminated, without the program. Waits for an earlier helper of the same first
 * two arguments to be gone, so that they never meet at the device. */
TamboHelper *tambo_helper_spawn (const char *const *arguments, GCancellable *cancellable,
                                 GError **error);

gboolean tambo_helper_send (TamboHelper *self, TamboHelperFrameType type, GError **error);

/* The next frame but ALIVE, which only renews the deadline. An ERROR frame becomes ERROR. When
 * DEADLINE_MS pass in silence the helper is killed: TIMEOUT; when it dies: FAILED. The payload is
 * borrowed until the next call. */
gboolean tambo_helper_receive (TamboHelper *self, guint deadline_ms, GCancellable *cancellable,
                               TamboHelperFrame *out_frame,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Waits for the first sign of a helper, ALIVE or a frame that is still to be received: what it loads before is
 * the disk's matter and not the device's. Fails as tambo_helper_receive does. */
gboolean tambo_helper_wait_loaded (TamboHelper *self, guint deadline_ms, GCancellable *cancellable,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Never blocks: a thread waits for the process, and kills it when the grace is over. */
void tambo_helper_end (TamboHelper *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboHelper, tambo_helper_end)
