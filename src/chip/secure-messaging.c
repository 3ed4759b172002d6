/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/secure-messaging.h"

#include <string.h>

#include <openssl/crypto.h>

#include "base/bytes.h"
#include "chip/cipher.h"
#include "chip/status.h"
#include "format/tlv.h"

#define CLA_SM 0x0C
#define DO_CRYPTOGRAM 0x85        /* odd instructions: no padding indicator */
#define DO_PADDED_CRYPTOGRAM 0x87 /* 01 and the cryptogram */
#define DO_MAC 0x8E
#define DO_LE 0x97
#define DO_STATUS 0x99
#define PADDING_METHOD_2 0x01

#define SHORT_RESPONSE 258
#define SHORT_COMMAND 261
#define EXTENDED_RESPONSE 65536

struct _TamboSecureMessaging {
  TamboSmCipher cipher;
  GBytes *ks_enc;
  GBytes *ks_mac;
  guint8 ssc[TAMBO_CIPHER_MAX_BLOCK];
  guint8 ssc_of_last[TAMBO_CIPHER_MAX_BLOCK]; /* before the newest command */
  gsize block_size;
  gsize max_response; /* declared by the chip; 0: short answers */
  guint8 last_ins;
  GQueue announced; /* of Announced */
  gboolean over;
};

/* A command that the card may have got before its turn, as the caller and as the card know it. */
typedef struct {
  GBytes *plain, *request;
} Announced;

static void announced_free (gpointer data) {
  Announced *announced = data;

  g_bytes_unref (announced->plain);
  g_bytes_unref (announced->request);
  g_free (announced);
}

TamboSecureMessaging *tambo_secure_messaging_new (TamboSmCipher cipher, GBytes *ks_enc,
                                                  GBytes *ks_mac, GBytes *ssc) {
  gsize block_size = tambo_cipher_block_size (cipher);

  g_return_val_if_fail (g_bytes_get_size (ssc) == block_size, NULL);

  TamboSecureMessaging *sm = g_new0 (TamboSecureMessaging, 1);
  sm->cipher = cipher;
  sm->block_size = block_size;
  sm->ks_enc = g_bytes_ref (ks_enc);
  sm->ks_mac = g_bytes_ref (ks_mac);
  memcpy (sm->ssc, g_bytes_get_data (ssc, NULL), block_size);
  return sm;
}

void tambo_secure_messaging_clear_free (TamboSecureMessaging *sm) {
  if (!sm)
    return;
  g_bytes_unref (sm->ks_enc);
  g_bytes_unref (sm->ks_mac);
  g_queue_clear_full (&sm->announced, announced_free);
  tambo_secret_wipe (sm, sizeof *sm);
  g_free (sm);
}

gsize tambo_secure_messaging_max_read (const TamboSecureMessaging *sm) {
  return sm->cipher == TAMBO_SM_3DES ? 231 : 223;
}

void tambo_secure_messaging_set_max_response (TamboSecureMessaging *sm, gsize size) {
  sm->max_response = size > SHORT_RESPONSE ? MIN (size, EXTENDED_RESPONSE) : 0;
}

/* 87 L 01 cryptogram, 99 02 SW, 8E 08 MAC, SW: the cryptogram's whole blocks, padded by one at least. */
gsize tambo_secure_messaging_max_extended_read (const TamboSecureMessaging *sm) {
  const gsize around = 1 + 3 + 1 + 4 + 10 + 2;

  if (sm->max_response <= around + sm->block_size)
    return 0;
  return (sm->max_response - around) / sm->block_size * sm->block_size - 1;
}

/* Header, Lc of three bytes, 87 82 L L 01 cryptogram, 8E 08 MAC, Le of two. */
gsize tambo_secure_messaging_max_extended_write (const TamboSecureMessaging *sm,
                                                 gsize max_command) {
  const gsize around = 4 + 3 + 5 + 10 + 2;

  if (max_command <= SHORT_COMMAND)
    return 0;
  return (MIN (max_command, EXTENDED_RESPONSE) - around) / sm->block_size * sm->block_size - 1;
}

