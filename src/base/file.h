/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whole files, bounded on the way in and durable on the way out.
 */
#pragma once

#include <glib.h>

/* NOT_FOUND, PERMISSION, IO, or MALFORMED when the file is larger than MAX_SIZE. */
GBytes *tambo_file_read (const char *path, gsize max_size,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes a temporary file beside PATH, fsyncs it, renames it over PATH and fsyncs the folder: after
 * TRUE the bytes outlive a power cut, after FALSE PATH is what it was. */
gboolean tambo_file_write_durable (const char *path, GBytes *bytes, int mode,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes PATH, and its parents, with MODE for the last one. */
gboolean tambo_file_make_folder (const char *path, int mode,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Bytes that an unprivileged program may still write on PATH's file system. */
gboolean tambo_file_free_space (const char *path, guint64 *out_bytes,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For what is carried away (a stick: FAT has neither modes nor a journal). Makes PATH, which must not exist,
 * fsyncs it, drops it from memory and reads it again; INTEGRITY when other bytes come back. */
gboolean tambo_file_write_verified (const char *path, GBytes *bytes, GError **error);
/* Renames the file or folder FROM to TO, after all that is directly in it, and makes that durable. */
gboolean tambo_file_publish (const char *from, const char *to, GError **error);
/* Removes a folder and the files in it; what is not there is no error. */
gboolean tambo_file_remove_folder (const char *path, GError **error);
