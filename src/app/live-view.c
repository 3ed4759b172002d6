/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/live-view.h"

#include "app/guidance.h"
#include "format/image-codec.h"

typedef struct {
  TamboDeviceManager *devices;
  TamboPictureArea *area;
  const TamboLiveEvents *events;
  GCancellable *cancellable;
  GObject *owner;
  GMutex mutex;
  cairo_surface_t *frame; /* not painted yet */
  guint source;
} Live;

static void live_free (Live *live) {
  if (live->source != 0)
    g_source_remove (live->source);
  g_clear_pointer (&live->frame, cairo_surface_destroy);
  g_mutex_clear (&live->mutex);
  g_object_unref (live->devices);
  g_object_unref (live->area);
  g_object_unref (live->cancellable);
  g_object_unref (live->owner);
  g_free (live);
}

static gboolean paint_frame (gpointer data) {
  Live *live = data;

  g_mutex_lock (&live->mutex);
  cairo_surface_t *frame = g_steal_pointer (&live->frame);
  live->source = 0;
  g_mutex_unlock (&live->mutex);
  if (frame != NULL && !g_cancellable_is_cancelled (live->cancellable)) {
    tambo_picture_area_set_surface (live->area, frame);
    live->events->frame (live->owner, frame);
  }
  g_clear_pointer (&frame, cairo_surface_destroy);
  return G_SOURCE_REMOVE;
}

static void hand_over (Live *live, cairo_surface_t *frame) {
  g_mutex_lock (&live->mutex);
  g_clear_pointer (&live->frame, cairo_surface_destroy);
  live->frame = frame;
  if (live->source == 0)
    live->source = g_idle_add_full (G_PRIORITY_DEFAULT, paint_frame, live, NULL);
  g_mutex_unlock (&live->mutex);
}

static void on_sight (const TamboPortraitSight *sight, gpointer data) {
  Live *live = data;

  if (!g_cancellable_is_cancelled (live->cancellable))
    live->events->sight (live->owner, sight);
}

/* Exactly as large as it is shown: cairo would scale it on the main thread with each frame. */
static cairo_surface_t *make_frame (const TamboImage *image, TamboPictureArea *area) {
  int width, height;

  tambo_picture_area_get_wanted (area, &width, &height);
  cairo_surface_t *small = tambo_picture_surface (image, width, height);
  if (small == NULL)
    return NULL;
  double own_width = cairo_image_surface_get_width (small);
  double own_height = cairo_image_surface_get_height (small);
  double scale = MIN (width / own_width, height / own_height);
  if (scale < 1.01)
    return small;

  cairo_surface_t *large = cairo_image_surface_create (
      CAIRO_FORMAT_RGB24, (int) (own_width * scale), (int) (own_height * scale));
  cairo_t *cr = cairo_create (large);
  cairo_scale (cr, scale, scale);
  cairo_set_source_surface (cr, small, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_BILINEAR);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_set_operator (cr, CAIRO_OPERATOR_SOURCE);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (small);
  return large;
}

static gboolean show_frames (TamboCamera *camera, Live *live, TamboGuidance *guidance,
                             GCancellable *cancellable, GError **error) {
  for (;;) {
    g_autoptr (GBytes) jpeg = tambo_camera_next_frame (camera, cancellable, error);
    if (jpeg == NULL)
      return FALSE;
    /* One broken frame is no reason to stop: the next one comes at once. */
    g_autoptr (TamboImage) image = tambo_image_decode (jpeg, NULL);
    cairo_surface_t *frame = image != NULL ? make_frame (image, live->area) : NULL;
    if (frame != NULL)
      hand_over (live, frame);
    if (image != NULL)
      tambo_guidance_take_frame (guidance, g_steal_pointer (&image));
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
  }
}

static gboolean run_live (TamboStation *station, TamboEnrolment *enrolment, gpointer data,
                          GCancellable *cancellable, GError **error) {
  Live *live = data;
  g_autoptr (TamboCamera) camera = tambo_device_manager_dup_camera (live->devices, NULL, error);

  if (camera == NULL)
    return FALSE;
  TamboGuidance *guidance = tambo_guidance_start (on_sight, live);
  show_frames (camera, live, guidance, cancellable, error);
  tambo_guidance_stop (guidance);
  tambo_camera_stop (camera);
  return FALSE;
}

static void on_ended (gpointer owner, gpointer data, const GError *error) {
  const Live *live = data;

  live->events->done (owner, NULL, error);
}

void tambo_live_view_run (TamboSession *session, TamboPictureArea *area,
                          const TamboLiveEvents *events, GCancellable *cancellable,
                          gpointer owner) {
  Live *live = g_new0 (Live, 1);

  live->devices = g_object_ref (tambo_session_get_devices (session));
  live->area = g_object_ref (area);
  live->events = events;
  live->cancellable = g_object_ref (cancellable);
  live->owner = g_object_ref (owner);
  g_mutex_init (&live->mutex);
  tambo_session_read (session, run_live, live, (GDestroyNotify) live_free, cancellable, on_ended,
                      owner);
}
