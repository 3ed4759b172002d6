/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/camera.h"

#include "base/file.h"
#include "format/image-codec.h"
#include "simulator/camera-wire.h"
#include "simulator/control.h"
#include "simulator/process.h"
#include "simulator/simulator-error.h"

#define MAX_FILE (64 * 1024 * 1024)

typedef struct {
  TamboCameraBody *body; /* borrowed, like the two below */
  TamboFaults *faults;
  TamboCameraWire *wire;
  guint32 seed;
} Stage;

static TamboScene *make_scene (const char *portrait, guint32 seed, GError **error) {
  if (portrait == NULL)
    return tambo_scene_new_drawn (seed);
  g_autoptr (GBytes) bytes = tambo_file_read (portrait, MAX_FILE, error);
  g_autoptr (TamboImage) image = bytes != NULL ? tambo_image_decode (bytes, error) : NULL;
  return image != NULL ? tambo_scene_new_picture (image) : NULL;
}

static gboolean set_portrait (Stage *stage, const char *portrait, GError **error) {
  gboolean drawn = g_str_equal (portrait, "drawn");
  TamboScene *scene = make_scene (drawn ? NULL : portrait, stage->seed, error);
  if (scene == NULL)
    return FALSE;
  tambo_camera_body_set_scene (stage->body, scene);
  return TRUE;
}

static gboolean on_command (char **words, gpointer data, GError **error) {
  Stage *stage = data;
  guint n = g_strv_length (words);
  if (n == 2 && g_str_equal (words[0], "portrait"))
    return set_portrait (stage, words[1], error);
  if (n == 2 && g_str_equal (words[0], "fault"))
    return tambo_faults_set (stage->faults, words[1], error);
  if (n == 1 && (g_str_equal (words[0], "unplug") || g_str_equal (words[0], "plug")))
    return tambo_camera_wire_set_plugged (stage->wire, g_str_equal (words[0], "plug"), error);
  g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
               "a camera knows: portrait FILE, portrait drawn, fault LIST, unplug, plug");
  return FALSE;
}

static gboolean play (TamboCameraBody *body, TamboFaults *faults, guint16 port,
                      const char *control_path, guint32 seed, GError **error) {
  g_autoptr (GMainLoop) loop = tambo_simulator_main_loop_new ();
  g_autoptr (TamboControl) control = NULL;
  guint16 chosen;
  g_autoptr (TamboCameraWire) wire = tambo_camera_wire_new (body, faults, port, &chosen, error);
  if (wire == NULL)
    return FALSE;
  Stage stage = { body, faults, wire, seed };
  if (control_path != NULL
      && (control = tambo_control_listen (control_path, on_command, &stage, error)) == NULL)
    return FALSE;
  tambo_simulator_announce ("port %u", chosen);
  g_main_loop_run (loop);
  return TRUE;
}

int tambo_simulator_camera_main (int argc, char **argv) {
  g_autofree char *portrait = NULL, *control = NULL, *fault = NULL;
  int port = 0, seed = 1;
  const GOptionEntry options[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &port, "TCP port on 127.0.0.1; else a free one", "P" },
    { "portrait", 0, 0, G_OPTION_ARG_FILENAME, &portrait, "Who sits there; else drawn", "FILE" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "Another drawn person", "N" },
    { "fault", 0, 0, G_OPTION_ARG_STRING, &fault, "What goes wrong: NAME or NAME@N", "LIST" },
    { "control", 0, 0, G_OPTION_ARG_FILENAME, &control, "Take commands on this socket", "PATH" },
    { NULL },
  };
  if (!tambo_simulator_parse_options (
          &argc, &argv, NULL,
          "Plays a PTP/IP camera with live view. Prints \"port N\" when "
          "it is ready.",
          options))
    return 2;
  if (port < 0 || port > G_MAXUINT16) {
    g_printerr ("tambo-simulator: %d is not a TCP port\n", port);
    return 2;
  }

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboFaults) faults = tambo_camera_faults_new ();
  if (fault != NULL && !tambo_faults_set (faults, fault, &error))
    return tambo_simulator_fail ("camera", error);
  TamboScene *scene = make_scene (portrait, (guint32) seed, &error);
  g_autoptr (TamboCameraBody) body = scene != NULL ? tambo_camera_body_new (scene) : NULL;
  if (body == NULL || !play (body, faults, (guint16) port, control, (guint32) seed, &error))
    return tambo_simulator_fail ("camera", error);
  return 0;
}
