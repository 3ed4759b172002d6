/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <unistd.h>

#include "capture/device-holder.h"
#include "capture/helper-output.h"
#include "capture/stu-protocol.h"
#include "capture/stu-way.h"

#define READ_MS 20
#define GONE_TRIES 20
#define GONE_PAUSE_MS 25
/* Eight minutes of uninterrupted writing. */
#define MAX_SAMPLES 100000

static const TamboStuWay *const ways[] = { &tambo_stu_way_libusb, &tambo_stu_way_hidraw };

TamboStuFound *tambo_stu_found_copy (const TamboStuFound *found) {
  TamboStuFound *copy = g_new0 (TamboStuFound, 1);

  copy->path = g_strdup (found->path);
  copy->place = g_strdup (found->place);
  copy->node = g_strdup (found->node);
  copy->product = found->product;
  return copy;
}

void tambo_stu_found_free (TamboStuFound *found) {
  g_free (found->path);
  g_free (found->place);
  g_free (found->node);
  g_free (found);
}

static TamboDeviceRow *make_row (const TamboStuWay *way, const TamboStuFound *found) {
  const char *model = tambo_stu_model (found->product);
  g_autofree char *id = g_strconcat (way->prefix, found->path, NULL);
  g_autofree char *name = g_strconcat ("Wacom ", model, NULL);
  g_autofree char *driver = g_ascii_strdown (model, -1);
  g_autoptr (GError) error = NULL;
  gboolean may = tambo_output_check_node (found->node, &error);

  return tambo_device_row_new (id, name, driver,
                               may ? TAMBO_DEVICE_READY : TAMBO_DEVICE_NO_PERMISSION,
                               may ? NULL : error->message);
}

/* The first way by which a pad may be used makes its row; without any, the first. */
static void add_rows (const TamboStuWay *way, GHashTable *rows) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pads = way->find (&error);

  if (pads == NULL)
    tambo_output_usb_failure (error->message);
  for (guint i = 0; pads != NULL && i < pads->len; i++) {
    const TamboStuFound *found = pads->pdata[i];
    const TamboDeviceRow *known = g_hash_table_lookup (rows, found->place);
    g_autoptr (TamboDeviceRow) row = NULL;

    if (known != NULL && known->state == TAMBO_DEVICE_READY)
      continue;
    row = make_row (way, found);
    if (known == NULL || row->state == TAMBO_DEVICE_READY)
      g_hash_table_replace (rows, g_strdup (found->place), g_steal_pointer (&row));
  }
}

void tambo_signature_pad_list (void) {
  g_autoptr (GHashTable) rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                       (GDestroyNotify) tambo_device_row_free);
  g_autoptr (GList) places = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    add_rows (ways[i], rows);
  places = g_list_sort (g_hash_table_get_keys (rows), (GCompareFunc) strcmp);
  for (GList *item = places; item != NULL; item = item->next)
    tambo_output_device (g_hash_table_lookup (rows, item->data));
  tambo_output_frame (TAMBO_HELPER_DONE, NULL, 0);
}

typedef struct {
  const TamboStuWay *way;
  TamboStuFound *found;
  TamboStuPort *port;
  TamboStuClock clock;
  TamboPenSample last;
  guint n_samples;
  gint64 opened, last_down, last_alive; /* milliseconds; last_down 0: no stroke yet */
} Session;

static gint64 now_ms (void) {
  return g_get_monotonic_time () / 1000;
}

/* The driver hears of the plug before the node is taken away. */
static gboolean is_gone (const Session *session) {
  gboolean gone = FALSE;

  for (int i = 0; i < GONE_TRIES && session->found != NULL && !gone; i++) {
    if (i > 0)
      g_usleep (GONE_PAUSE_MS * 1000);
    gone = access (session->found->node, F_OK) != 0;
  }
  return gone;
}

static gboolean fail (Session *session, TamboCaptureError code, const char *what, GError **error) {
  if (is_gone (session))
    g_set_error_literal (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_REMOVED,
                         "the signature pad was unplugged");
  else
    g_set_error_literal (error, TAMBO_CAPTURE_ERROR, code, what);
  return FALSE;
}

static gboolean fail_device (Session *session, const char *what, GError **error) {
  return fail (session, TAMBO_CAPTURE_ERROR_FAILED, what, error);
}

static gboolean set_feature (Session *session, TamboStuReport report, guint8 value) {
  const guint8 data[] = { (guint8) report, value };

  return session->way->set (session->port, data, sizeof data);
}

static gboolean get_capability (Session *session, TamboStuCapability *out_capability,
                                GError **error) {
  guint8 data[64] = { TAMBO_STU_CAPABILITY };
  gssize size = session->way->get (session->port, data, TAMBO_STU_CAPABILITY_SIZE);

  if (size < 0)
    return fail_device (session, "the signature pad does not tell its size", error);
  return tambo_stu_capability_parse (data, (gsize) size, out_capability, error);
}

static gboolean tell_capability (const TamboStuCapability *capability) {
  g_autoptr (TamboSignature) ranges = tambo_signature_new (
      capability->max_x, capability->max_y, capability->max_pressure, capability->units_per_inch);
  g_autoptr (GByteArray) array = g_byte_array_new ();

  tambo_helper_put_pad (array, ranges);
  return tambo_output_frames (array);
}

