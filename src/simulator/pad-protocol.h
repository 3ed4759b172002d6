/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The inside of a Wacom STU-530: its feature reports and the pen reports that it sends. Words are
 * big-endian, the report's number comes first. Thread-safe, no device.
 */
#pragma once

#include "simulator/fault.h"

#define TAMBO_PAD_VENDOR 0x056a
#define TAMBO_PAD_PRODUCT 0x00a5
#define TAMBO_PAD_RATE 200 /* pen reports a second */
#define TAMBO_PAD_MAX_X 10800
#define TAMBO_PAD_MAX_Y 6480
#define TAMBO_PAD_MAX_PRESSURE 1023
#define TAMBO_PAD_PEN_REPORT_SIZE 11 /* the longer of the two */

/* A pad's steps: each question or command of the station, and each pen report. */
typedef enum {
  TAMBO_PAD_FAULT_HANG,      /* no answer, no report */
  TAMBO_PAD_FAULT_BUSY,      /* another program has it */
  TAMBO_PAD_FAULT_GARBAGE,   /* noise in every answer and report */
  TAMBO_PAD_FAULT_SHORT,     /* pen reports that end too early */
  TAMBO_PAD_FAULT_ENCRYPTED, /* pen reports for another program's key */
  TAMBO_PAD_FAULT_UNPLUG,    /* away until it is plugged in */
} TamboPadFault;

TamboFaults *tambo_pad_faults_new (void);
gboolean tambo_pad_fault_is_in (guint struck, TamboPadFault fault);

#define TAMBO_PAD_MAX_REPORT 64
/* What the faults make of a pen report; gives its size, 0: it is not sent. */
gsize tambo_pad_spoil_pen (guint struck, guint8 report[TAMBO_PAD_MAX_REPORT], gsize size);

typedef struct {
  gboolean near; /* the pen is in range */
  gboolean down;
  guint16 pressure, x, y;
} TamboPadSample;

typedef struct _TamboPad TamboPad;

/* Called when inking is switched, on the thread that sets the report. */
typedef void (*TamboPadInkingFunc) (gboolean on, gpointer data);

TamboPad *tambo_pad_new (TamboPadInkingFunc inking, gpointer data);
void tambo_pad_free (TamboPad *pad);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboPad, tambo_pad_free)

/* The report descriptor of the interface. */
const guint8 *tambo_pad_descriptor (gsize *out_size);

/* Both: FALSE when there is no such report or it is too short: the device stalls. BUFFER begins
 * with the number of the report. */
gboolean tambo_pad_get_feature (TamboPad *pad, guint8 *buffer, gsize size, gsize *out_size);
gboolean tambo_pad_set_feature (TamboPad *pad, const guint8 *buffer, gsize size);

/* Unplugged, it forgets what it was told. */
void tambo_pad_cut_power (TamboPad *pad);

/* Report 34 with time and sequence in option mode 3, else 01. TIME in milliseconds. Returns the
 * size. */
gsize tambo_pad_encode_pen (TamboPad *pad, const TamboPadSample *sample, guint32 time,
                            guint8 out_report[TAMBO_PAD_PEN_REPORT_SIZE]);

/* Somebody's signature, TAMBO_PAD_RATE samples a second; the same seed is the same hand, and no two
 * signings are alike. The last sample has the pen away. */
GArray *tambo_pad_signature (guint32 seed, guint32 signing);
