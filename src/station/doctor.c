/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/doctor.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "biometric/face.h"
#include "capture/device-manager.h"
#include "chip/reader.h"
#include "station/advice.h"
#include "station/alerts.h"
#include "station/ballast.h"
#include "station/desk-status.h"
#include "station/headquarters.h"
#include "station/procedures.h"
#include "station/station-private.h"
#include "station/stock-figures.h"
#include "store/audit.h"
#include "store/outbox.h"

#define DAY (24 * 3600)
#define FEW_CASES 20
#define FEW_DAYS 14    /* of a certificate */
#define LONG_SILENCE 3 /* days without headquarters */
#define CERTIFICATE_MAX (64 * 1024)

typedef struct {
  TamboStation *station;
  GCancellable *cancellable;
  GPtrArray *diagnoses;
} Doctor;

typedef void (*Examination) (Doctor *doctor, const char *subject);

const char *tambo_health_to_string (TamboHealth health) {
  static const char *const names[] = { "good", "notice", "bad", "broken" };

  return names[health];
}

void tambo_diagnosis_free (TamboDiagnosis *diagnosis) {
  g_free (diagnosis->finding);
  g_free (diagnosis);
}

/* ---- findings ---- */

G_GNUC_PRINTF (5, 6)
static void find (Doctor *doctor, const char *subject, TamboHealth health, const char *action,
                  const char *format, ...) {
  TamboDiagnosis *diagnosis = g_new0 (TamboDiagnosis, 1);
  va_list arguments;

  va_start (arguments, format);
  diagnosis->finding = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  diagnosis->subject = subject;
  diagnosis->health = health;
  diagnosis->action = action;
  g_ptr_array_add (doctor->diagnoses, diagnosis);
}

static void find_error (Doctor *doctor, const char *subject, const GError *error) {
  gboolean is_broken = tambo_advice_exit (error) == TAMBO_EXIT_INTEGRITY;

  find (doctor, subject, is_broken ? TAMBO_HEALTH_BROKEN : TAMBO_HEALTH_BAD,
        tambo_advice_action (error), "%s", error->message);
}

/* ---- the folder and the store ---- */

static void examine_folder (Doctor *doctor, const char *subject) {
  static const char *const names[] = { "", "station.key", "store.db" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = tambo_station_path (doctor->station, names[i]);
    struct stat status;

    if (g_stat (path, &status) != 0) {
      find (doctor, subject, TAMBO_HEALTH_BAD, "restore the station from its backup",
            "%s cannot be looked at: %s", path, g_strerror (errno));
      return;
    }
    if ((status.st_mode & 077) != 0) {
      find (doctor, subject, TAMBO_HEALTH_BAD, "take the others' permissions away with chmod go=",
            "%s is open to other accounts of this computer", path);
      return;
    }
  }
  find (doctor, subject, TAMBO_HEALTH_GOOD, NULL, "only its own account may read it");
}

static void examine_store (Doctor *doctor, const char *subject) {
  g_autoptr (GError) error = NULL;

  if (tambo_store_verify (tambo_station_get_store (doctor->station), &error))
    find (doctor, subject, TAMBO_HEALTH_GOOD, NULL, "every row is what was written");
  else
    find_error (doctor, subject, error);
}

static void examine_audit_log (Doctor *doctor, const char *subject) {
  g_autoptr (GError) error = NULL;
  gint64 entries, countersigned;

  if (tambo_audit_verify (tambo_station_get_store (doctor->station), &entries, &countersigned,
                          &error))
    find (doctor, subject, TAMBO_HEALTH_GOOD, NULL,
          "%" G_GINT64_FORMAT " entries hold, %" G_GINT64_FORMAT " are countersigned", entries,
          countersigned);
  else
    find_error (doctor, subject, error);
}