static void advance (TamboSecureMessaging *sm) {
  for (gsize i = sm->block_size; i-- > 0;)
    if (++sm->ssc[i] != 0)
      return;
}

/* Section 9.8.6.1: zeros for 3DES; 9.8.6.2: the enciphered counter for AES. */
static void make_iv (const TamboSecureMessaging *sm, guint8 iv[TAMBO_CIPHER_MAX_BLOCK]) {
  memset (iv, 0, TAMBO_CIPHER_MAX_BLOCK);
  if (sm->cipher == TAMBO_SM_AES)
    tambo_cipher_block (sm->cipher, sm->ks_enc, sm->ssc, iv);
}

static void put_cryptogram (const TamboSecureMessaging *sm, GByteArray *objects, guint8 ins,
                            gconstpointer data, gsize size) {
  g_autoptr (GByteArray) plain = g_byte_array_new ();
  g_autoptr (GByteArray) value = g_byte_array_new ();
  guint8 iv[TAMBO_CIPHER_MAX_BLOCK];

  if (size == 0)
    return;
  tambo_put_bytes (plain, data, size);
  tambo_cipher_pad (plain, sm->block_size);
  make_iv (sm, iv);
  tambo_cipher_cbc (sm->cipher, TRUE, sm->ks_enc, iv, plain->data, plain->len, plain->data);
  if (ins & 1) {
    tambo_tlv_put (objects, DO_CRYPTOGRAM, plain->data, plain->len);
  } else {
    tambo_put_u8 (value, PADDING_METHOD_2);
    tambo_put_bytes (value, plain->data, plain->len);
    tambo_tlv_put (objects, DO_PADDED_CRYPTOGRAM, value->data, value->len);
  }
}

/* The MAC over SSC, the padded header (commands only) and the padded data objects. */
static void make_mac (const TamboSecureMessaging *sm, const guint8 *header, gconstpointer objects,
                      gsize size, guint8 out_mac[TAMBO_MAC_SIZE]) {
  g_autoptr (GByteArray) input = g_byte_array_new ();

  tambo_put_bytes (input, sm->ssc, sm->block_size);
  if (header) {
    tambo_put_bytes (input, header, 4);
    tambo_cipher_pad (input, sm->block_size);
  }
  if (size > 0) {
    tambo_put_bytes (input, objects, size);
    tambo_cipher_pad (input, sm->block_size);
  }
  tambo_cipher_mac (sm->cipher, sm->ks_mac, input->data, input->len, out_mac);
}

static void put_mac (const TamboSecureMessaging *sm, const guint8 *header, GByteArray *objects) {
  guint8 mac[TAMBO_MAC_SIZE];

  make_mac (sm, header, objects->data, objects->len, mac);
  tambo_tlv_put (objects, DO_MAC, mac, sizeof mac);
}

static void put_le (GByteArray *objects, int le) {
  guint8 octets[] = { (guint8) (le >> 8), (guint8) le };

  if (le > 256)
    tambo_tlv_put (objects, DO_LE, octets, 2);
  else if (le != TAMBO_LE_NONE)
    tambo_tlv_put (objects, DO_LE, octets + 1, 1);
}

/* With the counter as it stands. */
static GBytes *protect (const TamboSecureMessaging *sm, const TamboCommand *command) {
  g_autoptr (GByteArray) objects = g_byte_array_new ();
  guint8 cla = command->cla | CLA_SM;
  guint8 header[] = { cla, command->ins, command->p1, command->p2 };

  put_cryptogram (sm, objects, command->ins, command->data, command->size);
  put_le (objects, command->le);
  put_mac (sm, header, objects);

  TamboCommand protected_command = {
    .cla = cla,
    .ins = command->ins,
    .p1 = command->p1,
    .p2 = command->p2,
    .data = objects->data,
    .size = objects->len,
    .le = command->le > 256 || objects->len > 255 ? 65536 : 256,
  };
  return tambo_command_encode (&protected_command);
}

