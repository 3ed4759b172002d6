/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "applet.h"

#include <string.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "chip/pace-private.h"
#include "format/tlv.h"

Applet *applet_new (void) {
  Applet *applet = g_new0 (Applet, 1);

  applet->log = g_string_new (NULL);
  return applet;
}

void applet_free (Applet *applet) {
  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++)
    g_clear_pointer (&applet->files[i], g_byte_array_unref);
  tambo_bac_keys_clear (&applet->keys);
  g_clear_pointer (&applet->sm, tambo_secure_messaging_clear_free);
  g_clear_pointer (&applet->next_sm, tambo_secure_messaging_clear_free);
  g_clear_pointer (&applet->static_key, g_bytes_unref);
  g_clear_pointer (&applet->pace, tambo_pace_chip_free);
  for (guint i = 0; i < APPLET_N_MASTER; i++)
    g_clear_pointer (&applet->master[i], g_bytes_unref);
  g_string_free (applet->log, TRUE);
  g_free (applet);
}

void applet_load (Applet *applet, const TamboLds *lds, const char *information) {
  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++) {
    if (!lds->files[i])
      continue;
    gsize size;
    gconstpointer data = g_bytes_get_data (lds->files[i], &size);
    applet->files[i] = g_byte_array_new ();
    tambo_put_bytes (applet->files[i], data, size);
  }
  tambo_bac_keys_derive (information, &applet->keys);
  applet->locked = TRUE;
}

static gboolean find_file (const guint8 *id, TamboLdsFile *out_file) {
  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++) {
    if (tambo_lds_file_id (i) == (id[0] << 8 | id[1])) {
      *out_file = i;
      return TRUE;
    }
  }
  return FALSE;
}

static guint16 select_master (Applet *applet, const TamboCommand *command) {
  static const guint16 ids[] = { TAMBO_FILE_CARD_ACCESS, TAMBO_FILE_CARD_SECURITY,
                                 TAMBO_FILE_ATR_INFO };
  guint16 id = (guint16) (command->data[0] << 8 | command->data[1]);

  if (id == 0x3F00)
    return 0x9000;
  for (guint i = 0; i < APPLET_N_MASTER; i++)
    if (ids[i] == id && applet->master[i]) {
      applet->selected_master = applet->master[i];
      return 0x9000;
    }
  return 0x6A82;
}

static guint16 do_select (Applet *applet, const TamboCommand *command, gboolean protected) {
  TamboLdsFile file;

  if (command->p1 == 0x04) {
    if (!protected)
      g_clear_pointer (&applet->sm, tambo_secure_messaging_clear_free);
    applet->selected = FALSE;
    applet->in_application = TRUE;
    applet->selected_master = NULL;
    return 0x9000;
  }
  g_assert_cmpuint (command->size, ==, 2);
  if (applet->pace && (!applet->in_application || command->p1 == 0x00)) {
    applet->in_application = FALSE;
    return select_master (applet, command);
  }
  if (applet->locked && !protected)
    return 0x6982;
  if (command->size != 2 || !find_file (command->data, &file) || !applet->files[file])
    return 0x6A82;
  if (protected && applet->refused & (1u << file))
    return 0x6982;
  applet->selected = TRUE;
  applet->file = file;
  return 0x9000;
}

static guint16 do_create (Applet *applet, const TamboCommand *command) {
  TamboLdsFile file = TAMBO_LDS_N_FILES;
  gsize used = 0;

  g_assert_cmpuint (command->size, ==, 6);
  g_assert_cmpmem (command->data, 2, "\x63\x04", 2);
  if (applet->locked)
    return 0x6985;
  g_assert_true (find_file (command->data + 4, &file));
  gsize size = (gsize) (command->data[2] << 8 | command->data[3]);
  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++)
    used += applet->files[i] && i != file ? applet->files[i]->len : 0;
  if (applet->memory && used + size > applet->memory)
    return 0x6A84;
  g_clear_pointer (&applet->files[file], g_byte_array_unref);
  applet->files[file] = g_byte_array_new ();
  g_byte_array_set_size (applet->files[file], (guint) size);
  memset (applet->files[file]->data, 0, size);
  return 0x9000;
}

