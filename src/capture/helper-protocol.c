/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/helper-protocol.h"

#include <string.h>

#define NO_QUALITY 255
#define HASH_DIGITS 64

static gboolean fail_malformed (GError **error, const char *what) {
  g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL,
               "the capture helper sent a malformed %s", what);
  return FALSE;
}

static gboolean is_known_type (guint8 type) {
  return type == TAMBO_HELPER_NEXT_FRAME || type == TAMBO_HELPER_STILL
         || (type >= TAMBO_HELPER_ALIVE && type <= TAMBO_HELPER_PAGE);
}

TamboHelperParse tambo_helper_frame_parse (TamboReader *reader, TamboHelperFrame *out_frame,
                                           GError **error) {
  TamboReader ahead = *reader;
  const guint8 *payload = NULL;
  guint32 size;
  guint8 type;

  if (!tambo_reader_u32 (&ahead, &size))
    return TAMBO_HELPER_PARSE_MORE;
  if (size > TAMBO_HELPER_MAX_PAYLOAD) {
    g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL,
                 "the capture helper announced a frame of %u bytes", size);
    return TAMBO_HELPER_PARSE_ERROR;
  }
  if (!tambo_reader_u8 (&ahead, &type))
    return TAMBO_HELPER_PARSE_MORE;
  if (!is_known_type (type)) {
    g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL,
                 "the capture helper sent a frame of unknown type %u", type);
    return TAMBO_HELPER_PARSE_ERROR;
  }
  if (!tambo_reader_take (&ahead, size, &payload))
    return TAMBO_HELPER_PARSE_MORE;

  *reader = ahead;
  *out_frame = (TamboHelperFrame){ .type = type, .payload = payload, .size = size };
  return TAMBO_HELPER_PARSE_WHOLE;
}

void tambo_helper_put_header (GByteArray *array, TamboHelperFrameType type, gsize size) {
  g_assert (size <= TAMBO_HELPER_MAX_PAYLOAD);
  tambo_put_u32 (array, (guint32) size);
  tambo_put_u8 (array, (guint8) type);
}

static void put_frame (GByteArray *array, TamboHelperFrameType type, const GByteArray *payload) {
  tambo_helper_put_header (array, type, payload->len);
  tambo_put_bytes (array, payload->data, payload->len);
}

static void put_text (GByteArray *array, const char *text) {
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  gsize size = strlen (valid);

  if (size > TAMBO_HELPER_MAX_TEXT) {
    size = TAMBO_HELPER_MAX_TEXT;
    /* Do not cut within a character. */
    while (size > 0 && ((guint8) valid[size] & 0xc0) == 0x80)
      size--;
  }
  tambo_put_u16 (array, (guint16) size);
  tambo_put_bytes (array, valid, size);
}

static char *take_text (TamboReader *reader) {
  TamboReader ahead = *reader;
  const guint8 *data = NULL;
  guint16 size;

  if (!tambo_reader_u16 (&ahead, &size) || size > TAMBO_HELPER_MAX_TEXT
      || !tambo_reader_take (&ahead, size, &data)
      || !g_utf8_validate_len ((const char *) data, size, NULL))
    return NULL;
  *reader = ahead;
  return g_strndup ((const char *) data, size);
}

static TamboReader payload_reader (const TamboHelperFrame *frame) {
  return tambo_reader (frame->payload, frame->size);
}

TamboDeviceRow *tambo_device_row_new (const char *id, const char *name, const char *driver,
                                      TamboDeviceState state, const char *detail) {
  TamboDeviceRow *row = g_new0 (TamboDeviceRow, 1);

  row->id = g_strdup (id);
  row->name = g_strdup (name);
  row->driver = g_strdup (driver);
  row->state = state;
  row->detail = g_strdup (detail != NULL ? detail : "");
  return row;
}

void tambo_device_row_free (TamboDeviceRow *row) {
  if (row == NULL)
    return;
  g_free (row->id);
  g_free (row->name);
  g_free (row->driver);
  g_free (row->detail);
  g_free (row);
}

void tambo_helper_put_device (GByteArray *array, const TamboDeviceRow *row) {
  g_autoptr (GByteArray) payload = g_byte_array_new ();

  tambo_put_u8 (payload, (guint8) row->state);
  tambo_put_u8 (payload, (guint8) row->presses);
  put_text (payload, row->id);
  put_text (payload, row->name);
  put_text (payload, row->driver);
  put_text (payload, row->detail);
  put_frame (array, TAMBO_HELPER_DEVICE, payload);
}

