/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/camera.h"

#include "base/file.h"
#include "simulator/camera-umockdev.h"
#include "simulator/camera-wire.h"
#include "simulator/control.h"
#include "simulator/process.h"
#include "simulator/simulator-error.h"
#include "simulator/testbed-usb.h"

/* How a camera is asked for. */
typedef struct {
  char *portrait, *control, *fault, *dir;
  int port, seed;
  gboolean usb, busy;
  char **command; /* borrowed; over USB, NULL: none */
} Wish;

static void wish_clear (Wish *wish) {
  g_free (wish->portrait);
  g_free (wish->control);
  g_free (wish->fault);
  g_free (wish->dir);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

typedef struct {
  TamboCameraBody *body; /* borrowed, like the one below */
  TamboFaults *faults;
  TamboCameraWire *wire; /* one of the two, borrowed */
  TamboCameraBed *bed;
  guint32 seed;
} Stage;

static gboolean set_portrait (Stage *stage, const char *portrait, GError **error) {
  gboolean drawn = g_str_equal (portrait, "drawn");
  TamboScene *scene = tambo_scene_load (drawn ? NULL : portrait, stage->seed, error);
  if (scene == NULL)
    return FALSE;
  tambo_camera_body_set_scene (stage->body, scene);
  return TRUE;
}

static gboolean set_plugged (Stage *stage, gboolean plugged, GError **error) {
  return stage->bed != NULL ? tambo_camera_bed_set_plugged (stage->bed, plugged, error)
                            : tambo_camera_wire_set_plugged (stage->wire, plugged, error);
}

static gboolean on_command (char **words, gpointer data, GError **error) {
  Stage *stage = data;
  guint n = g_strv_length (words);
  if (n == 2 && g_str_equal (words[0], "portrait"))
    return set_portrait (stage, words[1], error);
  if (n == 2 && g_str_equal (words[0], "fault"))
    return tambo_faults_set (stage->faults, words[1], error);
  if (n == 1 && (g_str_equal (words[0], "unplug") || g_str_equal (words[0], "plug")))
    return set_plugged (stage, g_str_equal (words[0], "plug"), error);
  g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
               "a camera knows: portrait FILE, portrait drawn, fault LIST, unplug, plug");
  return FALSE;
}

/* Takes commands at the socket that was asked for, if any; its end is for the caller. */
static gboolean listen_to_control (const Wish *wish, Stage *stage, TamboControl **out_control,
                                   GError **error) {
  if (wish->control == NULL)
    return TRUE;
  *out_control = tambo_control_listen (wish->control, on_command, stage, error);
  return *out_control != NULL;
}

static gboolean play_on_network (const Wish *wish, Stage *stage, GError **error) {
  g_autoptr (GMainLoop) loop = tambo_simulator_main_loop_new ();
  guint16 chosen;
  g_autoptr (TamboCameraWire) wire =
      tambo_camera_wire_new (stage->body, stage->faults, (guint16) wish->port, &chosen, error);
  g_autoptr (TamboControl) control = NULL;
  if (wire == NULL)
    return FALSE;
  stage->wire = wire;
  if (!listen_to_control (wish, stage, &control, error))
    return FALSE;
  tambo_simulator_announce ("port %u", chosen);
  g_main_loop_run (loop);
  return TRUE;
}

static gboolean serve_bed (const Wish *wish, Stage *stage, GMainLoop *loop, int *out_code,
                           GError **error) {
  g_autoptr (TamboControl) control = NULL;
  if (!listen_to_control (wish, stage, &control, error))
    return FALSE;
  if (wish->command != NULL) {
    g_auto (GStrv) environment = tambo_testbed_environment (tambo_camera_bed_get_root (stage->bed));
    return tambo_simulator_run_command (loop, wish->command, environment, out_code, error);
  }
  tambo_simulator_announce ("usb %s", tambo_camera_bed_get_root (stage->bed));
  g_main_loop_run (loop);
  return TRUE;
}