static void examine_disk (Doctor *doctor, const char *subject) {
  g_autofree char *ballast = tambo_ballast_dup_path (doctor->station);
  g_autoptr (GError) error = NULL;
  TamboDeskStatus status;

  if (!tambo_desk_status_read (doctor->station, &status, &error))
    find_error (doctor, subject, error);
  else if (status.cases_left < FEW_CASES)
    find (doctor, subject, TAMBO_HEALTH_BAD,
          "send the queue, copy it to a stick or free disk space",
          "there is room for %u more cases", status.cases_left);
  else if (!g_file_test (ballast, G_FILE_TEST_IS_REGULAR))
    find (doctor, subject, TAMBO_HEALTH_NOTICE, "free 64 MB more for the reserve of a full disk",
          "there is room for %u cases but not for the reserve", status.cases_left);
  else
    find (doctor, subject, TAMBO_HEALTH_GOOD, NULL, "there is room for %u cases",
          status.cases_left);
}

/* ---- headquarters ---- */

static void examine_clock (Doctor *doctor, const char *subject) {
  gint64 floor = tambo_headquarters_get_last_contact (doctor->station);
  gint64 now = tambo_clock_now_unix ();
  g_autofree char *said = tambo_clock_format (now);
  g_autofree char *contact = tambo_clock_format (floor);

  if (floor == 0)
    find (doctor, subject, TAMBO_HEALTH_NOTICE, "compare it with another clock",
          "it says %s; headquarters has not told the time yet", said);
  else if (now < floor)
    find (doctor, subject, TAMBO_HEALTH_BAD, "set the clock of this computer",
          "it says %s, and it was %s already at the last contact", said, contact);
  else
    find (doctor, subject, TAMBO_HEALTH_GOOD, NULL, "it says %s", said);
}

static gboolean read_dates (TamboStation *station, gint64 *out_to, GError **error) {
  g_autofree char *path = tambo_station_path (station, "station.pem");
  g_autoptr (GBytes) bytes = tambo_file_read (path, CERTIFICATE_MAX, error);
  g_autofree char *pem = NULL;
  gint64 from;

  if (bytes == NULL)
    return FALSE;
  pem = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return tambo_certificate_get_dates (pem, &from, out_to, error);
}

static void examine_certificate (Doctor *doctor, const char *subject) {
  g_autoptr (GError) error = NULL;
  gint64 to, left;

  if (!tambo_station_is_registered (doctor->station)) {
    find (doctor, subject, TAMBO_HEALTH_NOTICE, "register with 'init' and an invitation",
          "the station is not registered with headquarters");
    return;
  }
  if (!read_dates (doctor->station, &to, &error)) {
    find_error (doctor, subject, error);
    return;
  }
  left = (to - tambo_clock_now_unix ()) / DAY;
  if (left < 0)
    find (doctor, subject, TAMBO_HEALTH_BAD, "have headquarters invite the station anew",
          "it ended %" G_GINT64_FORMAT " days ago", -left);
  else if (left < FEW_DAYS)
    find (doctor, subject, TAMBO_HEALTH_NOTICE, "exchange with headquarters, which renews it",
          "it ends in %" G_GINT64_FORMAT " days", left);
  else
    find (doctor, subject, TAMBO_HEALTH_GOOD, NULL, "it holds for %" G_GINT64_FORMAT " days", left);
}

static void examine_contact (Doctor *doctor, const char *subject) {
  gint64 last = tambo_headquarters_get_last_contact (doctor->station);
  gint64 days = (tambo_clock_now_unix () - last) / DAY;
  g_autofree char *when = tambo_clock_format (last);
  g_autofree char *unknown = tambo_headquarters_dup_unknown (doctor->station);

  if (unknown != NULL)
    find (doctor, subject, TAMBO_HEALTH_NOTICE, "have headquarters install the newer Tambo",
          "it is older than this station and does not know %s", unknown);
  if (last == 0)
    find (doctor, subject, TAMBO_HEALTH_NOTICE, "run 'sync' where there is a network",
          "there was no exchange yet");
  else if (days >= LONG_SILENCE)
    find (doctor, subject, TAMBO_HEALTH_NOTICE, "run 'sync', or carry the queue on a stick",
          "the last exchange was %" G_GINT64_FORMAT " days ago", days);
  else
    find (doctor, subject, TAMBO_HEALTH_GOOD, NULL, "the last exchange was at %s", when);
}

