/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/ballast.h"
#include "station/finger-unlock.h"
#include "station/message.h"
#include "station/prefill.h"
#include "station/station-private.h"

/* ---- who sits at the desk ---- */

void tambo_station_sit_down (TamboStation *self, const char *id) {
  g_autoptr (TamboOperatorRow) row =
      id != NULL ? tambo_operators_get (self->store, id, NULL) : NULL;

  g_mutex_lock (&self->operator_lock);
  g_free (self->operator_id);
  self->operator_id = g_strdup (id);
  self->operator_role = row != NULL ? row->role : 0;
  g_clear_pointer (&self->second_id, g_free);
  g_mutex_unlock (&self->operator_lock);
  tambo_prefill_forget (self);
  tambo_station_changed (self);
}

void tambo_station_leave (TamboStation *self) {
  tambo_station_sit_down (self, NULL);
}

char *tambo_station_dup_operator (TamboStation *self) {
  g_mutex_lock (&self->operator_lock);
  char *id = g_strdup (self->operator_id);
  g_mutex_unlock (&self->operator_lock);
  return id;
}

guint tambo_station_get_role (TamboStation *self) {
  g_mutex_lock (&self->operator_lock);
  guint role = self->operator_role;
  g_mutex_unlock (&self->operator_lock);
  return role;
}

void tambo_station_set_pin (TamboStation *self, GBytes *pin) {
  g_mutex_lock (&self->operator_lock);
  g_clear_pointer (&self->pin, g_bytes_unref);
  self->pin = pin != NULL ? g_bytes_ref (pin) : NULL;
  g_mutex_unlock (&self->operator_lock);
}

static GBytes *take_pin (TamboStation *self) {
  g_mutex_lock (&self->operator_lock);
  GBytes *pin = g_steal_pointer (&self->pin);
  g_mutex_unlock (&self->operator_lock);
  return pin;
}

gboolean tambo_station_sign_in (TamboStation *self, const char *id, GBytes *password,
                                GError **error) {
  g_autoptr (GBytes) pin = take_pin (self);
  GError *cause = NULL;
  g_autoptr (TamboOperatorRow) row =
      tambo_operators_sign_in (self->store, id, password, pin, &cause);

  if (row == NULL && tambo_ballast_relieves (self, &cause))
    row = tambo_operators_sign_in (self->store, id, password, pin, &cause);
  if (row == NULL) {
    g_propagate_error (error, cause);
    return FALSE;
  }
  tambo_station_sit_down (self, row->id);
  tambo_finger_unlock_prepare (self, row->id);
  tambo_message_read_failures (self);
  return TRUE;
}

void tambo_station_sign_out (TamboStation *self) {
  tambo_store_lock (self->store);
  g_mutex_lock (&self->operator_lock);
  g_clear_pointer (&self->finger_unlock, tambo_finger_unlock_free);
  g_mutex_unlock (&self->operator_lock);
  tambo_station_leave (self);
}

gboolean tambo_station_lock_when_idle (TamboStation *self) {
  g_autofree char *id = tambo_station_dup_operator (self);

  if (id == NULL || tambo_store_is_unlocked (self->store))
    return FALSE;
  tambo_finger_unlock_lock (self);
  return TRUE;
}

void tambo_station_watch_presence (TamboStation *self) {
  tambo_store_watch_presence (self->store);
}

void tambo_station_note_presence (TamboStation *self) {
  tambo_store_note_presence (self->store);
}

/* ---- what the one at the desk may do ---- */

static char *set_not_signed_in (GError **error, const char *why) {
  g_set_error_literal (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_SIGNED_IN, why);
  return NULL;
}

/* As the store has it now: somebody may have been disabled at another desk meanwhile. */
static TamboOperatorRow *look_up (TamboStation *self, const char *id, GError **error) {
  g_autoptr (TamboOperatorRow) row = tambo_operators_get (self->store, id, error);

  if (row != NULL && row->disabled) {
    tambo_station_sign_out (self);
    set_not_signed_in (error, "the operator has been disabled");
    return NULL;
  }
  return g_steal_pointer (&row);
}

static TamboOperatorRow *require (TamboStation *self, guint roles, GError **error) {
  g_autofree char *id = tambo_station_dup_operator (self);
  g_autoptr (TamboOperatorRow) row = NULL;

  if (id == NULL) {
    set_not_signed_in (error, "nobody is signed in");
    return NULL;
  }
  if (!tambo_store_note_use (self->store)) {
    tambo_finger_unlock_lock (self);
    set_not_signed_in (error, "the station was locked because nobody used it");
    return NULL;
  }
  row = look_up (self, id, error);
  if (row == NULL)
    return NULL;
  if ((row->role & roles) == 0) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ROLE, "a %s may not do this",
                 tambo_role_to_string (row->role));
    return NULL;
  }
  return g_steal_pointer (&row);
}

/* ---- the second person ---- */

static gboolean check_is_another (const char *id, const char *second_id, GError **error) {
  if (g_strcmp0 (id, second_id) != 0)
    return TRUE;
  g_set_error_literal (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES,
                       "the second person has to be somebody else");
  return FALSE;
}

void tambo_station_set_second (TamboStation *self, const char *id) {
  g_mutex_lock (&self->operator_lock);
  g_free (self->second_id);
  self->second_id = g_strdup (id);
  g_mutex_unlock (&self->operator_lock);
}

gboolean tambo_station_bring_second (TamboStation *self, const char *id, GBytes *password,
                                     GError **error) {
  g_autofree char *own = tambo_station_dup_operator (self);
  g_autoptr (TamboOperatorRow) row = NULL;

  if (!check_is_another (own, id, error))
    return FALSE;
  row = tambo_operators_check (self->store, id, password, error);
  if (row == NULL)
    return FALSE;
  tambo_station_set_second (self, row->id);
  g_mutex_lock (&self->operator_lock);
  self->second_finger_failures = 0;
  g_mutex_unlock (&self->operator_lock);
  return TRUE;
}

gboolean tambo_station_has_second (TamboStation *self) {
  g_mutex_lock (&self->operator_lock);
  gboolean has_second = self->second_id != NULL;
  g_mutex_unlock (&self->operator_lock);
  return has_second;
}

/* The second person looks at one act alone. */
static char *take_second (TamboStation *self) {
  g_mutex_lock (&self->operator_lock);
  char *id = g_steal_pointer (&self->second_id);
  g_mutex_unlock (&self->operator_lock);
  return id;
}

static char *join_with_second (TamboStation *self, const char *id, guint roles, GError **error) {
  g_autofree char *second_id = take_second (self);
  g_autoptr (TamboOperatorRow) second = NULL;

  if (second_id == NULL) {
    g_set_error_literal (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES,
                         "a second person has to confirm this");
    return NULL;
  }
  if (!check_is_another (id, second_id, error))
    return NULL;
  second = tambo_operators_get (self->store, second_id, error);
  if (second == NULL)
    return NULL;
  if (second->disabled || (second->role & roles) == 0) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ROLE,
                 "a %s may not be the second person for this", tambo_role_to_string (second->role));
    return NULL;
  }
  return g_strconcat (id, "+", second_id, NULL);
}

char *tambo_station_permit (TamboStation *self, TamboOperation operation, GError **error) {
  const TamboPermission *permission = tambo_permission (operation);
  g_autoptr (TamboOperatorRow) row = require (self, permission->roles, error);

  if (row == NULL)
    return NULL;
  return permission->second == 0 ? g_steal_pointer (&row->id)
                                 : join_with_second (self, row->id, permission->second, error);
}
