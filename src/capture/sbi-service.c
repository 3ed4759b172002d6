/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Scanners behind a Secure Biometric Interface, in the helper process: found on the loopback ports,
 * asked who they are, and asked for fingers (MOSIP SBI 0.9.5 and 1.0).
 */
#include <gio/gio.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "capture/helper-output.h"
#include "capture/sbi-capture.h"
#include "capture/sbi-http.h"
#include "capture/sbi-ports.h"
#include "capture/sbi-stream.h"

#define LOOK_TIMEOUT_MS 2000 /* of discovery and information: the service knows them by heart */
#define MAX_LOOK (256 * 1024)
#define MAX_CAPTURE (4 * 1024 * 1024)
#define STREAM_TIMEOUT_MS (5 * 60 * 1000)
#define CAPTURE_SECONDS 30
#define SPARE_MS 3000 /* after the scanner's own time-out */
#define WANTED_QUALITY 60

/* ---- settings ---- */

static TamboSbiTrust *load_trust (GError **error) {
  const char *path = g_getenv ("TAMBO_SBI_TRUST");

  return tambo_sbi_trust_load (path != NULL ? path : TAMBO_SBI_TRUST_FOLDER, error);
}

static guint capture_timeout_ms (void) {
  const char *text = g_getenv ("TAMBO_SBI_TIMEOUT");
  guint64 seconds;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, 300, &seconds, NULL))
    seconds = CAPTURE_SECONDS;
  return (guint) seconds * 1000;
}

/* ---- while it waits ---- */

typedef struct {
  gint64 next_alive;
  gboolean is_taking; /* the desk has said that the fingers lie well */
  gboolean is_stream; /* whose end that is */
} Wait;

/* The desk has one thing to say. */
static void hear_desk (Wait *wait) {
  struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
  guint8 command[TAMBO_HELPER_HEADER_SIZE];

  if (poll (&fd, 1, 0) > 0 && (fd.revents & POLLIN) != 0
      && read (STDIN_FILENO, command, sizeof command) == sizeof command
      && command[TAMBO_HELPER_HEADER_SIZE - 1] == TAMBO_HELPER_STILL)
    wait->is_taking = TRUE;
}

static gboolean on_tick (gpointer data) {
  Wait *wait = data;
  gint64 now = g_get_monotonic_time ();

  if (tambo_output_is_hung_up ())
    return FALSE;
  if (now >= wait->next_alive) {
    tambo_output_frame (TAMBO_HELPER_ALIVE, NULL, 0);
    wait->next_alive = now + TAMBO_HELPER_ALIVE_MS * G_TIME_SPAN_MILLISECOND;
  }
  if (wait->is_stream)
    hear_desk (wait);
  return !(wait->is_stream && wait->is_taking);
}

/* ---- who is there ---- */

typedef struct {
  guint16 port;
  GPtrArray *devices; /* of TamboSbiDevice, as discovered; NULL when the port has none */
  GError *error;      /* why not; NULL when nothing listens there */
} Found;

static void found_clear (gpointer data) {
  Found *found = data;

  g_clear_pointer (&found->devices, g_ptr_array_unref);
  g_clear_error (&found->error);
}

/* A program of another kind that happens to listen there knows no such verb. */
static gboolean is_another_program (const GError *error) {
  static const char *const refusals[] = { "status 400", "status 404", "status 405", "status 501" };

  for (guint i = 0; error != NULL && i < G_N_ELEMENTS (refusals); i++)
    if (strstr (error->message, refusals[i]) != NULL)
      return TRUE;
  return FALSE;
}

static void take_discovery (Found *found, TamboSbiExchange *exchange) {
  g_clear_error (&found->error);
  if (exchange->error == NULL)
    found->devices = tambo_sbi_devices_parse ((const char *) exchange->answer->data,
                                              exchange->answer->len, &found->error);
  else if (!exchange->is_absent)
    found->error = g_error_copy (exchange->error);
}

