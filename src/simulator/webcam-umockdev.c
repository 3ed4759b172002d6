/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/webcam-umockdev.h"

#include "simulator/handler.h"
#include "simulator/simulator-error.h"
#include "simulator/testbed-usb.h"
#include "simulator/uevent.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <string.h>
#include <sys/ioctl.h>
#include <umockdev.h>
#include <unistd.h>

#define PLACE "/devices/pci0000:00/0000:00:14.0/video4linux"
#define LASTING_NAME "v4l/by-id/usb-Practice_Webcam-video-index0"
#define RATE 30 /* ticks a second */
#define PATIENCE 15
#define N_BUFFERS 8
#define BUFFER_SIZE (4 * 1024 * 1024) /* no picture of it is larger, compressed or not */

static const struct {
  guint32 width, height, rate;
} sizes[] = { { TAMBO_FRAME_WIDTH, TAMBO_FRAME_HEIGHT, RATE },
              /* As webcams have it: the largest picture is no live view. */
              { TAMBO_PORTRAIT_WIDTH, TAMBO_PORTRAIT_HEIGHT, RATE / 3 } };

struct _TamboWebcamBed {
  UMockdevTestbed *testbed;
  TamboHandler handler;
  TamboCameraFilm *film; /* borrowed, like the next */
  TamboFaults *faults;
  char *root, *node, *place;
  int memory; /* the file behind the node, which a program maps */
  gboolean plugged;
  guint plugs;
  guint timer;
  GMutex lock;
  guint size; /* of sizes */
  gboolean streams;
  guint n_buffers, sequence;
  struct v4l2_buffer buffers[N_BUFFERS];
  GQueue queued, done;          /* of buffers */
  UMockdevIoctlClient *owner;   /* who has the buffers; NULL: nobody */
  UMockdevIoctlClient *waiting; /* its VIDIOC_DQBUF found no picture */
  /* Wants the webcam of another, and is told that it is busy once that one was heard of. umockdev does not tell of a
   * program that ended, which for a kernel has no webcam any more. */
  UMockdevIoctlClient *contender;
  guint patience; /* in ticks */
  guint ticks;    /* of this stream */
  GBytes *still;  /* of this stream; NULL: not drawn yet */
};

TamboFaults *tambo_webcam_faults_new (void) {
  static const char *const names[] = { "busy", NULL };
  return tambo_faults_new ("a webcam", names);
}

/* ---- whose it is ---- */

static void forget_pictures (TamboWebcamBed *bed) {
  g_queue_clear (&bed->queued);
  g_queue_clear (&bed->done);
  for (guint i = 0; i < N_BUFFERS; i++)
    bed->buffers[i].flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
}

static void let_go (TamboWebcamBed *bed) {
  g_clear_object (&bed->owner);
  g_clear_object (&bed->waiting);
  bed->streams = FALSE;
  bed->n_buffers = 0;
  forget_pictures (bed);
}

static gboolean is_free_for (const TamboWebcamBed *bed, UMockdevIoctlClient *client) {
  return bed->owner == NULL || bed->owner == client;
}

/* ---- what it can ---- */

static int describe (struct v4l2_capability *capability) {
  memset (capability, 0, sizeof *capability);
  g_strlcpy ((char *) capability->driver, "uvcvideo", sizeof capability->driver);
  g_strlcpy ((char *) capability->card, "Practice webcam", sizeof capability->card);
  g_strlcpy ((char *) capability->bus_info, "usb-0000:00:14.0-1", sizeof capability->bus_info);
  capability->version = 0x060100;
  capability->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
  capability->capabilities = capability->device_caps | V4L2_CAP_DEVICE_CAPS;
  return 0;
}

static int enumerate_inputs (struct v4l2_input *input) {
  guint32 index = input->index;
  if (index > 0)
    return -EINVAL;
  memset (input, 0, sizeof *input);
  g_strlcpy ((char *) input->name, "Camera 1", sizeof input->name);
  input->type = V4L2_INPUT_TYPE_CAMERA;
  return 0;
}

