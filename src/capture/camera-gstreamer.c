/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/camera-helper.h"
#include "capture/helper-output.h"

#define PIPEWIRE_PREFIX TAMBO_WEBCAM_PREFIX "pipewire:"
#define NODE_PREFIX TAMBO_WEBCAM_PREFIX "node:"

/* Before the desk loses patience, which would end this process without a word of why. */
#define PATIENCE_MS 3500
#define LOOK_MS 50
/* A webcam finds its exposure and white balance in the first pictures. */
#define SETTLE_MS 500
/* The unplugging is told a moment after the line broke. */
#define REMOVAL_MS 500

#define LIVE_WIDTH 1280
#define LIVE_HEIGHT 720
#define LIVE_RATE 15 /* slower is no live view */
#define RATE 30

typedef enum { PURPOSE_LIVE, PURPOSE_STILL } Purpose;

typedef struct {
  const char *id; /* borrowed */
  GstDeviceMonitor *monitor;
  GstElement *pipeline; /* NULL while closed */
  GstElement *sink;     /* borrowed of the pipeline */
  GstCaps *caps;        /* what the pipeline was opened for */
  gboolean settled;
} Session;

/* ---- which ---- */

/* No more than is needed, from where the system has it: a registry would be a file of the user's and a program that
 * looks at every plug-in there is. One that is missing is told by whoever needs its element. */
static void load_library (void) {
  static const char *const plugins[] = { "coreelements", "app",          "jpeg",
                                         "pipewire",     "video4linux2", "videoconvertscale" };

  g_setenv ("GST_REGISTRY_DISABLE", "yes", TRUE);
  g_setenv ("GST_PLUGIN_SYSTEM_PATH_1_0", "", TRUE);
  g_unsetenv ("GST_PLUGIN_PATH_1_0");
  g_unsetenv ("GST_PLUGIN_PATH");
  gst_registry_fork_set_enabled (FALSE);
  gst_init (NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (plugins); i++) {
    g_autofree char *name = g_strdup_printf ("libgst%s.so", plugins[i]);
    g_autofree char *path = g_build_filename (TAMBO_GSTREAMER_PLUGINS, name, NULL);
    g_autoptr (GError) error = NULL;
    GstPlugin *plugin = gst_plugin_load_file (path, &error);

    if (plugin == NULL)
      g_printerr ("%s: %s\n", path, error->message);
    g_clear_object (&plugin);
  }
}

/* Without a place to look (no PipeWire, no driver) it finds nothing. */
static GstDeviceMonitor *watch_devices (void) {
  GstDeviceMonitor *monitor = gst_device_monitor_new ();
  g_autoptr (GstBus) bus = gst_device_monitor_get_bus (monitor);

  /* The list is asked for; nobody reads the news. */
  gst_bus_set_flushing (bus, TRUE);
  gst_device_monitor_add_filter (monitor, "Video/Source", NULL);
  gst_device_monitor_start (monitor);
  return monitor;
}

/* PipeWire's provider of 0.3.65 frees its objects twice when it is stopped, and its thread runs on at the end of the
 * process: nothing is taken down. */
G_NORETURN static void leave (void) {
  _exit (EXIT_SUCCESS);
}

/* The name under which udev finds NODE again at the next plug; NODE itself where it has none. */
static char *dup_lasting_node (const char *node) {
  static const char folder[] = "/dev/v4l/by-id";
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *own = realpath (node, NULL);
  const char *name;

  while (own != NULL && dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autofree char *target = realpath (path, NULL);

    if (g_strcmp0 (target, own) == 0)
      return g_steal_pointer (&path);
  }
  return g_strdup (node);
}

/* PipeWire's name for a node is made of its driver and its place; its numbers change. */
static char *dup_id (GstDevice *device) {
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);
  const char *name = properties != NULL ? gst_structure_get_string (properties, "node.name") : NULL;
  const char *node =
      properties != NULL ? gst_structure_get_string (properties, "device.path") : NULL;
  g_autofree char *lasting = NULL;

  if (name != NULL)
    return g_strconcat (PIPEWIRE_PREFIX, name, NULL);
  if (node == NULL)
    return NULL;
  lasting = dup_lasting_node (node);
  return g_strconcat (NODE_PREFIX, lasting, NULL);
}