static void count_command (TamboSecureMessaging *sm, guint8 ins) {
  memcpy (sm->ssc_of_last, sm->ssc, sizeof sm->ssc);
  sm->last_ins = ins;
  advance (sm);
}

GBytes *tambo_secure_messaging_wrap_command (TamboSecureMessaging *sm,
                                             const TamboCommand *command) {
  count_command (sm, command->ins);
  return protect (sm, command);
}

/* What lies in a protected command or answer: borrowed from it. */
typedef struct {
  TamboTlv cryptogram, le, status, mac; /* tag 0: absent */
  gsize covered;                        /* bytes before the MAC's data object */
} Objects;

/* Each object at most once, in the order of the standard, the MAC last and nothing behind it. */
static gboolean parse_objects (gconstpointer data, gsize size, Objects *out_objects) {
  TamboReader reader = tambo_reader (data, size);
  Objects objects = { 0 };
  int rank = 0;

  while (tambo_reader_left (&reader) > 0) {
    TamboTlv tlv;
    objects.covered = reader.position;
    if (!tambo_tlv_next (&reader, &tlv))
      return FALSE;
    int tlv_rank = 0;
    if (tlv.tag == DO_CRYPTOGRAM || tlv.tag == DO_PADDED_CRYPTOGRAM) {
      tlv_rank = 1;
      objects.cryptogram = tlv;
    } else if (tlv.tag == DO_LE) {
      tlv_rank = 2;
      objects.le = tlv;
    } else if (tlv.tag == DO_STATUS) {
      tlv_rank = 3;
      objects.status = tlv;
    } else if (tlv.tag == DO_MAC) {
      tlv_rank = 4;
      objects.mac = tlv;
    }
    if (tlv_rank <= rank)
      return FALSE;
    rank = tlv_rank;
  }
  if (objects.mac.tag == 0 || objects.mac.length != TAMBO_MAC_SIZE)
    return FALSE;
  *out_objects = objects;
  return TRUE;
}

static gboolean mac_holds (const TamboSecureMessaging *sm, const guint8 *header, gconstpointer data,
                           const Objects *objects) {
  guint8 mac[TAMBO_MAC_SIZE];

  make_mac (sm, header, data, objects->covered, mac);
  return CRYPTO_memcmp (mac, objects->mac.value, sizeof mac) == 0;
}

/* NULL when the cryptogram is not one; empty bytes when there is none. */
static GBytes *decipher (const TamboSecureMessaging *sm, guint8 ins, const TamboTlv *cryptogram) {
  const guint8 *data = cryptogram->value;
  gsize size = cryptogram->length;
  guint8 iv[TAMBO_CIPHER_MAX_BLOCK];

  if (cryptogram->tag == 0)
    return g_bytes_new_static (NULL, 0);
  if (cryptogram->tag != ((ins & 1) ? DO_CRYPTOGRAM : DO_PADDED_CRYPTOGRAM))
    return NULL;
  if (cryptogram->tag == DO_PADDED_CRYPTOGRAM) {
    if (size == 0 || *data != PADDING_METHOD_2)
      return NULL;
    data++;
    size--;
  }
  if (size == 0 || size % sm->block_size)
    return NULL;

  g_autofree guint8 *plain = g_malloc (size);
  make_iv (sm, iv);
  tambo_cipher_cbc (sm->cipher, FALSE, sm->ks_enc, iv, data, size, plain);
  gsize plain_size;
  if (!tambo_cipher_unpad (plain, size, sm->block_size, &plain_size))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&plain), plain_size);
}

static gboolean refuse (TamboSecureMessaging *sm, GError **error, const char *cause) {
  sm->over = TRUE;
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
               "secure messaging failed: %s", cause);
  return FALSE;
}

/* A bare status word. Chips that end the session say so; for others the refused command has not
 * happened, and neither has its count. Success is never believed without a MAC. */
