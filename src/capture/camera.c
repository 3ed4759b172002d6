/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/camera.h"

#include "capture/device-holder.h"
#include "capture/device-private.h"
#include "capture/helper-client.h"
#include "capture/helper-devices.h"

/* Drivers come from a disk that may be slow. Afterwards the helper says ALIVE at each step and as long as a
 * picture comes in, and a camera that is silent hangs. */
#define LOAD_DEADLINE_MS 10000
#define STEP_DEADLINE_MS 4000

typedef struct {
  int stop_wanted;
} TamboCameraPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (TamboCamera, tambo_camera, TAMBO_TYPE_DEVICE)

static void tambo_camera_class_init (TamboCameraClass *klass) {
}

static void tambo_camera_init (TamboCamera *self) {
}

static gboolean take_stop_wanted (TamboCamera *self) {
  TamboCameraPrivate *priv = tambo_camera_get_instance_private (self);

  return g_atomic_int_compare_and_exchange (&priv->stop_wanted, TRUE, FALSE);
}

/* A stop that came while a call ran is done by whoever lets the camera go. */
static void release_and_stop (TamboCamera *self) {
  tambo_device_release (TAMBO_DEVICE (self));
  while (take_stop_wanted (self))
    tambo_camera_stop (self);
}

static GBytes *run (TamboCamera *self,
                    GBytes *(*call) (TamboCamera *self, GCancellable *cancellable, GError **error),
                    GCancellable *cancellable, GError **error) {
  g_autoptr (GError) cause = NULL;
  GBytes *bytes = NULL;

  if (!tambo_device_claim (TAMBO_DEVICE (self), error))
    return NULL;
  bytes = call (self, cancellable, &cause);
  release_and_stop (self);
  tambo_device_name_holder (TAMBO_DEVICE (self), &cause);
  /* Many cameras without live view still take pictures. */
  if (!g_error_matches (cause, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_UNSUITABLE))
    tambo_device_set_state_from_error (TAMBO_DEVICE (self), cause);
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  return bytes;
}

GBytes *tambo_camera_next_frame (TamboCamera *self, GCancellable *cancellable, GError **error) {
  g_return_val_if_fail (TAMBO_IS_CAMERA (self), NULL);
  return run (self, TAMBO_CAMERA_GET_CLASS (self)->next_frame, cancellable, error);
}

GBytes *tambo_camera_capture (TamboCamera *self, GCancellable *cancellable, GError **error) {
  g_return_val_if_fail (TAMBO_IS_CAMERA (self), NULL);
  return run (self, TAMBO_CAMERA_GET_CLASS (self)->capture, cancellable, error);
}

void tambo_camera_stop (TamboCamera *self) {
  TamboCameraPrivate *priv = NULL;

  g_return_if_fail (TAMBO_IS_CAMERA (self));
  priv = tambo_camera_get_instance_private (self);
  g_atomic_int_set (&priv->stop_wanted, TRUE);
  if (!tambo_device_claim (TAMBO_DEVICE (self), NULL))
    return;
  if (take_stop_wanted (self))
    TAMBO_CAMERA_GET_CLASS (self)->stop (self);
  release_and_stop (self);
}

#define TAMBO_TYPE_HELPER_CAMERA (tambo_helper_camera_get_type ())
G_DECLARE_FINAL_TYPE (TamboHelperCamera, tambo_helper_camera, TAMBO, HELPER_CAMERA, TamboCamera)

struct _TamboHelperCamera {
  TamboCamera parent;
  TamboHelper *helper; /* the open connection, of whoever has the claim */
};

G_DEFINE_FINAL_TYPE (TamboHelperCamera, tambo_helper_camera, TAMBO_TYPE_CAMERA)

static GBytes *ask_once (TamboHelperCamera *self, TamboHelperFrameType command,
                         GCancellable *cancellable, GError **error) {
  const char *arguments[] = { "camera", tambo_device_get_id (TAMBO_DEVICE (self)), NULL };
  gboolean is_fresh = self->helper == NULL;
  TamboHelperFrame frame;

  if (is_fresh)
    self->helper = tambo_helper_spawn (arguments, cancellable, error);
  if (self->helper == NULL || !tambo_helper_send (self->helper, command, error)
      || (is_fresh
          && !tambo_helper_wait_loaded (self->helper, LOAD_DEADLINE_MS, cancellable, error))
      || !tambo_helper_receive (self->helper, STEP_DEADLINE_MS, cancellable, &frame, error))
    return NULL;
  return tambo_helper_parse_picture (&frame, error);
}

/* After these the connection is as good as before. */
static gboolean is_harmless (const GError *error) {
  return error->domain == TAMBO_CAPTURE_RETRY
         || g_error_matches (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_UNSUITABLE);
}

/* Cameras close an idle connection and switch themselves off, they hang, and libgphoto2 gives the network 2.5
 * seconds: then another helper opens the camera anew, once. */
static gboolean is_worth_another (TamboHelperCamera *self, gboolean was_open, const GError *error) {
  if (g_error_matches (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED))
    return was_open || g_str_has_prefix (tambo_device_get_id (TAMBO_DEVICE (self)), "ptpip:");
  return g_error_matches (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_TIMEOUT);
}

static GBytes *ask (TamboHelperCamera *self, TamboHelperFrameType command,
                    GCancellable *cancellable, GError **error) {
  gboolean was_open = self->helper != NULL;
  g_autoptr (GError) cause = NULL;
  GBytes *bytes = ask_once (self, command, cancellable, &cause);

  if (bytes != NULL)
    return bytes;
  if (!is_harmless (cause))
    g_clear_pointer (&self->helper, tambo_helper_end);
  if (is_worth_another (self, was_open, cause)) {
    g_clear_error (&cause);
    bytes = ask_once (self, command, cancellable, &cause);
    if (bytes == NULL && !is_harmless (cause))
      g_clear_pointer (&self->helper, tambo_helper_end);
  }
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  return bytes;
}

static GBytes *helper_next_frame (TamboCamera *camera, GCancellable *cancellable, GError **error) {
  return ask (TAMBO_HELPER_CAMERA (camera), TAMBO_HELPER_NEXT_FRAME, cancellable, error);
}

static GBytes *helper_capture (TamboCamera *camera, GCancellable *cancellable, GError **error) {
  return ask (TAMBO_HELPER_CAMERA (camera), TAMBO_HELPER_STILL, cancellable, error);
}

static void helper_stop (TamboCamera *camera) {
  g_clear_pointer (&TAMBO_HELPER_CAMERA (camera)->helper, tambo_helper_end);
}

static void tambo_helper_camera_dispose (GObject *object) {
  helper_stop (TAMBO_CAMERA (object));
  G_OBJECT_CLASS (tambo_helper_camera_parent_class)->dispose (object);
}

static void tambo_helper_camera_class_init (TamboHelperCameraClass *klass) {
  TamboCameraClass *camera_class = TAMBO_CAMERA_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_helper_camera_dispose;
  camera_class->next_frame = helper_next_frame;
  camera_class->capture = helper_capture;
  camera_class->stop = helper_stop;
}

static void tambo_helper_camera_init (TamboHelperCamera *self) {
}

TamboDevice *tambo_helper_camera_new (const TamboDeviceRow *row) {
  return tambo_device_new_from_row (TAMBO_TYPE_HELPER_CAMERA, TAMBO_DEVICE_CAMERA, row);
}
