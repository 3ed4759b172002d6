/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/pad-protocol.h"

#include <string.h>

#define OPTION_TIMED 3
#define MAX_FEATURE 8
#define MAX_IMAGE_BLOCK 253

enum {
  PEN = 0x01,
  STATUS = 0x03,
  RESET = 0x04,
  INFORMATION = 0x08,
  CAPABILITY = 0x09,
  UID = 0x0a,
  UID2 = 0x0b,
  PEN_ENCRYPTED = 0x10,
  CLEAR = 0x20,
  INKING = 0x21,
  INK_THRESHOLD = 0x22,
  CLEAR_AREA = 0x23,
  START_IMAGE = 0x24,
  START_IMAGE_AREA = 0x25,
  IMAGE_BLOCK = 0x26,
  END_IMAGE = 0x27,
  HANDWRITING_AREA = 0x2a,
  BRIGHTNESS = 0x2b,
  PEN_COLOUR = 0x2d,
  BACKGROUND = 0x2e,
  OPTION_MODE = 0x32,
  PEN_TIMED = 0x34,
};

/* A report that is only kept: what was set is what is got. */
typedef struct {
  guint8 report;
  gsize size; /* without the number */
  guint8 initial[MAX_FEATURE];
} Setting;

static const Setting settings[] = {
  { INKING, 1, { 0 } },
  { INK_THRESHOLD, 4, { 0, 21, 0, 17 } },
  { HANDWRITING_AREA, 8, { 0, 0, 0, 0, 0x30, 0x2a, 0x50, 0x19 } },
  { BRIGHTNESS, 2, { 3, 0 } },
  { PEN_COLOUR, 4, { 0, 0, 0, 2 } },
  { BACKGROUND, 3, { 0xff, 0xff, 0xff } },
  { OPTION_MODE, 1, { 0 } },
};

struct _TamboPad {
  GMutex lock;
  TamboPadInkingFunc inking;
  gpointer data; /* borrowed */
  guint8 values[G_N_ELEMENTS (settings)][MAX_FEATURE];
  gboolean in_image;
  guint16 sequence;
};

static int find_setting (guint8 report) {
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    if (settings[i].report == report)
      return (int) i;
  return -1;
}

static void reset (TamboPad *pad) {
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    memcpy (pad->values[i], settings[i].initial, MAX_FEATURE);
  pad->in_image = FALSE;
  pad->sequence = 0;
}

TamboPad *tambo_pad_new (TamboPadInkingFunc inking, gpointer data) {
  TamboPad *pad = g_new0 (TamboPad, 1);
  g_mutex_init (&pad->lock);
  pad->inking = inking;
  pad->data = data;
  reset (pad);
  return pad;
}

void tambo_pad_free (TamboPad *pad) {
  if (pad == NULL)
    return;
  g_mutex_clear (&pad->lock);
  g_free (pad);
}

#define INPUT_REPORT(number, count)                                                                \
  0x85, number, 0x09, number, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, count, 0x81, 0x02
#define FEATURE_REPORT(number, count)                                                              \
  0x85, number, 0x09, number, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, count, 0xb1, 0x02

const guint8 *tambo_pad_descriptor (gsize *out_size) {
  static const guint8 descriptor[] = {
    0x06,
    0x00,
    0xff,
    0x09,
    0x01,
    0xa1,
    0x01, /* vendor page, application */
    INPUT_REPORT (PEN, 6),
    INPUT_REPORT (PEN_TIMED, 10),
    FEATURE_REPORT (STATUS, 4),
    FEATURE_REPORT (RESET, 1),
    FEATURE_REPORT (INFORMATION, 16),
    FEATURE_REPORT (CAPABILITY, 14),
    FEATURE_REPORT (UID, 4),
    FEATURE_REPORT (UID2, 10),
    FEATURE_REPORT (CLEAR, 1),
    FEATURE_REPORT (INKING, 1),
    FEATURE_REPORT (INK_THRESHOLD, 4),
    FEATURE_REPORT (CLEAR_AREA, 8),
    FEATURE_REPORT (START_IMAGE, 1),
    FEATURE_REPORT (START_IMAGE_AREA, 9),
    FEATURE_REPORT (IMAGE_BLOCK, 255),
    FEATURE_REPORT (END_IMAGE, 1),
    FEATURE_REPORT (HANDWRITING_AREA, 8),
    FEATURE_REPORT (BRIGHTNESS, 2),
    FEATURE_REPORT (PEN_COLOUR, 4),
    FEATURE_REPORT (BACKGROUND, 3),
    FEATURE_REPORT (OPTION_MODE, 1),
    0xc0,
  };
  *out_size = sizeof descriptor;
  return descriptor;
}

