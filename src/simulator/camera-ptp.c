/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/camera-ptp.h"

#include "simulator/simulator-error.h"

#include <string.h>

#define HEADER_SIZE 8
#define FORMAT_EXIF_JPEG 0x3801

guint32 tambo_ptp_get_u32 (const guint8 *at) {
  return at[0] | (guint32) at[1] << 8 | (guint32) at[2] << 16 | (guint32) at[3] << 24;
}

gboolean tambo_ptp_take_packet (GByteArray *input, guint32 *out_type, GBytes **out_body,
                                GError **error) {
  if (input->len < HEADER_SIZE)
    return FALSE;
  guint32 size = tambo_ptp_get_u32 (input->data);
  if (size < HEADER_SIZE || size > TAMBO_PTP_MAX_PACKET) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_MALFORMED,
                 "a PTP/IP packet of %u bytes, which is not from 8 to %d", size,
                 TAMBO_PTP_MAX_PACKET);
    return FALSE;
  }
  if (input->len < size)
    return FALSE;
  *out_type = tambo_ptp_get_u32 (input->data + 4);
  *out_body = g_bytes_new (input->data + HEADER_SIZE, size - HEADER_SIZE);
  g_byte_array_remove_range (input, 0, size);
  return TRUE;
}

gboolean tambo_ptp_parse_operation (GBytes *body, TamboPtpOperation *out_operation) {
  gsize size;
  const guint8 *at = g_bytes_get_data (body, &size);
  if (size < 10 || (size - 10) % 4 != 0 || size > 10 + 4 * 5)
    return FALSE;
  TamboPtpOperation operation = { .sends_data = tambo_ptp_get_u32 (at) == 2 };
  operation.code = (guint16) (at[4] | at[5] << 8);
  operation.transaction = tambo_ptp_get_u32 (at + 6);
  for (gsize i = 0; i < (size - 10) / 4; i++)
    operation.parameters[i] = tambo_ptp_get_u32 (at + 10 + 4 * i);
  *out_operation = operation;
  return TRUE;
}

void tambo_ptp_put_u8 (GByteArray *array, guint8 value) {
  g_byte_array_append (array, &value, 1);
}

void tambo_ptp_put_u16 (GByteArray *array, guint16 value) {
  value = GUINT16_TO_LE (value);
  g_byte_array_append (array, (const guint8 *) &value, sizeof value);
}

void tambo_ptp_put_u32 (GByteArray *array, guint32 value) {
  value = GUINT32_TO_LE (value);
  g_byte_array_append (array, (const guint8 *) &value, sizeof value);
}

void tambo_ptp_put_u64 (GByteArray *array, guint64 value) {
  value = GUINT64_TO_LE (value);
  g_byte_array_append (array, (const guint8 *) &value, sizeof value);
}

void tambo_ptp_put_string (GByteArray *array, const char *text) {
  gsize length = MIN (strlen (text), 254);
  if (length == 0) {
    tambo_ptp_put_u8 (array, 0);
    return;
  }
  tambo_ptp_put_u8 (array, (guint8) (length + 1));
  for (gsize i = 0; i < length; i++)
    tambo_ptp_put_u16 (array, (guint8) text[i]);
  tambo_ptp_put_u16 (array, 0);
}

void tambo_ptp_put_codes (GByteArray *array, const guint16 *codes, guint n) {
  tambo_ptp_put_u32 (array, n);
  for (guint i = 0; i < n; i++)
    tambo_ptp_put_u16 (array, codes[i]);
}

GByteArray *tambo_ptp_packet_new (TamboPtpPacketType type) {
  GByteArray *packet = g_byte_array_new ();
  tambo_ptp_put_u32 (packet, 0);
  tambo_ptp_put_u32 (packet, type);
  return packet;
}

void tambo_ptp_packet_finish (GByteArray *packet) {
  guint32 size = GUINT32_TO_LE (packet->len);
  memcpy (packet->data, &size, sizeof size);
}

void tambo_ptp_put_object_info (GByteArray *array, const TamboPtpObject *object) {
  tambo_ptp_put_u32 (array, object->storage);
  tambo_ptp_put_u16 (array, FORMAT_EXIF_JPEG);
  tambo_ptp_put_u16 (array, 0); /* no protection */
  tambo_ptp_put_u32 (array, object->size);
  tambo_ptp_put_u16 (array, 0); /* no thumbnail: format, size, width, height */
  for (int i = 0; i < 3; i++)
    tambo_ptp_put_u32 (array, 0);
  tambo_ptp_put_u32 (array, object->width);
  tambo_ptp_put_u32 (array, object->height);
  tambo_ptp_put_u32 (array, 24); /* bits a pixel */
  tambo_ptp_put_u32 (array, object->parent);
  tambo_ptp_put_u16 (array, 0); /* no association: type, description, sequence number */
  tambo_ptp_put_u32 (array, 0);
  tambo_ptp_put_u32 (array, 0);
  tambo_ptp_put_string (array, object->name);
  tambo_ptp_put_string (array, object->time);
  tambo_ptp_put_string (array, object->time);
  tambo_ptp_put_string (array, ""); /* keywords */
}