TamboDeviceRow *tambo_helper_parse_device (const TamboHelperFrame *frame, GError **error) {
  g_autoptr (TamboDeviceRow) row = g_new0 (TamboDeviceRow, 1);
  TamboReader reader = payload_reader (frame);
  guint8 state, presses;

  if (frame->type != TAMBO_HELPER_DEVICE || !tambo_reader_u8 (&reader, &state)
      || state > TAMBO_DEVICE_FAILED || !tambo_reader_u8 (&reader, &presses)
      || (row->id = take_text (&reader)) == NULL || row->id[0] == '\0'
      || (row->name = take_text (&reader)) == NULL || (row->driver = take_text (&reader)) == NULL
      || (row->detail = take_text (&reader)) == NULL || tambo_reader_left (&reader) > 0) {
    fail_malformed (error, "device row");
    return NULL;
  }
  row->state = (TamboDeviceState) state;
  row->presses = presses;
  return g_steal_pointer (&row);
}

void tambo_helper_put_error (GByteArray *array, const GError *error) {
  g_autoptr (GByteArray) payload = g_byte_array_new ();
  gboolean retry = error->domain == TAMBO_CAPTURE_RETRY;
  gboolean known = retry || error->domain == TAMBO_CAPTURE_ERROR;

  tambo_put_u8 (payload, retry ? 1 : 2);
  tambo_put_u8 (payload, known ? (guint8) error->code : TAMBO_CAPTURE_ERROR_FAILED);
  put_text (payload, error->message);
  put_frame (array, TAMBO_HELPER_ERROR, payload);
}

GError *tambo_helper_parse_error (const TamboHelperFrame *frame) {
  TamboReader reader = payload_reader (frame);
  g_autofree char *message = NULL;
  GError *malformed = NULL;
  guint8 domain, code;

  if (frame->type == TAMBO_HELPER_ERROR && tambo_reader_u8 (&reader, &domain)
      && tambo_reader_u8 (&reader, &code) && (message = take_text (&reader)) != NULL
      && tambo_reader_left (&reader) == 0) {
    if (domain == 1 && code <= TAMBO_CAPTURE_RETRY_NO_ZONE)
      return g_error_new_literal (TAMBO_CAPTURE_RETRY, code, message);
    if (domain == 2 && code <= TAMBO_CAPTURE_ERROR_FAILED)
      return g_error_new_literal (TAMBO_CAPTURE_ERROR, code, message);
  }
  fail_malformed (&malformed, "error");
  return malformed;
}

void tambo_helper_put_finger_status (GByteArray *array, TamboFingerStatus status) {
  tambo_helper_put_header (array, TAMBO_HELPER_FINGER_STATUS, 1);
  tambo_put_u8 (array, (guint8) status);
}

gboolean tambo_helper_parse_finger_status (const TamboHelperFrame *frame,
                                           TamboFingerStatus *out_status, GError **error) {
  if (frame->type != TAMBO_HELPER_FINGER_STATUS || frame->size != 1
      || frame->payload[0] > TAMBO_FINGER_PRESENT)
    return fail_malformed (error, "finger status");
  *out_status = (TamboFingerStatus) frame->payload[0];
  return TRUE;
}

void tambo_helper_put_fingerprint (GByteArray *array, const TamboFingerprintCapture *capture) {
  g_autoptr (GByteArray) fields = g_byte_array_new ();
  const TamboImage *image = capture->image;
  gsize n_pixels = tambo_image_size (image);

  g_assert (image->channels == 1);
  tambo_put_u32 (fields, (guint32) image->width);
  tambo_put_u32 (fields, (guint32) image->height);
  tambo_put_u16 (fields, (guint16) image->ppi);
  tambo_put_u32 (fields, (guint32) capture->n_minutiae);
  tambo_put_u8 (fields, (guint8) capture->finger);
  tambo_put_u8 (fields, capture->quality >= 0 ? (guint8) capture->quality : NO_QUALITY);
  put_text (fields, capture->driver);
  tambo_helper_put_header (array, TAMBO_HELPER_FINGERPRINT, fields->len + n_pixels);
  tambo_put_bytes (array, fields->data, fields->len);
  tambo_put_bytes (array, image->data, n_pixels);
}

TamboFingerprintCapture *tambo_helper_parse_fingerprint (const TamboHelperFrame *frame,
                                                         GError **error) {
  g_autoptr (TamboFingerprintCapture) capture = g_new0 (TamboFingerprintCapture, 1);
  TamboReader reader = payload_reader (frame);
  const guint8 *pixels = NULL;
  guint32 width, height, n_minutiae;
  guint16 ppi;
  guint8 finger, quality;

  if (frame->type != TAMBO_HELPER_FINGERPRINT || !tambo_reader_u32 (&reader, &width)
      || !tambo_reader_u32 (&reader, &height) || !tambo_reader_u16 (&reader, &ppi)
      || !tambo_reader_u32 (&reader, &n_minutiae) || n_minutiae > G_MAXUINT16
      || !tambo_reader_u8 (&reader, &finger) || finger > TAMBO_FINGER_LEFT_LITTLE
      || !tambo_reader_u8 (&reader, &quality) || (quality > 100 && quality != NO_QUALITY)
      || (capture->driver = take_text (&reader)) == NULL || width == 0 || height == 0
      || width > G_MAXUINT16 || height > G_MAXUINT16
      || tambo_reader_left (&reader) != (gsize) width * height
      || !tambo_reader_take (&reader, (gsize) width * height, &pixels)
      || (capture->image = tambo_image_new ((int) width, (int) height, 1)) == NULL) {
    fail_malformed (error, "fingerprint");
    return NULL;
  }
  memcpy (capture->image->data, pixels, (gsize) width * height);
  capture->image->ppi = ppi;
  capture->n_minutiae = (int) n_minutiae;
  capture->finger = (TamboFinger) finger;
  capture->quality = quality != NO_QUALITY ? quality : -1;
  return g_steal_pointer (&capture);
}

