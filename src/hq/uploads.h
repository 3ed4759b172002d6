/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Records on their way in: one file per content hash in partial/, appended to and made durable every
 * 256 KiB. The offset that is told is always that of durable bytes.
 */
#pragma once

#include "hq/headquarters.h"

TamboUploads *tambo_uploads_new (const char *folder);
void tambo_uploads_free (TamboUploads *uploads);

/* Durable bytes of a record so far; 0 when there are none. */
gboolean tambo_uploads_offset (TamboUploads *uploads, const char *sha256, gint64 *out_offset,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One writer. The newest one wins: a station that comes back while its broken connection still stands
 * takes the upload over, and the older writer fails with STATE. */
typedef struct _TamboUpload TamboUpload;
/* STATE when OFFSET is not where the file ends. SIZE is that of the whole record. */
TamboUpload *tambo_upload_begin (TamboUploads *uploads, const char *sha256, gint64 offset,
                                 gint64 size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_upload_write (TamboUpload *upload, gconstpointer data, gsize size,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Makes what was written durable; the offset then. */
gboolean tambo_upload_sync (TamboUpload *upload, gint64 *out_offset,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_upload_free (TamboUpload *upload);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboUpload, tambo_upload_free)

/* Checks the whole file against SHA256 and moves it, durably, to PATH. INTEGRITY, and the file is
 * emptied, when it is another content; no error when it lies at PATH already. */
gboolean tambo_uploads_finish (TamboUploads *uploads, const char *sha256, const char *path,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