static void examine_alerts (Doctor *doctor, const char *subject) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) gap = NULL;
  g_autoptr (GPtrArray) alerts = tambo_alerts_list (doctor->station, &gap, &error);

  if (alerts == NULL || gap != NULL)
    find_error (doctor, subject, alerts == NULL ? error : gap);
  else
    find (doctor, subject, TAMBO_HEALTH_GOOD, NULL, "%u are here", alerts->len);
}

static void examine_outbox (Doctor *doctor, const char *subject) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
      tambo_outbox_list_recent (tambo_station_get_store (doctor->station), 0, &error);
  guint waiting = 0, stuck = 0;

  if (rows == NULL) {
    find_error (doctor, subject, error);
    return;
  }
  for (guint i = 0; i < rows->len; i++) {
    const TamboOutboxRow *row = rows->pdata[i];

    waiting += row->state == TAMBO_OUTBOX_QUEUED || row->state == TAMBO_OUTBOX_SENDING;
    stuck += row->state == TAMBO_OUTBOX_REFUSED || row->state == TAMBO_OUTBOX_QUARANTINED;
  }
  if (stuck > 0)
    find (doctor, subject, TAMBO_HEALTH_NOTICE, "look at them with 'outbox list' and 'outbox show'",
          "headquarters did not take %u records; %u wait", stuck, waiting);
  else
    find (doctor, subject, TAMBO_HEALTH_GOOD, NULL, "%u records wait", waiting);
}

/* ---- people, papers, devices ---- */

static void examine_operators (Doctor *doctor, const char *subject) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
      tambo_operators_list (tambo_station_get_store (doctor->station), &error);
  guint able = 0, seconds = 0;

  if (rows == NULL) {
    find_error (doctor, subject, error);
    return;
  }
  for (guint i = 0; i < rows->len; i++) {
    const TamboOperatorRow *row = rows->pdata[i];

    able += !row->disabled;
    seconds += !row->disabled && (row->role & TAMBO_ROLES_TRUSTED) != 0;
  }
  if (seconds < 2)
    find (doctor, subject, TAMBO_HEALTH_NOTICE, "add another supervisor with 'operator add'",
          "%u may sign in, and with %u supervisors nobody can be the second person for all acts",
          able, seconds);
  else
    find (doctor, subject, TAMBO_HEALTH_GOOD, NULL, "%u may sign in, %u may be the second person",
          able, seconds);
}

static void examine_blanks (Doctor *doctor, const char *subject) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStockFigures) figures = tambo_stock_figures_read (doctor->station, &error);

  if (figures == NULL) {
    find_error (doctor, subject, error);
    return;
  }
  for (guint i = 0; i < figures->kinds->len; i++) {
    const TamboStockKind *kind = figures->kinds->pdata[i];
    gboolean is_low = tambo_stock_kind_is_low (kind);

    find (doctor, subject, is_low ? TAMBO_HEALTH_NOTICE : TAMBO_HEALTH_GOOD,
          is_low ? "order more today" : NULL, "%u of kind %s are left",
          kind->count[TAMBO_BLANK_IN_STOCK], kind->kind);
  }
  if (figures->kinds->len == 0)
    find (doctor, subject, TAMBO_HEALTH_NOTICE, "enter a delivery with 'stock receive'",
          "there are none");
}

