/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/prefill.h"

#include "record/mrz.h"
#include "station/enrol.h"
#include "station/station-private.h"
#include "store/cases.h"

/* A desk serves a family, not a village, before the operator changes. */
#define MAX_REMEMBERED 50
#define MAX_LOOKED_AT 10 /* cases that a search gave */

void tambo_prefill_free (TamboPrefill *prefill) {
  if (prefill == NULL)
    return;
  g_free (prefill->tracking_number);
  g_ptr_array_unref (prefill->keys);
  g_free (prefill);
}

/* ---- the same person ---- */

static gboolean same (const char *a, const char *b) {
  return a != NULL && *a != '\0' && g_strcmp0 (a, b) == 0;
}

/* As a document writes it: accents and double letters come and go between two papers. */
static gboolean same_name (const char *a, const char *b) {
  if (a == NULL || b == NULL)
    return FALSE;
  g_autofree char *mine = tambo_mrz_transliterate (a);
  g_autofree char *other = tambo_mrz_transliterate (b);
  return g_strcmp0 (mine, other) == 0;
}

gboolean tambo_prefill_is_same_person (const TamboApplicant *a, const TamboApplicant *b) {
  gboolean same_birth = same (a->birth_date, b->birth_date);

  if (same_birth && same (a->document_number, b->document_number)
      && same (a->issuing_state, b->issuing_state))
    return TRUE;
  if (same_birth && same (a->personal_number, b->personal_number)
      && same (a->nationality, b->nationality))
    return TRUE;
  return same_birth && same (a->nationality, b->nationality) && a->sex == b->sex
         && same_name (a->surname, b->surname) && same_name (a->given_names, b->given_names);
}

/* ---- what was sealed since the sign-in ---- */

typedef struct {
  char *id, *tracking_number;
  TamboApplicant *applicant;
} Remembered;

static void remembered_free (Remembered *remembered) {
  g_free (remembered->id);
  g_free (remembered->tracking_number);
  tambo_applicant_free (remembered->applicant);
  g_free (remembered);
}

static GMutex memory_lock; /* over what hangs on any station */

static GQuark memory_quark (void) {
  return g_quark_from_static_string ("tambo-prefill-memory");
}

void tambo_prefill_remember (TamboStation *station, const TamboEnrolment *enrolment) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&memory_lock);
  GPtrArray *memory = g_object_get_qdata (G_OBJECT (station), memory_quark ());
  Remembered *remembered = g_new0 (Remembered, 1);

  if (memory == NULL) {
    memory = g_ptr_array_new_with_free_func ((GDestroyNotify) remembered_free);
    g_object_set_qdata_full (G_OBJECT (station), memory_quark (), memory,
                             (GDestroyNotify) g_ptr_array_unref);
  }
  remembered->id = g_strdup (enrolment->id);
  remembered->tracking_number = g_strdup (enrolment->tracking_number);
  remembered->applicant = tambo_applicant_copy (enrolment->applicant);
  g_ptr_array_add (memory, remembered);
  if (memory->len > MAX_REMEMBERED)
    g_ptr_array_remove_index (memory, 0);
}

void tambo_prefill_forget (TamboStation *station) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&memory_lock);

  g_object_set_qdata (G_OBJECT (station), memory_quark (), NULL);
}

TamboApplicant *tambo_prefill_dup_applicant (TamboStation *station, const char *case_id) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&memory_lock);
  GPtrArray *memory = g_object_get_qdata (G_OBJECT (station), memory_quark ());

  for (guint i = memory != NULL ? memory->len : 0; i > 0; i--) {
    const Remembered *remembered = g_ptr_array_index (memory, i - 1);
    if (g_str_equal (remembered->id, case_id))
      return tambo_applicant_copy (remembered->applicant);
  }
  return NULL;
}

/* ---- the earlier case ---- */

typedef struct {
  char *tracking_number;
  TamboApplicant *applicant;
} Source;

static void source_clear (Source *source) {
  g_free (source->tracking_number);
  g_clear_pointer (&source->applicant, tambo_applicant_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Source, source_clear)

static gboolean find_remembered (TamboStation *station, const TamboEnrolment *enrolment,
                                 Source *out_source) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&memory_lock);
  GPtrArray *memory = g_object_get_qdata (G_OBJECT (station), memory_quark ());

  for (guint i = memory != NULL ? memory->len : 0; i > 0; i--) {
    const Remembered *remembered = g_ptr_array_index (memory, i - 1);
    if (g_str_equal (remembered->id, enrolment->id)
        || !tambo_prefill_is_same_person (remembered->applicant, enrolment->applicant))
      continue;
    out_source->tracking_number = g_strdup (remembered->tracking_number);
    out_source->applicant = tambo_applicant_copy (remembered->applicant);
    return TRUE;
  }
  return FALSE;
}

