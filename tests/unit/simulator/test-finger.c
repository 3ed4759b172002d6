/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"
#include "format/image-codec.h"
#include "simulator/ridges.h"

#include "play.h"

#include <glib/gstdio.h>
#include <stdio.h>

#define FINGERS 8

/* libfprint does not always unlink its socket; what is tested is what the simulator leaves. */
static void remove_folder (const char *folder, const char *socket) {
  g_unlink (socket);
  play_remove_folder (folder);
}

/* The acceptance of the synthetic prints: libfprint's own detector, over its own socket. */
static void test_sensor_accepts (void) {
  g_autofree char *folder = play_make_folder ();
  g_autofree char *socket = g_build_filename (folder, "sensor", NULL);
  g_autofree char *setting = g_strconcat ("FP_VIRTUAL_IMAGE=", socket, NULL);
  const char *const arguments[] = { "finger",          "--socket", socket, "--seed",
                                    "1,2,3,4,5,6,7,8", "--press",  "100",  NULL };
  const char *const client[] = { SENSOR_CLIENT, G_STRINGIFY (FINGERS), NULL };
  const char *const environment[] = { setting, NULL };

  Play *play = play_start (arguments);
  g_autofree char *text = play_run (client, environment, NULL);
  play_stop (play);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", 0);
  g_assert_cmpuint (g_strv_length (lines), ==, FINGERS);
  for (guint i = 0; i < FINGERS; i++) {
    int width, height, minutiae;
    g_assert_cmpint (sscanf (lines[i], "%d %d %d", &width, &height, &minutiae), ==, 3);
    g_assert_cmpint (width, ==, TAMBO_RIDGES_WIDTH);
    g_assert_cmpint (height, ==, TAMBO_RIDGES_HEIGHT);
    g_assert_cmpint (minutiae, >=, 20);
    g_assert_cmpint (minutiae, <=, 100);
  }
  remove_folder (folder, socket);
}

static void test_once (void) {
  g_autofree char *folder = play_make_folder ();
  g_autofree char *socket = g_build_filename (folder, "sensor", NULL);
  g_autofree char *setting = g_strconcat ("FP_VIRTUAL_IMAGE=", socket, NULL);
  const char *const arguments[] = { "finger", "--socket", socket, "--seed", "3", "--once", NULL };
  const char *const client[] = { SENSOR_CLIENT, "1", NULL };
  const char *const environment[] = { setting, NULL };
  Play *play = play_start (arguments);
  g_autofree char *text = play_run (client, environment, NULL);
  g_assert_true (g_subprocess_wait_check (play->process, NULL, NULL)); /* without a signal */
  play_stop (play);
  remove_folder (folder, socket);
}

static void test_save (void) {
  g_autofree char *folder = play_make_folder ();
  g_autofree char *path = g_build_filename (folder, "print.png", NULL);
  const char *const argv[] = { TAMBO_SIMULATOR, "finger", "--seed", "7", "--press", "1",
                               "--save",        path,     NULL };
  g_autofree char *text = play_run (argv, NULL, NULL);
  g_autoptr (GBytes) png = tambo_file_read (path, 1 << 22, NULL);
  g_assert_nonnull (png);
  g_assert_cmpint (tambo_image_sniff (png), ==, TAMBO_IMAGE_PNG);
  g_autoptr (TamboImage) saved = tambo_image_decode (png, NULL);
  g_autoptr (TamboRidges) ridges = tambo_ridges_new (7);
  g_autoptr (TamboImage) pressed = tambo_ridges_press (ridges, 1);
  g_assert_cmpmem (saved->data, tambo_image_size (saved), pressed->data,
                   tambo_image_size (pressed));
  g_unlink (path);
  play_remove_folder (folder);
}

/* Every fault as libfprint tells it, and a print as soon as the cause is gone. */
static void test_faults (void) {
  static const struct {
    const char *command, *answer; /* "": the next print is good */
  } turns[] = {
    { "fault busy@1", "error: The device is still busy" },
    { "fault error@2", "error: The driver encountered a protocol error" },
    { "fault blank", "error: Minutiae detection failed" },
    { "fault unplug@2", "error: This device has been removed" },
    { "fault none", "error: This device has been removed" },
    { "plug", "" },
    { "unplug", "error: This device has been removed" },
    { "plug", "" },
  };
  g_autofree char *folder = play_make_folder ();
  g_autofree char *socket = g_build_filename (folder, "sensor", NULL);
  g_autofree char *control = g_build_filename (folder, "control", NULL);
  g_autofree char *setting = g_strconcat ("FP_VIRTUAL_IMAGE=", socket, NULL);
  const char *const arguments[] = { "finger",  "--socket", socket,      "--seed", "1",
                                    "--press", "100",      "--control", control,  NULL };
  const char *const client[] = { SENSOR_CLIENT, "1", NULL };
  /* libfprint warns of a client that ends in the middle. */
  const char *const environment[] = { setting, "G_DEBUG=", NULL };
  Play *play = play_start (arguments);
  for (guint i = 0; i < G_N_ELEMENTS (turns); i++) {
    int code;
    play_tell (control, turns[i].command);
    g_autofree char *text = play_run (client, environment, &code);
    g_assert_cmpint (code, ==, *turns[i].answer == '\0' ? 0 : 1);
    g_assert_true (g_str_has_prefix (text, turns[i].answer));
  }
  play_stop (play);
  remove_folder (folder, socket);
}

static void test_usage (void) {
  const char *const lines[][6] = {
    { TAMBO_SIMULATOR, "finger", NULL },
    { TAMBO_SIMULATOR, "finger", "--seed", "1", NULL },
    { TAMBO_SIMULATOR, "finger", "--seed", "x", "--save=/dev/null", NULL },
    { TAMBO_SIMULATOR, "finger", "--seed=1", "--save=/dev/null", "--fault=bite", NULL },
    { TAMBO_SIMULATOR, "nose", NULL },
    { TAMBO_SIMULATOR, NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    int code;
    g_autofree char *text = play_run (lines[i], NULL, &code);
    g_assert_cmpint (code, ==, 2);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulator/finger/sensor-accepts", test_sensor_accepts);
  g_test_add_func ("/simulator/finger/once", test_once);
  g_test_add_func ("/simulator/finger/save", test_save);
  g_test_add_func ("/simulator/finger/faults", test_faults);
  g_test_add_func ("/simulator/finger/usage", test_usage);
  return g_test_run ();
}
