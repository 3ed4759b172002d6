/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reports of Wacom STU signature pads (STU-300 to STU-541), as HID gives them: the report's number
 * first. Pure functions over buffers; encoding is for the far side, the simulator. Words are
 * big-endian.
 */
#pragma once

#include <glib.h>

#define TAMBO_STU_VENDOR 0x056a

typedef enum {
  TAMBO_STU_PEN = 0x01,           /* input */
  TAMBO_STU_INFORMATION = 0x08,   /* get */
  TAMBO_STU_CAPABILITY = 0x09,    /* get */
  TAMBO_STU_PEN_ENCRYPTED = 0x10, /* input */
  TAMBO_STU_CLEAR = 0x20,         /* set, one byte of no meaning */
  TAMBO_STU_INKING = 0x21,        /* set, 0 or 1 */
  TAMBO_STU_PEN_OPTION = 0x30,    /* input: pen and an option word */
  TAMBO_STU_OPTION_MODE = 0x32,   /* set */
  TAMBO_STU_PEN_TIMED = 0x34,     /* input: pen, time count and sequence */
} TamboStuReport;

#define TAMBO_STU_OPTION_TIMED 3 /* the pen reports carry time and sequence */

#define TAMBO_STU_INFORMATION_SIZE 17
#define TAMBO_STU_CAPABILITY_SIZE 15
#define TAMBO_STU_PEN_SIZE 7
#define TAMBO_STU_PEN_TIMED_SIZE 11

/* "STU-530" for 0x00a5; NULL when the product is no STU pad. */
const char *tambo_stu_model (guint16 product);
/* The pad knows TAMBO_STU_OPTION_TIMED. */
gboolean tambo_stu_has_time (guint16 product);

typedef struct {
  char model[10]; /* NUL-terminated, printable ASCII */
  guint8 firmware_major, firmware_minor, secure_ic;
  guint8 secure_ic_version[4];
} TamboStuInformation;

typedef struct {
  guint16 max_x, max_y, max_pressure, lcd_width, lcd_height;
  guint8 rate; /* reports a second */
  guint16 units_per_inch;
  guint8 encoding; /* 1 zlib, 2 one bit, 4 sixteen bits, 8 twenty-four bits a pixel */
} TamboStuCapability;

typedef struct {
  gboolean ready; /* the pen is in range: x and y mean something */
  gboolean down;
  guint16 pressure; /* 12 bits */
  guint16 x, y;
  gboolean has_time;
  guint16 time_count; /* milliseconds, wraps */
  guint16 sequence;
} TamboStuPen;

/* All parsers demand the report's number, accept padding behind it, and fail with
 * TAMBO_CAPTURE_ERROR_PROTOCOL. */
gboolean tambo_stu_information_parse (gconstpointer data, gsize size,
                                      TamboStuInformation *out_information,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ranges of 0 are refused. */
gboolean tambo_stu_capability_parse (gconstpointer data, gsize size,
                                     TamboStuCapability *out_capability,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reports 01, 30 and 34. */
gboolean tambo_stu_pen_parse (gconstpointer data, gsize size, TamboStuPen *out_pen,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_stu_is_pen (guint8 report);

void tambo_stu_information_encode (const TamboStuInformation *information,
                                   guint8 out_report[TAMBO_STU_INFORMATION_SIZE]);
void tambo_stu_capability_encode (const TamboStuCapability *capability,
                                  guint8 out_report[TAMBO_STU_CAPABILITY_SIZE]);
/* Report 34 when the pen has time, else 01; returns its size. */
gsize tambo_stu_pen_encode (const TamboStuPen *pen, guint8 out_report[TAMBO_STU_PEN_TIMED_SIZE]);

/* Turns the time of the reports into milliseconds since the first one. A time count wraps after
 * 65.5 s; the wall, a monotonic clock in milliseconds, tells how often it did during a pause. */
typedef struct {
  gboolean started;
  gint64 first_wall, last_wall;
  guint16 last_count;
  guint32 time;
} TamboStuClock;

guint32 tambo_stu_clock_advance (TamboStuClock *clock, const TamboStuPen *pen, gint64 wall);
