/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON in the one form that is signed: members sorted by byte value, no white space, integers and
 * strings only where something is signed (the shape of RFC 8785 for what the project uses).
 * Parsing is json-glib's, bounded in size and depth here.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "base/crypto.h"

#define TAMBO_JSON_MAX_SIZE (4 * 1024 * 1024)
#define TAMBO_JSON_MAX_DEPTH 32

/* An object at the top, or TAMBO_BASE_ERROR_MALFORMED. The reference is the caller's. */
JsonObject *tambo_json_parse_object (const char *text, gssize size,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same with an array at the top, for what others send. */
JsonArray *tambo_json_parse_array (const char *text, gssize size,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Canonical text of an object, without a trailing newline. Doubles are a programmer's error. */
char *tambo_json_canonical (JsonObject *object);
/* For people: two spaces of indent, members as they stand. */
char *tambo_json_pretty (JsonObject *object);

/* Members of foreign objects: MALFORMED names the member that is absent or of another type. The
 * strings are borrowed from OBJECT. */
const char *tambo_json_get_string (JsonObject *object, const char *member,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_json_get_int (JsonObject *object, const char *member, gint64 min, gint64 max,
                             gint64 *out_value, GError **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *tambo_json_get_object (JsonObject *object, const char *member,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT; /* borrowed */
JsonArray *tambo_json_get_array (JsonObject *object, const char *member,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT; /* borrowed */
/* base64 text to bytes. */
GBytes *tambo_json_get_bytes (JsonObject *object, const char *member,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NULL when absent or of another type. Borrowed. */
const char *tambo_json_peek_string (JsonObject *object, const char *member);
void tambo_json_set_bytes (JsonObject *object, const char *member, GBytes *bytes); /* base64 */
/* Leaves the member out when VALUE is NULL. */
void tambo_json_set_optional (JsonObject *object, const char *member, const char *value);

/* A signed statement: {"key":KEY-ID,"signature":BASE64,"statement":{…}}, where the signature is
 * ECDSA P-256 with SHA-256, DER, over the canonical text of the statement. */
char *tambo_json_sign (JsonObject *statement, TamboKey *key);
/* The statement, when KEY made the signature; TAMBO_BASE_ERROR_INTEGRITY when it did not. */
JsonObject *tambo_json_verify (const char *text, gssize size, TamboKey *key,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