static void examine_procedures (Doctor *doctor, const char *subject) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) procedures = tambo_procedures_list (NULL, &error);

  if (procedures == NULL)
    find_error (doctor, subject, error);
  else if (procedures->len == 0)
    find (doctor, subject, TAMBO_HEALTH_BAD, "install Tambo's data, or set TAMBO_DATADIR",
          "none are installed");
  else
    find (doctor, subject, TAMBO_HEALTH_GOOD, NULL, "%u are installed", procedures->len);
}

static void examine_device (Doctor *doctor, const char *subject, TamboDevice *device) {
  TamboDeviceState state = tambo_device_get_state (device);

  if (state == TAMBO_DEVICE_READY)
    find (doctor, subject, TAMBO_HEALTH_GOOD, NULL, "%s is ready", tambo_device_get_name (device));
  else
    find (doctor, subject, TAMBO_HEALTH_NOTICE,
          state == TAMBO_DEVICE_NO_PERMISSION ? "install the udev rules of Tambo"
                                              : "connect another device or free this one",
          "%s is %s: %s", tambo_device_get_name (device), tambo_device_state_to_string (state),
          tambo_device_get_detail (device));
}

static void examine_devices (Doctor *doctor, const char *subject) {
  g_autoptr (TamboDeviceManager) manager = tambo_device_manager_new ();
  g_autoptr (GError) error = NULL;
  guint n;

  if (!tambo_device_manager_scan (manager, doctor->cancellable, &error)) {
    find_error (doctor, subject, error);
    return;
  }
  n = g_list_model_get_n_items (G_LIST_MODEL (manager));
  for (guint i = 0; i < n; i++) {
    g_autoptr (TamboDevice) device = g_list_model_get_item (G_LIST_MODEL (manager), i);

    examine_device (doctor, subject, device);
  }
  if (n == 0)
    find (doctor, subject, TAMBO_HEALTH_NOTICE, "connect the desk's devices", "there are none");
}

static void examine_card_readers (Doctor *doctor, const char *subject) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = tambo_readers_list (&error);

  if (rows == NULL)
    find (doctor, subject, TAMBO_HEALTH_NOTICE, tambo_advice_action (error), "%s", error->message);
  else if (rows->len == 0)
    find (doctor, subject, TAMBO_HEALTH_NOTICE, "connect a contactless reader", "there are none");
  else
    find (doctor, subject, TAMBO_HEALTH_GOOD, NULL, "%u are ready", rows->len);
}

static void examine_face_detector (Doctor *doctor, const char *subject) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboFaceFinder) finder = tambo_face_finder_new (&error);

  if (finder != NULL)
    find (doctor, subject, TAMBO_HEALTH_GOOD, NULL, "portraits are measured");
  else
    find (doctor, subject, TAMBO_HEALTH_NOTICE, tambo_advice_action (error), "%s", error->message);
}

/* ---- all of it ---- */

static const struct {
  const char *subject;
  Examination examine;
} examinations[] = {
  { "folder", examine_folder },
  { "store", examine_store },
  { "audit-log", examine_audit_log },
  { "disk", examine_disk },
  { "clock", examine_clock },
  { "certificate", examine_certificate },
  { "headquarters", examine_contact },
  { "alerts", examine_alerts },
  { "outbox", examine_outbox },
  { "operators", examine_operators },
  { "procedures", examine_procedures },
  { "blanks", examine_blanks },
  { "face-detector", examine_face_detector },
  { "card-readers", examine_card_readers },
  { "devices", examine_devices },
};

GPtrArray *tambo_doctor_examine (TamboStation *station, TamboDoctorProgress progress, gpointer data,
                                 GCancellable *cancellable, GError **error) {
  g_autoptr (GPtrArray) diagnoses =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_diagnosis_free);
  Doctor doctor = { station, cancellable, diagnoses };

  for (guint i = 0; i < G_N_ELEMENTS (examinations); i++) {
    if (progress != NULL)
      progress (i, G_N_ELEMENTS (examinations), data);
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return NULL;
    examinations[i].examine (&doctor, examinations[i].subject);
  }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&diagnoses);
}