static gboolean unwrap_bare (TamboSecureMessaging *sm, guint16 sw, TamboResponse *out_response,
                             GError **error) {
  if (sw == 0x6987 || sw == 0x6988)
    return refuse (sm, error, "the chip refused the command's protection");
  if (sw >> 8 < 0x64 || sw >> 8 >= 0x70)
    return refuse (sm, error, "the answer is not protected");
  memcpy (sm->ssc, sm->ssc_of_last, sizeof sm->ssc);
  out_response->data = g_bytes_new_static (NULL, 0);
  out_response->sw = sw;
  return TRUE;
}

gboolean tambo_secure_messaging_unwrap_response (TamboSecureMessaging *sm,
                                                 const TamboResponse *protected_response,
                                                 TamboResponse *out_response, GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (protected_response->data, &size);
  Objects objects;

  if (sm->over)
    return refuse (sm, error, "the session is over");
  if (size == 0)
    return unwrap_bare (sm, protected_response->sw, out_response, error);

  advance (sm);
  if (!parse_objects (data, size, &objects) || objects.le.tag != 0 || objects.status.length != 2)
    return refuse (sm, error, "the answer does not have the form of a protected one");
  if (!mac_holds (sm, NULL, data, &objects))
    return refuse (sm, error, "the answer's MAC does not hold");

  guint16 sw = (guint16) (objects.status.value[0] << 8 | objects.status.value[1]);
  if (sw != protected_response->sw)
    return refuse (sm, error, "the status word differs from the protected one");
  g_autoptr (GBytes) plain = decipher (sm, sm->last_ins, &objects.cryptogram);
  if (!plain)
    return refuse (sm, error, "the answer's cryptogram is malformed");

  out_response->data = g_steal_pointer (&plain);
  out_response->sw = sw;
  return TRUE;
}

static gboolean parse_le (const TamboTlv *tlv, int *out_le) {
  if (tlv->tag == 0)
    *out_le = TAMBO_LE_NONE;
  else if (tlv->length == 1)
    *out_le = tlv->value[0] ? tlv->value[0] : 256;
  else if (tlv->length == 2)
    *out_le = tlv->value[0] || tlv->value[1] ? tlv->value[0] << 8 | tlv->value[1] : 65536;
  else
    return FALSE;
  return TRUE;
}

gboolean tambo_secure_messaging_unwrap_command (TamboSecureMessaging *sm,
                                                const TamboCommand *protected_command,
                                                TamboCommand *out_command, GBytes **out_storage,
                                                GError **error) {
  const TamboCommand *from = protected_command;
  guint8 header[] = { from->cla, from->ins, from->p1, from->p2 };
  Objects objects;
  int le;

  if (sm->over)
    return refuse (sm, error, "the session is over");
  advance (sm);
  sm->last_ins = from->ins;
  if ((from->cla & CLA_SM) != CLA_SM || !parse_objects (from->data, from->size, &objects)
      || objects.status.tag != 0 || !parse_le (&objects.le, &le))
    return refuse (sm, error, "the command does not have the form of a protected one");
  if (!mac_holds (sm, header, from->data, &objects))
    return refuse (sm, error, "the command's MAC does not hold");
  g_autoptr (GBytes) plain = decipher (sm, from->ins, &objects.cryptogram);
  if (!plain)
    return refuse (sm, error, "the command's cryptogram is malformed");

  TamboCommand command = *from;
  command.cla = from->cla & (guint8) ~CLA_SM;
  command.data = g_bytes_get_data (plain, &command.size);
  command.le = le;
  *out_command = command;
  *out_storage = g_steal_pointer (&plain);
  return TRUE;
}

GBytes *tambo_secure_messaging_wrap_response (TamboSecureMessaging *sm, GBytes *data, guint16 sw) {
  g_autoptr (GByteArray) objects = g_byte_array_new ();
  guint8 status[] = { (guint8) (sw >> 8), (guint8) sw };
  gsize size = 0;
  gconstpointer octets = data ? g_bytes_get_data (data, &size) : NULL;

  advance (sm);
  put_cryptogram (sm, objects, sm->last_ins, octets, size);
  tambo_tlv_put (objects, DO_STATUS, status, sizeof status);
  put_mac (sm, NULL, objects);

  g_autoptr (GBytes) answer = g_byte_array_free_to_bytes (g_steal_pointer (&objects));
  return tambo_response_encode (answer, sw);
}

