/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/aside.h"

#include <string.h>

#include "base/bytes.h"
#include "base/json.h"
#include "store/audit.h"
#include "store/cases-private.h"
#include "store/db.h"

/* No sample has this slot. */
#define ASIDE "aside"
#define FINGER_SLOT "finger-"

/* The case as it was, of which the slot alone counts, and the bytes of its sample. */
typedef struct {
  char *slot;
  TamboEnrolment *before;
  GBytes *bytes; /* NULL: there was no sample */
} Aside;

static void aside_free (Aside *aside) {
  g_free (aside->slot);
  tambo_enrolment_free (aside->before);
  g_clear_pointer (&aside->bytes, g_bytes_unref);
  g_free (aside);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Aside, aside_free)

/* ---- what lies there ---- */

static void put_part (GByteArray *array, gconstpointer data, gsize size) {
  tambo_put_u32 (array, (guint32) size);
  tambo_put_bytes (array, data, size);
}

static gboolean take_part (TamboReader *reader, const guint8 **out_data, gsize *out_size) {
  guint32 size;

  if (!tambo_reader_u32 (reader, &size) || !tambo_reader_take (reader, size, out_data))
    return FALSE;
  *out_size = size;
  return TRUE;
}

static GBytes *encode (const TamboEnrolment *before, const char *slot, GBytes *bytes) {
  g_autoptr (JsonObject) object = tambo_enrolment_to_json (before);
  g_autoptr (GBytes) json = tambo_secret_new_take_string (tambo_json_canonical (object));
  gsize json_size, size = bytes != NULL ? g_bytes_get_size (bytes) : 0;
  const char *text = g_bytes_get_data (json, &json_size);
  /* Large enough from the start: one that grows leaves copies behind. */
  g_autoptr (GByteArray) array =
      g_byte_array_sized_new ((guint) (3 * sizeof (guint32) + strlen (slot) + json_size + size));

  put_part (array, slot, strlen (slot));
  put_part (array, text, json_size);
  if (bytes != NULL)
    put_part (array, g_bytes_get_data (bytes, NULL), size);
  GBytes *plaintext = tambo_secret_new (array->data, array->len);
  tambo_secret_wipe (array->data, array->len);
  return plaintext;
}

static Aside *decode (GBytes *plaintext, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (plaintext);
  g_autoptr (Aside) aside = g_new0 (Aside, 1);
  const guint8 *slot, *json, *bytes;
  gsize slot_size, json_size, size;
  g_autoptr (JsonObject) object = NULL;

  if (take_part (&reader, &slot, &slot_size) && take_part (&reader, &json, &json_size))
    object = tambo_json_parse_object ((const char *) json, (gssize) json_size, NULL);
  aside->before = object != NULL ? tambo_enrolment_from_json (object, NULL) : NULL;
  if (aside->before == NULL) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
                         "what was taken out of the case cannot be read");
    return NULL;
  }
  aside->slot = g_strndup ((const char *) slot, slot_size);
  if (take_part (&reader, &bytes, &size))
    aside->bytes = tambo_secret_new (bytes, size);
  return g_steal_pointer (&aside);
}

static Aside *load (TamboStore *store, const char *case_id, GError **error) {
  g_autoptr (GBytes) plaintext = tambo_cases_read_slot (store, case_id, ASIDE, error);

  return plaintext != NULL ? decode (plaintext, error) : NULL;
}

/* A sample that has rotted or is lost holds up nothing. */
gboolean tambo_aside_put (TamboStore *store, const TamboEnrolment *before, const char *slot,
                          const char *actor, GError **error) {
  const TamboSample *sample = tambo_enrolment_find_sample (before, slot);
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) bytes =
      sample != NULL ? tambo_cases_load_sample (store, before, slot, &cause) : NULL;
  g_autoptr (GBytes) plaintext = NULL;

  if (g_error_matches (cause, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT)
      || g_error_matches (cause, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND))
    return TRUE;
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  plaintext = encode (before, slot, bytes);
  return tambo_cases_write_slot (store, before->id, ASIDE, plaintext, NULL, actor, error);
}

/* ---- the slot ---- */

static TamboFinger finger_of (const char *slot) {
  return g_str_has_prefix (slot, FINGER_SLOT)
             ? tambo_finger_from_string (slot + strlen (FINGER_SLOT))
             : TAMBO_FINGER_UNKNOWN;
}

