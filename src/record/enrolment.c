/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/enrolment.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/json.h"
#include "record/member.h"

#define MAX_VERSION 1000000

static const char *const states[] = {
  "draft",   "waiting", "rejected", "queued",    "acknowledged",
  "refused", "ordered", "issued",   "delivered", "discarded",
};

static TamboEnrolment *enrolment_alloc (void) {
  TamboEnrolment *enrolment = g_new0 (TamboEnrolment, 1);

  enrolment->samples = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_sample_free);
  enrolment->exceptions =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_finger_exception_free);
  return enrolment;
}

TamboEnrolment *tambo_enrolment_new (const char *office, const TamboProcedure *procedure,
                                     const char *operator_id) {
  TamboEnrolment *enrolment = enrolment_alloc ();

  enrolment->id = tambo_id_new ();
  enrolment->tracking_number = tambo_tracking_new ();
  enrolment->office = g_strdup (office);
  enrolment->procedure_id = g_strdup (procedure->id);
  enrolment->procedure_version = procedure->version;
  enrolment->state = TAMBO_CASE_DRAFT;
  enrolment->created_at = tambo_clock_now ();
  enrolment->operator_id = g_strdup (operator_id);
  enrolment->applicant = tambo_applicant_new ();
  return enrolment;
}

static TamboGuardian *guardian_copy (const TamboGuardian *guardian) {
  TamboGuardian *copy = g_new0 (TamboGuardian, 1);

  copy->person = tambo_applicant_copy (guardian->person);
  copy->relation = g_strdup (guardian->relation);
  return copy;
}

static gpointer copy_sample (gconstpointer sample, gpointer data) {
  return tambo_sample_copy (sample);
}

static gpointer copy_exception (gconstpointer source, gpointer data) {
  const TamboFingerException *exception = source;
  TamboFingerException *copy = g_new0 (TamboFingerException, 1);

  copy->finger = exception->finger;
  copy->reason = g_strdup (exception->reason);
  copy->operator_id = g_strdup (exception->operator_id);
  copy->approved_by = g_strdup (exception->approved_by);
  return copy;
}

TamboEnrolment *tambo_enrolment_copy (const TamboEnrolment *enrolment) {
  TamboEnrolment *copy = g_new0 (TamboEnrolment, 1);

  copy->id = g_strdup (enrolment->id);
  copy->tracking_number = g_strdup (enrolment->tracking_number);
  copy->office = g_strdup (enrolment->office);
  copy->procedure_id = g_strdup (enrolment->procedure_id);
  copy->procedure_version = enrolment->procedure_version;
  copy->state = enrolment->state;
  copy->created_at = g_strdup (enrolment->created_at);
  copy->operator_id = g_strdup (enrolment->operator_id);
  copy->practice = enrolment->practice;
  copy->applicant = tambo_applicant_copy (enrolment->applicant);
  if (enrolment->guardian != NULL)
    copy->guardian = guardian_copy (enrolment->guardian);
  copy->mrz = g_strdup (enrolment->mrz);
  copy->note = g_strdup (enrolment->note);
  copy->samples = g_ptr_array_copy (enrolment->samples, (GCopyFunc) copy_sample, NULL);
  copy->exceptions = g_ptr_array_copy (enrolment->exceptions, (GCopyFunc) copy_exception, NULL);
  g_ptr_array_set_free_func (copy->samples, (GDestroyNotify) tambo_sample_free);
  g_ptr_array_set_free_func (copy->exceptions, (GDestroyNotify) tambo_finger_exception_free);
  return copy;
}

void tambo_finger_exception_free (TamboFingerException *exception) {
  if (exception == NULL)
    return;
  /* Why a finger is not there is about somebody's health. */
  tambo_secret_string_free (exception->reason);
  g_free (exception->operator_id);
  g_free (exception->approved_by);
  g_free (exception);
}

void tambo_guardian_free (TamboGuardian *guardian) {
  if (guardian == NULL)
    return;
  tambo_applicant_free (guardian->person);
  g_free (guardian->relation);
  g_free (guardian);
}

void tambo_enrolment_free (TamboEnrolment *enrolment) {
  if (enrolment == NULL)
    return;
  g_free (enrolment->id);
  g_free (enrolment->tracking_number);
  g_free (enrolment->office);
  g_free (enrolment->procedure_id);
  g_free (enrolment->created_at);
  g_free (enrolment->operator_id);
  tambo_applicant_free (enrolment->applicant);
  tambo_guardian_free (enrolment->guardian);
  tambo_secret_string_free (enrolment->mrz);
  tambo_secret_string_free (enrolment->note);
  g_ptr_array_unref (enrolment->samples);
  g_ptr_array_unref (enrolment->exceptions);
  g_free (enrolment);
}

