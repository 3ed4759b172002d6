/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Records on their way in: one file per content hash in partial/, which becomes the record's file in
 * records/. The offset that is told is always that of durable bytes. Nothing is remembered but in the files,
 * so that an upload that began at one receiver goes on at another one that shares the folder.
 */
#pragma once

#include "hq/headquarters.h"

/* Makes partial/ and records/ with its shelves in FOLDER. */
gboolean tambo_uploads_make_folders (const char *folder, GError **error);
TamboUploads *tambo_uploads_new (const char *folder);
void tambo_uploads_free (TamboUploads *uploads);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboUploads, tambo_uploads_free)
/* Removes what receivers that ended in the middle left behind. */
void tambo_uploads_sweep (TamboUploads *uploads);

/* Durable bytes of a record so far; 0 when there are none. */
gboolean tambo_uploads_offset (TamboUploads *uploads, const char *sha256, gint64 *out_offset,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One writer. The newest one wins: a station that comes back while its broken connection still stands
 * takes the upload over, here or at another receiver, and the older writer fails with STATE. */
typedef struct _TamboUpload TamboUpload;
/* STATE when OFFSET is not where the file ends. SIZE is that of the whole record. */
TamboUpload *tambo_upload_begin (TamboUploads *uploads, const char *sha256, gint64 offset,
                                 gint64 size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_upload_write (TamboUpload *upload, gconstpointer data, gsize size,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_upload_is_whole (TamboUpload *upload);
/* Makes what was written durable; the offset then. */
gboolean tambo_upload_sync (TamboUpload *upload, gint64 *out_offset,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_upload_free (TamboUpload *upload);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboUpload, tambo_upload_free)

/* Checks the whole file against SHA256 and moves it, durably, to its place in records/. UPLOAD is the writer,
 * who has the hash already; NULL when there is none. INTEGRITY, and the bytes are gone, when it is another
 * content; no error when it lies there already. */
gboolean tambo_uploads_finish (TamboUploads *uploads, const char *sha256, TamboUpload *upload,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Where the whole record lies, or will. */
char *tambo_uploads_record_path (TamboUploads *uploads, const char *sha256);