static int enumerate_formats (struct v4l2_fmtdesc *format) {
  if (format->index > 0 || format->type != V4L2_BUF_TYPE_VIDEO_CAPTURE)
    return -EINVAL;
  g_strlcpy ((char *) format->description, "Motion-JPEG", sizeof format->description);
  format->flags = V4L2_FMT_FLAG_COMPRESSED;
  format->pixelformat = V4L2_PIX_FMT_MJPEG;
  return 0;
}

static int enumerate_sizes (struct v4l2_frmsizeenum *size) {
  if (size->index >= G_N_ELEMENTS (sizes) || size->pixel_format != V4L2_PIX_FMT_MJPEG)
    return -EINVAL;
  size->type = V4L2_FRMSIZE_TYPE_DISCRETE;
  size->discrete.width = sizes[size->index].width;
  size->discrete.height = sizes[size->index].height;
  return 0;
}

static int enumerate_rates (struct v4l2_frmivalenum *rate) {
  for (guint i = 0; i < G_N_ELEMENTS (sizes) && rate->index == 0; i++)
    if (rate->width == sizes[i].width && rate->height == sizes[i].height) {
      rate->type = V4L2_FRMIVAL_TYPE_DISCRETE;
      rate->discrete = (struct v4l2_fract){ 1, sizes[i].rate };
      return 0;
    }
  return -EINVAL;
}

static void put_format (guint size, struct v4l2_format *format) {
  struct v4l2_pix_format *pixels = &format->fmt.pix;
  memset (&format->fmt, 0, sizeof format->fmt);
  pixels->width = sizes[size].width;
  pixels->height = sizes[size].height;
  pixels->pixelformat = V4L2_PIX_FMT_MJPEG;
  pixels->field = V4L2_FIELD_NONE;
  pixels->sizeimage = BUFFER_SIZE;
  pixels->colorspace = V4L2_COLORSPACE_SRGB;
}

/* As a driver does it: what is asked for becomes what there is. */
static int settle_format (TamboWebcamBed *bed, UMockdevIoctlClient *client, gulong request,
                          struct v4l2_format *format) {
  guint size = bed->size;
  if (format->type != V4L2_BUF_TYPE_VIDEO_CAPTURE)
    return -EINVAL;
  if (request != VIDIOC_G_FMT)
    size = format->fmt.pix.height > sizes[0].height ? 1 : 0;
  if (request == VIDIOC_S_FMT) {
    if (!is_free_for (bed, client) || bed->n_buffers > 0
        || tambo_faults_step (bed->faults) & (1 << TAMBO_WEBCAM_FAULT_BUSY))
      return -EBUSY;
    bed->size = size;
  }
  put_format (size, format);
  return 0;
}

static int tell_rate (TamboWebcamBed *bed, struct v4l2_streamparm *parameters) {
  if (parameters->type != V4L2_BUF_TYPE_VIDEO_CAPTURE)
    return -EINVAL;
  memset (&parameters->parm, 0, sizeof parameters->parm);
  parameters->parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
  parameters->parm.capture.timeperframe = (struct v4l2_fract){ 1, sizes[bed->size].rate };
  return 0;
}

/* ---- its memory ---- */

static int make_buffers (TamboWebcamBed *bed, UMockdevIoctlClient *client,
                         struct v4l2_requestbuffers *request) {
  if (request->type != V4L2_BUF_TYPE_VIDEO_CAPTURE || request->memory != V4L2_MEMORY_MMAP)
    return -EINVAL;
  if (bed->streams)
    return -EBUSY;
  request->count = MIN (request->count, N_BUFFERS);
  if (request->count > 0)
    g_set_object (&bed->owner, client);
  else
    g_clear_object (&bed->owner);
  request->capabilities = V4L2_BUF_CAP_SUPPORTS_MMAP;
  bed->n_buffers = request->count;
  forget_pictures (bed);
  for (guint i = 0; i < bed->n_buffers; i++) {
    bed->buffers[i].index = i;
    bed->buffers[i].type = request->type;
    bed->buffers[i].memory = request->memory;
    bed->buffers[i].field = V4L2_FIELD_NONE;
    bed->buffers[i].length = BUFFER_SIZE;
    bed->buffers[i].m.offset = i * BUFFER_SIZE;
  }
  return 0;
}

