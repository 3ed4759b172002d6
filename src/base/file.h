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
