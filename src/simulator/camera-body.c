/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/camera-body.h"

#include "simulator/camera-film.h"

#include <string.h>

#define STORAGE 0x00010001u
#define SDRAM_HANDLE 0xffff0001u
#define MAX_PICTURES 32
#define MAX_EVENTS 64
#define FRAME_INTERVAL (G_USEC_PER_SEC / 30)
#define LIVE_VIEW_HEADER 384

enum {
  GET_DEVICE_INFO = 0x1001,
  OPEN_SESSION = 0x1002,
  CLOSE_SESSION = 0x1003,
  GET_STORAGE_IDS = 0x1004,
  GET_STORAGE_INFO = 0x1005,
  GET_OBJECT_HANDLES = 0x1007,
  GET_OBJECT_INFO = 0x1008,
  GET_OBJECT = 0x1009,
  DELETE_OBJECT = 0x100b,
  INITIATE_CAPTURE = 0x100e,
  GET_PROPERTY_DESCRIPTION = 0x1014,
  GET_PROPERTY_VALUE = 0x1015,
  SET_PROPERTY_VALUE = 0x1016,
  NIKON_CAPTURE_IN_SDRAM = 0x90c0,
  NIKON_CHECK_EVENT = 0x90c7,
  NIKON_DEVICE_READY = 0x90c8,
  NIKON_START_LIVE_VIEW = 0x9201,
  NIKON_END_LIVE_VIEW = 0x9202,
  NIKON_GET_LIVE_VIEW_IMAGE = 0x9203,
  NIKON_CAPTURE_IN_MEDIA = 0x9207,
};

enum {
  OBJECT_ADDED = 0x4002,
  CAPTURE_COMPLETE = 0x400d,
  NIKON_OBJECT_ADDED_IN_SDRAM = 0xc101,
  NIKON_CAPTURE_COMPLETE_IN_SDRAM = 0xc102,
};

static const guint16 operations[] = {
  GET_DEVICE_INFO,
  OPEN_SESSION,
  CLOSE_SESSION,
  GET_STORAGE_IDS,
  GET_STORAGE_INFO,

  GET_OBJECT_HANDLES,
  GET_OBJECT_INFO,
  GET_OBJECT,
  DELETE_OBJECT,
  INITIATE_CAPTURE,
  GET_PROPERTY_DESCRIPTION,
  GET_PROPERTY_VALUE,
  SET_PROPERTY_VALUE,
  NIKON_CAPTURE_IN_SDRAM,
  NIKON_CHECK_EVENT,
  NIKON_DEVICE_READY,
  NIKON_START_LIVE_VIEW,
  NIKON_END_LIVE_VIEW,
  NIKON_GET_LIVE_VIEW_IMAGE,
  NIKON_CAPTURE_IN_MEDIA,
};
static const guint16 events[] = { OBJECT_ADDED, CAPTURE_COMPLETE, NIKON_OBJECT_ADDED_IN_SDRAM,
                                  NIKON_CAPTURE_COMPLETE_IN_SDRAM };

typedef struct {
  guint16 code, type; /* type 2: u8, 6: u32 */
  gboolean writable;
  guint32 initial;
} Property;

enum {
  BATTERY_LEVEL,
  LIVE_VIEW_STATUS,
  LIVE_VIEW_PROHIBITED,
  RECORDING_MEDIA,
  N_PROPERTIES,
};

static const Property properties[N_PROPERTIES] = {
  [BATTERY_LEVEL] = { 0x5001, 2, FALSE, 100 },
  [LIVE_VIEW_STATUS] = { 0xd1a2, 2, FALSE, 0 },
  [LIVE_VIEW_PROHIBITED] = { 0xd1a4, 6, FALSE, 0 },
  [RECORDING_MEDIA] = { 0xd10b, 2, TRUE, 0 },
};

typedef struct {
  guint32 handle;
  guint32 shot;
  GBytes *jpeg;
} Picture;

typedef struct {
  guint16 code;
  guint32 parameter;
} Event;

struct _TamboCameraBody {
  TamboCameraFilm *film;
  gboolean session;
  guint32 values[N_PROPERTIES];
  GPtrArray *pictures; /* of Picture */
  GArray *events;      /* for the event connection */
  GArray *checked;     /* for Nikon's CheckEvent */
  guint32 shots, frame;
  gint64 last_frame;
};