static guint16 do_update (Applet *applet, const TamboCommand *command) {
  gsize offset = (gsize) (command->p1 << 8 | command->p2);

  if (applet->locked || !applet->selected)
    return 0x6985;
  GByteArray *file = applet->files[applet->file];
  if (offset + command->size > file->len)
    return 0x6A84;
  memcpy (file->data + offset, command->data, command->size);
  if (applet->flips && applet->file == TAMBO_LDS_DG7 && offset == 0)
    file->data[command->size - 1] ^= 1;
  applet->writes++;
  return 0x9000;
}

static guint16 do_put_data (Applet *applet, const TamboCommand *command) {
  if (applet->locked)
    return 0x6985;
  if (command->p1 == 0xDE && command->p2 == 0xAD) {
    g_assert_cmpuint (command->size, ==, 0);
    applet->locked = !applet->deaf_lock;
    return 0x9000;
  }
  /* 62 L 04 09 number 04 06 birth 04 06 expiry; the applet makes the check digits itself */
  g_assert_cmphex (command->p1 << 8 | command->p2, ==, 0x0062);
  g_assert_cmpuint (command->size, ==, 29);
  g_assert_cmpmem (command->data, 13, "\x62\x1B\x04\x09L898902C3", 13);
  g_assert_cmpmem (command->data + 13, 16,
                   "\x04\x06"
                   "740812"
                   "\x04\x06"
                   "120415",
                   16);
  tambo_bac_keys_clear (&applet->keys);
  tambo_bac_keys_derive ("L898902C3674081221204159", &applet->keys);
  return 0x9000;
}

static guint16 do_read (Applet *applet, const TamboCommand *command, GByteArray *out) {
  gsize offset = (gsize) (command->p1 << 8 | command->p2);
  gsize whole = 0;
  const guint8 *data = NULL;

  if (applet->selected_master)
    data = g_bytes_get_data (applet->selected_master, &whole);
  else if (!applet->selected)
    return 0x6985;
  else {
    data = applet->files[applet->file]->data;
    whole = applet->files[applet->file]->len;
  }
  if (offset >= whole)
    return 0x6B00;
  if (applet->stickler && (gsize) command->le > whole - offset)
    return 0x6B00;
  gsize size = MIN ((gsize) command->le, whole - offset);
  applet->extended_reads += size > 256;
  if (applet->crumb && applet->crumb < size) {
    tambo_put_bytes (out, data + offset, applet->crumb);
    return 0x9000;
  }
  tambo_put_bytes (out, data + offset, size);
  return size < (gsize) command->le ? 0x6282 : 0x9000;
}

