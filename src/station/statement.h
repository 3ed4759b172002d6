/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the desk states and signs with the station's key: a closed day, a count of blanks. The text lies in the
 * folder "closings", the last one of its kind in the store as well, and the audit log has its hash.
 */
#pragma once

#include "station/station.h"

typedef struct {
  const char *setting;          /* under which the last one is kept */
  const char *name;             /* of the file, without ".json"; colons become hyphens */
  const char *action, *subject; /* of the audit entry */
} TamboStatement;

/* Signs OBJECT, with the station's code and ACTOR in it. The path of the text. */
char *tambo_statement_keep (TamboStation *station, const TamboStatement *statement,
                            const char *actor, JsonObject *object,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The last one under SETTING, verified; NULL without an error before the first. */
JsonObject *tambo_statement_read_last (TamboStation *station, const char *setting,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
