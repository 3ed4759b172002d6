/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Members of the record's JSON objects: absent or null means unknown, another type is an error.
 * Messages name the member and never its value.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "record/record-error.h"

/* The longest text that any field of a record may have, in bytes. */
#define TAMBO_MEMBER_MAX_TEXT 1024
/* The most elements that any list of a record may have. */
#define TAMBO_MEMBER_MAX_LIST 64

/* Each returns TRUE and leaves *OUT as it is when the member is absent. A string that was in *OUT
 * is freed when it is replaced. */
gboolean tambo_member_text (JsonObject *object, const char *member, TamboRecordError code,
                            char **out_text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_member_int (JsonObject *object, const char *member, gint64 min, gint64 max,
                           gint64 *out_value, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_member_bool (JsonObject *object, const char *member, gboolean *out_value,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_member_strings (JsonObject *object, const char *member, TamboRecordError code,
                               char ***out_strings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Borrowed from OBJECT. */
gboolean tambo_member_object (JsonObject *object, const char *member, JsonObject **out_object,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* An array whose elements are objects. Borrowed from OBJECT. */
gboolean tambo_member_objects (JsonObject *object, const char *member, JsonArray **out_array,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sets MALFORMED: member "MEMBER" is missing. */
void tambo_member_set_missing (GError **error, const char *member);

void tambo_member_put_strings (JsonObject *object, const char *member, char *const *strings);
/* "travel-document": lower-case letters, digits and single hyphens between them. */
gboolean tambo_is_keyword (const char *text);