/* The fixed reports; NULL when REPORT is none of them. */
static const guint8 *find_constant (guint8 report, gsize *out_size) {
  static const guint8 status[] = { 0, 0, 0, 0 };
  /* Model, firmware 1.10, secure IC and its version. */
  static const guint8 information[] = { 'S', 'T', 'U', '-', '5', '3', '0', 0,
                                        0,   1,   10,  0,   0,   0,   0,   0 };
  /* 800 x 480 pixels, 2540 units an inch, pictures as zlib or 24 bits. */
  static const guint8 capability[] = {
    TAMBO_PAD_MAX_X >> 8,
    TAMBO_PAD_MAX_X & 0xff,
    TAMBO_PAD_MAX_Y >> 8,
    TAMBO_PAD_MAX_Y & 0xff,
    TAMBO_PAD_MAX_PRESSURE >> 8,
    TAMBO_PAD_MAX_PRESSURE & 0xff,
    800 >> 8,
    800 & 0xff,
    480 >> 8,
    480 & 0xff,
    TAMBO_PAD_RATE,
    2540 >> 8,
    2540 & 0xff,
    0x09,
  };
  static const guint8 uid[] = { 0x54, 0x41, 0x4d, 0x42 };
  static const guint8 uid2[] = { 'P', 'R', 'A', 'C', 'T', 'I', 'C', 'E', '0', '1' };
  switch (report) {
  case STATUS:
    *out_size = sizeof status;
    return status;
  case INFORMATION:
    *out_size = sizeof information;
    return information;
  case CAPABILITY:
    *out_size = sizeof capability;
    return capability;
  case UID:
    *out_size = sizeof uid;
    return uid;
  case UID2:
    *out_size = sizeof uid2;
    return uid2;
  default:
    return NULL;
  }
}

gboolean tambo_pad_get_feature (TamboPad *pad, guint8 *buffer, gsize size, gsize *out_size) {
  guint8 value[MAX_FEATURE];
  gsize value_size = 0;
  if (size < 1)
    return FALSE;
  const guint8 *found = find_constant (buffer[0], &value_size);
  int i = find_setting (buffer[0]);
  if (found == NULL && i >= 0) {
    g_mutex_lock (&pad->lock);
    memcpy (value, pad->values[i], sizeof value);
    g_mutex_unlock (&pad->lock);
    value_size = settings[i].size;
    found = value;
  }
  if (found == NULL)
    return FALSE;
  *out_size = MIN (size, value_size + 1);
  memcpy (buffer + 1, found, *out_size - 1);
  return TRUE;
}

static gboolean set_image_report (TamboPad *pad, const guint8 *buffer, gsize size) {
  gboolean good;
  switch (buffer[0]) {
  case START_IMAGE:
  case START_IMAGE_AREA:
    good = size >= (buffer[0] == START_IMAGE ? 2 : 10);
    pad->in_image = good;
    return good;
  case IMAGE_BLOCK:
    return pad->in_image && size >= 3
           && MIN (buffer[1] | buffer[2] << 8, MAX_IMAGE_BLOCK + 1) + 3u <= size;
  case END_IMAGE:
    good = pad->in_image && size >= 2;
    pad->in_image = FALSE;
    return good;
  case CLEAR:
    return size >= 2;
  case CLEAR_AREA:
    return size >= 9;
  default:
    return FALSE;
  }
}