/* Only what is found is opened: the ID comes from a command line. */
static gboolean find_pad (Session *session, const char *id, GError **error) {
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_autoptr (GPtrArray) pads = NULL;

    if (!g_str_has_prefix (id, ways[i]->prefix))
      continue;
    session->way = ways[i];
    pads = ways[i]->find (error);
    if (pads == NULL)
      return FALSE;
    for (guint j = 0; j < pads->len; j++) {
      const TamboStuFound *found = pads->pdata[j];

      if (g_str_equal (found->path, id + strlen (ways[i]->prefix)))
        session->found = tambo_stu_found_copy (found);
    }
  }
  if (session->found == NULL)
    g_set_error_literal (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_REMOVED,
                         "the signature pad was unplugged");
  return session->found != NULL;
}

static gboolean open_pad (Session *session, const char *id, GError **error) {
  if (!find_pad (session, id, error) || !tambo_output_check_node (session->found->node, error))
    return FALSE;
  session->port = session->way->open (session->found);
  if (session->port == NULL)
    return fail (session, TAMBO_CAPTURE_ERROR_BUSY,
                 "the signature pad is held by " TAMBO_HELD_BY_ANOTHER, error);
  return TRUE;
}

static gboolean begin (Session *session, GError **error) {
  TamboStuCapability capability;

  if (!get_capability (session, &capability, error))
    return FALSE;
  /* Without it the pad's own time is missing, which the clock here replaces. */
  if (tambo_stu_has_time (session->found->product)
      && !set_feature (session, TAMBO_STU_OPTION_MODE, TAMBO_STU_OPTION_TIMED))
    g_printerr ("the signature pad does not send its time\n");
  if (!set_feature (session, TAMBO_STU_CLEAR, 0) || !set_feature (session, TAMBO_STU_INKING, 1))
    return fail_device (session, "the signature pad does not take commands", error);
  session->opened = session->last_alive = now_ms ();
  tell_capability (&capability);
  return TRUE;
}

static void tell_pen (Session *session, const TamboStuPen *pen) {
  TamboPenSample sample = { .x = pen->x, .y = pen->y };
  g_autoptr (GByteArray) array = NULL;

  if (!pen->ready) {
    /* Out of range, x and y mean nothing; but the stroke must end. */
    if (session->last.pressure == 0)
      return;
    sample = session->last;
  }
  sample.pressure = pen->ready && pen->down ? MAX (pen->pressure, 1) : 0;
  sample.time = tambo_stu_clock_advance (&session->clock, pen, now_ms ());
  if (sample.pressure > 0)
    session->last_down = now_ms ();
  session->last = sample;
  session->n_samples++;
  array = g_byte_array_new ();
  tambo_helper_put_pen (array, &sample);
  tambo_output_frames (array);
}

static gboolean read_report (Session *session, GError **error) {
  guint8 data[64];
  TamboStuPen pen;
  gssize size = session->way->read (session->port, data, sizeof data, READ_MS);

  if (size < 0)
    return fail_device (session, "the signature pad stopped sending", error);
  if (size == 0)
    return TRUE;
  if (data[0] == TAMBO_STU_PEN_ENCRYPTED) {
    g_set_error_literal (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_BUSY,
                         "the signature pad encrypts for another program");
    return FALSE;
  }
  if (!tambo_stu_is_pen (data[0]))
    return TRUE;
  if (!tambo_stu_pen_parse (data, (gsize) size, &pen, error))
    return FALSE;
  tell_pen (session, &pen);
  return TRUE;
}

static gboolean is_signed (const Session *session, guint rest_ms) {
  return session->n_samples >= MAX_SAMPLES
         || (session->last_down > 0 && now_ms () - session->last_down >= (gint64) rest_ms);
}

static gboolean read_signature (Session *session, guint rest_ms, guint timeout_ms, GError **error) {
  while (!is_signed (session, rest_ms)) {
    if (tambo_output_is_hung_up ())
      return FALSE;
    if (!read_report (session, error))
      return FALSE;
    if (session->last_down == 0 && now_ms () - session->opened >= (gint64) timeout_ms) {
      g_set_error_literal (error, TAMBO_CAPTURE_RETRY, TAMBO_CAPTURE_RETRY_NO_INK,
                           "nothing was written on the signature pad");
      return FALSE;
    }
    if (now_ms () - session->last_alive >= TAMBO_HELPER_ALIVE_MS) {
      session->last_alive = now_ms ();
      tambo_output_frame (TAMBO_HELPER_ALIVE, NULL, 0);
    }
  }
  return TRUE;
}

void tambo_signature_pad_run (const char *id, guint rest_ms, guint timeout_ms) {
  Session session = { 0 };
  g_autoptr (GError) error = NULL;

  if (open_pad (&session, id, &error) && begin (&session, &error)
      && read_signature (&session, rest_ms, timeout_ms, &error))
    tambo_output_frame (TAMBO_HELPER_DONE, NULL, 0);
  if (error != NULL)
    tambo_output_error (error);
  if (session.port != NULL) {
    /* The applicant's signature does not stay on the display. */
    set_feature (&session, TAMBO_STU_INKING, 0);
    set_feature (&session, TAMBO_STU_CLEAR, 0);
    session.way->close (session.port);
  }
  g_clear_pointer (&session.found, tambo_stu_found_free);
}