static gboolean has_draft (TamboCaseState state) {
  return state == TAMBO_CASE_DRAFT || state == TAMBO_CASE_WAITING || state == TAMBO_CASE_REJECTED;
}

/* What the search finds a person by; NULL when nothing is known yet. */
static char *dup_question (const TamboApplicant *applicant) {
  if (applicant->birth_date == NULL)
    return NULL;
  if (applicant->surname != NULL)
    return g_strjoin (" ", applicant->surname, applicant->birth_date, NULL);
  if (applicant->document_number != NULL)
    return g_strjoin (" ", applicant->document_number, applicant->birth_date, NULL);
  return NULL;
}

static gboolean find_open (TamboStation *station, const TamboEnrolment *enrolment,
                           Source *out_source, GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autofree char *question = dup_question (enrolment->applicant);
  g_autoptr (GPtrArray) rows =
      question != NULL ? tambo_cases_search (store, question, error) : g_ptr_array_new ();
  guint n_looked_at = 0;

  for (guint i = 0; rows != NULL && i < rows->len && n_looked_at < MAX_LOOKED_AT; i++) {
    const TamboCaseRow *row = g_ptr_array_index (rows, i);
    if (!has_draft (row->state) || g_str_equal (row->id, enrolment->id))
      continue;
    n_looked_at++;
    g_autoptr (TamboEnrolment) other = tambo_cases_load (store, row->id, NULL);
    /* One rotten draft is no reason to ask everything again; what is lost is a proposal. */
    if (other == NULL || !tambo_prefill_is_same_person (other->applicant, enrolment->applicant))
      continue;
    out_source->tracking_number = g_strdup (other->tracking_number);
    out_source->applicant = tambo_applicant_copy (other->applicant);
    return TRUE;
  }
  return rows != NULL;
}

/* ---- taking over ---- */

/* The document's own fields belong to the document, which may be another one now. */
static const struct {
  const char *key;
  gsize offset;
} fields[] = {
  { "surname", G_STRUCT_OFFSET (TamboApplicant, surname) },
  { "given_names", G_STRUCT_OFFSET (TamboApplicant, given_names) },
  { "nationality", G_STRUCT_OFFSET (TamboApplicant, nationality) },
  { "place_of_birth", G_STRUCT_OFFSET (TamboApplicant, place_of_birth) },
  { "personal_number", G_STRUCT_OFFSET (TamboApplicant, personal_number) },
  { "address", G_STRUCT_OFFSET (TamboApplicant, address) },
  { "phone", G_STRUCT_OFFSET (TamboApplicant, phone) },
  { "email", G_STRUCT_OFFSET (TamboApplicant, email) },
};

static TamboPrefill *fill (TamboApplicant *applicant, const Source *source) {
  TamboPrefill *prefill = g_new0 (TamboPrefill, 1);

  prefill->tracking_number = g_strdup (source->tracking_number);
  prefill->keys = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++) {
    char **mine = G_STRUCT_MEMBER_P (applicant, fields[i].offset);
    const char *theirs = G_STRUCT_MEMBER (char *, source->applicant, fields[i].offset);
    if (theirs == NULL || *theirs == '\0' || (*mine != NULL && **mine != '\0'))
      continue;
    g_free (*mine);
    *mine = g_strdup (theirs);
    g_ptr_array_add (prefill->keys, g_strdup (fields[i].key));
  }
  return prefill;
}

gboolean tambo_prefill_take (TamboStation *station, TamboEnrolment *enrolment,
                             TamboPrefill **out_prefill, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);
  g_auto (Source) source = { NULL };

  if (actor == NULL)
    return FALSE;
  *out_prefill = NULL;
  if (!find_remembered (station, enrolment, &source)
      && !find_open (station, enrolment, &source, error))
    return FALSE;
  if (source.applicant == NULL)
    return TRUE;

  g_autoptr (TamboApplicant) filled = tambo_applicant_copy (enrolment->applicant);
  g_autoptr (TamboPrefill) prefill = fill (filled, &source);
  if (prefill->keys->len == 0)
    return TRUE;
  if (!tambo_enrol_set_applicant (station, enrolment, filled, error))
    return FALSE;
  *out_prefill = g_steal_pointer (&prefill);
  return TRUE;
}