static int show_buffer (TamboWebcamBed *bed, struct v4l2_buffer *buffer) {
  if (buffer->index >= bed->n_buffers)
    return -EINVAL;
  *buffer = bed->buffers[buffer->index];
  return 0;
}

static int take_buffer (TamboWebcamBed *bed, struct v4l2_buffer *buffer) {
  if (buffer->index >= bed->n_buffers || buffer->memory != V4L2_MEMORY_MMAP
      || bed->buffers[buffer->index].flags & (V4L2_BUF_FLAG_QUEUED | V4L2_BUF_FLAG_DONE))
    return -EINVAL;
  bed->buffers[buffer->index].flags |= V4L2_BUF_FLAG_QUEUED;
  g_queue_push_tail (&bed->queued, &bed->buffers[buffer->index]);
  *buffer = bed->buffers[buffer->index];
  return 0;
}

/* A buffer with a picture, for who waits; -EAGAIN: there is none yet. */
static int give_buffer (TamboWebcamBed *bed, struct v4l2_buffer *out_buffer) {
  struct v4l2_buffer *buffer = g_queue_pop_head (&bed->done);
  if (!bed->streams)
    return -EINVAL;
  if (buffer == NULL)
    return -EAGAIN;
  buffer->flags &= ~(guint32) V4L2_BUF_FLAG_DONE;
  *out_buffer = *buffer;
  return 0;
}

static gboolean fill_buffer (TamboWebcamBed *bed, struct v4l2_buffer *buffer, GBytes *picture) {
  gsize size;
  const guint8 *data = g_bytes_get_data (picture, &size);
  gint64 now = g_get_monotonic_time ();
  if (size > BUFFER_SIZE
      || pwrite (bed->memory, data, size, (off_t) buffer->m.offset) != (gssize) size)
    return FALSE;
  buffer->bytesused = (guint32) size;
  buffer->sequence = bed->sequence++;
  buffer->timestamp.tv_sec = now / G_USEC_PER_SEC;
  buffer->timestamp.tv_usec = now % G_USEC_PER_SEC;
  buffer->flags &= ~(guint32) V4L2_BUF_FLAG_QUEUED;
  buffer->flags |= V4L2_BUF_FLAG_DONE;
  return TRUE;
}

/* ---- its stream ---- */

/* Who waited is answered without the lock: an answer to a program that is gone ends in on_vanished(). CLIENT may be
 * NULL, and is let go. */
static void finish (UMockdevIoctlClient *client, int result) {
  if (client == NULL)
    return;
  umockdev_ioctl_client_complete (client, result < 0 ? -1 : 0, -result);
  g_object_unref (client);
}

/* Who waits, with a picture in its buffer; NULL when nobody does or there is none. */
static UMockdevIoctlClient *serve_waiting (TamboWebcamBed *bed) {
  g_autoptr (UMockdevIoctlData) target = NULL;
  struct v4l2_buffer buffer;

  if (bed->waiting == NULL || give_buffer (bed, &buffer) != 0)
    return NULL;
  target = umockdev_ioctl_data_resolve (umockdev_ioctl_client_get_arg (bed->waiting), 0,
                                        sizeof buffer, NULL);
  if (target != NULL)
    memcpy (target->data, &buffer, sizeof buffer);
  return g_steal_pointer (&bed->waiting);
}

static GBytes *take_picture (TamboWebcamBed *bed, guint size, guint number) {
  if (size == 0)
    return tambo_camera_film_get_frame (bed->film, number);
  if (bed->still == NULL)
    bed->still = tambo_camera_film_take_still (bed->film);
  return g_bytes_ref (bed->still);
}

