/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/personalisation-session.h"

#include "base/bytes.h"
#include "chip/bac.h"
#include "chip/file-access.h"
#include "chip/status.h"
#include "format/tlv.h"

#define TAG_FCP 0x62
#define TAG_SIZE 0x80
#define TDES_KEY 16

void tambo_personalisation_session_clear (TamboPersonalisationSession *session) {
  g_clear_pointer (&session->sm, tambo_secure_messaging_clear_free);
  g_clear_pointer (&session->scp, tambo_scp_clear_free);
  session->block = 0;
}

gboolean tambo_personalisation_session_check (const TamboPersonalisationSession *session,
                                              GError **error) {
  const TamboPersonalisationKeys *keys = session->keys;

  if (session->profile->authentication == TAMBO_CHIP_OPEN)
    return TRUE;
  if (!keys || !keys->enc || !keys->mac) {
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                 "a chip of profile %s wants personalisation keys", session->profile->name);
    return FALSE;
  }
  if (session->profile->authentication == TAMBO_CHIP_MUTUAL_3DES
      && (g_bytes_get_size (keys->enc) != TDES_KEY || g_bytes_get_size (keys->mac) != TDES_KEY)) {
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                 "a chip of profile %s wants personalisation keys of %d bytes",
                 session->profile->name, TDES_KEY);
    return FALSE;
  }
  return TRUE;
}

static gboolean transmit (TamboPersonalisationSession *session, const TamboCommand *command,
                          TamboResponse *out_response, GCancellable *cancellable, GError **error) {
  if (session->scp)
    return tambo_scp_transmit (session->scp, session->channel, command, out_response, cancellable,
                               error);
  return tambo_file_transmit (session->channel, session->sm, command, out_response, cancellable,
                              error);
}

gboolean tambo_personalisation_session_ask (TamboPersonalisationSession *session,
                                            const char *command_template,
                                            TamboTemplateValues *values,
                                            TamboResponse *out_response, GCancellable *cancellable,
                                            GError **error) {
  g_autoptr (GByteArray) data = g_byte_array_new ();
  TamboCommand command;

  values->block = session->block;
  if (!tambo_command_template_expand (command_template, values, data, &command)) {
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                 "profile %s cannot say this command: %s", session->profile->name,
                 command_template);
    return FALSE;
  }
  gboolean sent = transmit (session, &command, out_response, cancellable, error);
  tambo_secret_wipe (data->data, data->len);
  if (!sent)
    return FALSE;
  if (session->scp && command.ins == 0xE2)
    session->block++;
  return TRUE;
}

gboolean tambo_personalisation_session_send (TamboPersonalisationSession *session,
                                             const char *command_template,
                                             TamboTemplateValues *values, guint16 *out_sw,
                                             GCancellable *cancellable, GError **error) {
  g_auto (TamboResponse) response = { 0 };

  if (!tambo_personalisation_session_ask (session, command_template, values, &response, cancellable,
                                          error))
    return FALSE;
  *out_sw = response.sw;
  return TRUE;
}

/* Only a chip that says so plainly is taken for one whose personalisation is over: with a wrong key of
 * encipherment the first command of a session fails, too. */
static TamboChipError judge (guint16 sw) {
  if (sw == 0x6985)
    return TAMBO_CHIP_ERROR_LOCKED;
  return sw == 0x6982 || sw == 0x6983 || sw == 0x6987 || sw == 0x6988
             ? TAMBO_CHIP_ERROR_AUTHENTICATION
             : TAMBO_CHIP_ERROR_STATUS;
}

/* One command on the way into the session. */
static gboolean step (TamboPersonalisationSession *session, const char *command_template,
                      const char *action, GCancellable *cancellable, GError **error) {
  TamboTemplateValues values = { 0 };
  guint16 sw = 0;

  if (!command_template)
    return TRUE;
  if (!tambo_personalisation_session_send (session, command_template, &values, &sw, cancellable,
                                           error))
    return FALSE;
  if (sw != TAMBO_SW_OK)
    tambo_status_set_error (error, judge (sw), action, sw);
  return sw == TAMBO_SW_OK;
}