void tambo_enrolment_take_sample (TamboEnrolment *enrolment, TamboSample *sample) {
  g_autofree char *slot = tambo_sample_dup_slot (sample);

  for (guint i = 0; i < enrolment->samples->len; i++) {
    g_autofree char *other = tambo_sample_dup_slot (g_ptr_array_index (enrolment->samples, i));

    if (strcmp (slot, other) == 0) {
      tambo_sample_free (g_ptr_array_index (enrolment->samples, i));
      g_ptr_array_index (enrolment->samples, i) = sample;
      return;
    }
  }
  g_ptr_array_add (enrolment->samples, sample);
}

void tambo_enrolment_remove_sample (TamboEnrolment *enrolment, const char *slot) {
  const TamboSample *sample = tambo_enrolment_find_sample (enrolment, slot);

  if (sample != NULL)
    g_ptr_array_remove (enrolment->samples, (gpointer) sample);
}

const TamboSample *tambo_enrolment_find_sample (const TamboEnrolment *enrolment, const char *slot) {
  for (guint i = 0; i < enrolment->samples->len; i++) {
    const TamboSample *sample = g_ptr_array_index (enrolment->samples, i);
    g_autofree char *other = tambo_sample_dup_slot (sample);

    if (strcmp (slot, other) == 0)
      return sample;
  }
  return NULL;
}

const TamboFingerException *tambo_enrolment_find_exception (const TamboEnrolment *enrolment,
                                                            TamboFinger finger) {
  for (guint i = 0; i < enrolment->exceptions->len; i++) {
    const TamboFingerException *exception = g_ptr_array_index (enrolment->exceptions, i);

    if (exception->finger == finger)
      return exception;
  }
  return NULL;
}

/* Takes EXCEPTION. */
static void put_exception (TamboEnrolment *enrolment, TamboFingerException *exception) {
  for (guint i = 0; i < enrolment->exceptions->len; i++) {
    TamboFingerException *other = g_ptr_array_index (enrolment->exceptions, i);

    if (other->finger == exception->finger) {
      tambo_finger_exception_free (other);
      g_ptr_array_index (enrolment->exceptions, i) = exception;
      return;
    }
  }
  g_ptr_array_add (enrolment->exceptions, exception);
}

void tambo_enrolment_add_exception (TamboEnrolment *enrolment, TamboFinger finger,
                                    const char *reason, const char *operator_id) {
  TamboFingerException *exception = g_new0 (TamboFingerException, 1);

  exception->finger = finger;
  exception->reason = g_strdup (reason);
  exception->operator_id = g_strdup (operator_id);
  put_exception (enrolment, exception);
}

void tambo_enrolment_remove_exception (TamboEnrolment *enrolment, TamboFinger finger) {
  const TamboFingerException *exception = tambo_enrolment_find_exception (enrolment, finger);

  if (exception != NULL)
    g_ptr_array_remove (enrolment->exceptions, (gpointer) exception);
}

const char *tambo_case_state_to_string (TamboCaseState state) {
  g_return_val_if_fail ((gsize) state < G_N_ELEMENTS (states), NULL);
  return states[state];
}

gboolean tambo_case_state_from_string (const char *text, TamboCaseState *out_state) {
  for (gsize i = 0; text != NULL && i < G_N_ELEMENTS (states); i++)
    if (strcmp (text, states[i]) == 0) {
      *out_state = (TamboCaseState) i;
      return TRUE;
    }
  return FALSE;
}

