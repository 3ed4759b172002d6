/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dlfcn.h>
#include <hidapi/hidapi.h>
#include <string.h>
#include <unistd.h>

#include "capture/device-holder.h"
#include "capture/helper-output.h"
#include "capture/stu-protocol.h"

#define READ_MS 20
#define GONE_TRIES 20
#define GONE_PAUSE_MS 25
/* Eight minutes of uninterrupted writing. */
#define MAX_SAMPLES 100000

/* Debian has hidapi twice, over hidraw and over libusb, with the same symbols, and both are needed:
 * where the kernel's wacom driver knows the vendor, it refuses the pad and leaves no hidraw node at
 * all, but libusb takes the pad from it. */
typedef struct {
  const char *prefix; /* of the device IDs */
  const char *library;
  struct hid_device_info *(*enumerate) (unsigned short vendor, unsigned short product);
  void (*free_enumeration) (struct hid_device_info *list);
  hid_device *(*open_path) (const char *path);
  void (*close) (hid_device *device);
  int (*send_feature) (hid_device *device, const unsigned char *data, size_t size);
  int (*get_feature) (hid_device *device, unsigned char *data, size_t size);
  int (*read_timeout) (hid_device *device, unsigned char *data, size_t size, int milliseconds);
} Hidapi;

static Hidapi apis[] = {
  { "hidraw:", "libhidapi-hidraw.so.0" },
  { "libusb:", "libhidapi-libusb.so.0" },
};

static gboolean load_api (Hidapi *api) {
  void *library = api->enumerate != NULL ? NULL : dlopen (api->library, RTLD_NOW | RTLD_LOCAL);

  if (library != NULL) {
    *(void **) &api->free_enumeration = dlsym (library, "hid_free_enumeration");
    *(void **) &api->open_path = dlsym (library, "hid_open_path");
    *(void **) &api->close = dlsym (library, "hid_close");
    *(void **) &api->send_feature = dlsym (library, "hid_send_feature_report");
    *(void **) &api->get_feature = dlsym (library, "hid_get_feature_report");
    *(void **) &api->read_timeout = dlsym (library, "hid_read_timeout");
    *(void **) &api->enumerate = dlsym (library, "hid_enumerate");
  }
  return api->enumerate != NULL;
}

/* The node behind a path: hidraw's path is one; libusb's, "1-2:1.0", is a place in sysfs. */
static char *dup_node (const Hidapi *api, const char *path) {
  g_autofree char *place = NULL;
  g_autofree char *bus_path = NULL;
  g_autofree char *address_path = NULL;
  g_autofree char *bus = NULL;
  g_autofree char *address = NULL;

  if (api == &apis[0])
    return g_strdup (path);
  place = g_strndup (path, strcspn (path, ":"));
  bus_path = g_build_filename ("/sys/bus/usb/devices", place, "busnum", NULL);
  address_path = g_build_filename ("/sys/bus/usb/devices", place, "devnum", NULL);
  if (!g_file_get_contents (bus_path, &bus, NULL, NULL)
      || !g_file_get_contents (address_path, &address, NULL, NULL))
    return NULL;
  return g_strdup_printf ("/dev/bus/usb/%03u/%03u", (guint) g_ascii_strtoull (bus, NULL, 10) % 1000,
                          (guint) g_ascii_strtoull (address, NULL, 10) % 1000);
}

static void tell_pad (const Hidapi *api, const struct hid_device_info *info) {
  const char *model = tambo_stu_model (info->product_id);
  g_autofree char *id = g_strconcat (api->prefix, info->path, NULL);
  g_autofree char *name = g_strconcat ("Wacom ", model, NULL);
  g_autofree char *driver = g_ascii_strdown (model, -1);
  g_autofree char *node = dup_node (api, info->path);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboDeviceRow) row = NULL;
  gboolean may = tambo_output_check_node (node, &error);

  row =
      tambo_device_row_new (id, name, driver, may ? TAMBO_DEVICE_READY : TAMBO_DEVICE_NO_PERMISSION,
                            may ? NULL : error->message);
  tambo_output_device (row);
}