/* Asks those of FOUND that have no devices yet. */
static void discover_with (GArray *found, const char *verb, gboolean again, Wait *wait) {
  g_autofree TamboSbiExchange *exchanges = g_new0 (TamboSbiExchange, found->len);
  g_autofree guint *places = g_new (guint, found->len);
  guint n = 0;

  for (guint i = 0; i < found->len; i++) {
    const Found *place = &g_array_index (found, Found, i);
    if (place->devices != NULL || (again && place->error == NULL))
      continue;
    places[n] = i;
    exchanges[n++] = (TamboSbiExchange){
      .port = place->port,
      .method = verb,
      .path = "/device",
      .body = "{\"type\":\"Finger\"}",
      .timeout_ms = LOOK_TIMEOUT_MS,
      .max_size = MAX_LOOK,
    };
  }
  tambo_sbi_exchange_all (exchanges, n, on_tick, wait);
  for (guint i = 0; i < n; i++) {
    take_discovery (&g_array_index (found, Found, places[i]), &exchanges[i]);
    tambo_sbi_exchange_clear (&exchanges[i]);
  }
}

static GArray *discover (Wait *wait) {
  GArray *found = g_array_new (FALSE, TRUE, sizeof (Found));
  guint first, last;

  g_array_set_clear_func (found, found_clear);
  if (!tambo_sbi_ports_get (&first, &last))
    return found;
  for (guint port = first; port <= last; port++) {
    const Found place = { .port = (guint16) port };
    g_array_append_val (found, place);
  }
  discover_with (found, "SBIDISC", FALSE, wait);
  discover_with (found, "MOSIPDISC", TRUE, wait);
  return found;
}

/* ---- who it says that it is ---- */

static GPtrArray *ask_infos (guint16 port, TamboSbiTrust *trust, Wait *wait, GError **error) {
  g_auto (TamboSbiExchange) exchange = {
    .port = port,
    .method = "MOSIPDINFO",
    .path = "/info",
    .timeout_ms = LOOK_TIMEOUT_MS,
    .max_size = MAX_LOOK,
  };

  tambo_sbi_exchange_all (&exchange, 1, on_tick, wait);
  if (exchange.error != NULL) {
    g_propagate_error (error, g_steal_pointer (&exchange.error));
    return NULL;
  }
  return tambo_sbi_infos_parse ((const char *) exchange.answer->data, exchange.answer->len,
                                tambo_sbi_token_verify, trust, error);
}

/* ---- the list ---- */

static void tell_row (guint16 port, const TamboSbiDevice *device, TamboDeviceState state,
                      const char *detail) {
  g_autofree char *id = g_strdup_printf ("sbi:%u:%s", port, device->serial);
  g_autofree char *name = g_strdup_printf ("%s %s", device->make, device->model);
  g_autofree char *driver = g_strconcat ("sbi-", device->version, NULL);
  g_autoptr (TamboDeviceRow) row =
      tambo_device_row_new (id, g_strstrip (name), driver, state, detail);

  row->presses = tambo_sbi_device_presses (device);
  tambo_output_device (row);
}

static TamboDeviceState state_for (const GError *error) {
  if (g_error_matches (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_UNTRUSTED))
    return TAMBO_DEVICE_UNTRUSTED;
  return TAMBO_DEVICE_FAILED;
}

static void tell_service (guint16 port, const GError *error) {
  g_autofree char *id = g_strdup_printf ("sbi:%u:", port);
  g_autofree char *name = g_strdup_printf ("Fingerprint scanner at port %u", port);
  g_autoptr (TamboDeviceRow) row =
      tambo_device_row_new (id, name, "", state_for (error), error->message);

  tambo_output_device (row);
}

/* What the information says counts; what was discovered is a stranger's word. */
static void tell_devices (const Found *found, TamboSbiTrust *trust, const GError *no_trust,
                          Wait *wait) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = NULL;

  if (trust != NULL)
    infos = ask_infos (found->port, trust, wait, &error);
  else
    error = g_error_copy (no_trust);
  for (guint i = 0; i < found->devices->len; i++) {
    const TamboSbiDevice *device = found->devices->pdata[i];
    const TamboSbiDevice *info =
        infos != NULL ? tambo_sbi_devices_find (infos, device->serial) : NULL;
    g_autofree char *detail = NULL;

    if (info != NULL) {
      TamboDeviceState state = tambo_sbi_device_judge (info, &detail);
      tell_row (found->port, info, state, detail);
    } else {
      tell_row (found->port, device, error != NULL ? state_for (error) : TAMBO_DEVICE_FAILED,
                error != NULL ? error->message : "the scanner's service does not know its scanner");
    }
  }
}

