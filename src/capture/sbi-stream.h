/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The live picture of a Secure Biometric Interface ("Device Stream"): JPEG files in a body of type
 * multipart/x-mixed-replace that never ends, as it comes in pieces. Each part has to tell its length.
 */
#pragma once

#include <glib.h>

#define TAMBO_SBI_MAX_FRAME (4 * 1024 * 1024)

typedef struct _TamboSbiStream TamboSbiStream;

/* JPEG is borrowed. */
typedef void (*TamboSbiFrameFunc) (gconstpointer jpeg, gsize size, gpointer data);

TamboSbiStream *tambo_sbi_stream_new (TamboSbiFrameFunc func, gpointer data);
void tambo_sbi_stream_free (TamboSbiStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboSbiStream, tambo_sbi_stream_free)

/* FALSE with PROTOCOL when this is no such body; then it takes no more. */
gboolean tambo_sbi_stream_feed (TamboSbiStream *stream, gconstpointer bytes, gsize size,
                                GError **error);
