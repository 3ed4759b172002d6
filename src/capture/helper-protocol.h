/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the desk and tambo-capture-helper say to one another over the helper's standard input and
 * output: frames of LENGTH (u32, big-endian, of the payload) | TYPE (u8) | PAYLOAD. Both ends
 * encode and parse with the functions of this file. Texts are u16 length and UTF-8.
 *
 * The helper is started as `list KIND`, `fingerprint ID`, `camera ID`, `pad ID REST TIMEOUT`
 * (milliseconds), `scanner NAME` or `sbi ID PRESS FINGER MISSING HASH GLASS`. It ends when its standard input ends.
 */
#pragma once

#include "base/bytes.h"
#include "capture/device.h"
#include "capture/fingerprint-reader.h"
#include "capture/signature-pad.h"

/* Of the IDs of cameras that are reached through GStreamer. */
#define TAMBO_WEBCAM_PREFIX "webcam:"

#define TAMBO_HELPER_HEADER_SIZE 5
#define TAMBO_HELPER_MAX_PAYLOAD (64 * 1024 * 1024)
#define TAMBO_HELPER_MAX_TEXT 1024
/* A helper that waits for a person says ALIVE this often. */
#define TAMBO_HELPER_ALIVE_MS 1000

typedef enum {
  /* To the helper, without payload. */
  TAMBO_HELPER_NEXT_FRAME = 1,
  TAMBO_HELPER_STILL = 2,
  /* From the helper. */
  TAMBO_HELPER_ALIVE = 16,
  TAMBO_HELPER_DONE,
  TAMBO_HELPER_ERROR,
  TAMBO_HELPER_DEVICE,
  TAMBO_HELPER_FINGER_STATUS,
  TAMBO_HELPER_FINGERPRINT,
  TAMBO_HELPER_PICTURE, /* a JPEG file */
  TAMBO_HELPER_PAD,
  TAMBO_HELPER_PEN,
  TAMBO_HELPER_HASH, /* the last one of the chain of an SBI reader */
  TAMBO_HELPER_PAGE, /* a PNG file */
} TamboHelperFrameType;

typedef struct {
  TamboHelperFrameType type;
  const guint8 *payload; /* borrowed */
  gsize size;
} TamboHelperFrame;

typedef enum {
  TAMBO_HELPER_PARSE_WHOLE,
  TAMBO_HELPER_PARSE_MORE, /* so far good, but cut short */
  TAMBO_HELPER_PARSE_ERROR,
} TamboHelperParse;

/* The frame at the reader; it moves on for WHOLE alone. Everything wrong is
 * TAMBO_CAPTURE_ERROR_PROTOCOL. */
TamboHelperParse tambo_helper_frame_parse (TamboReader *reader, TamboHelperFrame *out_frame,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Appends the header alone: the payload of SIZE bytes follows. */
void tambo_helper_put_header (GByteArray *array, TamboHelperFrameType type, gsize size);

typedef struct {
  char *id, *name, *driver, *detail; /* owned */
  TamboDeviceState state;
  guint presses; /* of a fingerprint reader: bits 1 << TamboPress */
} TamboDeviceRow;

TamboDeviceRow *tambo_device_row_new (const char *id, const char *name, const char *driver,
                                      TamboDeviceState state, const char *detail);
void tambo_device_row_free (TamboDeviceRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboDeviceRow, tambo_device_row_free)

void tambo_helper_put_device (GByteArray *array, const TamboDeviceRow *row);
TamboDeviceRow *tambo_helper_parse_device (const TamboHelperFrame *frame,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ERROR is of one of the two capture domains; any other becomes TAMBO_CAPTURE_ERROR_FAILED. */
void tambo_helper_put_error (GByteArray *array, const GError *error);
/* Always returns an error: the one in the frame, or PROTOCOL. */
GError *tambo_helper_parse_error (const TamboHelperFrame *frame);

void tambo_helper_put_finger_status (GByteArray *array, TamboFingerStatus status);
gboolean tambo_helper_parse_finger_status (const TamboHelperFrame *frame,
                                           TamboFingerStatus *out_status,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

void tambo_helper_put_fingerprint (GByteArray *array, const TamboFingerprintCapture *capture);
TamboFingerprintCapture *tambo_helper_parse_fingerprint (const TamboHelperFrame *frame,
                                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* 64 hexadecimal digits. */
void tambo_helper_put_hash (GByteArray *array, const char *hash);
char *tambo_helper_parse_hash (const TamboHelperFrame *frame,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

GBytes *tambo_helper_parse_picture (const TamboHelperFrame *frame,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

GBytes *tambo_helper_parse_page (const TamboHelperFrame *frame,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The pad's ranges, without samples. */
void tambo_helper_put_pad (GByteArray *array, const TamboSignature *signature);
TamboSignature *tambo_helper_parse_pad (const TamboHelperFrame *frame,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_helper_put_pen (GByteArray *array, const TamboPenSample *sample);
gboolean tambo_helper_parse_pen (const TamboHelperFrame *frame, TamboPenSample *out_sample,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