void tambo_sbi_list (void) {
  g_autoptr (GError) no_trust = NULL;
  g_autoptr (TamboSbiTrust) trust = load_trust (&no_trust);
  Wait wait = { 0 };
  g_autoptr (GArray) found = discover (&wait);

  for (guint i = 0; i < found->len; i++) {
    const Found *place = &g_array_index (found, Found, i);
    if (place->devices != NULL)
      tell_devices (place, trust, no_trust, &wait);
    else if (place->error != NULL && !is_another_program (place->error))
      tell_service (place->port, place->error);
  }
  tambo_output_frame (TAMBO_HELPER_DONE, NULL, 0);
}

/* ---- a capture ---- */

static gboolean split_id (const char *id, guint16 *out_port, const char **out_serial) {
  g_auto (GStrv) words = g_strsplit (id, ":", 3);
  guint64 port;

  if (g_strv_length (words) != 3 || !g_str_equal (words[0], "sbi")
      || !g_ascii_string_to_unsigned (words[1], 10, 1, G_MAXUINT16, &port, NULL))
    return FALSE;
  *out_port = (guint16) port;
  *out_serial = id + strlen (words[0]) + strlen (words[1]) + 2;
  return TRUE;
}

static void set_error_from_state (GError **error, TamboDeviceState state, const char *detail) {
  TamboCaptureError code = TAMBO_CAPTURE_ERROR_FAILED;

  if (state == TAMBO_DEVICE_BUSY)
    code = TAMBO_CAPTURE_ERROR_BUSY;
  else if (state == TAMBO_DEVICE_NOT_REGISTERED)
    code = TAMBO_CAPTURE_ERROR_NOT_REGISTERED;
  else if (state == TAMBO_DEVICE_UNSUITABLE)
    code = TAMBO_CAPTURE_ERROR_UNSUITABLE;
  g_set_error_literal (error, TAMBO_CAPTURE_ERROR, (int) code, detail);
}

/* Borrowed from INFOS. */
static const TamboSbiDevice *find_ready (GPtrArray *infos, const char *serial, GError **error) {
  const TamboSbiDevice *device = tambo_sbi_devices_find (infos, serial);
  g_autofree char *detail = NULL;
  TamboDeviceState state;

  if (device == NULL) {
    g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_REMOVED,
                 "the scanner %s is not connected to its service any more", serial);
    return NULL;
  }
  state = tambo_sbi_device_judge (device, &detail);
  if (state == TAMBO_DEVICE_READY)
    return device;
  set_error_from_state (error, state, detail);
  return NULL;
}

static void on_frame (gconstpointer jpeg, gsize size, gpointer data) {
  tambo_output_frame (TAMBO_HELPER_PICTURE, jpeg, size);
}

typedef struct {
  TamboSbiStream *stream;
  GError *error;
} Glass;

static gboolean on_stream_bytes (gconstpointer bytes, gsize size, gpointer data) {
  Glass *glass = data;

  return tambo_sbi_stream_feed (glass->stream, bytes, size, &glass->error);
}

static char *stream_request (const TamboSbiDevice *device, TamboSbiSubId sub_id) {
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *number = g_strdup_printf ("%d", (int) sub_id);
  g_autofree char *timeout = g_strdup_printf ("%d", STREAM_TIMEOUT_MS);

  if (g_str_equal (device->version, "1.0"))
    json_object_set_string_member (object, "serialNo", device->serial);
  else
    json_object_set_string_member (object, "deviceId", device->device_id);
  json_object_set_string_member (object, "deviceSubId", number);
  json_object_set_string_member (object, "timeout", timeout);
  return tambo_json_canonical (object);
}