static void picture_free (gpointer data) {
  Picture *picture = data;
  g_bytes_unref (picture->jpeg);
  g_free (picture);
}

TamboCameraBody *tambo_camera_body_new (TamboScene *scene) {
  TamboCameraBody *body = g_new0 (TamboCameraBody, 1);
  body->film = tambo_camera_film_new (scene);
  body->pictures = g_ptr_array_new_with_free_func (picture_free);
  body->events = g_array_new (FALSE, FALSE, sizeof (Event));
  body->checked = g_array_new (FALSE, FALSE, sizeof (Event));
  tambo_camera_body_reset (body);
  return body;
}

void tambo_camera_body_free (TamboCameraBody *body) {
  if (body == NULL)
    return;
  tambo_camera_film_free (body->film);
  g_ptr_array_unref (body->pictures);
  g_array_unref (body->events);
  g_array_unref (body->checked);
  g_free (body);
}

void tambo_camera_body_set_scene (TamboCameraBody *body, TamboScene *scene) {
  tambo_camera_film_set_scene (body->film, scene);
}

void tambo_camera_body_reset (TamboCameraBody *body) {
  body->session = FALSE;
  for (guint i = 0; i < N_PROPERTIES; i++)
    body->values[i] = properties[i].initial;
  g_ptr_array_set_size (body->pictures, 0);
  g_array_set_size (body->events, 0);
  g_array_set_size (body->checked, 0);
}

static void add_event (GArray *queue, guint16 code, guint32 parameter) {
  Event event = { code, parameter };
  if (queue->len < MAX_EVENTS)
    g_array_append_val (queue, event);
}

gboolean tambo_camera_body_take_event (TamboCameraBody *body, guint16 *out_code,
                                       guint32 *out_parameter) {
  if (body->events->len == 0)
    return FALSE;
  const Event *event = &g_array_index (body->events, Event, 0);
  *out_code = event->code;
  *out_parameter = event->parameter;
  g_array_remove_index (body->events, 0);
  return TRUE;
}

static Picture *find_picture (TamboCameraBody *body, guint32 handle) {
  for (guint i = 0; i < body->pictures->len; i++) {
    Picture *picture = g_ptr_array_index (body->pictures, i);
    if (picture->handle == handle)
      return picture;
  }
  return NULL;
}

static TamboPtpResponse take_picture (TamboCameraBody *body, gboolean in_sdram) {
  Picture *old = in_sdram ? find_picture (body, SDRAM_HANDLE) : NULL;
  if (old != NULL)
    g_ptr_array_remove (body->pictures, old);
  if (body->pictures->len >= MAX_PICTURES)
    return TAMBO_PTP_STORE_FULL;

  body->shots++;
  Picture *picture = g_new0 (Picture, 1);
  picture->handle = in_sdram ? SDRAM_HANDLE : body->shots;
  picture->shot = body->shots;
  picture->jpeg = tambo_camera_film_take_still (body->film);
  g_ptr_array_add (body->pictures, picture);
  if (in_sdram) {
    add_event (body->checked, NIKON_OBJECT_ADDED_IN_SDRAM, SDRAM_HANDLE);
    add_event (body->checked, NIKON_CAPTURE_COMPLETE_IN_SDRAM, 0);
  } else {
    add_event (body->events, OBJECT_ADDED, picture->handle);
    add_event (body->events, CAPTURE_COMPLETE, 0);
  }
  return TAMBO_PTP_OK;
}

static GBytes *next_frame (TamboCameraBody *body) {
  gint64 due = body->last_frame + FRAME_INTERVAL, now = g_get_monotonic_time ();
  if (now < due)
    g_usleep ((gulong) (due - now));
  body->last_frame = g_get_monotonic_time ();

  return tambo_camera_film_get_frame (body->film, body->frame++);
}

