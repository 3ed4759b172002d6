/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/desk.h"

#include "base/file.h"
#include "simulator/control.h"
#include "simulator/desk-folder.h"
#include "simulator/process.h"
#include "simulator/simulator-error.h"
#include "simulator/testbed-usb.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define READY_MS 90000   /* a busy machine, and a program full of checks */
#define CARD_POLL_MS 450 /* pcscd looks for a card every 400 ms */

enum {
  FINGER,
  CAMERA,
  PAD,
  READER,
  CARD,
  N_DEVICES,
};

static const char *const device_names[N_DEVICES] = { "finger", "camera", "pad", "reader", "card" };

typedef struct {
  GPid pid; /* 0: not running */
  int output;
} Device;

typedef struct {
  char *dir, *portrait;
  char **finger_images;
  int seed, tear_at;
  Device devices[N_DEVICES];
  char *testbed, *camera_port, *reader_port;
  GMainLoop *loop;
  int exit_code;
} Desk;

static char *in_dir (const Desk *desk, const char *name) {
  return g_build_filename (desk->dir, name, NULL);
}

static char *control_path (const Desk *desk, int device) {
  g_autofree char *name = g_strconcat (device_names[device], ".control", NULL);
  return in_dir (desk, name);
}

/* Out of the terminal's group: Ctrl-C is for the command, the devices must stay until it is done. */
static void set_up_device (gpointer unused) {
  setpgid (0, 0);
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static gboolean start_device (Desk *desk, int device, GPtrArray *arguments, GError **error) {
  g_autofree char *self = g_file_read_link ("/proc/self/exe", error);
  if (self == NULL)
    return FALSE;
  g_ptr_array_insert (arguments, 0, g_steal_pointer (&self));
  g_ptr_array_insert (arguments, 1, g_strdup (device_names[device]));
  if (device != READER) {
    g_ptr_array_add (arguments, g_strdup ("--control"));
    g_ptr_array_add (arguments, control_path (desk, device));
  }
  g_ptr_array_add (arguments, NULL);
  return g_spawn_async_with_pipes_and_fds (NULL, (const char *const *) arguments->pdata, NULL,
                                           G_SPAWN_DO_NOT_REAP_CHILD, set_up_device, NULL, -1, -1,
                                           -1, NULL, NULL, 0, &desk->devices[device].pid, NULL,
                                           &desk->devices[device].output, NULL, error);
}

static void add_option (GPtrArray *arguments, const char *name, char *value) {
  g_ptr_array_add (arguments, g_strdup (name));
  g_ptr_array_add (arguments, value);
}

static gboolean start_finger (Desk *desk, GError **error) {
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
  add_option (arguments, "--socket", in_dir (desk, TAMBO_DESK_FINGER));
  for (char **image = desk->finger_images; image != NULL && *image != NULL; image++)
    add_option (arguments, "--image", g_strdup (*image));
  if (desk->finger_images == NULL) /* one right and one left index finger for each person */
    add_option (arguments, "--seed",
                g_strdup_printf ("%u,%u", 2 * (guint) desk->seed, 2 * (guint) desk->seed + 1));
  return start_device (desk, FINGER, arguments, error);
}

static gboolean start_camera (Desk *desk, GError **error) {
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
  add_option (arguments, "--seed", g_strdup_printf ("%d", desk->seed));
  if (desk->portrait != NULL)
    add_option (arguments, "--portrait", g_strdup (desk->portrait));
  return start_device (desk, CAMERA, arguments, error);
}

static gboolean start_in_dir (Desk *desk, int device, GError **error) {
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
  add_option (arguments, "--dir", g_strdup (desk->dir));
  if (device == PAD)
    add_option (arguments, "--seed", g_strdup_printf ("%d", desk->seed));
  return start_device (desk, device, arguments, error);
}

static gboolean start_card (Desk *desk, GError **error) {
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
  add_option (arguments, "--vpcd", g_strdup (desk->reader_port));
  add_option (arguments, "--profile", g_strdup ("jmrtd"));
  if (desk->tear_at > 0)
    add_option (arguments, "--tear-at", g_strdup_printf ("%d", desk->tear_at));
  return start_device (desk, CARD, arguments, error);
}

/* The line "WORD VALUE" that a device prints when it is ready; VALUE, or NULL on error. */
static char *wait_ready (Desk *desk, int device, GError **error) {
  char line[512];
  gsize size = 0;
  gint64 until = g_get_monotonic_time () + READY_MS * 1000LL;
  while (size < sizeof line) {
    struct pollfd fd = { desk->devices[device].output, POLLIN, 0 };
    int left = (int) MAX (0, (until - g_get_monotonic_time ()) / 1000);
    if (poll (&fd, 1, left) <= 0 && errno != EINTR)
      break;
    gssize got = read (fd.fd, line + size, sizeof line - size);
    if (got <= 0)
      break;
    char *end = memchr (line + size, '\n', (gsize) got);
    size += (gsize) got;
    char *value = memchr (line, ' ', size);
    if (end != NULL && value != NULL && value < end)
      return g_strndup (value + 1, (gsize) (end - value - 1));
  }
  g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
               "the %s did not become ready", device_names[device]);
  return NULL;
}

