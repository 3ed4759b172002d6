/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The inside of an issuance order, opened with the station's inbox key.
 */
#pragma once

#include "chip/personalisation.h"
#include "record/enrolment.h"
#include "station/headquarters.h"

/* What the chip gets. */
typedef struct {
  TamboLds *lds;
  gboolean has_active;
  TamboActiveKey active; /* of active authentication, where HAS_ACTIVE */
  GBytes *chip_key;      /* of chip authentication, as TamboPersonalisation has it; or NULL */
} TamboOrderContent;

void tambo_order_content_clear (TamboOrderContent *content);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboOrderContent, tambo_order_content_clear)

/* A finger of the holder, as it was enrolled. */
typedef struct {
  TamboFinger finger;
  GBytes *record; /* ISO/IEC 19794-2 */
} TamboOrderReference;

/* By what the holder is known again. */
typedef struct {
  GPtrArray *references; /* of TamboOrderReference, in the order of the fingers */
  GPtrArray *exceptions; /* of TamboFingerException: finger and reason */
} TamboOrderHolder;

void tambo_order_holder_clear (TamboOrderHolder *holder);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboOrderHolder, tambo_order_holder_clear)

/* Opens, verifies and reads the order of ID. Any out_ parameter may be NULL. */
gboolean tambo_order_packet_open (TamboStation *station, const char *id, TamboOrder **out_order,
                                  TamboOrderContent *out_content, TamboOrderHolder *out_holder,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
