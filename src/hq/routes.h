/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The requests of sync/protocol.h: which there are, who may ask them, and what they are answered. Knows
 * nothing of sockets.
 */
#pragma once

#include "hq/stations.h"
#include "hq/uploads.h"

typedef struct _TamboRequest TamboRequest;

typedef struct {
  int status;
  char *json;           /* the body, or NULL */
  GBytes *bytes;        /* likewise, for a message */
  gint64 upload_offset; /* -1: not said */
} TamboAnswer;

void tambo_answer_clear (TamboAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboAnswer, tambo_answer_clear)

typedef struct {
  const char *method, *prefix;
  gboolean has_tail;         /* the path goes on after the prefix */
  gboolean admits_strangers; /* asked without a client certificate: for the registration alone */
  gsize max_body;
  gboolean (*begin) (TamboRequest *request, GError **error); /* before the body; may be NULL */
  gboolean (*finish) (TamboRequest *request, TamboAnswer *out_answer, GError **error);
} TamboRoute;

/* One request under way. */
struct _TamboRequest {
  TamboHq *hq;
  const TamboRoute *route;
  TamboStationRow *station; /* NULL for a stranger */
  char *tail;               /* of the path */
  char *after;              /* of the query, or NULL */
  gint64 upload_offset;     /* of the header; -1 */
  GByteArray *body;
  gboolean is_body_too_long;
  TamboUpload *upload;
  GError *upload_error;
};

/* NULL when there is none; OUT_TAIL is then untouched. */
const TamboRoute *tambo_routes_find (const char *method, const char *path, char **out_tail);

/* The one gate: FINGERPRINT and CODE are those of the verified client certificate, NULL without one.
 * Nothing of the request is looked at before it. */
gboolean tambo_request_admit (TamboRequest *request, const char *code, const char *fingerprint,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboRequest *tambo_request_new (TamboHq *hq, const TamboRoute *route, char *tail);
void tambo_request_free (TamboRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboRequest, tambo_request_free)
gboolean tambo_request_begin (TamboRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_request_take_body (TamboRequest *request, gconstpointer data, gsize size);
void tambo_request_finish (TamboRequest *request, TamboAnswer *out_answer);

/* {"error":CODE,"detail":TEXT} with the status that belongs to it. */
void tambo_answer_for_error (const GError *error, TamboAnswer *out_answer);
