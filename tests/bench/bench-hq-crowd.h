/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Many at once: connections that ask one thing in the same moment, and uploads that hang.
 */
#pragma once

#include "bench-hq-load.h"

typedef struct {
  guint served;  /* got their answer in the end */
  guint put_off; /* answers 503 with Retry-After, which were heeded */
  guint lost;    /* connections that were refused or broken, and guests without an answer in time */
  gdouble slowest; /* seconds until the last answer */
} CrowdResult;

/* A whole HTTP request of the guest of this number, from 0. */
typedef char *(*CrowdQuestion) (guint guest, gpointer data);

/* N guests ask in the same moment, each over a connection of its own. Who is told to come back does so in that
 * time, with the same question. */
CrowdResult crowd_ask (const LoadTarget *target, guint n, guint seconds, CrowdQuestion question,
                       gpointer data);
/* N guests ask for their inbox in the same moment, each over a connection of its own. Who is told to come back
 * does so in that time. */
CrowdResult crowd_burst (const LoadTarget *target, guint n, guint seconds);

/* Uploads of announced RECORDS, one connection each, which send HEAD_SIZE bytes and then a few bytes a second. */
typedef struct _Crowd Crowd;
/* Returns when all have sent their beginning. */
Crowd *crowd_hang (const LoadTarget *target, GPtrArray *records, gsize head_size);
/* How many of them still stand. */
guint crowd_leave (Crowd *crowd);