/* Frames until the desk says that the fingers lie well. SBI wants no frames during the capture. */
static gboolean show_glass (guint16 port, const TamboSbiRequest *request, Wait *wait,
                            GError **error) {
  g_autoptr (TamboSbiStream) stream = tambo_sbi_stream_new (on_frame, NULL);
  Glass glass = { .stream = stream };
  g_autofree char *body = stream_request (request->device, tambo_sbi_request_sub_id (request));
  g_auto (TamboSbiExchange) exchange = {
    .port = port,
    .method = "STREAM",
    .path = "/stream",
    .body = body,
    .timeout_ms = STREAM_TIMEOUT_MS,
    .sink = on_stream_bytes,
    .sink_data = &glass,
  };

  wait->is_stream = TRUE;
  tambo_sbi_exchange_all (&exchange, 1, on_tick, wait);
  wait->is_stream = FALSE;
  if (glass.error != NULL)
    g_propagate_error (error, glass.error);
  else if (!wait->is_taking && exchange.error != NULL)
    g_propagate_error (error, g_steal_pointer (&exchange.error));
  else if (!wait->is_taking)
    g_set_error_literal (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED,
                         "the scanner's live picture ended");
  else
    return TRUE;
  return FALSE;
}

static void tell_captures (GPtrArray *captures, const char *hash) {
  g_autoptr (GByteArray) array = g_byte_array_new ();

  for (guint i = 0; i < captures->len; i++) {
    tambo_helper_put_fingerprint (array, captures->pdata[i]);
    tambo_output_frames (array);
  }
  tambo_helper_put_hash (array, hash);
  tambo_output_frames (array);
}

static gboolean take_fingers (guint16 port, const TamboSbiRequest *request, TamboSbiTrust *trust,
                              Wait *wait, GError **error) {
  g_autofree char *body = tambo_sbi_request_to_json (request, tambo_clock_now_unix ());
  g_autofree char *hash = NULL;
  g_auto (TamboSbiExchange) exchange = {
    .port = port,
    .method = "RCAPTURE",
    .path = "/capture",
    .body = body,
    .timeout_ms = request->timeout_ms + SPARE_MS,
    .max_size = MAX_CAPTURE,
  };
  g_autoptr (GByteArray) status = g_byte_array_new ();

  tambo_helper_put_finger_status (status, TAMBO_FINGER_NEEDED);
  tambo_output_frames (status);
  tambo_sbi_exchange_all (&exchange, 1, on_tick, wait);
  if (exchange.error != NULL) {
    g_propagate_error (error, g_steal_pointer (&exchange.error));
    return FALSE;
  }
  g_autoptr (GPtrArray) captures = tambo_sbi_captures_parse (
      (const char *) exchange.answer->data, exchange.answer->len, request, tambo_sbi_token_verify,
      trust, tambo_clock_now_unix (), &hash, error);
  if (captures == NULL)
    return FALSE;
  tell_captures (captures, hash);
  return TRUE;
}

static gboolean run (const char *id, TamboSbiRequest *request, gboolean has_glass, GError **error) {
  g_autoptr (TamboSbiTrust) trust = load_trust (error);
  g_autofree char *transaction = g_uuid_string_random ();
  Wait wait = { 0 };
  const char *serial;
  guint16 port;

  if (trust == NULL)
    return FALSE;
  if (!split_id (id, &port, &serial)) {
    g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_NO_DEVICE,
                 "there is no scanner “%s”", id);
    return FALSE;
  }
  g_autoptr (GPtrArray) infos = ask_infos (port, trust, &wait, error);
  if (infos == NULL)
    return FALSE;
  request->device = find_ready (infos, serial, error);
  request->transaction = transaction;
  request->timeout_ms = capture_timeout_ms ();
  request->quality = WANTED_QUALITY;
  return request->device != NULL && (!has_glass || show_glass (port, request, &wait, error))
         && take_fingers (port, request, trust, &wait, error);
}

gboolean tambo_sbi_run (const char *id, char **arguments) {
  TamboSbiRequest request = { .previous_hash = arguments[3] };
  g_autoptr (GError) error = NULL;
  guint64 missing;

  if (!tambo_press_from_string (arguments[0], &request.press)
      || !g_ascii_string_to_unsigned (arguments[2], 10, 0, 0x7ff, &missing, NULL)
      || strlen (arguments[3]) != strlen (TAMBO_SBI_FIRST_HASH))
    return FALSE;
  request.finger = tambo_finger_from_string (arguments[1]);
  request.missing = (guint) missing;
  if (!run (id, &request, g_str_equal (arguments[4], "1"), &error))
    tambo_output_error (error);
  return TRUE;
}