static void show_picture (TamboWebcamBed *bed, guint size, GBytes *picture) {
  gboolean due = bed->streams && bed->size == size && bed->ticks++ % (RATE / sizes[size].rate) == 0;
  struct v4l2_buffer *buffer = due ? g_queue_pop_head (&bed->queued) : NULL;

  if (buffer != NULL && fill_buffer (bed, buffer, picture))
    g_queue_push_tail (&bed->done, buffer);
}

/* Who contended, and by OUT_RESULT with what success; NULL when it has to wait on, or nobody does. */
static UMockdevIoctlClient *judge_contender (TamboWebcamBed *bed, int *out_result) {
  g_autoptr (UMockdevIoctlData) target = NULL;

  if (bed->contender == NULL)
    return NULL;
  if (bed->owner != NULL && bed->patience > 0 && bed->patience-- == 1)
    let_go (bed);
  if (bed->owner != NULL && bed->patience > 0)
    return NULL;
  target = umockdev_ioctl_data_resolve (umockdev_ioctl_client_get_arg (bed->contender), 0,
                                        sizeof (struct v4l2_format), NULL);
  *out_result = target != NULL
                    ? settle_format (bed, bed->contender, VIDIOC_S_FMT, (gpointer) target->data)
                    : -EFAULT;
  return g_steal_pointer (&bed->contender);
}

static gboolean on_tick_cb (gpointer data) {
  TamboWebcamBed *bed = data;
  guint size, number;
  g_autoptr (GBytes) picture = NULL;
  UMockdevIoctlClient *served, *contender;
  int result = 0;
  gboolean goes_on;

  g_mutex_lock (&bed->lock);
  size = bed->size;
  number = bed->sequence;
  g_mutex_unlock (&bed->lock);
  /* It may have to be drawn first. */
  picture = take_picture (bed, size, number);
  g_mutex_lock (&bed->lock);
  show_picture (bed, size, picture);
  served = serve_waiting (bed);
  contender = judge_contender (bed, &result);
  goes_on = bed->streams || bed->contender != NULL;
  if (!goes_on) {
    bed->timer = 0;
    g_clear_pointer (&bed->still, g_bytes_unref);
  }
  g_mutex_unlock (&bed->lock);
  finish (served, 0);
  finish (contender, result);
  return goes_on;
}

static void keep_ticking (TamboWebcamBed *bed) {
  if (bed->timer == 0)
    bed->timer = g_timeout_add (1000 / RATE, on_tick_cb, bed);
}

static int start (TamboWebcamBed *bed) {
  bed->streams = TRUE;
  bed->sequence = bed->ticks = 0;
  keep_ticking (bed);
  return 0;
}

static int stop (TamboWebcamBed *bed) {
  bed->streams = FALSE;
  forget_pictures (bed);
  return 0;
}

/* Its stream is the owner's alone. */
static int answer_stream (TamboWebcamBed *bed, gulong request, gpointer memory) {
  switch (request) {
  case VIDIOC_QUERYBUF:
    return show_buffer (bed, memory);
  case VIDIOC_QBUF:
    return take_buffer (bed, memory);
  case VIDIOC_DQBUF:
    return give_buffer (bed, memory);
  case VIDIOC_STREAMON:
    return start (bed);
  default:
    return stop (bed);
  }
}