static void tell_device (GstDevice *device) {
  g_autofree char *id = dup_id (device);
  g_autofree char *name = gst_device_get_display_name (device);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboDeviceRow) row = NULL;
  gboolean is_node = id != NULL && g_str_has_prefix (id, NODE_PREFIX);
  gboolean may = tambo_output_check_node (is_node ? id + strlen (NODE_PREFIX) : NULL, &error);

  if (id == NULL)
    return;
  row = tambo_device_row_new (id, name, is_node ? "v4l2" : "pipewire",
                              may ? TAMBO_DEVICE_READY : TAMBO_DEVICE_NO_PERMISSION,
                              may ? NULL : error->message);
  tambo_output_device (row);
}

void tambo_webcam_list (void) {
  GstDeviceMonitor *monitor = NULL;
  GList *devices = NULL;

  load_library ();
  monitor = watch_devices ();
  devices = gst_device_monitor_get_devices (monitor);
  for (const GList *item = devices; item != NULL; item = item->next)
    tell_device (item->data);
  g_list_free_full (devices, gst_object_unref);
  tambo_output_frame (TAMBO_HELPER_DONE, NULL, 0);
  leave ();
}

static GstDevice *find_device (Session *session) {
  GList *devices = gst_device_monitor_get_devices (session->monitor);
  GstDevice *found = NULL;

  for (const GList *item = devices; item != NULL && found == NULL; item = item->next) {
    g_autofree char *id = dup_id (item->data);

    if (g_strcmp0 (id, session->id) == 0)
      found = gst_object_ref (item->data);
  }
  g_list_free_full (devices, gst_object_unref);
  return found;
}

static gboolean is_there (Session *session) {
  g_autoptr (GstDevice) device = find_device (session);

  return device != NULL;
}

/* ---- what it offers ---- */

static int get_int (const GstStructure *offer, const char *field) {
  int value = 0;

  gst_structure_get_int (offer, field, &value);
  return value;
}

/* More is better. Only of those that are as large do others count: a webcam compresses hard, but fast. */
static gint64 rate_offer (const GstStructure *offer, Purpose purpose) {
  int width = get_int (offer, "width");
  int height = get_int (offer, "height");
  gboolean is_jpeg = gst_structure_has_name (offer, "image/jpeg");
  int numerator = RATE, denominator = 1;

  if (purpose == PURPOSE_STILL)
    return (gint64) width * height * 2 + !is_jpeg;
  gst_structure_get_fraction (offer, "framerate", &numerator, &denominator);
  return -2 * (gint64) abs (width - LIVE_WIDTH) + is_jpeg
         - (numerator < LIVE_RATE * denominator ? G_MAXINT : 0);
}

/* One size and rate of the many that an offer may stand for; NULL when it is of a kind that nothing here takes. */
static GstStructure *settle_offer (const GstCaps *caps, guint index, Purpose purpose) {
  const GstStructure *offer = gst_caps_get_structure (caps, index);
  gboolean still = purpose == PURPOSE_STILL;
  GstStructure *settled = NULL;

  if ((!gst_structure_has_name (offer, "video/x-raw")
       && !gst_structure_has_name (offer, "image/jpeg"))
      || !gst_caps_features_is_equal (gst_caps_get_features (caps, index),
                                      GST_CAPS_FEATURES_MEMORY_SYSTEM_MEMORY))
    return NULL;
  settled = gst_structure_copy (offer);
  gst_structure_fixate_field_nearest_int (settled, "width", still ? G_MAXINT : LIVE_WIDTH);
  gst_structure_fixate_field_nearest_int (settled, "height", still ? G_MAXINT : LIVE_HEIGHT);
  gst_structure_fixate_field_nearest_fraction (settled, "framerate", RATE, 1);
  return settled;
}