gboolean tambo_pad_set_feature (TamboPad *pad, const guint8 *buffer, gsize size) {
  if (size < 1)
    return FALSE;
  int i = find_setting (buffer[0]);
  gboolean good, switched = FALSE;
  g_mutex_lock (&pad->lock);
  if (i >= 0) {
    good = size >= settings[i].size + 1;
    switched = good && buffer[0] == INKING && pad->values[i][0] != buffer[1];
    if (good)
      memcpy (pad->values[i], buffer + 1, settings[i].size);
  } else if (buffer[0] == RESET) {
    good = size >= 2;
    if (good)
      reset (pad);
  } else {
    good = set_image_report (pad, buffer, size);
  }
  g_mutex_unlock (&pad->lock);
  if (switched && pad->inking != NULL)
    pad->inking (buffer[1] != 0, pad->data);
  return good;
}

void tambo_pad_cut_power (TamboPad *pad) {
  g_mutex_lock (&pad->lock);
  gboolean inked = pad->values[find_setting (INKING)][0] != 0;
  reset (pad);
  g_mutex_unlock (&pad->lock);
  if (inked && pad->inking != NULL)
    pad->inking (FALSE, pad->data);
}

static void put_u16 (guint8 *at, guint16 value) {
  at[0] = (guint8) (value >> 8);
  at[1] = (guint8) value;
}

gsize tambo_pad_encode_pen (TamboPad *pad, const TamboPadSample *sample, guint32 time,
                            guint8 out_report[TAMBO_PAD_PEN_REPORT_SIZE]) {
  guint16 head = (guint16) ((sample->near ? 0x8000 : 0) | (sample->down ? 0x1000 : 0)
                            | (sample->pressure & 0x0fff));
  put_u16 (out_report + 1, head);
  put_u16 (out_report + 3, sample->x);
  put_u16 (out_report + 5, sample->y);

  g_mutex_lock (&pad->lock);
  gboolean timed = pad->values[find_setting (OPTION_MODE)][0] == OPTION_TIMED;
  guint16 sequence = ++pad->sequence;
  g_mutex_unlock (&pad->lock);
  out_report[0] = timed ? PEN_TIMED : PEN;
  if (!timed)
    return 7;
  put_u16 (out_report + 7, (guint16) time);
  put_u16 (out_report + 9, sequence);
  return TAMBO_PAD_PEN_REPORT_SIZE;
}

TamboFaults *tambo_pad_faults_new (void) {
  static const char *const names[] = {
    [TAMBO_PAD_FAULT_HANG] = "hang",
    [TAMBO_PAD_FAULT_BUSY] = "busy",
    [TAMBO_PAD_FAULT_GARBAGE] = "garbage",
    [TAMBO_PAD_FAULT_SHORT] = "short",
    [TAMBO_PAD_FAULT_ENCRYPTED] = "encrypted",
    [TAMBO_PAD_FAULT_UNPLUG] = "unplug",
    NULL,
  };
  return tambo_faults_new ("pad", names);
}

gboolean tambo_pad_fault_is_in (guint struck, TamboPadFault fault) {
  return (struck & 1u << fault) != 0;
}

gsize tambo_pad_spoil_pen (guint struck, guint8 report[TAMBO_PAD_MAX_REPORT], gsize size) {
  if (tambo_pad_fault_is_in (struck, TAMBO_PAD_FAULT_HANG))
    return 0;
  if (tambo_pad_fault_is_in (struck, TAMBO_PAD_FAULT_GARBAGE)) {
    for (gsize i = 0; i < TAMBO_PAD_MAX_REPORT; i++)
      report[i] = (guint8) g_random_int_range (0, 256);
    return (gsize) g_random_int_range (1, TAMBO_PAD_MAX_REPORT + 1);
  }
  if (tambo_pad_fault_is_in (struck, TAMBO_PAD_FAULT_ENCRYPTED)) {
    report[0] = PEN_ENCRYPTED;
    for (gsize i = 1; i < 17; i++)
      report[i] = (guint8) g_random_int_range (0, 256);
    return 17;
  }
  return tambo_pad_fault_is_in (struck, TAMBO_PAD_FAULT_SHORT) ? MIN (size, 4) : size;
}