static int answer (TamboWebcamBed *bed, UMockdevIoctlClient *client, gulong request,
                   gpointer memory) {
  switch (request) {
  case VIDIOC_QUERYCAP:
    return describe (memory);
  case VIDIOC_ENUMINPUT:
    return enumerate_inputs (memory);
  case VIDIOC_G_INPUT:
    *(int *) memory = 0;
    return 0;
  case VIDIOC_ENUM_FMT:
    return enumerate_formats (memory);
  case VIDIOC_ENUM_FRAMESIZES:
    return enumerate_sizes (memory);
  case VIDIOC_ENUM_FRAMEINTERVALS:
    return enumerate_rates (memory);
  case VIDIOC_G_FMT:
  case VIDIOC_S_FMT:
  case VIDIOC_TRY_FMT:
    return settle_format (bed, client, request, memory);
  case VIDIOC_G_PARM:
  case VIDIOC_S_PARM:
    return tell_rate (bed, memory);
  case VIDIOC_QUERYCTRL: /* it has none */
    return -EINVAL;
  case VIDIOC_REQBUFS:
    return is_free_for (bed, client) ? make_buffers (bed, client, memory) : -EBUSY;
  case VIDIOC_QUERYBUF:
  case VIDIOC_QBUF:
  case VIDIOC_DQBUF:
  case VIDIOC_STREAMON:
  case VIDIOC_STREAMOFF:
    return bed->owner == client ? answer_stream (bed, request, memory) : -EBUSY;
  default:
    return -ENOTTY;
  }
}

/* Its file is always ready for poll(): who asks for a picture waits here, and who wants what another has. */
static gboolean make_wait (TamboWebcamBed *bed, UMockdevIoctlClient *client, gulong request,
                           int result) {
  if (request == VIDIOC_DQBUF && result == -EAGAIN)
    return g_set_object (&bed->waiting, client);
  if (request != VIDIOC_S_FMT || result != -EBUSY || is_free_for (bed, client)
      || bed->contender != NULL)
    return FALSE;
  bed->patience = PATIENCE;
  keep_ticking (bed);
  return g_set_object (&bed->contender, client);
}

static gboolean on_ioctl (UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer data) {
  TamboWebcamBed *bed = data;
  gulong request = umockdev_ioctl_client_get_request (client);
  g_autoptr (UMockdevIoctlData) target = NULL;
  gboolean waits;
  int result;

  if (_IOC_TYPE (request) != 'V' || _IOC_SIZE (request) == 0)
    return FALSE;
  target = umockdev_ioctl_data_resolve (umockdev_ioctl_client_get_arg (client), 0,
                                        _IOC_SIZE (request), NULL);
  g_mutex_lock (&bed->lock);
  if (client == bed->owner)
    bed->patience = 0;
  result = !bed->plugged    ? -ENODEV
           : target != NULL ? answer (bed, client, request, target->data)
                            : -EFAULT;
  waits = make_wait (bed, client, request, result);
  g_mutex_unlock (&bed->lock);
  if (!waits)
    finish (g_object_ref (client), result);
  return TRUE;
}

/* ---- its plug ---- */

static gboolean add_webcam (TamboWebcamBed *bed, GError **error) {
  g_autofree char *name = g_strdup_printf ("video%u", bed->plugs++);
  g_autofree char *text = g_strdup_printf (
      "P: " PLACE "/%s\nN: %s=00\nS: " LASTING_NAME "\nE: DEVNAME=/dev/%s\nE: MAJOR=81\n"
      "E: MINOR=%u\nE: SUBSYSTEM=video4linux\nE: ID_V4L_VERSION=2\n"
      "E: ID_V4L_PRODUCT=Practice webcam\nE: ID_V4L_CAPABILITIES=:capture:\n"
      "E: DEVLINKS=/dev/" LASTING_NAME
      "\nA: name=Practice webcam\\n\nA: index=0\\n\nA: dev=81:%u\\n\n",
      name, name, name, bed->plugs - 1, bed->plugs - 1);

  g_free (bed->node);
  bed->node = g_strconcat ("/dev/", name, NULL);
  g_free (bed->place);
  bed->place = g_strconcat (PLACE "/", name, NULL);
  return umockdev_testbed_add_from_string (bed->testbed, text, error);
}

static gboolean open_memory (TamboWebcamBed *bed, GError **error) {
  g_autofree char *path = g_strconcat (bed->root, bed->node, NULL);

  bed->memory = open (path, O_RDWR | O_CLOEXEC);
  if (bed->memory >= 0 && ftruncate (bed->memory, (off_t) N_BUFFERS * BUFFER_SIZE) == 0)
    return TRUE;
  g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
               "cannot make the webcam's memory %s: %s", path, g_strerror (errno));
  return FALSE;
}

