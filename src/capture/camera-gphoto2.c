/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gphoto2/gphoto2.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "capture/camera-helper.h"
#include "capture/helper-line.h"
#include "capture/helper-output.h"

#define NETWORK_MODEL "PTP/IP Camera"
#define BUSY_TRIES 10
#define BUSY_PAUSE_MS 200

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CameraList, gp_list_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CameraAbilitiesList, gp_abilities_list_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GPPortInfoList, gp_port_info_list_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CameraFile, gp_file_free)

typedef struct {
  GPContext *context;
  Camera *camera;
  const char *port;  /* borrowed */
  char *node;        /* NULL for a camera on the network */
  GString *said;     /* what the library told of the last failure: its codes are coarse */
  char *usb_failure; /* why the last look at the ports had no USB; NULL: it had */
  gboolean open;
  gboolean line_broke; /* the last call found no line to the camera any more */
} Session;

/* libgphoto2 writes its settings to $HOME/.gphoto: the operator's home is none of its business. */
static void use_own_home (void) {
  g_autofree char *home = g_build_filename (g_get_user_cache_dir (), "tambo", "camera", NULL);

  if (g_mkdir_with_parents (home, 0700) != 0 || access (home, W_OK) != 0) {
    g_free (home);
    home = g_dir_make_tmp ("tambo-camera-XXXXXX", NULL);
  }
  if (home != NULL)
    g_setenv ("HOME", home, TRUE);
}

static void on_said_cb (GPContext *context, const char *text, void *data) {
  Session *session = data;

  if (session->said->len > 0)
    g_string_append (session->said, "; ");
  if (session->said->len < 400)
    g_string_append_len (session->said, text, (gssize) strnlen (text, 400));
}

/* libgphoto2 goes on without USB when that is refused, and only logs it: a camera is then missing for a wrong reason. */
static void on_log_cb (GPLogLevel level, const char *domain, const char *text, void *data) {
  char **usb_failure = data;

  if (strstr (text, "libusb_init") == NULL)
    return;
  g_free (*usb_failure);
  *usb_failure = g_strconcat ("USB is not available: ", text, NULL);
}

/* Whether USB was refused and is worth another of the TRIES, which are counted here; the failure is then forgotten. */
static gboolean try_usb_again (char **usb_failure, int *tries) {
  if (*usb_failure == NULL || ++*tries >= TAMBO_USB_TRIES)
    return FALSE;
  g_clear_pointer (usb_failure, g_free);
  g_usleep (TAMBO_USB_PAUSE_MS * 1000);
  return TRUE;
}

/* A download that moves on; the picture itself is not written before it is over. */
static void on_progress_cb (GPContext *context, unsigned int id, float current, void *data) {
  tambo_output_frame (TAMBO_HELPER_ALIVE, NULL, 0);
}

static unsigned int on_progress_begin_cb (GPContext *context, float target, const char *text,
                                          void *data) {
  return 1;
}

static void on_progress_end_cb (GPContext *context, unsigned int id, void *data) {
}

static GPContextFeedback on_cancel_asked_cb (GPContext *context, void *data) {
  return tambo_output_is_hung_up () ? GP_CONTEXT_FEEDBACK_CANCEL : GP_CONTEXT_FEEDBACK_OK;
}

static gboolean says_out_of_focus (const char *said) {
  g_autofree char *lower = g_ascii_strdown (said, -1);

  return strstr (lower, "focus") != NULL || strstr (lower, "0xa002") != NULL;
}

static gboolean is_network_port (const char *port) {
  return g_str_has_prefix (port, "ptpip:");
}

static GError *map_error (Session *session, int code) {
  TamboCaptureError mapped = TAMBO_CAPTURE_ERROR_FAILED;
  const char *said = session->said->str;

  if (says_out_of_focus (said))
    return g_error_new_literal (TAMBO_CAPTURE_RETRY, TAMBO_CAPTURE_RETRY_OUT_OF_FOCUS,
                                "the camera did not find the focus");
  if (code == GP_ERROR_IO_USB_CLAIM || code == GP_ERROR_IO_LOCK)
    return tambo_camera_busy_error ();
  if (code == GP_ERROR_CAMERA_BUSY)
    return g_error_new_literal (TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_BUSY,
                                "the camera is busy with itself and takes no command");
  if (code == GP_ERROR_IO_USB_FIND || (session->node != NULL && access (session->node, F_OK) != 0))
    return tambo_camera_removed_error ();
  if (code == GP_ERROR_NOT_SUPPORTED)
    mapped = TAMBO_CAPTURE_ERROR_UNSUITABLE;
  else if (code == GP_ERROR_TIMEOUT)
    mapped = TAMBO_CAPTURE_ERROR_TIMEOUT;
  else if (code == GP_ERROR_CORRUPTED_DATA)
    mapped = TAMBO_CAPTURE_ERROR_PROTOCOL;
  if (!session->open && is_network_port (session->port))
    return g_error_new (TAMBO_CAPTURE_ERROR, (int) mapped, "no camera answers at %s%s%s",
                        session->port, *said != '\0' ? ": " : "", said);
  return g_error_new (TAMBO_CAPTURE_ERROR, (int) mapped, "the camera failed: %s (%d)%s%s",
                      gp_result_as_string (code), code, *said != '\0' ? ": " : "", said);
}

