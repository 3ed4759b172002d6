/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/deliver.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "biometric/fingerprint-compare.h"
#include "biometric/fingerprint-quality.h"
#include "station/card-desk.h"
#include "station/events.h"
#include "station/procedures.h"
#include "station/station-private.h"
#include "store/audit.h"
#include "store/stock.h"

void tambo_delivery_free (TamboDelivery *delivery) {
  if (delivery == NULL)
    return;
  g_clear_object (&delivery->station);
  tambo_order_free (delivery->order);
  tambo_order_content_clear (&delivery->content);
  tambo_order_holder_clear (&delivery->holder);
  g_free (delivery->blank);
  g_free (delivery->delivered_by);
  g_free (delivery->delivered_at);
  g_free (delivery->seen);
  g_clear_pointer (&delivery->attempts, json_array_unref);
  g_free (delivery);
}

static TamboStore *store_of (const TamboDelivery *delivery) {
  return tambo_station_get_store (delivery->station);
}

/* ---- the attempts ----
 *
 * They lie sealed among the settings until the document is delivered and the event carries them away. */

static char *attempts_setting (const TamboDelivery *delivery) {
  return g_strconcat ("delivery/", delivery->order->id, NULL);
}

static JsonArray *unseal_attempts (TamboStore *store, const char *name, const char *text,
                                   GError **error) {
  g_autoptr (GBytes) sealed = tambo_base64_decode (text);
  g_autoptr (GBytes) plain =
      sealed != NULL ? tambo_store_unseal (store, name, sealed, error) : NULL;
  if (plain == NULL) {
    if (sealed == NULL)
      g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT, "settings %s: no base64",
                   name);
    return NULL;
  }
  g_autoptr (JsonObject) object = tambo_json_parse_object (
      g_bytes_get_data (plain, NULL), (gssize) g_bytes_get_size (plain), error);
  JsonArray *attempts = object != NULL ? tambo_json_get_array (object, "attempts", error) : NULL;
  return attempts != NULL ? json_array_ref (attempts) : NULL;
}

/* As the store has them now: another desk may have made some. */
static gboolean load_attempts (TamboDelivery *delivery, GError **error) {
  TamboStore *store = store_of (delivery);
  g_autofree char *name = attempts_setting (delivery);
  g_autoptr (GError) cause = NULL;
  g_autofree char *text = tambo_store_dup_setting (store, name, &cause);
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }

  JsonArray *attempts =
      text != NULL ? unseal_attempts (store, name, text, error) : json_array_new ();
  if (attempts == NULL)
    return FALSE;
  g_clear_pointer (&delivery->attempts, json_array_unref);
  delivery->attempts = attempts;
  return TRUE;
}

static gboolean save_attempts (TamboDelivery *delivery, GError **error) {
  TamboStore *store = store_of (delivery);
  g_autofree char *name = attempts_setting (delivery);
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_array_member (object, "attempts", json_array_ref (delivery->attempts));
  g_autoptr (GBytes) plain = tambo_secret_new_take_string (tambo_json_canonical (object));
  g_autoptr (GBytes) sealed = tambo_store_seal (store, name, plain, error);
  g_autofree char *text = sealed != NULL ? tambo_base64_encode (sealed) : NULL;
  return text != NULL && tambo_store_set_setting (store, name, text, error);
}

static guint attempts_left (const TamboDelivery *delivery) {
  guint made = json_array_get_length (delivery->attempts);

  return made < TAMBO_DELIVERY_MAX_ATTEMPTS ? TAMBO_DELIVERY_MAX_ATTEMPTS - made : 0;
}

static gboolean check_attempts_left (const TamboDelivery *delivery, GError **error) {
  if (attempts_left (delivery) > 0)
    return TRUE;
  g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES,
               "no finger was verified in %d attempts", TAMBO_DELIVERY_MAX_ATTEMPTS);
  return FALSE;
}

/* ---- the order ---- */

static gboolean refuse_state (GError **error, const char *why) {
  g_set_error_literal (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STATE, why);
  return FALSE;
}

static gboolean check_issued (TamboDelivery *delivery, GError **error) {
  if (g_strcmp0 (delivery->order->state, "done") != 0)
    return refuse_state (error, "the document of this order was not issued yet");

  g_autoptr (TamboBlankRow) row =
      tambo_stock_find_issued (store_of (delivery), delivery->order->id, error);
  if (row == NULL)
    return FALSE;
  if (row->state == TAMBO_BLANK_DELIVERED)
    return refuse_state (error, "the document of this order was delivered already");
  g_free (delivery->blank);
  delivery->blank = g_steal_pointer (&row->number);
  return TRUE;
}

