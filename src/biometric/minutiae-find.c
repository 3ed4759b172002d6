/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/minutiae-private.h"

#include "format/iso19794-2.h"

#include <math.h>
#include <string.h>

#define TRACE 14 /* pixels that tell the direction of a ridge */
#define SPUR 9   /* a branch that ends sooner is none */
#define PIECE 14 /* a ridge shorter than this is a dot or dirt */
#define BRIDGE 7 /* two forks nearer than this along a ridge are a bridge or a hole */

typedef struct {
  guint8 *picture;
  int width, height; /* with the border */
  int offsets[8];    /* clockwise from the right */
} Skeleton;

typedef enum { TRACE_GOES_ON, TRACE_ENDED, TRACE_FORKED } TraceEnd;

typedef struct {
  TraceEnd end;
  int length;
  int last; /* pixel */
  int path[64];
} Trace;

/* Lines that leave the pixel. */
static int count_branches (const Skeleton *s, int at) {
  int crossings = 0;
  for (int k = 0; k < 8; k++)
    crossings += s->picture[at + s->offsets[k]] != s->picture[at + s->offsets[(k + 1) % 8]];
  return crossings / 2;
}

/* The next pixels of the line, sides before corners, without FROM and its neighbours' shortcut. */
static int step_on (const Skeleton *s, int at, int from) {
  for (int pass = 0; pass < 2; pass++) {
    for (int k = pass; k < 8; k += 2) {
      int next = at + s->offsets[k];
      if (!s->picture[next] || next == from)
        continue;
      /* A corner pixel that touches where we came from is behind us. */
      int dx = next % s->width - from % s->width, dy = next / s->width - from / s->width;
      if (dx * dx <= 1 && dy * dy <= 1)
        continue;
      return next;
    }
  }
  return 0;
}

/* Follows the line that leaves FROM through AT. */
static void follow (const Skeleton *s, int from, int at, int limit, Trace *trace) {
  trace->length = 0;
  trace->end = TRACE_GOES_ON;
  trace->last = at;
  while (trace->length < limit) {
    trace->path[trace->length++] = at;
    trace->last = at;
    int branches = count_branches (s, at);
    if (branches > 2) {
      trace->end = TRACE_FORKED;
      return;
    }
    int next = step_on (s, at, from);
    if (next == 0 || branches < 2) {
      trace->end = TRACE_ENDED;
      return;
    }
    from = at;
    at = next;
  }
}

/* The first pixels of the branches of AT; sides win over the corners that touch them. */
static int list_branches (const Skeleton *s, int at, int starts[4]) {
  int count = 0;
  for (int k = 0; k < 8 && count < 4; k++) {
    if (!s->picture[at + s->offsets[k]])
      continue;
    gboolean corner = k % 2 == 1;
    if (corner && (s->picture[at + s->offsets[(k + 1) % 8]] || s->picture[at + s->offsets[k - 1]]))
      continue;
    starts[count++] = at + s->offsets[k];
  }
  return count;
}

static void erase (const Skeleton *s, const Trace *trace, int count) {
  for (int i = 0; i < count; i++)
    s->picture[trace->path[i]] = 0;
}

/* Dots, dirt and spurs are lines with an end near their other end. */
static void clean (const Skeleton *s) {
  for (int at = s->width + 1; at < s->width * (s->height - 1); at++) {
    Trace trace;
    int starts[4];
    if (!s->picture[at] || count_branches (s, at) > 1)
      continue;
    if (list_branches (s, at, starts) == 0) {
      s->picture[at] = 0;
      continue;
    }
    follow (s, at, starts[0], PIECE, &trace);
    gboolean spur = trace.end == TRACE_FORKED && trace.length <= SPUR;
    gboolean piece = trace.end == TRACE_ENDED;
    if (!spur && !piece)
      continue;
    s->picture[at] = 0;
    erase (s, &trace, spur ? trace.length - 1 : trace.length);
  }
}

/* Corners that a spur left make two-pixel steps: thin them again where it is safe. */
static void tidy (const Skeleton *s) {
  for (int at = s->width + 1; at < s->width * (s->height - 1); at++) {
    if (!s->picture[at] || count_branches (s, at) != 1)
      continue;
    int neighbours = 0;
    for (int k = 0; k < 8; k++)
      neighbours += s->picture[at + s->offsets[k]];
    if (neighbours >= 3)
      s->picture[at] = 0;
  }
}

/* From the pixel to the end of what was followed. */
static float direction_of (const Skeleton *s, int at, const Trace *trace) {
  return atan2f ((float) (trace->last / s->width - at / s->width),
                 (float) (trace->last % s->width - at % s->width));
}

static float angle_between (float a, float b) {
  return fabsf (remainderf (a - b, 2 * (float) G_PI));
}

static void add (GArray *found, const Skeleton *s, int at, int type, float angle) {
  TamboMinutiaFound minutia = {
    .x = (float) (at % s->width - 1), .y = (float) (at / s->width - 1), .angle = angle, .type = type
  };
  g_array_append_val (found, minutia);
}

static void find_ending (const Skeleton *s, int at, GArray *found) {
  Trace trace;
  int starts[4];

  if (list_branches (s, at, starts) == 0)
    return;
  follow (s, at, starts[0], TRACE, &trace);
  if (trace.length < SPUR)
    return;
  add (found, s, at, TAMBO_MINUTIA_ENDING, direction_of (s, at, &trace));
}

static void find_fork (const Skeleton *s, int at, GArray *found) {
  Trace traces[3];
  float angles[3];
  int starts[4], closest = 0;

  if (list_branches (s, at, starts) != 3)
    return;
  for (int k = 0; k < 3; k++) {
    follow (s, at, starts[k], TRACE, &traces[k]);
    if (traces[k].end == TRACE_FORKED && traces[k].length <= BRIDGE)
      return;
    if (traces[k].length < SPUR && traces[k].end == TRACE_ENDED)
      return;
    angles[k] = direction_of (s, at, &traces[k]);
  }
  for (int k = 1; k < 3; k++)
    if (angle_between (angles[k], angles[(k + 1) % 3])
        < angle_between (angles[closest], angles[(closest + 1) % 3]))
      closest = k;
  float a = angles[closest], b = angles[(closest + 1) % 3];
  add (found, s, at, TAMBO_MINUTIA_BIFURCATION, atan2f (sinf (a) + sinf (b), cosf (a) + cosf (b)));
}

GArray *tambo_minutiae_find (const TamboRidgeField *field, guint8 *skeleton) {
  Skeleton s = { .picture = skeleton, .width = field->width + 2, .height = field->height + 2 };
  const int around[8] = { 1,  s.width + 1,  s.width,  s.width - 1,
                          -1, -s.width - 1, -s.width, -s.width + 1 };
  GArray *found = g_array_new (FALSE, FALSE, sizeof (TamboMinutiaFound));

  memcpy (s.offsets, around, sizeof around);
  clean (&s);
  tidy (&s);
  for (int at = s.width + 1; at < s.width * (s.height - 1); at++) {
    if (!s.picture[at])
      continue;
    int branches = count_branches (&s, at);
    if (branches == 1)
      find_ending (&s, at, found);
    else if (branches >= 3)
      find_fork (&s, at, found);
  }
  return found;
}