static void close_memory (TamboWebcamBed *bed) {
  if (bed->memory >= 0)
    close (bed->memory);
  bed->memory = -1;
}

static void tell_station (TamboWebcamBed *bed, const char *action) {
  const TamboUevent event = { action, bed->place, "video4linux", NULL, bed->node };
  tambo_uevent_send (bed->root, &event);
}

static gboolean come (TamboWebcamBed *bed, GError **error) {
  if (!add_webcam (bed, error) || !open_memory (bed, error)
      || !umockdev_testbed_attach_ioctl (bed->testbed, bed->node, bed->handler.base, error))
    return FALSE;
  g_mutex_lock (&bed->lock);
  bed->plugged = TRUE;
  g_mutex_unlock (&bed->lock);
  tell_station (bed, "add");
  return TRUE;
}

static void go (TamboWebcamBed *bed) {
  g_autofree char *device = g_strconcat ("/sys", bed->place, NULL);
  g_autofree char *link = g_build_filename (bed->root, "dev", LASTING_NAME, NULL);
  UMockdevIoctlClient *waiting, *contender;

  g_mutex_lock (&bed->lock);
  bed->plugged = FALSE;
  waiting = g_steal_pointer (&bed->waiting);
  let_go (bed);
  contender = g_steal_pointer (&bed->contender);
  g_mutex_unlock (&bed->lock);
  finish (waiting, -ENODEV);
  finish (contender, -ENODEV);
  umockdev_testbed_detach_ioctl (bed->testbed, bed->node, NULL);
  umockdev_testbed_remove_device (bed->testbed, device);
  unlink (link);
  close_memory (bed);
  tell_station (bed, "remove");
}

gboolean tambo_webcam_bed_set_plugged (TamboWebcamBed *bed, gboolean plugged, GError **error) {
  if (plugged == bed->plugged) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                 "the webcam is %s already", plugged ? "plugged in" : "unplugged");
    return FALSE;
  }
  if (plugged)
    return come (bed, error);
  go (bed);
  return TRUE;
}

TamboWebcamBed *tambo_webcam_bed_new (const char *dir, TamboCameraFilm *film, TamboFaults *faults,
                                      GError **error) {
  g_autoptr (TamboWebcamBed) bed = NULL;

  if (!tambo_testbed_check_folder (dir, error))
    return NULL;
  bed = g_new0 (TamboWebcamBed, 1);
  g_mutex_init (&bed->lock);
  bed->film = film;
  bed->faults = faults;
  bed->memory = -1;
  tambo_handler_init (&bed->handler);
  tambo_handler_connect (&bed->handler, "handle-ioctl", G_CALLBACK (on_ioctl), bed);
  g_setenv ("TMPDIR", dir, TRUE); /* where umockdev makes its folder */
  bed->testbed = umockdev_testbed_new ();
  bed->root = umockdev_testbed_get_root_dir (bed->testbed);
  return come (bed, error) ? g_steal_pointer (&bed) : NULL;
}

void tambo_webcam_bed_free (TamboWebcamBed *bed) {
  if (bed == NULL)
    return;
  if (bed->plugged)
    umockdev_testbed_detach_ioctl (bed->testbed, bed->node, NULL);
  tambo_handler_clear (&bed->handler, bed);
  if (bed->timer != 0)
    g_source_remove (bed->timer);
  g_clear_object (&bed->contender);
  g_clear_pointer (&bed->still, g_bytes_unref);
  let_go (bed);
  close_memory (bed);
  g_clear_object (&bed->testbed);
  g_mutex_clear (&bed->lock);
  g_free (bed->node);
  g_free (bed->place);
  g_free (bed->root);
  g_free (bed);
}

const char *tambo_webcam_bed_get_root (TamboWebcamBed *bed) {
  return bed->root;
}