TamboDelivery *tambo_delivery_begin (TamboStation *station, const char *order_id, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_DOCUMENT_DELIVER, error);
  if (actor == NULL)
    return NULL;

  g_autoptr (TamboDelivery) delivery = g_new0 (TamboDelivery, 1);
  delivery->station = g_object_ref (station);
  if (!tambo_order_packet_open (station, order_id, &delivery->order, &delivery->content,
                                &delivery->holder, error)
      || !check_issued (delivery, error) || !load_attempts (delivery, error))
    return NULL;
  return g_steal_pointer (&delivery);
}

/* ---- the document ---- */

static gboolean is_same_file (const TamboLds *a, const TamboLds *b, TamboLdsFile file) {
  return a->files[file] != NULL && b->files[file] != NULL
         && g_bytes_equal (a->files[file], b->files[file]);
}

gboolean tambo_delivery_compare_chip (TamboDelivery *delivery, const char *reader,
                                      GCancellable *cancellable, GError **error) {
  TamboCardDesk desk = { .reader = reader, .mrz = delivery->order->mrz };
  g_autoptr (TamboLds) lds = tambo_card_desk_read (&desk, cancellable, error);

  if (lds == NULL)
    return FALSE;
  if (!is_same_file (lds, delivery->content.lds, TAMBO_LDS_DG1)
      || !is_same_file (lds, delivery->content.lds, TAMBO_LDS_SOD)) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MISMATCH,
                         "the document on the reader is not the one of this order");
    return FALSE;
  }
  delivery->chip_compared = TRUE;
  return TRUE;
}

/* ---- the end of it ---- */

static JsonObject *describe (const TamboDelivery *delivery, const char *manner,
                             const char *reason) {
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "manner", manner);
  json_object_set_int_member (object, "threshold", TAMBO_MATCH_THRESHOLD);
  json_object_set_array_member (object, "attempts", json_array_ref (delivery->attempts));
  json_object_set_boolean_member (object, "chip_compared", delivery->chip_compared);
  tambo_json_set_optional (object, "reason", reason);
  return object;
}

static GBytes *details_of (JsonObject *object) {
  char *text = tambo_json_canonical (object);

  return g_bytes_new_take (text, strlen (text));
}

/* Inside the transaction of the caller. The audit log keeps the hash of what the event says. */
static gboolean write_end (TamboDelivery *delivery, const char *manner, const char *reason,
                           const char *actor, GError **error) {
  TamboStore *store = store_of (delivery);
  const TamboOrder *order = delivery->order;
  g_autofree char *name = attempts_setting (delivery);
  g_autofree char *sod_sha256 = tambo_sha256_hex (delivery->content.lds->files[TAMBO_LDS_SOD]);
  g_autoptr (JsonObject) object = describe (delivery, manner, reason);
  g_autoptr (GBytes) details = details_of (object);
  TamboIssueEvent event = {
    .kind = "delivered",
    .order_id = order->id,
    .case_id = order->case_id,
    .document_number = order->document_number,
    .blank = delivery->blank,
    .sod_sha256 = sod_sha256,
    .operator_id = actor,
    .delivery = object,
  };

  return tambo_stock_set_state (store, delivery->blank, TAMBO_BLANK_DELIVERED, "", actor, error)
         && tambo_inbox_deliver (store, order->id, actor, error)
         && tambo_events_close_case (delivery->station, order->case_id, TAMBO_CASE_DELIVERED, actor,
                                     error)
         && tambo_store_set_setting (store, name, NULL, error)
         && tambo_audit_append (store, actor, "document.deliver", order->id, details, error)
         && tambo_events_queue (delivery->station, &event, error);
}

static gboolean commit_end (TamboDelivery *delivery, TamboTransaction *transaction,
                            const char *manner, const char *reason, const char *actor,
                            GError **error) {
  if (!write_end (delivery, manner, reason, actor, error)
      || !tambo_transaction_commit (transaction, error))
    return FALSE;
  delivery->is_delivered = TRUE;
  delivery->delivered_by = g_strdup (actor);
  delivery->delivered_at = tambo_clock_now ();
  delivery->seen = g_strdup (reason);
  tambo_station_changed (delivery->station);
  return TRUE;
}

/* ---- fingers ---- */

static const TamboOrderReference *find_reference (const TamboDelivery *delivery,
                                                  TamboFinger finger) {
  for (guint i = 0; i < delivery->holder.references->len; i++) {
    const TamboOrderReference *reference = delivery->holder.references->pdata[i];
    if (reference->finger == finger)
      return reference;
  }
  return NULL;
}

TamboFinger tambo_delivery_choose_finger (const TamboDelivery *delivery) {
  static const TamboFinger preferred[] = { TAMBO_FINGER_RIGHT_INDEX, TAMBO_FINGER_LEFT_INDEX };

  for (gsize i = 0; i < G_N_ELEMENTS (preferred); i++)
    if (find_reference (delivery, preferred[i]) != NULL)
      return preferred[i];
  if (delivery->holder.references->len == 0)
    return TAMBO_FINGER_UNKNOWN;
  const TamboOrderReference *first = delivery->holder.references->pdata[0];
  return first->finger;
}