static void put_bytes (GByteArray *output, GBytes *bytes) {
  g_byte_array_append (output, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
}

static TamboPtpResponse get_live_view_image (TamboCameraBody *body, GByteArray *output) {
  if (body->values[LIVE_VIEW_STATUS] == 0)
    return TAMBO_PTP_NIKON_NOT_LIVE_VIEW;
  g_autoptr (GBytes) frame = next_frame (body);
  /* The header begins with the size of the picture, big-endian as Nikon has it. */
  guint8 header[LIVE_VIEW_HEADER] = { TAMBO_FRAME_WIDTH >> 8, TAMBO_FRAME_WIDTH & 0xff,
                                      TAMBO_FRAME_HEIGHT >> 8, TAMBO_FRAME_HEIGHT & 0xff };
  g_byte_array_append (output, header, sizeof header);
  put_bytes (output, frame);
  return TAMBO_PTP_OK;
}

static void put_device_info (GByteArray *output) {
  const guint16 image_formats[] = { 0x3801 };
  guint16 codes[N_PROPERTIES];
  for (guint i = 0; i < N_PROPERTIES; i++)
    codes[i] = properties[i].code;

  tambo_ptp_put_u16 (output, 100);  /* PTP 1.00 */
  tambo_ptp_put_u32 (output, 0x0a); /* Nikon's vendor extension … */
  tambo_ptp_put_u16 (output, 100);  /* … 1.00 */
  tambo_ptp_put_string (output, "");
  tambo_ptp_put_u16 (output, 0); /* standard mode */
  tambo_ptp_put_codes (output, operations, G_N_ELEMENTS (operations));
  tambo_ptp_put_codes (output, events, G_N_ELEMENTS (events));
  tambo_ptp_put_codes (output, codes, G_N_ELEMENTS (codes));
  tambo_ptp_put_codes (output, image_formats, G_N_ELEMENTS (image_formats));
  tambo_ptp_put_codes (output, image_formats, G_N_ELEMENTS (image_formats));
  tambo_ptp_put_string (output, "Tambo");
  tambo_ptp_put_string (output, "Practice camera");
  tambo_ptp_put_string (output, "1.0");
  tambo_ptp_put_string (output, "0001");
}

static void put_storage_info (GByteArray *output) {
  tambo_ptp_put_u16 (output, 4); /* removable RAM, flat, read and write */
  tambo_ptp_put_u16 (output, 1);
  tambo_ptp_put_u16 (output, 0);
  tambo_ptp_put_u64 (output, 1024u * 1024 * 1024);
  tambo_ptp_put_u64 (output, 1024u * 1024 * 1023);
  tambo_ptp_put_u32 (output, MAX_PICTURES);
  tambo_ptp_put_string (output, "RAM");
  tambo_ptp_put_string (output, "");
}

static TamboPtpResponse put_object_handles (TamboCameraBody *body,
                                            const TamboPtpOperation *operation,
                                            GByteArray *output) {
  guint32 storage = operation->parameters[0];
  if (storage != STORAGE && storage != 0xffffffff)
    return TAMBO_PTP_INVALID_STORAGE;
  guint32 n = 0;
  GByteArray *handles = g_byte_array_new ();
  for (guint i = 0; i < body->pictures->len; i++) {
    const Picture *picture = g_ptr_array_index (body->pictures, i);
    if (picture->handle == SDRAM_HANDLE)
      continue;
    tambo_ptp_put_u32 (handles, picture->handle);
    n++;
  }
  tambo_ptp_put_u32 (output, n);
  g_byte_array_append (output, handles->data, handles->len);
  g_byte_array_unref (handles);
  return TAMBO_PTP_OK;
}

static TamboPtpResponse put_object_info (TamboCameraBody *body, guint32 handle,
                                         GByteArray *output) {
  const Picture *picture = find_picture (body, handle);
  if (picture == NULL)
    return TAMBO_PTP_INVALID_HANDLE;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%dT%H%M%S");
  g_autofree char *name = g_strdup_printf ("DSC_%04u.JPG", picture->shot % 10000);
  const TamboPtpObject object = {
    .storage = STORAGE,
    .size = (guint32) g_bytes_get_size (picture->jpeg),
    .width = TAMBO_PORTRAIT_WIDTH,
    .height = TAMBO_PORTRAIT_HEIGHT,
    .name = name,
    .time = time,
  };
  tambo_ptp_put_object_info (output, &object);
  return TAMBO_PTP_OK;
}

static void put_value (GByteArray *output, const Property *property, guint32 value) {
  if (property->type == 6)
    tambo_ptp_put_u32 (output, value);
  else
    tambo_ptp_put_u8 (output, (guint8) value);
}

static int find_property (guint32 code) {
  for (int i = 0; i < N_PROPERTIES; i++)
    if (properties[i].code == code)
      return i;
  return -1;
}

static TamboPtpResponse use_property (TamboCameraBody *body, const TamboPtpOperation *operation,
                                      GBytes *input, GByteArray *output) {
  int i = find_property (operation->parameters[0]);
  if (i < 0)
    return TAMBO_PTP_PROPERTY_NOT_SUPPORTED;
  const Property *property = &properties[i];
  if (operation->code == GET_PROPERTY_VALUE) {
    put_value (output, property, body->values[i]);
  } else if (operation->code == GET_PROPERTY_DESCRIPTION) {
    tambo_ptp_put_u16 (output, property->code);
    tambo_ptp_put_u16 (output, property->type);
    tambo_ptp_put_u8 (output, property->writable);
    put_value (output, property, property->initial);
    put_value (output, property, body->values[i]);
    tambo_ptp_put_u8 (output, 0); /* no range, no list */
  } else {
    if (!property->writable || input == NULL || g_bytes_get_size (input) != 1)
      return TAMBO_PTP_INVALID_VALUE;
    body->values[i] = *(const guint8 *) g_bytes_get_data (input, NULL);
  }
  return TAMBO_PTP_OK;
}

static void put_checked_events (TamboCameraBody *body, GByteArray *output) {
  tambo_ptp_put_u16 (output, (guint16) body->checked->len);
  for (guint i = 0; i < body->checked->len; i++) {
    const Event *event = &g_array_index (body->checked, Event, i);
    tambo_ptp_put_u16 (output, event->code);
    tambo_ptp_put_u32 (output, event->parameter);
  }
  g_array_set_size (body->checked, 0);
}

/* Operations with a data phase towards the station. */
static TamboPtpResponse send_data (TamboCameraBody *body, const TamboPtpOperation *operation,
                                   GByteArray *output) {
  const Picture *picture;
  switch (operation->code) {
  case GET_DEVICE_INFO:
    put_device_info (output);
    return TAMBO_PTP_OK;
  case GET_STORAGE_IDS:
    tambo_ptp_put_u32 (output, 1);
    tambo_ptp_put_u32 (output, STORAGE);
    return TAMBO_PTP_OK;
  case GET_STORAGE_INFO:
    if (operation->parameters[0] != STORAGE)
      return TAMBO_PTP_INVALID_STORAGE;
    put_storage_info (output);
    return TAMBO_PTP_OK;
  case GET_OBJECT_HANDLES:
    return put_object_handles (body, operation, output);
  case GET_OBJECT_INFO:
    return put_object_info (body, operation->parameters[0], output);
  case GET_OBJECT:
    picture = find_picture (body, operation->parameters[0]);
    if (picture == NULL)
      return TAMBO_PTP_INVALID_HANDLE;
    put_bytes (output, picture->jpeg);
    return TAMBO_PTP_OK;
  case GET_PROPERTY_VALUE:
  case GET_PROPERTY_DESCRIPTION:
    return use_property (body, operation, NULL, output);
  case NIKON_CHECK_EVENT:
    put_checked_events (body, output);
    return TAMBO_PTP_OK;
  case NIKON_GET_LIVE_VIEW_IMAGE:
    return get_live_view_image (body, output);
  default:
    return TAMBO_PTP_OPERATION_NOT_SUPPORTED;
  }
}

static TamboPtpResponse delete_object (TamboCameraBody *body, guint32 handle) {
  Picture *picture = find_picture (body, handle);
  if (handle == 0xffffffff)
    g_ptr_array_set_size (body->pictures, 0);
  else if (picture == NULL)
    return TAMBO_PTP_INVALID_HANDLE;
  else
    g_ptr_array_remove (body->pictures, picture);
  return TAMBO_PTP_OK;
}

static TamboPtpResponse act (TamboCameraBody *body, const TamboPtpOperation *operation,
                             GBytes *input) {
  switch (operation->code) {
  case OPEN_SESSION:
    if (body->session)
      return TAMBO_PTP_SESSION_ALREADY_OPEN;
    body->session = TRUE;
    return TAMBO_PTP_OK;
  case CLOSE_SESSION:
    tambo_camera_body_reset (body);
    return TAMBO_PTP_OK;
  case DELETE_OBJECT:
    return delete_object (body, operation->parameters[0]);
  case SET_PROPERTY_VALUE:
    return use_property (body, operation, input, NULL);
  case INITIATE_CAPTURE:
    return take_picture (body, FALSE);
  case NIKON_CAPTURE_IN_SDRAM:
    return take_picture (body, TRUE);
  case NIKON_CAPTURE_IN_MEDIA:
    /* The second parameter is the medium: 0 the card, 1 the RAM. */
    return take_picture (body, operation->parameters[1] != 0);
  case NIKON_START_LIVE_VIEW:
  case NIKON_END_LIVE_VIEW:
    body->values[LIVE_VIEW_STATUS] = operation->code == NIKON_START_LIVE_VIEW;
    return TAMBO_PTP_OK;
  case NIKON_DEVICE_READY:
    return TAMBO_PTP_OK;
  default:
    return TAMBO_PTP_OPERATION_NOT_SUPPORTED;
  }
}

TamboFaults *tambo_camera_faults_new (void) {
  static const char *const names[] = {
    [TAMBO_CAMERA_FAULT_HANG] = "hang",         [TAMBO_CAMERA_FAULT_CLOSE] = "close",
    [TAMBO_CAMERA_FAULT_GARBAGE] = "garbage",   [TAMBO_CAMERA_FAULT_UNPLUG] = "unplug",
    [TAMBO_CAMERA_FAULT_BUSY] = "busy",         [TAMBO_CAMERA_FAULT_STUCK] = "stuck",
    [TAMBO_CAMERA_FAULT_NO_FOCUS] = "no-focus", [TAMBO_CAMERA_FAULT_TRUNCATE] = "truncate",
    [TAMBO_CAMERA_FAULT_ERROR] = "error",       NULL,
  };
  return tambo_faults_new ("camera", names);
}

gboolean tambo_camera_fault_is_in (guint struck, TamboCameraFault fault) {
  return (struck & 1u << fault) != 0;
}

/* What a camera in trouble says instead of obeying; OK when it obeys. */
static TamboPtpResponse balk (guint struck, guint16 code) {
  gboolean shoots =
      code == INITIATE_CAPTURE || code == NIKON_CAPTURE_IN_SDRAM || code == NIKON_CAPTURE_IN_MEDIA;
  gboolean shows = code == NIKON_START_LIVE_VIEW || code == NIKON_GET_LIVE_VIEW_IMAGE;
  if (tambo_camera_fault_is_in (struck, TAMBO_CAMERA_FAULT_ERROR))
    return TAMBO_PTP_GENERAL_ERROR;
  if (tambo_camera_fault_is_in (struck, TAMBO_CAMERA_FAULT_NO_FOCUS) && shoots)
    return TAMBO_PTP_NIKON_OUT_OF_FOCUS;
  if ((tambo_camera_fault_is_in (struck, TAMBO_CAMERA_FAULT_BUSY) && (shoots || shows))
      || (tambo_camera_fault_is_in (struck, TAMBO_CAMERA_FAULT_STUCK)
          && code == NIKON_DEVICE_READY))
    return TAMBO_PTP_DEVICE_BUSY;
  return TAMBO_PTP_OK;
}

gboolean tambo_camera_body_takes_data (guint16 code) {
  return code == SET_PROPERTY_VALUE;
}

TamboPtpResponse tambo_camera_body_operate (TamboCameraBody *body,
                                            const TamboPtpOperation *operation, GBytes *input,
                                            guint struck, GByteArray *output,
                                            gboolean *out_has_output) {
  guint before = output->len;
  *out_has_output = FALSE;
  if (!body->session && operation->code != OPEN_SESSION && operation->code != GET_DEVICE_INFO)
    return TAMBO_PTP_SESSION_NOT_OPEN;
  TamboPtpResponse response = balk (struck, operation->code);
  if (response != TAMBO_PTP_OK)
    return response;
  response = send_data (body, operation, output);
  if (response == TAMBO_PTP_OPERATION_NOT_SUPPORTED)
    return act (body, operation, input);
  *out_has_output = response == TAMBO_PTP_OK;
  if (!*out_has_output)
    g_byte_array_set_size (output, before);
  else if (tambo_camera_fault_is_in (struck, TAMBO_CAMERA_FAULT_TRUNCATE)
           && (operation->code == GET_OBJECT || operation->code == NIKON_GET_LIVE_VIEW_IMAGE))
    g_byte_array_set_size (output, before + (output->len - before) / 2);
  return response;
}