static gboolean start_devices (Desk *desk, GError **error) {
  g_autofree char *finger = NULL, *card = NULL;
  if (!start_finger (desk, error) || !start_camera (desk, error) || !start_in_dir (desk, PAD, error)
      || !start_in_dir (desk, READER, error)
      || (desk->reader_port = wait_ready (desk, READER, error)) == NULL || !start_card (desk, error)
      || (card = wait_ready (desk, CARD, error)) == NULL
      || (desk->camera_port = wait_ready (desk, CAMERA, error)) == NULL
      || (desk->testbed = wait_ready (desk, PAD, error)) == NULL
      || (finger = wait_ready (desk, FINGER, error)) == NULL)
    return FALSE;
  g_usleep (CARD_POLL_MS * 1000);
  return TRUE;
}

static gboolean on_command (char **words, gpointer data, GError **error) {
  const Desk *desk = data;
  for (int i = 0; i < N_DEVICES; i++)
    if (i != READER && g_str_equal (words[0], device_names[i]) && words[1] != NULL) {
      g_autofree char *path = control_path (desk, i);
      return tambo_control_send (path, (const char *const *) words + 1, error);
    }
  g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
               "a desk has: finger, camera, pad, card, each with a command");
  return FALSE;
}

static char **make_environment (const Desk *desk) {
  g_autofree char *finger = in_dir (desk, TAMBO_DESK_FINGER);
  g_autofree char *reader = in_dir (desk, TAMBO_DESK_READER);
  g_autofree char *control = in_dir (desk, TAMBO_DESK_CONTROL);
  g_autofree char *camera =
      g_strdup_printf ("ptpip:127.0.0.1:%s:%s", desk->camera_port, desk->camera_port);
  char **environment = tambo_testbed_environment (desk->testbed);
  environment = g_environ_setenv (environment, "FP_VIRTUAL_IMAGE", finger, TRUE);
  environment = g_environ_setenv (environment, "TAMBO_CAMERA_PORT", camera, TRUE);
  environment = g_environ_setenv (environment, "PCSCLITE_CSOCK_NAME", reader, TRUE);
  return g_environ_setenv (environment, "TAMBO_SIMULATOR_CONTROL", control, TRUE);
}

static gboolean run_command (Desk *desk, char **argv, GError **error) {
  g_auto (GStrv) environment = make_environment (desk);
  return tambo_simulator_run_command (desk->loop, argv, environment, &desk->exit_code, error);
}

static void stop_devices (Desk *desk) {
  /* The card first: its reader would wait for it. All are told before the first is waited for. */
  for (int i = N_DEVICES - 1; i >= 0; i--)
    if (desk->devices[i].pid != 0)
      kill (desk->devices[i].pid, SIGTERM);
  for (int i = N_DEVICES - 1; i >= 0; i--) {
    if (desk->devices[i].pid == 0)
      continue;
    tambo_simulator_end_child (desk->devices[i].pid);
    close (desk->devices[i].output);
  }
}

static gboolean play (Desk *desk, char **argv, GError **error) {
  g_autoptr (TamboControl) control = NULL;
  g_autofree char *path = in_dir (desk, TAMBO_DESK_CONTROL);
  if (!tambo_testbed_check_folder (desk->dir, error)
      || !tambo_file_make_folder (desk->dir, 0700, error))
    return FALSE;
  TamboJanitor janitor;
  if (!tambo_desk_hire_janitor (desk->dir, &janitor, error))
    return FALSE;
  tambo_desk_clear (desk->dir); /* of a desk that was killed together with its janitor */

  desk->loop = tambo_simulator_main_loop_new ();
  gboolean good = start_devices (desk, error)
                  && (control = tambo_control_listen (path, on_command, desk, error)) != NULL
                  && run_command (desk, argv, error);
  g_clear_pointer (&control, tambo_control_free);
  stop_devices (desk);
  tambo_desk_clear (desk->dir);
  tambo_desk_dismiss_janitor (&janitor);
  g_main_loop_unref (desk->loop);
  return good;
}

static void desk_clear (Desk *desk) {
  g_free (desk->dir);
  g_free (desk->portrait);
  g_strfreev (desk->finger_images);
  g_free (desk->testbed);
  g_free (desk->camera_port);
  g_free (desk->reader_port);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Desk, desk_clear)

int tambo_simulator_desk_main (int argc, char **argv) {
  g_auto (Desk) desk = { .seed = 1 };
  g_autofree char *dir = NULL;
  const GOptionEntry options[] = {
    { "dir", 0, 0, G_OPTION_ARG_FILENAME, &dir, "For the sockets; is empty afterwards", "DIR" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &desk.seed, "Another applicant", "N" },
    { "portrait", 0, 0, G_OPTION_ARG_FILENAME, &desk.portrait, "Who sits there", "FILE" },
    { "finger-image", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &desk.finger_images,
      "A picture of a print; may be repeated", "FILE" },
    { "tear-at", 0, 0, G_OPTION_ARG_INT, &desk.tear_at, "The card leaves at its Nth command", "N" },
    { NULL },
  };
  if (!tambo_simulator_parse_options (&argc, &argv, "-- COMMAND [ARGUMENT…]",
                                      "Plays every device while COMMAND runs, and ends as it ends.",
                                      options))
    return 2;
  char **command = tambo_simulator_command (argv);
  if (dir == NULL || command == NULL || desk.seed < 0) {
    g_printerr ("tambo-simulator: desk needs --dir DIR and a command after --; see --help\n");
    return 2;
  }
  g_autoptr (GError) error = NULL;
  desk.dir = g_canonicalize_filename (dir, NULL);
  if (!play (&desk, command, &error))
    return tambo_simulator_fail ("desk", error);
  return desk.exit_code;
}
