/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The acts of a delivery for a page: station/deliver on a queue of its own, what it reports on the main
 * thread. The delivery goes along with each act and comes back at its end.
 */
#pragma once

#include "app/session.h"
#include "station/deliver.h"
#include "station/order-desk.h"

typedef enum {
  TAMBO_DELIVER_BEGIN,   /* TEXT: a number of the order (station/order-desk.h) */
  TAMBO_DELIVER_COMPARE, /* TEXT: the reader with the document; NULL: any */
  TAMBO_DELIVER_PRESS,   /* TEXT: why there is no better print; NULL */
  TAMBO_DELIVER_SIGHT,   /* TEXT: what two persons have seen */
} TamboDeliverAct;

typedef struct {
  /* Before each press, from 1; WHY is NULL or what was wrong with the last. */
  void (*attempt) (gpointer owner, int attempt, const char *why);
  void (*finger_status) (gpointer owner, TamboFingerStatus status);
  /* DELIVERY is the owner's again, NULL when none was begun; PICTURE of the holder comes with BEGIN and
   * is the run's. */
  void (*done) (gpointer owner, TamboDeliverAct act, TamboDelivery *delivery,
                cairo_surface_t *picture, const GError *error);
} TamboDeliverEvents;

/* Takes DELIVERY. EVENTS are static. */
void tambo_deliver_run (TamboSession *session, TamboWorkQueue *queue, TamboDeliverAct act,
                        TamboDelivery *delivery, const char *text, const TamboDeliverEvents *events,
                        GCancellable *cancellable, gpointer owner);