static guint16 do_authenticate (Applet *applet, const TamboCommand *command, GByteArray *out) {
  guint8 plain[32], k_ic[16];

  if (!applet->keys.k_enc
      || !tambo_bac_mutual_decode (&applet->keys, command->data, command->size, plain)
      || memcmp (plain + 8, applet->rnd_ic, 8) != 0)
    return 0x6300;
  tambo_random (k_ic, sizeof k_ic);
  g_autoptr (GBytes) answer = tambo_bac_mutual_encode (&applet->keys, applet->rnd_ic, plain, k_ic);
  tambo_put_bytes (out, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  g_clear_pointer (&applet->sm, tambo_secure_messaging_clear_free);
  applet->sm = tambo_bac_session (applet->rnd_ic, plain, k_ic, plain + 16);
  return 0x9000;
}

static guint16 do_pace (Applet *applet, const TamboCommand *command, GByteArray *out) {
  g_autoptr (GBytes) data = NULL;
  g_autoptr (TamboSecureMessaging) session = NULL;

  g_string_append_c (applet->log, 'P');
  if (!applet->pace)
    return 0x6D00;
  guint16 sw = tambo_pace_chip_process (applet->pace, command, &data, &session);
  if (data)
    tambo_put_bytes (out, g_bytes_get_data (data, NULL), g_bytes_get_size (data));
  if (session) {
    g_clear_pointer (&applet->sm, tambo_secure_messaging_clear_free);
    applet->sm = g_steal_pointer (&session);
  }
  return sw;
}

/* The terminal's key comes in 91 of MSE:Set KAT, or in 7C { 80 } of GENERAL AUTHENTICATE. */
static guint16 do_chip_authentication (Applet *applet, const TamboCommand *command) {
  static const guint8 zeros[16];
  g_autoptr (TamboDomainParameters) domain =
      tambo_domain_parameters_new (applet->static_parameters);
  gboolean is_3des = applet->static_cipher == TAMBO_PACE_3DES;
  TamboTlv tlv;

  if (!applet->static_key)
    return 0x6D00;
  if (command->ins == 0x22 && command->p2 == 0xA4)
    return is_3des ? 0x6A80 : 0x9000;
  if (!(command->ins == 0x22 ? tambo_tlv_find (command->data, command->size, 0x91, &tlv)
                             : tambo_tlv_find (command->data, command->size, 0x7C, &tlv)
                                   && tambo_tlv_find (tlv.value, tlv.length, 0x80, &tlv)))
    return 0x6A80;
  g_autoptr (GBytes) key = g_bytes_new (tlv.value, tlv.length);
  g_autoptr (GBytes) shared = tambo_domain_parameters_multiply (domain, key, applet->static_key);
  g_assert_nonnull (shared);
  g_autoptr (GBytes) secret = tambo_domain_parameters_dup_shared_secret (domain, shared);
  g_autoptr (GBytes) ks_enc = tambo_pace_kdf (applet->static_cipher, secret, 1);
  g_autoptr (GBytes) ks_mac = tambo_pace_kdf (applet->static_cipher, secret, 2);
  g_autoptr (GBytes) ssc = g_bytes_new_static (zeros, is_3des ? 8 : 16);
  applet->next_sm =
      tambo_secure_messaging_new (is_3des ? TAMBO_SM_3DES : TAMBO_SM_AES, ks_enc, ks_mac, ssc);
  return 0x9000;
}

static guint16 dispatch (Applet *applet, const TamboCommand *command, gboolean protected,
                         GByteArray *out) {
  switch (command->ins) {
  case 0xA4:
    g_string_append_c (applet->log, command->p1 == 4 ? 'A' : 's');
    return do_select (applet, command, protected);
  case 0xE0:
    g_string_append_c (applet->log, 'c');
    return do_create (applet, command);
  case 0xD6:
    g_string_append_c (applet->log, 'w');
    return do_update (applet, command);
  case 0xDA:
    g_string_append_c (applet->log, command->p1 == 0xDE ? 'L' : 'K');
    return do_put_data (applet, command);
  case 0xB0:
    g_string_append_c (applet->log, 'r');
    return protected || applet->selected_master ? do_read (applet, command, out) : 0x6982;
  case 0x22:
  case 0x86:
    if (protected)
      return do_chip_authentication (applet, command);
    return do_pace (applet, command, out);
  case 0x84:
    tambo_random (applet->rnd_ic, sizeof applet->rnd_ic);
    tambo_put_bytes (out, applet->rnd_ic, sizeof applet->rnd_ic);
    return 0x9000;
  case 0x82:
    g_string_append_c (applet->log, 'B');
    return do_authenticate (applet, command, out);
  default:
    return 0x6D00;
  }
}

/* Takes ANSWER. */
static GBytes *forge (GBytes *answer) {
  gsize size;
  g_autofree guint8 *octets = g_bytes_unref_to_data (answer, &size);

  octets[5] ^= 1;
  return g_bytes_new_take (g_steal_pointer (&octets), size);
}

GBytes *applet_card (GBytes *bytes, gpointer data, GError **error) {
  Applet *applet = data;
  TamboCommand command, plain;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GBytes) storage = NULL;

  if (++applet->commands == applet->tear_at) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_REMOVED, "torn away");
    return NULL;
  }
  g_assert_true (
      tambo_command_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &command));
  if (!applet->extended && g_bytes_get_size (bytes) > 5
      && ((const guint8 *) g_bytes_get_data (bytes, NULL))[4] == 0)
    return tambo_response_encode (NULL, 0x6700);
  if ((command.cla & 0x0C) == 0) {
    guint16 sw = dispatch (applet, &command, FALSE, out);
    g_autoptr (GBytes) answer = g_byte_array_free_to_bytes (g_steal_pointer (&out));
    return tambo_response_encode (answer, sw);
  }
  if (!applet->sm
      || !tambo_secure_messaging_unwrap_command (applet->sm, &command, &plain, &storage, NULL))
    return tambo_response_encode (NULL, 0x6988);
  guint16 sw = dispatch (applet, &plain, TRUE, out);
  g_autoptr (GBytes) answer = g_byte_array_free_to_bytes (g_steal_pointer (&out));
  GBytes *wrapped = tambo_secure_messaging_wrap_response (applet->sm, answer, sw);
  if (applet->next_sm) {
    tambo_secure_messaging_clear_free (applet->sm);
    applet->sm = g_steal_pointer (&applet->next_sm);
  }
  return applet->commands == applet->forge_at ? forge (wrapped) : wrapped;
}