static gboolean check (Session *session, int code, GError **error) {
  if (code >= GP_OK)
    return TRUE;
  session->line_broke = code == GP_ERROR_IO;
  g_propagate_error (error, map_error (session, code));
  return FALSE;
}

/* "usb:001,007" is /dev/bus/usb/001/007. */
static char *dup_node (const char *port) {
  guint bus, address;

  if (sscanf (port, "usb:%3u,%3u", &bus, &address) != 2)
    return NULL;
  return g_strdup_printf ("/dev/bus/usb/%03u/%03u", bus, address);
}

static CameraAbilitiesList *load_abilities (GPContext *context) {
  CameraAbilitiesList *abilities = NULL;

  if (gp_abilities_list_new (&abilities) < GP_OK)
    return NULL;
  gp_abilities_list_load (abilities, context);
  return abilities;
}

static GPPortInfoList *load_ports (void) {
  GPPortInfoList *ports = NULL;

  if (gp_port_info_list_new (&ports) < GP_OK)
    return NULL;
  gp_port_info_list_load (ports);
  return ports;
}

static void tell_camera (CameraAbilitiesList *abilities, const char *model, const char *port) {
  int index = gp_abilities_list_lookup_model (abilities, model);
  CameraAbilities ability = { 0 };
  g_autofree char *driver = NULL;
  g_autofree char *node = dup_node (port);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboDeviceRow) row = NULL;
  gboolean may = tambo_output_check_node (node, &error);

  if (index >= 0 && gp_abilities_list_get_abilities (abilities, index, &ability) >= GP_OK)
    driver = g_path_get_basename (ability.library);
  row = tambo_device_row_new (port, model, driver != NULL ? driver : "",
                              may ? TAMBO_DEVICE_READY : TAMBO_DEVICE_NO_PERMISSION,
                              may ? NULL : error->message);
  tambo_output_device (row);
}

static void tell_network_camera (void) {
  const char *port = g_getenv ("TAMBO_CAMERA_PORT");
  g_autoptr (TamboDeviceRow) row = NULL;

  if (port == NULL || *port == '\0')
    return;
  row = tambo_device_row_new (port, NETWORK_MODEL, "ptpip", TAMBO_DEVICE_READY, NULL);
  if (!is_network_port (port)) {
    row->state = TAMBO_DEVICE_FAILED;
    g_free (row->detail);
    row->detail = g_strdup_printf ("TAMBO_CAMERA_PORT “%s” is not of the form "
                                   "ptpip:HOST:PORT:PORT",
                                   port);
  }
  tambo_output_device (row);
}

/* What is plugged in now: models and their ports; NULL when nobody could be asked. */
static CameraList *detect (CameraAbilitiesList *abilities, GPPortInfoList *ports,
                           GPContext *context) {
  g_autoptr (CameraList) list = NULL;

  if (abilities == NULL || ports == NULL || gp_list_new (&list) < GP_OK
      || gp_abilities_list_detect (abilities, ports, list, context) < GP_OK)
    return NULL;
  return g_steal_pointer (&list);
}

static void tell_usb_cameras (CameraAbilitiesList *abilities, CameraList *list) {
  for (int i = 0; i < gp_list_count (list); i++) {
    const char *model = NULL;
    const char *port = NULL;

    /* Memory cards are cameras to libgphoto2 as well, and the bare "usb:" repeats the first. */
    if (gp_list_get_name (list, i, &model) >= GP_OK && gp_list_get_value (list, i, &port) >= GP_OK
        && g_str_has_prefix (port, "usb:") && strlen (port) > strlen ("usb:"))
      tell_camera (abilities, model, port);
  }
}

