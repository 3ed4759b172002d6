/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Delivery: an issued document is handed to its holder, who is known again by a finger, 1:1 against the
 * templates in the order (TR-03121-3 Volume 4: control verification, plain, FMR <= 0.1 %). Where no finger
 * can do it, two persons decide by sight. Every attempt is durable before the next; the last one, the end of
 * the blank, of the order and of the case, and the event for headquarters are one transaction.
 */
#pragma once

#include "station/capture-desk.h"
#include "station/order-packet.h"

#define TAMBO_DELIVERY_MAX_ATTEMPTS 3

/* One delivery under way; others only read it. */
typedef struct {
  TamboStation *station;
  TamboOrder *order;
  TamboOrderContent content;
  TamboOrderHolder holder;
  char *blank; /* that the document was issued on */
  JsonArray *
      attempts; /* objects: finger, outcome ("matched", "other-finger", "poor"), quality, score where
                             it was compared, poor_because, device, operator, time */
  gboolean chip_compared; /* the document on the desk is the one of the order */
  gboolean is_delivered;
  /* Of the end, once there is one. */
  char *delivered_by; /* "anna", of two persons "anna+berta" */
  char *delivered_at; /* RFC 3339 */
  char *seen;         /* what two persons have seen; NULL: a finger matched */
} TamboDelivery;

/* STATE names why an order cannot be delivered: not issued yet, delivered already. */
TamboDelivery *tambo_delivery_begin (TamboStation *station, const char *order_id,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_delivery_free (TamboDelivery *delivery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboDelivery, tambo_delivery_free)

/* The finger to ask for: an index finger before others; UNKNOWN when none was enrolled. */
TamboFinger tambo_delivery_choose_finger (const TamboDelivery *delivery);

/* Reads the chip on READER (NULL: the first with a card): its DG1 and SOD have to be those of the order.
 * MISMATCH or AUTHENTICATION when this is another document. */
gboolean tambo_delivery_compare_chip (TamboDelivery *delivery, const char *reader,
                                      GCancellable *cancellable, GError **error);

/* One attempt; TRUE: it is the holder's finger, and the document is delivered. QUALITY for a poor print
 * unless the clerk says in POOR_BECAUSE why there is no better one; then it is compared all the same.
 * OTHER_FINGER when it does not match; FOUR_EYES when that was the last attempt, or there was none left;
 * STATE for a finger that was not enrolled. */
gboolean tambo_delivery_verify (TamboDelivery *delivery, TamboFinger finger,
                                const TamboImage *image, const char *device,
                                const char *poor_because, GError **error);
/* The same with a finger on the sensor, as often as there are attempts left. DESK has devices and what
 * reports; the rest is filled in here. */
gboolean tambo_delivery_verify_at_desk (TamboDelivery *delivery, TamboFinger finger,
                                        const TamboCaptureDesk *desk, const char *poor_because,
                                        GCancellable *cancellable, GError **error);

/* Two persons have looked at the holder and the portrait (permissions.h). STATE as long as a finger can be
 * asked for. REASON is kept with the event. */
gboolean tambo_delivery_by_sight (TamboDelivery *delivery, const char *reason, GError **error);
