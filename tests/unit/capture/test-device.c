/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/device-private.h"
#include "capture/helper-devices.h"

static TamboDevice *device_new (void) {
  g_autoptr (TamboDeviceRow) row =
      tambo_device_row_new ("id", "Name", "driver", TAMBO_DEVICE_READY, NULL);

  return tambo_helper_device_new (TAMBO_DEVICE_CAMERA, row);
}

static void test_properties (void) {
  g_autoptr (TamboDevice) device = device_new ();
  g_autofree char *id = NULL;
  g_autofree char *name = NULL;
  g_autofree char *driver = NULL;
  g_autofree char *detail = NULL;
  int kind, state;

  g_object_get (device, "kind", &kind, "id", &id, "name", &name, "driver", &driver, "state", &state,
                "detail", &detail, NULL);
  g_assert_cmpint (kind, ==, TAMBO_DEVICE_CAMERA);
  g_assert_cmpint (state, ==, TAMBO_DEVICE_READY);
  g_assert_cmpstr (id, ==, "id");
  g_assert_cmpstr (name, ==, "Name");
  g_assert_cmpstr (driver, ==, "driver");
  g_assert_cmpstr (detail, ==, "");
  g_assert_cmpstr (tambo_device_kind_to_string (TAMBO_DEVICE_SIGNATURE_PAD), ==, "signature-pad");
  g_assert_cmpstr (tambo_device_state_to_string (TAMBO_DEVICE_NO_PERMISSION), ==, "no-permission");
}

static void test_one_at_a_time (void) {
  g_autoptr (TamboDevice) device = device_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_device_claim (device, &error));
  g_assert_false (tambo_device_claim (device, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_BUSY);
  tambo_device_release (device);
  g_assert_true (tambo_device_claim (device, NULL));
  tambo_device_release (device);
}

static void test_state_from_error (void) {
  static const struct {
    TamboCaptureError code;
    TamboDeviceState state;
  } cases[] = {
    { TAMBO_CAPTURE_ERROR_NO_PERMISSION, TAMBO_DEVICE_NO_PERMISSION },
    { TAMBO_CAPTURE_ERROR_BUSY, TAMBO_DEVICE_BUSY },
    { TAMBO_CAPTURE_ERROR_UNSUITABLE, TAMBO_DEVICE_UNSUITABLE },
    { TAMBO_CAPTURE_ERROR_REMOVED, TAMBO_DEVICE_REMOVED },
    { TAMBO_CAPTURE_ERROR_TIMEOUT, TAMBO_DEVICE_FAILED },
  };
  g_autoptr (TamboDevice) device = device_new ();
  g_autoptr (GError) retry =
      g_error_new_literal (TAMBO_CAPTURE_RETRY, TAMBO_CAPTURE_RETRY_GENERAL, "again");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error =
        g_error_new (TAMBO_CAPTURE_ERROR, (int) cases[i].code, "cause %u", i);

    tambo_device_set_state_from_error (device, error);
    g_assert_cmpint (tambo_device_get_state (device), ==, cases[i].state);
    g_assert_cmpstr (tambo_device_get_detail (device), ==, error->message);
    /* A finger that slipped says nothing about the reader. */
    tambo_device_set_state_from_error (device, retry);
    g_assert_cmpint (tambo_device_get_state (device), ==, cases[i].state);
  }
  tambo_device_set_state_from_error (device, NULL);
  g_assert_cmpint (tambo_device_get_state (device), ==, TAMBO_DEVICE_READY);
  g_assert_cmpstr (tambo_device_get_detail (device), ==, "");
}

typedef struct {
  GMainLoop *loop;
  GThread *owner;
  guint notified;
} Listener;

static void on_state_notified_cb (GObject *object, GParamSpec *pspec, gpointer data) {
  Listener *listener = data;

  g_assert_true (g_thread_self () == listener->owner);
  listener->notified++;
  g_main_loop_quit (listener->loop);
}

static gpointer set_busy (gpointer device) {
  g_autoptr (GError) busy =
      g_error_new_literal (TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_BUSY, "held by fprintd");

  tambo_device_set_state_from_error (device, busy);
  return NULL;
}

static gboolean start_worker (gpointer device) {
  g_thread_unref (g_thread_new ("worker", set_busy, device));
  return G_SOURCE_REMOVE;
}

/* Rows are bound to widgets: whatever a worker finds out is told on the thread of the window. */
static void test_state_on_main_thread (void) {
  g_autoptr (TamboDevice) device = device_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Listener listener = { loop, g_thread_self (), 0 };

  g_signal_connect (device, "notify::state", G_CALLBACK (on_state_notified_cb), &listener);
  g_idle_add (start_worker, device);
  g_main_loop_run (loop);
  g_assert_cmpuint (listener.notified, ==, 1);
  g_assert_cmpint (tambo_device_get_state (device), ==, TAMBO_DEVICE_BUSY);
  g_assert_cmpstr (tambo_device_get_detail (device), ==, "held by fprintd");
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capture/device/properties", test_properties);
  g_test_add_func ("/capture/device/one-at-a-time", test_one_at_a_time);
  g_test_add_func ("/capture/device/state-from-error", test_state_from_error);
  g_test_add_func ("/capture/device/state-on-main-thread", test_state_on_main_thread);
  return g_test_run ();
}