void tambo_camera_list (void) {
  GPContext *context = gp_context_new ();
  g_autofree char *usb_failure = NULL;
  g_autoptr (CameraAbilitiesList) abilities = NULL;
  g_autoptr (CameraList) list = NULL;
  int log = gp_log_add_func (GP_LOG_ERROR, on_log_cb, &usb_failure);
  int tries = 0;

  use_own_home ();
  tell_network_camera ();
  abilities = load_abilities (context);
  do {
    g_autoptr (GPPortInfoList) ports = load_ports ();

    g_clear_pointer (&list, gp_list_free);
    list = detect (abilities, ports, context);
  } while (try_usb_again (&usb_failure, &tries));
  if (list != NULL)
    tell_usb_cameras (abilities, list);
  if (usb_failure != NULL)
    tambo_output_usb_failure (usb_failure);
  gp_log_remove_func (log);
  gp_context_unref (context);
  tambo_output_frame (TAMBO_HELPER_DONE, NULL, 0);
}

/* The model at PORT as it is now: after a replug another one may have the number. */
static char *dup_model_at (Session *session, CameraAbilitiesList *abilities,
                           GPPortInfoList *ports) {
  g_autoptr (CameraList) list = NULL;

  if (is_network_port (session->port))
    return g_strdup (NETWORK_MODEL);
  list = detect (abilities, ports, session->context);
  if (list == NULL)
    return NULL;
  for (int i = 0; i < gp_list_count (list); i++) {
    const char *model = NULL;
    const char *value = NULL;

    if (gp_list_get_name (list, i, &model) >= GP_OK && gp_list_get_value (list, i, &value) >= GP_OK
        && g_str_equal (value, session->port))
      return g_strdup (model);
  }
  return NULL;
}

static gboolean choose_camera (Session *session, CameraAbilitiesList *abilities, GError **error) {
  g_autoptr (GPPortInfoList) ports = load_ports ();
  g_autofree char *model = NULL;
  CameraAbilities ability;
  GPPortInfo info;
  int index;

  if (abilities == NULL || ports == NULL)
    return check (session, GP_ERROR_NO_MEMORY, error);
  model = dup_model_at (session, abilities, ports);
  if (model == NULL) {
    g_propagate_error (error, tambo_camera_removed_error ());
    return FALSE;
  }
  index = gp_abilities_list_lookup_model (abilities, model);
  if (!check (session, index, error)
      || !check (session, gp_abilities_list_get_abilities (abilities, index, &ability), error)
      || !check (session, gp_camera_set_abilities (session->camera, ability), error))
    return FALSE;
  index = gp_port_info_list_lookup_path (ports, session->port);
  return check (session, index, error)
         && check (session, gp_port_info_list_get_info (ports, index, &info), error)
         && check (session, gp_camera_set_port_info (session->camera, info), error);
}

static gboolean find_camera (Session *session, GError **error) {
  g_autoptr (CameraAbilitiesList) abilities = load_abilities (session->context);
  g_autoptr (GError) cause = NULL;
  gboolean found;
  int tries = 0;

  g_clear_pointer (&session->usb_failure, g_free);
  do {
    g_clear_error (&cause);
    found = choose_camera (session, abilities, &cause);
  } while (!found && try_usb_again (&session->usb_failure, &tries));
  if (!found && session->usb_failure != NULL && !is_network_port (session->port))
    g_set_error_literal (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED,
                         session->usb_failure);
  else if (!found)
    g_propagate_error (error, g_steal_pointer (&cause));
  return found;
}

static gboolean open_camera (Session *session, GError **error) {
  if (!tambo_output_check_node (session->node, error))
    return FALSE;
  if (!check (session, gp_camera_new (&session->camera), error) || !find_camera (session, error))
    return FALSE;
  /* The drivers are loaded: what is silent from here on is the camera. */
  tambo_output_frame (TAMBO_HELPER_ALIVE, NULL, 0);
  if (!check (session, gp_camera_init (session->camera, session->context), error))
    return FALSE;
  session->open = TRUE;
  tambo_output_frame (TAMBO_HELPER_ALIVE, NULL, 0);
  return TRUE;
}