gboolean tambo_case_state_may_become (TamboCaseState from, TamboCaseState to) {
  static const struct {
    TamboCaseState from, to;
  } arrows[] = {
    { TAMBO_CASE_DRAFT, TAMBO_CASE_QUEUED },
    { TAMBO_CASE_DRAFT, TAMBO_CASE_WAITING },
    { TAMBO_CASE_DRAFT, TAMBO_CASE_DISCARDED },
    { TAMBO_CASE_WAITING, TAMBO_CASE_DRAFT },
    { TAMBO_CASE_WAITING, TAMBO_CASE_REJECTED },
    { TAMBO_CASE_REJECTED, TAMBO_CASE_DRAFT }, /* the finger is captured after all */
    { TAMBO_CASE_REJECTED, TAMBO_CASE_DISCARDED },
    { TAMBO_CASE_QUEUED, TAMBO_CASE_ACKNOWLEDGED },
    { TAMBO_CASE_ACKNOWLEDGED, TAMBO_CASE_ORDERED },
    { TAMBO_CASE_ACKNOWLEDGED, TAMBO_CASE_REFUSED },
    { TAMBO_CASE_ORDERED, TAMBO_CASE_ISSUED },
    { TAMBO_CASE_ISSUED, TAMBO_CASE_DELIVERED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (arrows); i++)
    if (arrows[i].from == from && arrows[i].to == to)
      return TRUE;
  return FALSE;
}

static gboolean set_malformed (GError **error, const char *what) {
  g_set_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_MALFORMED, "the case %s", what);
  return FALSE;
}

static gboolean read_head (TamboEnrolment *enrolment, JsonObject *object, GError **error) {
  const TamboRecordError code = TAMBO_RECORD_ERROR_MALFORMED;
  gint64 version = 0, created_at;

  if (!tambo_member_text (object, "id", code, &enrolment->id, error)
      || !tambo_member_text (object, "tracking_number", code, &enrolment->tracking_number, error)
      || !tambo_member_text (object, "office", code, &enrolment->office, error)
      || !tambo_member_text (object, "procedure_id", code, &enrolment->procedure_id, error)
      || !tambo_member_int (object, "procedure_version", 1, MAX_VERSION, &version, error)
      || !tambo_member_text (object, "created_at", code, &enrolment->created_at, error)
      || !tambo_member_text (object, "operator_id", code, &enrolment->operator_id, error)
      || !tambo_member_bool (object, "practice", &enrolment->practice, error)
      || !tambo_member_text (object, "mrz", code, &enrolment->mrz, error)
      || !tambo_member_text (object, "note", code, &enrolment->note, error))
    return FALSE;
  enrolment->procedure_version = (int) version;
  if (!tambo_id_is_valid (enrolment->id))
    return set_malformed (error, "has no UUID");
  if (!tambo_tracking_is_valid (enrolment->tracking_number))
    return set_malformed (error, "has no tracking number");
  if (enrolment->office == NULL || enrolment->operator_id == NULL)
    return set_malformed (error, "does not say who made it");
  if (!tambo_is_keyword (enrolment->procedure_id) || version == 0)
    return set_malformed (error, "does not say under which procedure it was made");
  if (!tambo_clock_parse (enrolment->created_at, &created_at))
    return set_malformed (error, "does not say when it was made");
  if (!tambo_case_state_from_string (tambo_json_peek_string (object, "state"), &enrolment->state))
    return set_malformed (error, "is in no known state");
  return TRUE;
}

static gboolean read_people (TamboEnrolment *enrolment, JsonObject *object, GError **error) {
  JsonObject *applicant = NULL, *guardian = NULL, *person = NULL;

  if (!tambo_member_object (object, "applicant", &applicant, error)
      || !tambo_member_object (object, "guardian", &guardian, error))
    return FALSE;
  if (applicant == NULL)
    return set_malformed (error, "has no applicant");
  enrolment->applicant = tambo_applicant_from_json (applicant, error);
  if (enrolment->applicant == NULL)
    return FALSE;
  if (guardian == NULL)
    return TRUE;
  enrolment->guardian = g_new0 (TamboGuardian, 1);
  if (!tambo_member_text (guardian, "relation", TAMBO_RECORD_ERROR_MALFORMED,
                          &enrolment->guardian->relation, error)
      || !tambo_member_object (guardian, "person", &person, error))
    return FALSE;
  if (person == NULL)
    return set_malformed (error, "has a guardian who is nobody");
  enrolment->guardian->person = tambo_applicant_from_json (person, error);
  return enrolment->guardian->person != NULL;
}

static gboolean read_samples (TamboEnrolment *enrolment, JsonObject *object, GError **error) {
  JsonArray *array = NULL;

  if (!tambo_member_objects (object, "samples", &array, error))
    return FALSE;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    g_autoptr (TamboSample) sample =
        tambo_sample_from_json (json_array_get_object_element (array, i), error);
    g_autofree char *slot = NULL;

    if (sample == NULL)
      return FALSE;
    slot = tambo_sample_dup_slot (sample);
    if (tambo_enrolment_find_sample (enrolment, slot) != NULL)
      return set_malformed (error, "has two samples for one slot");
    tambo_enrolment_take_sample (enrolment, g_steal_pointer (&sample));
  }
  return TRUE;
}

