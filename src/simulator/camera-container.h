/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * PTP over USB: the containers on the pipes of a Still Image class device (PIMA 15740:2000, annex D; USB Still
 * Image Capture Device Definition 1.0). Pure functions over bytes; all numbers are little-endian.
 */
#pragma once

#include "simulator/camera-ptp.h"

#define TAMBO_PTP_MAX_CONTAINER (1024 * 1024) /* of what the station sends */

typedef enum {
  TAMBO_PTP_CONTAINER_COMMAND = 1,
  TAMBO_PTP_CONTAINER_DATA = 2,
  TAMBO_PTP_CONTAINER_RESPONSE = 3,
  TAMBO_PTP_CONTAINER_EVENT = 4,
} TamboPtpContainerType;

typedef struct {
  guint16 type, code;
  guint32 transaction;
  GBytes *payload;
} TamboPtpContainer;

void tambo_ptp_container_clear (TamboPtpContainer *container);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboPtpContainer, tambo_ptp_container_clear)

/* Takes the first whole container out of INPUT. FALSE without error: there is none yet. */
gboolean tambo_ptp_take_container (GByteArray *input, TamboPtpContainer *out_container,
                                   GError **error);
/* The operation of a command container; FALSE when it is none. Whether the station sends data with it, the
 * container does not say. */
gboolean tambo_ptp_container_parse_operation (
    const TamboPtpContainer *container, TamboPtpOperation *out_operation) G_GNUC_WARN_UNUSED_RESULT;

/* A whole container. */
GBytes *tambo_ptp_container_encode (TamboPtpContainerType type, guint16 code, guint32 transaction,
                                    gconstpointer payload, gsize size);
