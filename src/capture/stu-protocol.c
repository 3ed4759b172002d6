/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/stu-protocol.h"

#include <string.h>

#include "base/bytes.h"
#include "capture/capture-error.h"

#define WRAP 65536

static const struct {
  guint16 product;
  const char *model;
  gboolean has_time;
} models[] = {
  { 0x00a1, "STU-500", FALSE }, { 0x00a2, "STU-300", FALSE }, { 0x00a3, "STU-520A", FALSE },
  { 0x00a4, "STU-430", TRUE },  { 0x00a5, "STU-530", TRUE },  { 0x00a6, "STU-430V", TRUE },
  { 0x00a8, "STU-540", TRUE },  { 0x00a9, "STU-541", TRUE },
};

const char *tambo_stu_model (guint16 product) {
  for (guint i = 0; i < G_N_ELEMENTS (models); i++) {
    if (models[i].product == product)
      return models[i].model;
  }
  return NULL;
}

gboolean tambo_stu_has_time (guint16 product) {
  for (guint i = 0; i < G_N_ELEMENTS (models); i++) {
    if (models[i].product == product)
      return models[i].has_time;
  }
  return FALSE;
}

static gboolean fail (GError **error, const char *what, gsize size) {
  g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL,
               "the signature pad sent a malformed %s report of %" G_GSIZE_FORMAT " bytes", what,
               size);
  return FALSE;
}

static gboolean take_report (TamboReader *reader, guint8 expected) {
  guint8 report;

  return tambo_reader_u8 (reader, &report) && report == expected;
}

gboolean tambo_stu_information_parse (gconstpointer data, gsize size,
                                      TamboStuInformation *out_information, GError **error) {
  TamboReader reader = tambo_reader (data, size);
  TamboStuInformation information = { 0 };
  const guint8 *model = NULL;
  const guint8 *version = NULL;

  if (!take_report (&reader, TAMBO_STU_INFORMATION) || !tambo_reader_take (&reader, 9, &model)
      || !tambo_reader_u8 (&reader, &information.firmware_major)
      || !tambo_reader_u8 (&reader, &information.firmware_minor)
      || !tambo_reader_u8 (&reader, &information.secure_ic)
      || !tambo_reader_take (&reader, 4, &version))
    return fail (error, "information", size);
  for (guint i = 0; i < 9 && model[i] != '\0'; i++)
    information.model[i] = g_ascii_isprint (model[i]) ? (char) model[i] : '?';
  memcpy (information.secure_ic_version, version, 4);
  *out_information = information;
  return TRUE;
}

gboolean tambo_stu_capability_parse (gconstpointer data, gsize size,
                                     TamboStuCapability *out_capability, GError **error) {
  TamboReader reader = tambo_reader (data, size);
  TamboStuCapability capability;

  if (!take_report (&reader, TAMBO_STU_CAPABILITY) || !tambo_reader_u16 (&reader, &capability.max_x)
      || !tambo_reader_u16 (&reader, &capability.max_y)
      || !tambo_reader_u16 (&reader, &capability.max_pressure)
      || !tambo_reader_u16 (&reader, &capability.lcd_width)
      || !tambo_reader_u16 (&reader, &capability.lcd_height)
      || !tambo_reader_u8 (&reader, &capability.rate)
      || !tambo_reader_u16 (&reader, &capability.units_per_inch)
      || !tambo_reader_u8 (&reader, &capability.encoding) || capability.max_x == 0
      || capability.max_y == 0 || capability.max_pressure == 0)
    return fail (error, "capability", size);
  *out_capability = capability;
  return TRUE;
}

gboolean tambo_stu_is_pen (guint8 report) {
  return report == TAMBO_STU_PEN || report == TAMBO_STU_PEN_OPTION || report == TAMBO_STU_PEN_TIMED;
}

