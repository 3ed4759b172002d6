/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/webcam.h"

#include "base/file.h"
#include "simulator/control.h"
#include "simulator/process.h"
#include "simulator/simulator-error.h"
#include "simulator/testbed-usb.h"
#include "simulator/webcam-umockdev.h"

/* How a webcam is asked for. */
typedef struct {
  char *portrait, *control, *fault, *dir;
  int seed;
  char **command; /* borrowed; NULL: none */
} Wish;

static void wish_clear (Wish *wish) {
  g_free (wish->portrait);
  g_free (wish->control);
  g_free (wish->fault);
  g_free (wish->dir);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

typedef struct {
  TamboFaults *faults; /* borrowed, like the one below */
  TamboWebcamBed *bed;
} Stage;

static gboolean on_command (char **words, gpointer data, GError **error) {
  Stage *stage = data;
  guint n = g_strv_length (words);

  if (n == 2 && g_str_equal (words[0], "fault"))
    return tambo_faults_set (stage->faults, words[1], error);
  if (n == 1 && (g_str_equal (words[0], "unplug") || g_str_equal (words[0], "plug")))
    return tambo_webcam_bed_set_plugged (stage->bed, g_str_equal (words[0], "plug"), error);
  g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
               "a webcam knows: fault LIST, unplug, plug");
  return FALSE;
}

static gboolean serve (const Wish *wish, Stage *stage, GMainLoop *loop, int *out_code,
                       GError **error) {
  g_autoptr (TamboControl) control = NULL;

  if (wish->control != NULL) {
    control = tambo_control_listen (wish->control, on_command, stage, error);
    if (control == NULL)
      return FALSE;
  }
  if (wish->command != NULL) {
    g_auto (GStrv) environment = tambo_testbed_environment (tambo_webcam_bed_get_root (stage->bed));
    return tambo_simulator_run_command (loop, wish->command, environment, out_code, error);
  }
  tambo_simulator_announce ("webcam %s", tambo_webcam_bed_get_root (stage->bed));
  g_main_loop_run (loop);
  return TRUE;
}

static gboolean play (const Wish *wish, int *out_code, GError **error) {
  g_autofree char *whole =
      g_canonicalize_filename (wish->dir != NULL ? wish->dir : g_get_tmp_dir (), NULL);
  g_autoptr (TamboFaults) faults = tambo_webcam_faults_new ();
  g_autoptr (GMainLoop) loop = NULL;
  g_autoptr (TamboCameraFilm) film = NULL;
  g_autoptr (TamboWebcamBed) bed = NULL;
  Stage stage = { .faults = faults };
  TamboScene *scene = NULL;

  if (!tambo_faults_set (faults, wish->fault != NULL ? wish->fault : "none", error)
      || (wish->dir != NULL && !tambo_file_make_folder (whole, 0700, error)))
    return FALSE;
  loop = tambo_simulator_main_loop_new ();
  scene = tambo_scene_load (wish->portrait, (guint32) wish->seed, error);
  if (scene == NULL)
    return FALSE;
  film = tambo_camera_film_new (scene);
  /* As for the pad: umockdev warns of a program that was killed while it asked. */
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR);
  bed = tambo_webcam_bed_new (whole, film, faults, error);
  stage.bed = bed;
  return bed != NULL && serve (wish, &stage, loop, out_code, error);
}

int tambo_simulator_webcam_main (int argc, char **argv) {
  g_auto (Wish) wish = { .seed = 1 };
  const GOptionEntry options[] = {
    { "dir", 0, 0, G_OPTION_ARG_FILENAME, &wish.dir, "The testbed is made inside", "DIR" },
    { "portrait", 0, 0, G_OPTION_ARG_FILENAME, &wish.portrait, "Who sits there; else drawn",
      "FILE" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &wish.seed, "Another drawn person", "N" },
    { "fault", 0, 0, G_OPTION_ARG_STRING, &wish.fault, "What goes wrong: NAME or NAME@N", "LIST" },
    { "control", 0, 0, G_OPTION_ARG_FILENAME, &wish.control, "Take commands on this socket",
      "PATH" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  int code = 0;

  if (!tambo_simulator_parse_options (
          &argc, &argv, "[-- COMMAND [ARGUMENT…]]",
          "Plays a webcam to COMMAND, and ends as that ends; without one it prints \"webcam "
          "ROOT\":\n"
          "run a program with UMOCKDEV_DIR=ROOT and LD_PRELOAD=libumockdev-preload.so.0 to use it.",
          options))
    return 2;
  wish.command = tambo_simulator_command (argv);
  return play (&wish, &code, &error) ? code : tambo_simulator_fail ("webcam", error);
}