static gboolean play_on_usb (const Wish *wish, Stage *stage, int *out_code, GError **error) {
  g_autofree char *whole =
      g_canonicalize_filename (wish->dir != NULL ? wish->dir : g_get_tmp_dir (), NULL);
  if (wish->dir != NULL && !tambo_file_make_folder (whole, 0700, error))
    return FALSE;
  g_autoptr (GMainLoop) loop = tambo_simulator_main_loop_new ();
  /* As for the pad: umockdev warns of a program that was killed while it asked. */
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR);
  g_autoptr (TamboCameraUsb) usb = tambo_camera_usb_new (stage->body, stage->faults);
  stage->bed = tambo_camera_bed_new (whole, usb, stage->faults, error);
  gboolean good = stage->bed != NULL && serve_bed (wish, stage, loop, out_code, error);
  tambo_camera_bed_free (stage->bed);
  return good;
}

static gboolean set_faults (TamboFaults *faults, const Wish *wish, GError **error) {
  g_autofree char *list =
      g_strjoin (",", wish->fault != NULL ? wish->fault : "none", wish->busy ? "busy" : NULL, NULL);
  return tambo_faults_set (faults, list, error);
}

static gboolean play (const Wish *wish, int *out_code, GError **error) {
  g_autoptr (TamboFaults) faults = tambo_camera_faults_new ();
  if (!set_faults (faults, wish, error))
    return FALSE;
  TamboScene *scene = tambo_scene_load (wish->portrait, (guint32) wish->seed, error);
  if (scene == NULL)
    return FALSE;
  g_autoptr (TamboCameraBody) body = tambo_camera_body_new (scene);
  Stage stage = { .body = body, .faults = faults, .seed = (guint32) wish->seed };
  return wish->usb ? play_on_usb (wish, &stage, out_code, error)
                   : play_on_network (wish, &stage, error);
}

/* FALSE: what was wrong has been printed. */
static gboolean check_wish (const Wish *wish) {
  if (wish->port < 0 || wish->port > G_MAXUINT16) {
    g_printerr ("tambo-simulator: %d is not a TCP port\n", wish->port);
    return FALSE;
  }
  if (!wish->usb && (wish->command != NULL || wish->dir != NULL || wish->busy)) {
    g_printerr ("tambo-simulator: a command, --dir and --busy need --usb; see --help\n");
    return FALSE;
  }
  return TRUE;
}

int tambo_simulator_camera_main (int argc, char **argv) {
  g_auto (Wish) wish = { .seed = 1 };
  const GOptionEntry options[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &wish.port, "TCP port on 127.0.0.1; else a free one", "P" },
    { "usb", 0, 0, G_OPTION_ARG_NONE, &wish.usb, "On USB, in a umockdev testbed", NULL },
    { "dir", 0, 0, G_OPTION_ARG_FILENAME, &wish.dir, "The testbed is made inside", "DIR" },
    { "portrait", 0, 0, G_OPTION_ARG_FILENAME, &wish.portrait, "Who sits there; else drawn",
      "FILE" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &wish.seed, "Another drawn person", "N" },
    { "busy", 0, 0, G_OPTION_ARG_NONE, &wish.busy, "Another program has claimed it", NULL },
    { "fault", 0, 0, G_OPTION_ARG_STRING, &wish.fault, "What goes wrong: NAME or NAME@N", "LIST" },
    { "control", 0, 0, G_OPTION_ARG_FILENAME, &wish.control, "Take commands on this socket",
      "PATH" },
    { NULL },
  };
  if (!tambo_simulator_parse_options (
          &argc, &argv, "[-- COMMAND [ARGUMENT…]]",
          "Plays a camera with live view. Prints \"port N\" when it is ready on PTP/IP. With --usb "
          "it\n"
          "is a Nikon D750 to COMMAND, and ends as that ends; without one it prints \"usb ROOT\":\n"
          "run a program with UMOCKDEV_DIR=ROOT and LD_PRELOAD=libumockdev-preload.so.0 to use it.",
          options))
    return 2;
  wish.command = tambo_simulator_command (argv);
  if (!check_wish (&wish))
    return 2;
  g_autoptr (GError) error = NULL;
  int code = 0;
  return play (&wish, &code, &error) ? code : tambo_simulator_fail ("camera", error);
}
