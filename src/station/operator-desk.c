/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/operator-desk.h"

#include "base/bytes.h"
#include "station/station-private.h"
#include "store/data-key.h"

GPtrArray *tambo_operator_desk_list (TamboStation *station, GError **error) {
  return tambo_operators_list (tambo_station_get_store (station), error);
}

/* ---- the first one ---- */

static gboolean add_first (TamboStation *station, const char *id, TamboRole role, GBytes *password,
                           GError **error) {
  TamboStore *store = tambo_station_get_store (station);

  if (role != TAMBO_ROLE_SUPERVISOR) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ROLE,
                 "the first operator of a station has to be a supervisor");
    return FALSE;
  }
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  return transaction != NULL && tambo_operators_add (store, id, role, password, "station", error)
         && tambo_station_make_inbox_key (station, error)
         && tambo_transaction_commit (transaction, error);
}

/* ---- those whom others trust ---- */

/* While there is but one of them, disabled ones included, nobody could be the second. */
gboolean tambo_operator_desk_has_second (TamboStation *station, gboolean *out_has, GError **error) {
  g_autoptr (GPtrArray) rows = tambo_operator_desk_list (station, error);
  guint count = 0;

  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++) {
    const TamboOperatorRow *row = g_ptr_array_index (rows, i);
    count += (row->role & TAMBO_ROLES_TRUSTED) != 0;
  }
  *out_has = count > 1;
  return TRUE;
}

static char *permit_adding (TamboStation *station, TamboRole role, GError **error) {
  gboolean has_second;

  if (!tambo_operator_desk_has_second (station, &has_second, error))
    return NULL;
  return tambo_station_permit (station,
                               (role & TAMBO_ROLES_TRUSTED) != 0 && has_second
                                   ? TAMBO_OPERATION_OPERATOR_TRUST
                                   : TAMBO_OPERATION_OPERATOR_ADD,
                               error);
}

/* OPERATION, or what it takes with somebody whom others trust: else one supervisor could become two. */
static char *permit_for (TamboStation *station, const char *id, TamboOperation operation,
                         GError **error) {
  g_autoptr (GError) reason = NULL;
  g_autoptr (TamboOperatorRow) row =
      tambo_operators_get (tambo_station_get_store (station), id, &reason);
  gboolean is_trusted = row != NULL && (row->role & TAMBO_ROLES_TRUSTED) != 0;
  g_autofree char *actor = tambo_station_permit (
      station, is_trusted ? TAMBO_OPERATION_OPERATOR_TRUST : operation, error);

  if (actor != NULL && row == NULL) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return NULL;
  }
  return g_steal_pointer (&actor);
}

static gboolean check_is_not_oneself (TamboStation *station, const char *id, GError **error) {
  g_autofree char *own = tambo_station_dup_operator (station);

  if (g_strcmp0 (own, id) == 0)
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES,
                 "nobody does this to oneself");
  return g_strcmp0 (own, id) != 0;
}

/* ---- use cases ---- */

gboolean tambo_operator_desk_add (TamboStation *station, const char *id, TamboRole role,
                                  GBytes *password, GError **error) {
  g_autoptr (GPtrArray) rows = tambo_operator_desk_list (station, error);

  if (rows == NULL)
    return FALSE;
  if (rows->len == 0)
    return add_first (station, id, role, password, error);
  g_autofree char *actor = permit_adding (station, role, error);
  return actor != NULL
         && tambo_operators_invite (tambo_station_get_store (station), id, role, password, actor,
                                    error);
}

gboolean tambo_operator_desk_disable (TamboStation *station, const char *id, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_OPERATOR_DISABLE, error);

  return actor != NULL && check_is_not_oneself (station, id, error)
         && tambo_operators_set_disabled (tambo_station_get_store (station), id, TRUE, actor,
                                          error);
}

gboolean tambo_operator_desk_enable (TamboStation *station, const char *id, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_OPERATOR_TRUST, error);

  return actor != NULL && check_is_not_oneself (station, id, error)
         && tambo_operators_set_disabled (tambo_station_get_store (station), id, FALSE, actor,
                                          error);
}

gboolean tambo_operator_desk_unlock (TamboStation *station, const char *id, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_OPERATOR_UNLOCK, error);

  return actor != NULL && check_is_not_oneself (station, id, error)
         && tambo_operators_unlock (tambo_station_get_store (station), id, actor, error);
}

gboolean tambo_operator_desk_set_role (TamboStation *station, const char *id, TamboRole role,
                                       GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_OPERATOR_TRUST, error);

  return actor != NULL && check_is_not_oneself (station, id, error)
         && tambo_operators_set_role (tambo_station_get_store (station), id, role, actor, error);
}

gboolean tambo_operator_desk_reset_password (TamboStation *station, const char *id,
                                             GBytes *password, GError **error) {
  if (!check_is_not_oneself (station, id, error))
    return FALSE;
  g_autofree char *actor = permit_for (station, id, TAMBO_OPERATION_OPERATOR_PASSWORD, error);
  return actor != NULL
         && tambo_operators_set_password (tambo_station_get_store (station), id, password, TRUE,
                                          actor, error);
}

gboolean tambo_operator_desk_change_password (TamboStation *station, const char *id,
                                              GBytes *password, GBytes *new_password,
                                              GError **error) {
  return tambo_operators_change_password (tambo_station_get_store (station), id, password,
                                          new_password, error);
}

/* ---- keys ---- */

gboolean tambo_operator_desk_rotate_key (TamboStation *station, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_KEY_ROTATE, error);

  return actor != NULL && tambo_data_key_rotate (tambo_station_get_store (station), actor, error);
}

gboolean tambo_operator_desk_set_token (TamboStation *station, const char *uri, GBytes *pin,
                                        GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_KEY_TOKEN, error);

  return actor != NULL
         && tambo_data_key_set_token (tambo_station_get_store (station), uri, pin, actor, error);
}

char *tambo_operator_desk_dup_token (TamboStation *station, GError **error) {
  return tambo_data_key_dup_token (tambo_station_get_store (station), error);
}