/* Calls FUNC for every pad; what hidraw has is not told again by libusb. */
static void for_each_pad (void (*func) (const Hidapi *api, const struct hid_device_info *info)) {
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (apis); i++) {
    g_autoptr (GHashTable) here = g_hash_table_new (NULL, NULL);
    struct hid_device_info *list = NULL;
    GHashTableIter iter;
    gpointer key;

    if (!load_api (&apis[i]))
      continue;
    list = apis[i].enumerate (TAMBO_STU_VENDOR, 0);
    for (struct hid_device_info *info = list; info != NULL; info = info->next) {
      if (tambo_stu_model (info->product_id) == NULL
          || g_hash_table_contains (seen, GUINT_TO_POINTER (info->product_id)))
        continue;
      func (&apis[i], info);
      g_hash_table_add (here, GUINT_TO_POINTER (info->product_id));
    }
    apis[i].free_enumeration (list);
    g_hash_table_iter_init (&iter, here);
    while (g_hash_table_iter_next (&iter, &key, NULL))
      g_hash_table_add (seen, key);
  }
}

void tambo_signature_pad_list (void) {
  for_each_pad (tell_pad);
  tambo_output_frame (TAMBO_HELPER_DONE, NULL, 0);
}

typedef struct {
  Hidapi *api;
  const char *path; /* borrowed */
  hid_device *device;
  guint16 product;
  char *node;
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

  for (int i = 0; i < GONE_TRIES && session->node != NULL && !gone; i++) {
    if (i > 0)
      g_usleep (GONE_PAUSE_MS * 1000);
    gone = access (session->node, F_OK) != 0;
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

  return session->api->send_feature (session->device, data, sizeof data) >= 0;
}

static gboolean get_capability (Session *session, TamboStuCapability *out_capability,
                                GError **error) {
  guint8 data[64] = { TAMBO_STU_CAPABILITY };
  int size = session->api->get_feature (session->device, data, TAMBO_STU_CAPABILITY_SIZE);

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

static gboolean find_api (Session *session, const char *id) {
  for (guint i = 0; i < G_N_ELEMENTS (apis); i++) {
    if (g_str_has_prefix (id, apis[i].prefix) && load_api (&apis[i])) {
      session->api = &apis[i];
      session->path = id + strlen (apis[i].prefix);
      return TRUE;
    }
  }
  return FALSE;
}

/* Only what enumeration finds is opened: the ID comes from a command line. */
static gboolean find_product (Session *session) {
  struct hid_device_info *list = session->api->enumerate (TAMBO_STU_VENDOR, 0);

  for (struct hid_device_info *info = list; info != NULL; info = info->next) {
    if (g_str_equal (info->path, session->path) && tambo_stu_model (info->product_id) != NULL)
      session->product = info->product_id;
  }
  session->api->free_enumeration (list);
  return session->product != 0;
}

static gboolean open_pad (Session *session, const char *id, GError **error) {
  if (!find_api (session, id) || !find_product (session)) {
    g_set_error_literal (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_REMOVED,
                         "the signature pad was unplugged");
    return FALSE;
  }
  session->node = dup_node (session->api, session->path);
  if (!tambo_output_check_node (session->node, error))
    return FALSE;
  session->device = session->api->open_path (session->path);
  if (session->device == NULL)
    return fail (session, TAMBO_CAPTURE_ERROR_BUSY,
                 "the signature pad is held by " TAMBO_HELD_BY_ANOTHER, error);
  return TRUE;
}

static gboolean begin (Session *session, GError **error) {
  TamboStuCapability capability;

  if (!get_capability (session, &capability, error))
    return FALSE;
  /* Without it the pad's own time is missing, which the clock here replaces. */
  if (tambo_stu_has_time (session->product)
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
  int size = session->api->read_timeout (session->device, data, sizeof data, READ_MS);

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
  if (session.device != NULL) {
    /* The applicant's signature does not stay on the display. */
    set_feature (&session, TAMBO_STU_INKING, 0);
    set_feature (&session, TAMBO_STU_CLEAR, 0);
    session.api->close (session.device);
  }
  g_free (session.node);
}