static gboolean is_excepted (const TamboDelivery *delivery, TamboFinger finger) {
  for (guint i = 0; i < delivery->holder.exceptions->len; i++) {
    const TamboFingerException *exception = delivery->holder.exceptions->pdata[i];
    if (exception->finger == finger)
      return TRUE;
  }
  return FALSE;
}

static gboolean check_has_references (const TamboDelivery *delivery, GError **error) {
  if (delivery->holder.references->len > 0)
    return TRUE;
  g_set_error_literal (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES,
                       "no finger of the holder was enrolled");
  return FALSE;
}

static char *name_references (const TamboDelivery *delivery) {
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < delivery->holder.references->len; i++) {
    const TamboOrderReference *reference = delivery->holder.references->pdata[i];
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "",
                            tambo_finger_to_string (reference->finger));
  }
  return g_string_free (names, FALSE);
}

static const TamboOrderReference *require_reference (const TamboDelivery *delivery,
                                                     TamboFinger finger, GError **error) {
  if (!check_has_references (delivery, error))
    return NULL;
  const TamboOrderReference *reference = find_reference (delivery, finger);
  if (reference != NULL)
    return reference;

  g_autofree char *names = name_references (delivery);
  g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STATE,
               "%s was not enrolled%s, but %s", tambo_finger_to_string (finger),
               is_excepted (delivery, finger) ? " for the reason in the case" : "", names);
  return NULL;
}

/* ---- one attempt ---- */

static gboolean has_words (const char *text) {
  return text != NULL && text[strspn (text, " \t\n")] != '\0';
}

typedef struct {
  TamboFinger finger;
  const char *device, *poor_because; /* borrowed */
  const char *actor;                 /* likewise */
  int quality, minimum;
  gboolean has_ridges;
  int score; /* -1: not compared */
  gboolean is_same;
} Attempt;

static gboolean judge_quality (const TamboDelivery *delivery, const TamboImage *grey,
                               Attempt *attempt, GError **error) {
  g_autoptr (TamboProcedure) procedure =
      tambo_procedures_load (delivery->station, delivery->order->procedure_id, 0, error);
  TamboFingerprintQuality quality;

  if (procedure == NULL)
    return FALSE;
  tambo_fingerprint_quality (grey, &quality);
  attempt->quality = quality.index;
  attempt->minimum = procedure->minimum_finger_quality;
  attempt->has_ridges = tambo_fingerprint_has_ridges (&quality);
  return TRUE;
}

/* A print without a minutia is poor, whatever was said about it, and no error. */
static void compare (const TamboOrderReference *reference, const TamboImage *grey,
                     Attempt *attempt) {
  g_autoptr (GError) cause = NULL;

  if (attempt->has_ridges && (attempt->quality >= attempt->minimum || attempt->poor_because != NULL)
      && !tambo_fingerprint_verify (grey, reference->record, &attempt->score, &attempt->is_same,
                                    &cause))
    attempt->score = -1;
}

static const char *outcome_of (const Attempt *attempt) {
  return attempt->is_same ? "matched" : attempt->score >= 0 ? "other-finger" : "poor";
}

static JsonObject *attempt_to_json (const Attempt *attempt) {
  JsonObject *object = json_object_new ();
  g_autofree char *now = tambo_clock_now ();

  json_object_set_string_member (object, "finger", tambo_finger_to_string (attempt->finger));
  json_object_set_string_member (object, "outcome", outcome_of (attempt));
  json_object_set_int_member (object, "quality", attempt->quality);
  json_object_set_int_member (object, "minimum_quality", attempt->minimum);
  if (attempt->score >= 0)
    json_object_set_int_member (object, "score", attempt->score);
  tambo_json_set_optional (object, "poor_because", attempt->poor_because);
  json_object_set_string_member (object, "device", attempt->device);
  json_object_set_string_member (object, "operator", attempt->actor);
  json_object_set_string_member (object, "time", now);
  return object;
}

/* With a match, all that follows from it is in the same transaction. */
static gboolean keep_attempt (TamboDelivery *delivery, const Attempt *attempt, GError **error) {
  TamboStore *store = store_of (delivery);
  JsonObject *object = attempt_to_json (attempt);
  g_autoptr (GBytes) details = details_of (object);
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);

  if (transaction == NULL || !check_issued (delivery, error) || !load_attempts (delivery, error)
      || !check_attempts_left (delivery, error)
      || !tambo_audit_append (store, attempt->actor, "document.verify", delivery->order->id,
                              details, error)) {
    json_object_unref (object);
    return FALSE;
  }
  json_array_add_object_element (delivery->attempts, object);
  if (attempt->is_same)
    return commit_end (delivery, transaction, "fingerprint", NULL, attempt->actor, error);
  return save_attempts (delivery, error) && tambo_transaction_commit (transaction, error);
}

