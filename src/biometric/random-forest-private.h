/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between the file's syntax and what it says of a forest: maps and lists that begin and end, and values.
 */
#pragma once

#include <glib.h>

typedef struct {
  gpointer data;
  /* KEY is NULL for an item of a list. FALSE, with an error, ends the reading. */
  gboolean (*begin) (gpointer data, const char *key, GError **error);
  gboolean (*value) (gpointer data, const char *key, const char *text, GError **error);
  gboolean (*end) (gpointer data, GError **error);
} TamboForestSink;

/* What OpenCV writes of YAML 1.0: maps and lists by indentation or in brackets, plain values. */
gboolean tambo_random_forest_read_yaml (const char *text, gsize size, const TamboForestSink *sink,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* And of XML: an element for each key, named _ for an item. */
gboolean tambo_random_forest_read_xml (const char *text, gsize size, const TamboForestSink *sink,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