static gboolean select_first (TamboPersonalisationSession *session, GCancellable *cancellable,
                              GError **error) {
  TamboTemplateValues values = { 0 };
  guint16 sw = 0;

  if (!session->profile->select)
    return tambo_file_select_application (session->channel, cancellable, error);
  if (!tambo_personalisation_session_send (session, session->profile->select, &values, &sw,
                                           cancellable, error))
    return FALSE;
  if (sw != TAMBO_SW_OK)
    tambo_status_set_error (error, TAMBO_CHIP_ERROR_UNSUPPORTED,
                            "the selection of the security domain", sw);
  return sw == TAMBO_SW_OK;
}

static gboolean authenticate (TamboPersonalisationSession *session, GCancellable *cancellable,
                              GError **error) {
  const TamboPersonalisationKeys *keys = session->keys;

  if (session->profile->authentication == TAMBO_CHIP_SCP) {
    TamboScpKeys scp_keys = { keys->enc, keys->mac };
    session->scp = tambo_scp_authenticate (session->channel, keys->protocol, &scp_keys,
                                           keys->version, cancellable, error);
    return session->scp != NULL;
  }
  if (session->profile->authentication == TAMBO_CHIP_MUTUAL_3DES) {
    TamboBacKeys bac_keys = { .k_enc = keys->enc, .k_mac = keys->mac };
    session->sm = tambo_bac_authenticate (session->channel, &bac_keys, cancellable, error);
    if (!session->sm)
      g_prefix_error (error, "the chip does not take the personalisation keys: ");
    return session->sm != NULL;
  }
  return TRUE;
}

/* Once for a chip. */
static gboolean learn_lengths (TamboPersonalisationSession *session, GCancellable *cancellable,
                               GError **error) {
  TamboFileLengths lengths = { 0 };

  if (!session->profile->extends || session->knows_lengths)
    return TRUE;
  if (!tambo_file_read_lengths (session->channel, &lengths, cancellable, error))
    return FALSE;
  session->knows_lengths = TRUE;
  session->max_command = lengths.command;
  return TRUE;
}

gsize tambo_personalisation_session_max_write (const TamboPersonalisationSession *session) {
  gsize extended =
      session->sm ? tambo_secure_messaging_max_extended_write (session->sm, session->max_command)
                  : 0;

  return MAX (session->profile->max_write, extended);
}

gboolean tambo_personalisation_session_open (TamboPersonalisationSession *session,
                                             GCancellable *cancellable, GError **error) {
  tambo_personalisation_session_clear (session);
  return learn_lengths (session, cancellable, error) && select_first (session, cancellable, error)
         && step (session, session->profile->prepare, "the choice of the personalisation key",
                  cancellable, error)
         && authenticate (session, cancellable, error)
         && step (session, session->profile->begin, "the beginning of personalisation", cancellable,
                  error);
}

gboolean tambo_personalisation_session_select (TamboPersonalisationSession *session,
                                               TamboLdsFile file, GCancellable *cancellable,
                                               GError **error) {
  return tambo_file_select (session->channel, session->sm, file, cancellable, error);
}

gboolean tambo_personalisation_session_get_size (TamboPersonalisationSession *session,
                                                 TamboLdsFile file, gsize *out_size,
                                                 GCancellable *cancellable, GError **error) {
  guint16 id = tambo_lds_file_id (file);
  guint8 octets[] = { (guint8) (id >> 8), (guint8) id };
  TamboCommand command = {
    .ins = 0xA4, .p1 = 0x02, .p2 = 0x04, .data = octets, .size = sizeof octets, .le = 256
  };
  g_auto (TamboResponse) response = { 0 };
  TamboTlv fcp, size;

  if (!transmit (session, &command, &response, cancellable, error))
    return FALSE;
  gsize length;
  gconstpointer data = g_bytes_get_data (response.data, &length);
  if (response.sw == TAMBO_SW_OK && tambo_tlv_find (data, length, TAG_FCP, &fcp)
      && tambo_tlv_find (fcp.value, fcp.length, TAG_SIZE, &size) && size.length == 2) {
    *out_size = (gsize) size.value[0] << 8 | size.value[1];
    return TRUE;
  }
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
               "the chip does not say how large its %s is", tambo_lds_file_name (file));
  return FALSE;
}
