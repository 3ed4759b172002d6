/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What other systems may ask, in the words of OSIA 7.1 (ITU-T X.1281): of the enrolment interface 1.3.0 reading and
 * finding, of credential management 1.3.0 reading a credential request. Nothing of the person is told:
 * this process cannot open records. Paths, parameters, members and scopes are the specification's.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "hq/web.h"

/* The token is good and has SCOPE, and there is a transactionId. TOKEN, REVOKED or INVALID. */
gboolean tambo_osia_admit (TamboWebRequest *request, const char *scope, GError **error);
/* {"code":…,"message":…} */
void tambo_osia_fail (const GError *error, TamboWebAnswer *answer);
/* NODE is the answer; takes it. */
gboolean tambo_osia_answer (JsonNode *node, TamboWebAnswer *answer);
/* Leaves in OBJECT the members that the "attributes" of the request name, and REQUIRED (NULL-terminated); all
 * of them when it names none. */
void tambo_osia_select (TamboWebRequest *request, JsonObject *object, const char *const *required);

gboolean tambo_osia_read_enrollment (TamboWebRequest *request, TamboWebAnswer *answer,
                                     GError **error);
gboolean tambo_osia_find_enrollments (TamboWebRequest *request, TamboWebAnswer *answer,
                                      GError **error);
gboolean tambo_osia_read_credential_request (TamboWebRequest *request, TamboWebAnswer *answer,
                                             GError **error);