static gboolean parse_request (GBytes *request, TamboCommand *out_command) {
  gsize size;
  gconstpointer data = g_bytes_get_data (request, &size);

  return tambo_command_parse (data, size, out_command);
}

void tambo_secure_messaging_announce (TamboSecureMessaging *sm, TamboChannel *channel,
                                      const TamboCommand *command) {
  TamboSecureMessaging later = *sm;
  TamboCommand protected_command;

  if (sm->over)
    return;
  for (guint i = 0; i < sm->announced.length; i++) { /* each and its answer */
    advance (&later);
    advance (&later);
  }
  g_autoptr (GBytes) request = tambo_secure_messaging_wrap_command (&later, command);
  if (!parse_request (request, &protected_command))
    return;
  Announced *announced = g_new (Announced, 1);
  announced->plain = tambo_command_encode (command);
  announced->request = g_bytes_ref (request);
  g_queue_push_tail (&sm->announced, announced);
  tambo_channel_announce (channel, &protected_command);
}

/* Sends what has been counted already. */
static gboolean transmit_request (TamboSecureMessaging *sm, TamboChannel *channel, GBytes *request,
                                  TamboResponse *out_response, GCancellable *cancellable,
                                  GError **error) {
  TamboCommand protected_command;
  g_auto (TamboResponse) answer = { 0 };

  if (!parse_request (request, &protected_command))
    return refuse (sm, error, "the command cannot be sent protected");
  if (!tambo_channel_transmit (channel, &protected_command, &answer, cancellable, error))
    return FALSE;
  if (answer.sw != TAMBO_SW_OK)
    g_queue_clear_full (&sm->announced, announced_free);
  return tambo_secure_messaging_unwrap_response (sm, &answer, out_response, error);
}

/* The protected command, when it is COMMAND that was announced next. */
static GBytes *take_announced (TamboSecureMessaging *sm, const TamboCommand *command) {
  const Announced *first = g_queue_peek_head (&sm->announced);
  g_autoptr (GBytes) plain = first ? tambo_command_encode (command) : NULL;

  if (!first || !g_bytes_equal (first->plain, plain))
    return NULL;
  GBytes *request = g_bytes_ref (first->request);
  announced_free (g_queue_pop_head (&sm->announced));
  count_command (sm, command->ins);
  return request;
}

/* The card may have counted what was announced; so its answers come first, and nobody wants them. */
static gboolean discard_announced (TamboSecureMessaging *sm, TamboChannel *channel,
                                   GCancellable *cancellable, GError **error) {
  Announced *first;

  while ((first = g_queue_pop_head (&sm->announced))) {
    g_auto (TamboResponse) unwanted = { 0 };
    g_autoptr (GBytes) request = g_bytes_ref (first->request);
    announced_free (first);
    count_command (sm, ((const guint8 *) g_bytes_get_data (request, NULL))[1]);
    if (!transmit_request (sm, channel, request, &unwanted, cancellable, error))
      return FALSE;
  }
  return TRUE;
}

gboolean tambo_secure_messaging_transmit (TamboSecureMessaging *sm, TamboChannel *channel,
                                          const TamboCommand *command, TamboResponse *out_response,
                                          GCancellable *cancellable, GError **error) {
  if (sm->over)
    return refuse (sm, error, "the session is over");

  g_autoptr (GBytes) request = take_announced (sm, command);
  if (!request) {
    if (!discard_announced (sm, channel, cancellable, error))
      return FALSE;
    request = tambo_secure_messaging_wrap_command (sm, command);
  }
  return transmit_request (sm, channel, request, out_response, cancellable, error);
}