static TamboFingerException *exception_from_json (JsonObject *object, GError **error) {
  const TamboRecordError code = TAMBO_RECORD_ERROR_MALFORMED;
  g_autoptr (TamboFingerException) exception = g_new0 (TamboFingerException, 1);

  exception->finger = tambo_finger_from_string (tambo_json_peek_string (object, "finger"));
  if (exception->finger == TAMBO_FINGER_UNKNOWN) {
    set_malformed (error, "has an exception for no known finger");
    return NULL;
  }
  if (!tambo_member_text (object, "reason", code, &exception->reason, error)
      || !tambo_member_text (object, "operator_id", code, &exception->operator_id, error)
      || !tambo_member_text (object, "approved_by", code, &exception->approved_by, error))
    return NULL;
  if (exception->reason == NULL || exception->operator_id == NULL) {
    set_malformed (error, "has an exception without a reason or an operator");
    return NULL;
  }
  return g_steal_pointer (&exception);
}

static gboolean read_exceptions (TamboEnrolment *enrolment, JsonObject *object, GError **error) {
  JsonArray *array = NULL;

  if (!tambo_member_objects (object, "exceptions", &array, error))
    return FALSE;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    TamboFingerException *exception =
        exception_from_json (json_array_get_object_element (array, i), error);

    if (exception == NULL)
      return FALSE;
    put_exception (enrolment, exception);
  }
  return TRUE;
}

TamboEnrolment *tambo_enrolment_from_json (JsonObject *object, GError **error) {
  g_autoptr (TamboEnrolment) enrolment = enrolment_alloc ();

  if (!read_head (enrolment, object, error) || !read_people (enrolment, object, error)
      || !read_samples (enrolment, object, error) || !read_exceptions (enrolment, object, error))
    return NULL;
  return g_steal_pointer (&enrolment);
}

static JsonObject *exception_to_json (const TamboFingerException *exception) {
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "finger", tambo_finger_to_string (exception->finger));
  json_object_set_string_member (object, "reason", exception->reason);
  json_object_set_string_member (object, "operator_id", exception->operator_id);
  tambo_json_set_optional (object, "approved_by", exception->approved_by);
  return object;
}

static JsonObject *guardian_to_json (const TamboGuardian *guardian) {
  JsonObject *object = json_object_new ();

  json_object_set_object_member (object, "person", tambo_applicant_to_json (guardian->person));
  tambo_json_set_optional (object, "relation", guardian->relation);
  return object;
}

JsonObject *tambo_enrolment_to_json (const TamboEnrolment *enrolment) {
  JsonObject *object = json_object_new ();
  JsonArray *samples = json_array_new (), *exceptions = json_array_new ();

  json_object_set_string_member (object, "id", enrolment->id);
  json_object_set_string_member (object, "tracking_number", enrolment->tracking_number);
  json_object_set_string_member (object, "office", enrolment->office);
  json_object_set_string_member (object, "procedure_id", enrolment->procedure_id);
  json_object_set_int_member (object, "procedure_version", enrolment->procedure_version);
  json_object_set_string_member (object, "state", tambo_case_state_to_string (enrolment->state));
  json_object_set_string_member (object, "created_at", enrolment->created_at);
  json_object_set_string_member (object, "operator_id", enrolment->operator_id);
  json_object_set_boolean_member (object, "practice", enrolment->practice);
  json_object_set_object_member (object, "applicant",
                                 tambo_applicant_to_json (enrolment->applicant));
  if (enrolment->guardian != NULL)
    json_object_set_object_member (object, "guardian", guardian_to_json (enrolment->guardian));
  tambo_json_set_optional (object, "mrz", enrolment->mrz);
  tambo_json_set_optional (object, "note", enrolment->note);
  for (guint i = 0; i < enrolment->samples->len; i++)
    json_array_add_object_element (
        samples, tambo_sample_to_json (g_ptr_array_index (enrolment->samples, i)));
  json_object_set_array_member (object, "samples", samples);
  for (guint i = 0; i < enrolment->exceptions->len; i++)
    json_array_add_object_element (
        exceptions, exception_to_json (g_ptr_array_index (enrolment->exceptions, i)));
  json_object_set_array_member (object, "exceptions", exceptions);
  return object;
}
