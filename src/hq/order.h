/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From an accepted case to an issuance order: document number, MRZ, data groups and SOD.
 */
#pragma once

#include "hq/gallery.h"

typedef struct {
  char *id;
  char *document_number, *document_type;
  char *verification_code; /* hq/document-code.h */
  TamboPacket *packet;     /* its parts: sync/protocol.h */
} TamboHqOrder;

void tambo_hq_order_free (TamboHqOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboHqOrder, tambo_hq_order_free)

/* PACKET is the enrolment's, for the pictures; FINGERS what was found in them. Uses up a document number, which is
 * never given twice, whatever happens afterwards. */
TamboHqOrder *tambo_hq_order_make (TamboHq *hq, const TamboEnrolment *enrolment,
                                   const TamboProcedure *procedure, TamboPacket *packet,
                                   const TamboFingerSet *fingers,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