static GstCaps *choose_caps (GstDevice *device, Purpose purpose, GError **error) {
  g_autoptr (GstCaps) offered = gst_device_get_caps (device);
  GstStructure *best = NULL;

  for (guint i = 0; offered != NULL && i < gst_caps_get_size (offered); i++) {
    GstStructure *offer = settle_offer (offered, i, purpose);

    if (offer != NULL
        && (best == NULL || rate_offer (offer, purpose) > rate_offer (best, purpose))) {
      g_clear_pointer (&best, gst_structure_free);
      best = g_steal_pointer (&offer);
    }
    g_clear_pointer (&offer, gst_structure_free);
  }
  if (best != NULL)
    return gst_caps_new_full (best, NULL);
  g_set_error_literal (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_UNSUITABLE,
                       "the camera offers no kind of picture that can be used");
  return NULL;
}

/* ---- the line ---- */

static void close_line (Session *session) {
  if (session->pipeline != NULL)
    gst_element_set_state (session->pipeline, GST_STATE_NULL);
  g_clear_pointer (&session->pipeline, gst_object_unref);
  gst_clear_caps (&session->caps);
  session->sink = NULL;
  session->settled = FALSE;
}

/* Behind PREVIOUS; NULL when there is no such element. */
static GstElement *append (Session *session, GstElement *previous, const char *factory,
                           GError **error) {
  GstElement *element = gst_element_factory_make (factory, NULL);

  if (element == NULL) {
    g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED,
                 "GStreamer's element “%s” is not installed", factory);
    return NULL;
  }
  gst_bin_add (GST_BIN (session->pipeline), element);
  if (gst_element_link (previous, element))
    return element;
  g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED,
               "GStreamer does not connect the camera to its element “%s”", factory);
  return NULL;
}

/* What is not JPEG already becomes it. */
static gboolean build_line (Session *session, GstDevice *device, GError **error) {
  gboolean is_jpeg =
      gst_structure_has_name (gst_caps_get_structure (session->caps, 0), "image/jpeg");
  GstElement *element = gst_device_create_element (device, NULL);

  if (element == NULL) {
    g_propagate_error (error, tambo_camera_removed_error ());
    return FALSE;
  }
  session->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  gst_bin_add (GST_BIN (session->pipeline), element);
  element = append (session, element, "capsfilter", error);
  if (element == NULL)
    return FALSE;
  g_object_set (element, "caps", session->caps, NULL);
  if (!is_jpeg) {
    element = append (session, element, "videoconvert", error);
    if (element != NULL)
      element = append (session, element, "jpegenc", error);
    if (element == NULL)
      return FALSE;
    g_object_set (element, "quality", 95, NULL);
  }
  session->sink = append (session, element, "appsink", error);
  if (session->sink == NULL)
    return FALSE;
  g_object_set (session->sink, "drop", TRUE, "max-buffers", 1, "sync", FALSE, NULL);
  return TRUE;
}

static GError *map_error (const GError *cause, const char *details) {
  /* PipeWire hands on what the driver said, as text. */
  if (g_error_matches (cause, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY)
      || strstr (cause->message, "busy") != NULL
      || (details != NULL && strstr (details, "busy") != NULL))
    return tambo_camera_busy_error ();
  return g_error_new (TAMBO_CAPTURE_ERROR,
                      g_error_matches (cause, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED)
                          ? TAMBO_CAPTURE_ERROR_NO_PERMISSION
                          : TAMBO_CAPTURE_ERROR_FAILED,
                      "the camera failed: %s", cause->message);
}

/* FALSE when the line is over: unplugged before anything else, whatever the elements make of it. */
static gboolean check_line (Session *session, GError **error) {
  g_autoptr (GstBus) bus = gst_element_get_bus (session->pipeline);
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  gint64 end = g_get_monotonic_time () + REMOVAL_MS * G_TIME_SPAN_MILLISECOND;
  g_autoptr (GError) cause = NULL;
  g_autofree char *details = NULL;
  gboolean there = is_there (session);

  if (message == NULL && there)
    return TRUE;
  while (there && g_get_monotonic_time () < end) {
    g_usleep (LOOK_MS * 1000);
    there = is_there (session);
  }
  if (!there || GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS) {
    g_propagate_error (error, tambo_camera_removed_error ());
    return FALSE;
  }
  gst_message_parse_error (message, &cause, &details);
  g_propagate_error (error, map_error (cause, details));
  return FALSE;
}