/* FALSE when it is empty already. */
static gboolean empty (TamboEnrolment *enrolment, const char *slot) {
  TamboFinger finger = finger_of (slot);
  guint n_before = enrolment->samples->len + enrolment->exceptions->len;

  tambo_enrolment_remove_sample (enrolment, slot);
  if (finger != TAMBO_FINGER_UNKNOWN)
    tambo_enrolment_remove_exception (enrolment, finger);
  return enrolment->samples->len + enrolment->exceptions->len < n_before;
}

/* What BEFORE says of the slot. */
static void apply (TamboEnrolment *enrolment, const TamboEnrolment *before, const char *slot) {
  const TamboSample *sample = tambo_enrolment_find_sample (before, slot);
  TamboFinger finger = finger_of (slot);
  const TamboFingerException *exception =
      finger != TAMBO_FINGER_UNKNOWN ? tambo_enrolment_find_exception (before, finger) : NULL;

  empty (enrolment, slot);
  if (sample != NULL)
    tambo_enrolment_take_sample (enrolment, tambo_sample_copy (sample));
  if (exception != NULL)
    tambo_enrolment_add_exception (enrolment, finger, exception->reason, exception->operator_id);
}

static gboolean drop_slot (TamboStore *store, const char *case_id, const char *slot,
                           GError **error) {
  return tambo_db_run (store, error, "DELETE FROM samples WHERE case_id = ? AND slot = ?", "ss",
                       case_id, slot);
}

static gboolean note (TamboStore *store, const char *case_id, const char *slot, const char *action,
                      const char *actor, GError **error) {
  g_autofree char *subject = g_strdup_printf ("%s/%s", case_id, slot);

  return tambo_audit_append (store, actor, action, subject, NULL, error);
}

/* ---- the acts ---- */

gboolean tambo_aside_remove (TamboStore *store, TamboEnrolment *enrolment, const char *slot,
                             const char *actor, GError **error) {
  g_autoptr (TamboEnrolment) changed = tambo_enrolment_copy (enrolment);
  g_autoptr (TamboTransaction) transaction = NULL;

  if (!empty (changed, slot)) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND,
                 "the case has nothing in the slot %s", slot);
    return FALSE;
  }
  transaction = tambo_transaction_begin (store, error);
  if (transaction == NULL || !tambo_aside_put (store, enrolment, slot, actor, error)
      || !drop_slot (store, enrolment->id, slot, error)
      || !tambo_cases_save (store, changed, actor, error)
      || !note (store, enrolment->id, slot, "sample.remove", actor, error)
      || !tambo_transaction_commit (transaction, error))
    return FALSE;
  empty (enrolment, slot);
  return TRUE;
}

gboolean tambo_aside_except (TamboStore *store, TamboEnrolment *enrolment, TamboFinger finger,
                             const char *reason, const char *actor, GError **error) {
  g_autoptr (TamboEnrolment) changed = tambo_enrolment_copy (enrolment);
  g_autofree char *slot = g_strconcat (FINGER_SLOT, tambo_finger_to_string (finger), NULL);
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);

  tambo_enrolment_add_exception (changed, finger, reason, actor);
  if (transaction == NULL || !tambo_aside_put (store, enrolment, slot, actor, error)
      || !tambo_cases_save (store, changed, actor, error)
      || !tambo_transaction_commit (transaction, error))
    return FALSE;
  tambo_enrolment_add_exception (enrolment, finger, reason, actor);
  return TRUE;
}

gboolean tambo_aside_restore (TamboStore *store, TamboEnrolment *enrolment, const char *actor,
                              GError **error) {
  g_autoptr (Aside) aside = load (store, enrolment->id, error);
  g_autoptr (TamboEnrolment) changed = NULL;
  g_autoptr (TamboTransaction) transaction = NULL;

  if (aside == NULL)
    return FALSE;
  changed = tambo_enrolment_copy (enrolment);
  apply (changed, aside->before, aside->slot);
  transaction = tambo_transaction_begin (store, error);
  if (transaction == NULL || !tambo_aside_put (store, enrolment, aside->slot, actor, error)
      || !(aside->bytes != NULL ? tambo_cases_write_slot (store, enrolment->id, aside->slot,
                                                          aside->bytes, NULL, actor, error)
                                : drop_slot (store, enrolment->id, aside->slot, error))
      || !tambo_cases_save (store, changed, actor, error)
      || !note (store, enrolment->id, aside->slot, "sample.restore", actor, error)
      || !tambo_transaction_commit (transaction, error))
    return FALSE;
  apply (enrolment, aside->before, aside->slot);
  return TRUE;
}

gboolean tambo_aside_forget (TamboStore *store, const char *case_id, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);

  return transaction != NULL && drop_slot (store, case_id, ASIDE, error)
         && tambo_transaction_commit (transaction, error);
}
