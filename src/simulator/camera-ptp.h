/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * PTP over TCP/IP (CIPA DC-005, port 15740): packets, and the datasets of PTP (PIMA 15740:2000,
 * ISO 15740) that a camera sends. Pure functions over bytes; all numbers are little-endian.
 */
#pragma once

#include <glib.h>

#define TAMBO_PTP_MAX_PACKET (64 * 1024) /* of what the station sends */

typedef enum {
  TAMBO_PTP_INIT_COMMAND_REQUEST = 1,
  TAMBO_PTP_INIT_COMMAND_ACK = 2,
  TAMBO_PTP_INIT_EVENT_REQUEST = 3,
  TAMBO_PTP_INIT_EVENT_ACK = 4,
  TAMBO_PTP_INIT_FAIL = 5,
  TAMBO_PTP_OPERATION_REQUEST = 6,
  TAMBO_PTP_OPERATION_RESPONSE = 7,
  TAMBO_PTP_EVENT = 8,
  TAMBO_PTP_START_DATA = 9,
  TAMBO_PTP_DATA = 10,
  TAMBO_PTP_CANCEL = 11,
  TAMBO_PTP_END_DATA = 12,
  TAMBO_PTP_PROBE_REQUEST = 13,
  TAMBO_PTP_PROBE_RESPONSE = 14,
} TamboPtpPacketType;

typedef enum {
  TAMBO_PTP_OK = 0x2001,
  TAMBO_PTP_GENERAL_ERROR = 0x2002,
  TAMBO_PTP_SESSION_NOT_OPEN = 0x2003,
  TAMBO_PTP_OPERATION_NOT_SUPPORTED = 0x2005,
  TAMBO_PTP_INVALID_STORAGE = 0x2008,
  TAMBO_PTP_INVALID_HANDLE = 0x2009,
  TAMBO_PTP_PROPERTY_NOT_SUPPORTED = 0x200a,
  TAMBO_PTP_STORE_FULL = 0x200c,
  TAMBO_PTP_DEVICE_BUSY = 0x2019,
  TAMBO_PTP_INVALID_VALUE = 0x201c,
  TAMBO_PTP_SESSION_ALREADY_OPEN = 0x201e,
  TAMBO_PTP_NIKON_OUT_OF_FOCUS = 0xa002,
  TAMBO_PTP_NIKON_NOT_LIVE_VIEW = 0xa00b,
} TamboPtpResponse;

typedef struct {
  gboolean sends_data; /* data phase 2: the station sends, not the camera */
  guint16 code;
  guint32 transaction;
  guint32 parameters[5]; /* 0 where none was sent */
} TamboPtpOperation;

/* Takes the first whole packet out of INPUT. FALSE without error: there is none yet. */
gboolean tambo_ptp_take_packet (GByteArray *input, guint32 *out_type, GBytes **out_body,
                                GError **error);
gboolean tambo_ptp_parse_operation (GBytes *body,
                                    TamboPtpOperation *out_operation) G_GNUC_WARN_UNUSED_RESULT;

guint32 tambo_ptp_get_u32 (const guint8 *at);

void tambo_ptp_put_u8 (GByteArray *array, guint8 value);
void tambo_ptp_put_u16 (GByteArray *array, guint16 value);
void tambo_ptp_put_u32 (GByteArray *array, guint32 value);
void tambo_ptp_put_u64 (GByteArray *array, guint64 value);
/* A PTP string: a count of UCS-2 units with the closing zero, then the units. ASCII only. */
void tambo_ptp_put_string (GByteArray *array, const char *text);
void tambo_ptp_put_codes (GByteArray *array, const guint16 *codes, guint n);

/* An empty packet of TYPE; tambo_ptp_packet_finish writes its length. */
GByteArray *tambo_ptp_packet_new (TamboPtpPacketType type);
void tambo_ptp_packet_finish (GByteArray *packet);

typedef struct {
  guint32 storage, parent, size, width, height;
  const char *name; /* "DSC_0001.JPG" */
  const char *time; /* "20240131T235959" */
} TamboPtpObject;

/* A JPEG picture. */
void tambo_ptp_put_object_info (GByteArray *array, const TamboPtpObject *object);