static gboolean open_line (Session *session, Purpose purpose, GError **error) {
  g_autoptr (GstDevice) device = find_device (session);
  g_autoptr (GstCaps) caps = NULL;

  if (device == NULL) {
    g_propagate_error (error, tambo_camera_removed_error ());
    return FALSE;
  }
  caps = choose_caps (device, purpose, error);
  if (caps == NULL)
    return FALSE;
  if (session->pipeline != NULL && gst_caps_is_equal (caps, session->caps))
    return TRUE;
  close_line (session);
  session->caps = g_steal_pointer (&caps);
  if (!build_line (session, device, error))
    return FALSE;
  /* What comes of a refusal is said on the line's bus. */
  gst_element_set_state (session->pipeline, GST_STATE_PLAYING);
  tambo_output_frame (TAMBO_HELPER_ALIVE, NULL, 0);
  return TRUE;
}

/* ---- pictures ---- */

static GstSample *take_sample (Session *session, GError **error) {
  gint64 end = g_get_monotonic_time () + PATIENCE_MS * G_TIME_SPAN_MILLISECOND;

  while (g_get_monotonic_time () < end && !tambo_output_is_hung_up ()) {
    GstSample *sample =
        gst_app_sink_try_pull_sample (GST_APP_SINK (session->sink), LOOK_MS * GST_MSECOND);

    if (sample != NULL)
      return sample;
    if (!check_line (session, error))
      return NULL;
  }
  g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_TIMEOUT,
               "the camera gave no picture within %d.%d s", PATIENCE_MS / 1000,
               PATIENCE_MS % 1000 / 100);
  return NULL;
}

/* The pictures of its first moment are dark or blue. The one that waits may be old. */
static gboolean skip_unsettled (Session *session, GError **error) {
  gint64 end = 0;

  do {
    GstSample *sample = take_sample (session, error);

    if (sample == NULL)
      return FALSE;
    gst_sample_unref (sample);
    tambo_output_frame (TAMBO_HELPER_ALIVE, NULL, 0);
    if (end == 0)
      end = g_get_monotonic_time () + SETTLE_MS * G_TIME_SPAN_MILLISECOND;
  } while (!session->settled && g_get_monotonic_time () < end);
  session->settled = TRUE;
  return TRUE;
}

static gboolean tell_sample (GstSample *sample, GError **error) {
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  GstMapInfo map;
  gboolean told;

  if (buffer == NULL || !gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    g_set_error_literal (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED,
                         "the camera's picture cannot be read");
    return FALSE;
  }
  told = tambo_camera_tell_picture (map.data, map.size, "the camera gave no JPEG picture", error);
  gst_buffer_unmap (buffer, &map);
  return told;
}

static gboolean take_picture (Session *session, Purpose purpose, GError **error) {
  GstSample *sample = NULL;
  gboolean told;

  if (!open_line (session, purpose, error)
      || (purpose == PURPOSE_STILL && !skip_unsettled (session, error)))
    return FALSE;
  sample = take_sample (session, error);
  if (sample == NULL)
    return FALSE;
  told = tell_sample (sample, error);
  gst_sample_unref (sample);
  return told;
}

static gboolean obey (Session *session, TamboHelperFrameType command, GError **error) {
  if (command == TAMBO_HELPER_NEXT_FRAME)
    return take_picture (session, PURPOSE_LIVE, error);
  if (command == TAMBO_HELPER_STILL)
    return take_picture (session, PURPOSE_STILL, error);
  g_propagate_error (error, tambo_camera_unknown_command_error ());
  return FALSE;
}

void tambo_webcam_run (const char *id) {
  Session session = { .id = id };
  TamboHelperFrameType command;

  load_library ();
  session.monitor = watch_devices ();
  /* The drivers are loaded: what is silent from here on is the camera. */
  tambo_output_frame (TAMBO_HELPER_ALIVE, NULL, 0);
  while (tambo_camera_read_command (&command)) {
    g_autoptr (GError) error = NULL;

    if (!obey (&session, command, &error)) {
      close_line (&session);
      tambo_output_error (error);
    }
  }
  close_line (&session);
  leave ();
}
