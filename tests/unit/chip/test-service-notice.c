/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/service-notice.h"

#include <glib/gstdio.h>

#define LONG_MS 60000
#define SHORT_MS 20

typedef struct {
  char *room, *folder, *socket;
  GCancellable *cancellable;
} Place;

static void set_up (Place *place, gconstpointer unused) {
  place->room = g_dir_make_tmp ("tambo-notice-XXXXXX", NULL);
  place->folder = g_build_filename (place->room, "run", NULL);
  place->socket = g_build_filename (place->folder, "pcscd.comm", NULL);
  place->cancellable = g_cancellable_new ();
  g_setenv ("PCSCLITE_CSOCK_NAME", place->socket, TRUE);
}

static void tear_down (Place *place, gconstpointer unused) {
  g_unlink (place->socket);
  g_rmdir (place->folder);
  g_rmdir (place->room);
  g_object_unref (place->cancellable);
  g_free (place->socket);
  g_free (place->folder);
  g_free (place->room);
}

static gboolean waits (const Place *place, int notice, guint milliseconds) {
  return tambo_service_notice_wait (notice, milliseconds, place->cancellable);
}

static void make_socket (const Place *place) {
  g_assert_true (g_file_set_contents (place->socket, "", 0, NULL));
}

/* What comes between the opening and the wait is told. */
static void test_socket (Place *place, gconstpointer unused) {
  g_assert_cmpint (g_mkdir (place->folder, 0700), ==, 0);
  int notice = tambo_service_notice_open ();

  g_assert_cmpint (notice, >=, 0);
  g_assert_false (waits (place, notice, SHORT_MS));
  make_socket (place);
  g_assert_true (waits (place, notice, LONG_MS));
  tambo_service_notice_close (notice);
}

static void test_folder (Place *place, gconstpointer unused) {
  int notice = tambo_service_notice_open ();

  g_assert_cmpint (notice, >=, 0);
  g_assert_false (waits (place, notice, SHORT_MS));
  g_assert_cmpint (g_mkdir (place->folder, 0700), ==, 0);
  g_assert_true (waits (place, notice, LONG_MS));
  tambo_service_notice_close (notice);
}

/* A service that may not be asked yet. */
static void test_permission (Place *place, gconstpointer unused) {
  g_assert_cmpint (g_mkdir (place->folder, 0700), ==, 0);
  make_socket (place);
  int notice = tambo_service_notice_open ();

  g_assert_false (waits (place, notice, SHORT_MS));
  g_assert_cmpint (g_chmod (place->socket, 0600), ==, 0);
  g_assert_true (waits (place, notice, LONG_MS));
  tambo_service_notice_close (notice);
}

static gpointer cancel (gpointer cancellable) {
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void test_cancelled (Place *place, gconstpointer unused) {
  int notice = tambo_service_notice_open ();
  GThread *thread = g_thread_new ("cancel", cancel, place->cancellable);

  g_assert_false (waits (place, notice, LONG_MS));
  g_assert_true (g_cancellable_is_cancelled (place->cancellable));
  g_thread_join (thread);
  tambo_service_notice_close (notice);
}

/* Where the system cannot tell, time goes by. */
static void test_none (Place *place, gconstpointer unused) {
  g_assert_false (waits (place, -1, SHORT_MS));
  tambo_service_notice_close (-1);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/chip/service-notice/socket", Place, NULL, set_up, test_socket, tear_down);
  g_test_add ("/chip/service-notice/folder", Place, NULL, set_up, test_folder, tear_down);
  g_test_add ("/chip/service-notice/permission", Place, NULL, set_up, test_permission, tear_down);
  g_test_add ("/chip/service-notice/cancelled", Place, NULL, set_up, test_cancelled, tear_down);
  g_test_add ("/chip/service-notice/none", Place, NULL, set_up, test_none, tear_down);
  return g_test_run ();
}