/* A camera that has just left its live view, or focuses, is busy for a moment. */
static int retry_while_busy (Session *session, int (*call) (Session *session, gpointer data),
                             gpointer data) {
  int code = GP_ERROR_CAMERA_BUSY;

  for (int i = 0; i < BUSY_TRIES && code == GP_ERROR_CAMERA_BUSY; i++) {
    if (tambo_output_is_hung_up ())
      return GP_ERROR_CANCEL;
    if (i > 0) {
      tambo_output_frame (TAMBO_HELPER_ALIVE, NULL, 0); /* busy, but it answers */
      g_usleep (BUSY_PAUSE_MS * 1000);
    }
    g_string_truncate (session->said, 0);
    code = call (session, data);
  }
  return code;
}

static gboolean tell_picture (CameraFile *file, GError **error) {
  const char *data = NULL;
  unsigned long size = 0;

  if (gp_file_get_data_and_size (file, &data, &size) >= GP_OK && size == 0) {
    g_set_error_literal (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_BUSY,
                         "the camera is busy with itself and takes no command");
    return FALSE;
  }
  return tambo_camera_tell_picture (
      data, size, "the camera gave no JPEG picture: its picture format is set to raw", error);
}

static int call_preview (Session *session, gpointer data) {
  return gp_camera_capture_preview (session->camera, data, session->context);
}

static gboolean tell_preview (Session *session, GError **error) {
  g_autoptr (CameraFile) file = NULL;

  return check (session, gp_file_new (&file), error)
         && check (session, retry_while_busy (session, call_preview, file), error)
         && tell_picture (file, error);
}

static int call_capture (Session *session, gpointer data) {
  return gp_camera_capture (session->camera, GP_CAPTURE_IMAGE, data, session->context);
}

static gboolean tell_still (Session *session, GError **error) {
  g_autoptr (CameraFile) file = NULL;
  CameraFilePath path = { 0 };

  if (!check (session, gp_file_new (&file), error)
      || !check (session, retry_while_busy (session, call_capture, &path), error)
      || !tambo_output_frame (TAMBO_HELPER_ALIVE, NULL, 0)
      || !check (session,
                 gp_camera_file_get (session->camera, path.folder, path.name, GP_FILE_TYPE_NORMAL,
                                     file, session->context),
                 error)
      || !tell_picture (file, error))
    return FALSE;
  /* Only now that the desk has it. A card that keeps the applicant's picture is worth a word. */
  if (gp_camera_file_delete (session->camera, path.folder, path.name, session->context) < GP_OK)
    g_printerr ("the picture could not be deleted from the camera\n");
  return TRUE;
}

static void close_camera (Session *session) {
  if (session->open)
    gp_camera_exit (session->camera, session->context);
  g_clear_pointer (&session->camera, gp_camera_unref);
  session->open = FALSE;
}

static gboolean obey (Session *session, TamboHelperFrameType command, GError **error) {
  g_string_truncate (session->said, 0);
  session->line_broke = FALSE;
  if (!session->open && !open_camera (session, error))
    return FALSE;
  if (command == TAMBO_HELPER_NEXT_FRAME)
    return tell_preview (session, error);
  if (command == TAMBO_HELPER_STILL)
    return tell_still (session, error);
  g_propagate_error (error, tambo_camera_unknown_command_error ());
  return FALSE;
}

static void close_session (Session *session, int log) {
  gp_log_remove_func (log);
  close_camera (session);
  gp_context_unref (session->context);
  g_string_free (session->said, TRUE);
  g_free (session->node);
  g_free (session->usb_failure);
}

void tambo_camera_run (const char *id) {
  Session session = {
    .context = gp_context_new (),
    .port = id,
    .node = dup_node (id),
    .said = g_string_new (NULL),
  };
  int log = gp_log_add_func (GP_LOG_ERROR, on_log_cb, &session.usb_failure);
  TamboHelperFrameType command;

  use_own_home ();
  if (is_network_port (id))
    tambo_line_watch ();
  gp_context_set_error_func (session.context, on_said_cb, &session);
  gp_context_set_progress_funcs (session.context, on_progress_begin_cb, on_progress_cb,
                                 on_progress_end_cb, NULL);
  gp_context_set_cancel_func (session.context, on_cancel_asked_cb, &session);
  while (tambo_camera_read_command (&command)) {
    g_autoptr (GError) error = NULL;

    if (!obey (&session, command, &error)) {
      tambo_output_error (error);
      /* Nobody hears a farewell, which would take seconds; the desk starts another helper. */
      if (session.line_broke)
        _exit (1);
      /* A half-opened camera is not opened again over itself. */
      if (!session.open)
        break;
    }
  }
  close_session (&session, log);
}