static void set_refusal (const TamboDelivery *delivery, const Attempt *attempt, GError **error) {
  const char *finger = tambo_finger_to_string (attempt->finger);
  gboolean is_poor = attempt->score < 0;
  g_autofree char *why =
      !is_poor ? g_strdup_printf ("the finger is not the %s of the holder (score %d, %d needed)",
                                  finger, attempt->score, TAMBO_MATCH_THRESHOLD)
      : attempt->has_ridges && attempt->quality < attempt->minimum
          ? g_strdup_printf ("%s has quality %d of the %d that the procedure asks for", finger,
                             attempt->quality, attempt->minimum)
          : g_strdup_printf ("the picture for %s shows no fingerprint", finger);

  if (attempts_left (delivery) == 0)
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES,
                 "%s, and that was the last of %d attempts", why, TAMBO_DELIVERY_MAX_ATTEMPTS);
  else
    g_set_error (error, TAMBO_STATION_ERROR,
                 is_poor ? TAMBO_STATION_ERROR_QUALITY : TAMBO_STATION_ERROR_OTHER_FINGER,
                 "%s, %u of %d attempts are left", why, attempts_left (delivery),
                 TAMBO_DELIVERY_MAX_ATTEMPTS);
}

gboolean tambo_delivery_verify (TamboDelivery *delivery, TamboFinger finger,
                                const TamboImage *image, const char *device,
                                const char *poor_because, GError **error) {
  g_autofree char *actor =
      tambo_station_permit (delivery->station, TAMBO_OPERATION_DOCUMENT_DELIVER, error);
  if (actor == NULL)
    return FALSE;
  const TamboOrderReference *reference = require_reference (delivery, finger, error);
  if (reference == NULL || !check_attempts_left (delivery, error))
    return FALSE;

  g_autoptr (TamboImage) grey = tambo_image_to_grey (image);
  Attempt attempt = { .finger = finger,
                      .device = device,
                      .poor_because = has_words (poor_because) ? poor_because : NULL,
                      .actor = actor,
                      .score = -1 };
  if (!judge_quality (delivery, grey, &attempt, error))
    return FALSE;
  compare (reference, grey, &attempt);
  if (!keep_attempt (delivery, &attempt, error))
    return FALSE;
  if (!attempt.is_same)
    set_refusal (delivery, &attempt, error);
  return attempt.is_same;
}

/* ---- at the desk ---- */

typedef struct {
  TamboDelivery *delivery;
  TamboFinger finger;
  const char *poor_because;
} Press;

static gboolean take_finger (const TamboImage *image, const char *device, gpointer data,
                             GError **error) {
  const Press *press = data;

  return tambo_delivery_verify (press->delivery, press->finger, image, device, press->poor_because,
                                error);
}

gboolean tambo_delivery_verify_at_desk (TamboDelivery *delivery, TamboFinger finger,
                                        const TamboCaptureDesk *desk, const char *poor_because,
                                        GCancellable *cancellable, GError **error) {
  Press press = { delivery, finger, poor_because };
  TamboCaptureDesk own = *desk;

  /* Before somebody is asked to press. */
  if (require_reference (delivery, finger, error) == NULL || !check_attempts_left (delivery, error))
    return FALSE;
  own.station = delivery->station;
  own.enrolment = NULL;
  own.take_finger = take_finger;
  own.taker = &press;
  return tambo_capture_desk_finger (&own, finger, cancellable, error);
}

/* ---- by sight ---- */

static gboolean check_no_finger_can (const TamboDelivery *delivery, GError **error) {
  if (delivery->holder.references->len == 0 || attempts_left (delivery) == 0)
    return TRUE;
  g_autofree char *names = name_references (delivery);
  g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STATE,
               "a finger can still be verified (%s), %u of %d attempts are left", names,
               attempts_left (delivery), TAMBO_DELIVERY_MAX_ATTEMPTS);
  return FALSE;
}

gboolean tambo_delivery_by_sight (TamboDelivery *delivery, const char *reason, GError **error) {
  if (!has_words (reason))
    return refuse_state (error, "two persons have to say what they have seen");

  g_autofree char *actor =
      tambo_station_permit (delivery->station, TAMBO_OPERATION_DOCUMENT_DELIVER_BY_SIGHT, error);
  if (actor == NULL)
    return FALSE;
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store_of (delivery), error);

  return transaction != NULL && check_issued (delivery, error) && load_attempts (delivery, error)
         && check_no_finger_can (delivery, error)
         && commit_end (delivery, transaction, "sight", reason, actor, error);
}