void tambo_helper_put_hash (GByteArray *array, const char *hash) {
  tambo_helper_put_header (array, TAMBO_HELPER_HASH, HASH_DIGITS);
  tambo_put_bytes (array, hash, HASH_DIGITS);
}

char *tambo_helper_parse_hash (const TamboHelperFrame *frame, GError **error) {
  gboolean good = frame->type == TAMBO_HELPER_HASH && frame->size == HASH_DIGITS;

  for (gsize i = 0; good && i < HASH_DIGITS; i++)
    good = g_ascii_isxdigit (frame->payload[i]);
  if (good)
    return g_strndup ((const char *) frame->payload, HASH_DIGITS);
  fail_malformed (error, "hash");
  return NULL;
}

/* Decoding is the format room's; what is not even this kind of file is told here. */
static GBytes *parse_file (const TamboHelperFrame *frame, TamboHelperFrameType type,
                           const guint8 *magic, gsize size, const char *what, GError **error) {
  if (frame->type != type || frame->size < size || memcmp (frame->payload, magic, size) != 0) {
    fail_malformed (error, what);
    return NULL;
  }
  return g_bytes_new (frame->payload, frame->size);
}

GBytes *tambo_helper_parse_picture (const TamboHelperFrame *frame, GError **error) {
  /* The start-of-image marker and the next marker's first byte. */
  static const guint8 jpeg[] = { 0xff, 0xd8, 0xff };

  return parse_file (frame, TAMBO_HELPER_PICTURE, jpeg, sizeof jpeg, "picture", error);
}

GBytes *tambo_helper_parse_page (const TamboHelperFrame *frame, GError **error) {
  static const guint8 png[] = { 0x89, 'P', 'N', 'G' };

  return parse_file (frame, TAMBO_HELPER_PAGE, png, sizeof png, "page", error);
}

void tambo_helper_put_pad (GByteArray *array, const TamboSignature *signature) {
  tambo_helper_put_header (array, TAMBO_HELPER_PAD, 8);
  tambo_put_u16 (array, signature->max_x);
  tambo_put_u16 (array, signature->max_y);
  tambo_put_u16 (array, signature->max_pressure);
  tambo_put_u16 (array, (guint16) signature->units_per_inch);
}

TamboSignature *tambo_helper_parse_pad (const TamboHelperFrame *frame, GError **error) {
  TamboReader reader = payload_reader (frame);
  guint16 max_x, max_y, max_pressure, units_per_inch;

  if (frame->type != TAMBO_HELPER_PAD || !tambo_reader_u16 (&reader, &max_x)
      || !tambo_reader_u16 (&reader, &max_y) || !tambo_reader_u16 (&reader, &max_pressure)
      || !tambo_reader_u16 (&reader, &units_per_inch) || tambo_reader_left (&reader) > 0
      || max_x == 0 || max_y == 0 || max_pressure == 0) {
    fail_malformed (error, "pad description");
    return NULL;
  }
  return tambo_signature_new (max_x, max_y, max_pressure, units_per_inch);
}

void tambo_helper_put_pen (GByteArray *array, const TamboPenSample *sample) {
  tambo_helper_put_header (array, TAMBO_HELPER_PEN, 10);
  tambo_put_u16 (array, sample->x);
  tambo_put_u16 (array, sample->y);
  tambo_put_u16 (array, sample->pressure);
  tambo_put_u32 (array, sample->time);
}

gboolean tambo_helper_parse_pen (const TamboHelperFrame *frame, TamboPenSample *out_sample,
                                 GError **error) {
  TamboReader reader = payload_reader (frame);
  TamboPenSample sample;

  if (frame->type != TAMBO_HELPER_PEN || !tambo_reader_u16 (&reader, &sample.x)
      || !tambo_reader_u16 (&reader, &sample.y) || !tambo_reader_u16 (&reader, &sample.pressure)
      || !tambo_reader_u32 (&reader, &sample.time) || tambo_reader_left (&reader) > 0)
    return fail_malformed (error, "pen sample");
  *out_sample = sample;
  return TRUE;
}
