/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Operators at the desk: who is added, shut out, let in again, and with which password. Passwords are
 * secrets. What permissions.h wants two persons for needs tambo_station_bring_second before it.
 */
#pragma once

#include "station/station.h"

/* Elements are TamboOperatorRow. */
GPtrArray *tambo_operator_desk_list (TamboStation *station,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether there is somebody, beside one, who could be a second person. */
gboolean tambo_operator_desk_has_second (TamboStation *station, gboolean *out_has, GError **error);

/* The first one may be added by anybody and is a supervisor. Everybody else has to change PASSWORD before
 * the first sign-in. Another supervisor or technician is added by two persons, once there are two. */
gboolean tambo_operator_desk_add (TamboStation *station, const char *id, TamboRole role,
                                  GBytes *password, GError **error);
gboolean tambo_operator_desk_disable (TamboStation *station, const char *id, GError **error);
/* Gives the right back; by two persons. */
gboolean tambo_operator_desk_enable (TamboStation *station, const char *id, GError **error);
/* Ends the wait after wrong passwords. */
gboolean tambo_operator_desk_unlock (TamboStation *station, const char *id, GError **error);
gboolean tambo_operator_desk_set_role (TamboStation *station, const char *id, TamboRole role,
                                       GError **error);
/* Of somebody who has forgotten it: it has to be changed before the next sign-in. */
gboolean tambo_operator_desk_reset_password (TamboStation *station, const char *id,
                                             GBytes *password, GError **error);
/* One's own, with the old one as the proof: nobody has to be signed in, and nobody is afterwards who was
 * not before. */
gboolean tambo_operator_desk_change_password (TamboStation *station, const char *id,
                                              GBytes *password, GBytes *new_password,
                                              GError **error);

/* The data key: another one, and everything sealed anew; bound to the PKCS#11 token of URI, or with NULL
 * to the passwords alone. By two persons. */
gboolean tambo_operator_desk_rotate_key (TamboStation *station, GError **error);
gboolean tambo_operator_desk_set_token (TamboStation *station, const char *uri, GBytes *pin,
                                        GError **error);
/* NULL without an error when no token is needed. */
char *tambo_operator_desk_dup_token (TamboStation *station, GError **error);