gboolean tambo_stu_pen_parse (gconstpointer data, gsize size, TamboStuPen *out_pen,
                              GError **error) {
  TamboReader reader = tambo_reader (data, size);
  TamboStuPen pen = { 0 };
  guint8 report;
  guint16 head, option;

  if (!tambo_reader_u8 (&reader, &report) || !tambo_stu_is_pen (report)
      || !tambo_reader_u16 (&reader, &head) || !tambo_reader_u16 (&reader, &pen.x)
      || !tambo_reader_u16 (&reader, &pen.y))
    return fail (error, "pen", size);
  if (report == TAMBO_STU_PEN_OPTION && !tambo_reader_u16 (&reader, &option))
    return fail (error, "pen", size);
  if (report == TAMBO_STU_PEN_TIMED
      && (!tambo_reader_u16 (&reader, &pen.time_count)
          || !tambo_reader_u16 (&reader, &pen.sequence)))
    return fail (error, "pen", size);
  pen.ready = (head & 0x8000) != 0;
  pen.down = (head & 0x1000) != 0;
  pen.pressure = head & 0x0fff;
  pen.has_time = report == TAMBO_STU_PEN_TIMED;
  *out_pen = pen;
  return TRUE;
}

static void put_u16 (guint8 *to, guint16 value) {
  to[0] = (guint8) (value >> 8);
  to[1] = (guint8) value;
}

void tambo_stu_information_encode (const TamboStuInformation *information,
                                   guint8 out_report[TAMBO_STU_INFORMATION_SIZE]) {
  memset (out_report, 0, TAMBO_STU_INFORMATION_SIZE);
  out_report[0] = TAMBO_STU_INFORMATION;
  memcpy (out_report + 1, information->model, strnlen (information->model, 9));
  out_report[10] = information->firmware_major;
  out_report[11] = information->firmware_minor;
  out_report[12] = information->secure_ic;
  memcpy (out_report + 13, information->secure_ic_version, 4);
}

void tambo_stu_capability_encode (const TamboStuCapability *capability,
                                  guint8 out_report[TAMBO_STU_CAPABILITY_SIZE]) {
  out_report[0] = TAMBO_STU_CAPABILITY;
  put_u16 (out_report + 1, capability->max_x);
  put_u16 (out_report + 3, capability->max_y);
  put_u16 (out_report + 5, capability->max_pressure);
  put_u16 (out_report + 7, capability->lcd_width);
  put_u16 (out_report + 9, capability->lcd_height);
  out_report[11] = capability->rate;
  put_u16 (out_report + 12, capability->units_per_inch);
  out_report[14] = capability->encoding;
}

gsize tambo_stu_pen_encode (const TamboStuPen *pen, guint8 out_report[TAMBO_STU_PEN_TIMED_SIZE]) {
  out_report[0] = pen->has_time ? TAMBO_STU_PEN_TIMED : TAMBO_STU_PEN;
  put_u16 (out_report + 1, (guint16) ((pen->ready ? 0x8000 : 0) | (pen->down ? 0x1000 : 0)
                                      | (pen->pressure & 0x0fff)));
  put_u16 (out_report + 3, pen->x);
  put_u16 (out_report + 5, pen->y);
  if (!pen->has_time)
    return TAMBO_STU_PEN_SIZE;
  put_u16 (out_report + 7, pen->time_count);
  put_u16 (out_report + 9, pen->sequence);
  return TAMBO_STU_PEN_TIMED_SIZE;
}

guint32 tambo_stu_clock_advance (TamboStuClock *clock, const TamboStuPen *pen, gint64 wall) {
  gint64 passed;

  if (!clock->started) {
    *clock = (TamboStuClock){
      .started = TRUE, .first_wall = wall, .last_wall = wall, .last_count = pen->time_count
    };
    return 0;
  }
  passed = MAX (wall - clock->last_wall, 0);
  if (pen->has_time) {
    guint16 delta = (guint16) (pen->time_count - clock->last_count);
    /* Reports may arrive late and in heaps: half a wrap of doubt either way. */
    gint64 wraps = passed > delta ? (passed - delta + WRAP / 2) / WRAP : 0;

    clock->time += (guint32) (delta + wraps * WRAP);
    clock->last_count = pen->time_count;
  } else {
    clock->time = (guint32) MAX (wall - clock->first_wall, (gint64) clock->time);
  }
  clock->last_wall = MAX (wall, clock->last_wall);
  return clock->time;
}
