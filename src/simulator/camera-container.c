/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/camera-container.h"

#include "simulator/simulator-error.h"

#define HEADER_SIZE 12
#define MAX_PARAMETERS 5

void tambo_ptp_container_clear (TamboPtpContainer *container) {
  g_clear_pointer (&container->payload, g_bytes_unref);
}

gboolean tambo_ptp_take_container (GByteArray *input, TamboPtpContainer *out_container,
                                   GError **error) {
  if (input->len < HEADER_SIZE)
    return FALSE;
  const guint8 *at = input->data;
  guint32 size = tambo_ptp_get_u32 (at);
  if (size < HEADER_SIZE || size > TAMBO_PTP_MAX_CONTAINER) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_MALFORMED,
                 "a PTP container of %u bytes, which is not from %d to %d", size, HEADER_SIZE,
                 TAMBO_PTP_MAX_CONTAINER);
    return FALSE;
  }
  if (input->len < size)
    return FALSE;
  *out_container =
      (TamboPtpContainer){ .type = (guint16) (at[4] | at[5] << 8),
                           .code = (guint16) (at[6] | at[7] << 8),
                           .transaction = tambo_ptp_get_u32 (at + 8),
                           .payload = g_bytes_new (at + HEADER_SIZE, size - HEADER_SIZE) };
  g_byte_array_remove_range (input, 0, size);
  return TRUE;
}

gboolean tambo_ptp_container_parse_operation (const TamboPtpContainer *container,
                                              TamboPtpOperation *out_operation) {
  gsize size;
  const guint8 *at = g_bytes_get_data (container->payload, &size);
  if (container->type != TAMBO_PTP_CONTAINER_COMMAND || size % 4 != 0 || size > 4 * MAX_PARAMETERS)
    return FALSE;
  TamboPtpOperation operation = { .code = container->code, .transaction = container->transaction };
  for (gsize i = 0; i < size / 4; i++)
    operation.parameters[i] = tambo_ptp_get_u32 (at + 4 * i);
  *out_operation = operation;
  return TRUE;
}

GBytes *tambo_ptp_container_encode (TamboPtpContainerType type, guint16 code, guint32 transaction,
                                    gconstpointer payload, gsize size) {
  GByteArray *container = g_byte_array_sized_new ((guint) (HEADER_SIZE + size));
  tambo_ptp_put_u32 (container, (guint32) (HEADER_SIZE + size));
  tambo_ptp_put_u16 (container, (guint16) type);
  tambo_ptp_put_u16 (container, code);
  tambo_ptp_put_u32 (container, transaction);
  if (size > 0)
    g_byte_array_append (container, payload, (guint) size);
  return g_byte_array_free_to_bytes (container);
}
