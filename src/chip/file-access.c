/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/file-access.h"

#include "base/bytes.h"
#include "chip/card-access.h"
#include "chip/status.h"
#include "format/tlv.h"

#define MAX_FILE_SIZE (1024 * 1024)
#define MAX_MASTER_FILE_SIZE (16 * 1024)
/* A card that gives its file in smaller crumbs than this on the average is stopped. */
#define CRUMB_SIZE 32
#define FREE_PIECES 64
#define MAX_SHORT_OFFSET 0x7FFF

/* Le in the clear, and under secure messaging for a chip that refuses the most that its cipher lets a
 * short answer carry; the small one is for those that refuse even that. */
#define READ_SIZE 223
#define SMALL_READ_SIZE 112

/* Tag of one byte and a length of up to three, then up to five. */
#define HEADER_SIZE 4
#define MAX_HEADER_SIZE 6

#define TAG_LENGTHS 0x7F66
#define TAG_OFFSET 0x54
#define TAG_DISCRETIONARY_DATA 0x53

gboolean tambo_file_transmit (TamboChannel *channel, TamboSecureMessaging *sm,
                              const TamboCommand *command, TamboResponse *out_response,
                              GCancellable *cancellable, GError **error) {
  if (sm)
    return tambo_secure_messaging_transmit (sm, channel, command, out_response, cancellable, error);
  return tambo_channel_transmit (channel, command, out_response, cancellable, error);
}

gboolean tambo_file_select_application (TamboChannel *channel, GCancellable *cancellable,
                                        GError **error) {
  return tambo_file_select_application_under (channel, NULL, cancellable, error);
}

gboolean tambo_file_select_application_under (TamboChannel *channel, TamboSecureMessaging *sm,
                                              GCancellable *cancellable, GError **error) {
  TamboCommand command = { .ins = 0xA4, .p1 = 0x04, .p2 = 0x0C, .le = TAMBO_LE_NONE };
  g_auto (TamboResponse) response = { 0 };

  command.data = (const guint8 *) TAMBO_LDS_AID;
  command.size = TAMBO_LDS_AID_SIZE;
  if (!tambo_file_transmit (channel, sm, &command, &response, cancellable, error))
    return FALSE;
  if (response.sw == TAMBO_SW_OK)
    return TRUE;
  tambo_status_set_error (error, TAMBO_CHIP_ERROR_UNSUPPORTED,
                          "the selection of the eMRTD application", response.sw);
  return FALSE;
}

gboolean tambo_file_select (TamboChannel *channel, TamboSecureMessaging *sm, TamboLdsFile file,
                            GCancellable *cancellable, GError **error) {
  return tambo_file_select_id (channel, sm, 0x02, tambo_lds_file_id (file),
                               tambo_lds_file_name (file), cancellable, error);
}

gboolean tambo_file_select_id (TamboChannel *channel, TamboSecureMessaging *sm, guint8 p1,
                               guint16 id, const char *name, GCancellable *cancellable,
                               GError **error) {
  guint8 octets[] = { (guint8) (id >> 8), (guint8) id };
  TamboCommand command = { .ins = 0xA4, .p1 = p1, .p2 = 0x0C, .le = TAMBO_LE_NONE };
  g_auto (TamboResponse) response = { 0 };

  command.data = octets;
  command.size = sizeof octets;
  if (!tambo_file_transmit (channel, sm, &command, &response, cancellable, error))
    return FALSE;
  if (response.sw == TAMBO_SW_OK)
    return TRUE;
  g_autofree char *action = g_strdup_printf ("the selection of %s", name);
  tambo_status_set_error (error, TAMBO_CHIP_ERROR_STATUS, action, response.sw);
  return FALSE;
}

/* ISO/IEC 7816-4 section 12.7.1: 7F66 { 02 greatest command, 02 greatest answer }. */
static void parse_lengths (GBytes *atr_info, TamboFileLengths *lengths) {
  gsize size;
  gconstpointer data = g_bytes_get_data (atr_info, &size);
  TamboTlv whole, command, answer;
  guint command_size, answer_size;

  if (!tambo_tlv_find (data, size, TAG_LENGTHS, &whole))
    return;
  TamboReader reader = tambo_reader (whole.value, whole.length);
  if (!tambo_tlv_next (&reader, &command) || !tambo_tlv_next (&reader, &answer)
      || !tambo_security_info_number (&command, &command_size)
      || !tambo_security_info_number (&answer, &answer_size))
    return;
  lengths->command = command_size;
  lengths->answer = answer_size;
}

/* EF.ATR/INFO is a list of objects without an end of its own: what one answer holds is enough. */
gboolean tambo_file_read_lengths (TamboChannel *channel, TamboFileLengths *out_lengths,
                                  GCancellable *cancellable, GError **error) {
  TamboCommand command = { .ins = 0xB0, .le = 256 };
  g_auto (TamboResponse) response = { 0 };
  GError *problem = NULL;

  *out_lengths = (TamboFileLengths){ 0 };
  if (!tambo_file_select_id (channel, NULL, 0x02, TAMBO_FILE_ATR_INFO, "EF.ATR/INFO", cancellable,
                             &problem)) {
    if (g_error_matches (problem, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_STATUS)) {
      g_error_free (problem);
      return TRUE;
    }
    g_propagate_error (error, problem);
    return FALSE;
  }
  if (!tambo_channel_transmit (channel, &command, &response, cancellable, error))
    return FALSE;
  if (response.sw == TAMBO_SW_OK || response.sw == 0x6282)
    parse_lengths (response.data, out_lengths);
  return TRUE;
}

/* One reading under way. */
typedef struct {
  TamboChannel *channel;
  TamboSecureMessaging *sm;
  const char *name;
  guint8 tag;
  GByteArray *content;
  gsize chunk;    /* the most that is asked for at once */
  gboolean ahead; /* the header is asked for with what may follow it */
  gsize max_size;
  guint n_pieces;
} Reading;

static gboolean read_short (Reading *reading, gsize size, TamboResponse *out_response,
                            GCancellable *cancellable, GError **error) {
  guint offset = reading->content->len;
  TamboCommand command = {
    .ins = 0xB0, .p1 = (guint8) (offset >> 8), .p2 = (guint8) offset, .le = (int) size
  };

  return tambo_file_transmit (reading->channel, reading->sm, &command, out_response, cancellable,
                              error);
}

/* Odd instruction, ISO/IEC 7816-4 section 7.2.3: for what lies beyond 32 KiB. The data comes in a data
 * object, whose header counts in Le. */
static gboolean read_far (Reading *reading, gsize size, TamboResponse *out_response,
                          GCancellable *cancellable, GError **error) {
  guint offset = reading->content->len;
  guint8 octets[] = { TAG_OFFSET, 3, (guint8) (offset >> 16), (guint8) (offset >> 8),
                      (guint8) offset };
  gsize header = size < 0x100 ? 3 : 4;
  TamboCommand command = { .ins = 0xB1, .le = (int) MIN (size + header, reading->chunk) };
  g_auto (TamboResponse) response = { 0 };
  TamboTlv tlv;

  command.data = octets;
  command.size = sizeof octets;
  if (!tambo_file_transmit (reading->channel, reading->sm, &command, &response, cancellable, error))
    return FALSE;
  TamboReader reader = tambo_reader_for_bytes (response.data);
  gboolean wrapped = tambo_tlv_next (&reader, &tlv) && tlv.tag == TAG_DISCRETIONARY_DATA;
  out_response->sw = response.sw;
  out_response->data =
      wrapped ? g_bytes_new (tlv.value, MIN (tlv.length, size)) : g_bytes_new_static (NULL, 0);
  return TRUE;
}

/* 6D00 too: what a chip may say to an extended length that it has declared and does not know. */
static gboolean is_length_refused (guint16 sw) {
  return sw == 0x6700 || sw == 0x6282 || sw == 0x6D00;
}

/* FALSE when a refusal of SIZE bytes has no less daring form. A file may be shorter than what was asked
 * for ahead, and the chip a stickler. */
static gboolean ask_for_less (Reading *reading, guint16 sw, gsize size) {
  gboolean was_ahead = reading->ahead;

  reading->ahead = FALSE;
  if (was_ahead)
    return TRUE;
  if (!is_length_refused (sw) || size <= SMALL_READ_SIZE)
    return FALSE;
  reading->chunk = size > READ_SIZE ? READ_SIZE : SMALL_READ_SIZE;
  return TRUE;
}

/* Appends between one and SIZE bytes, or nothing, and asks for less the next time. */
static gboolean read_piece (Reading *reading, gsize size, GCancellable *cancellable,
                            GError **error) {
  g_auto (TamboResponse) response = { 0 };
  gboolean far = reading->content->len > MAX_SHORT_OFFSET;

  if (reading->n_pieces++ > FREE_PIECES + reading->content->len / CRUMB_SIZE) {
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED, "the chip gives %s in crumbs",
                 reading->name);
    return FALSE;
  }
  if (reading->ahead)
    size = reading->chunk;
  size = MIN (size, reading->chunk);
  if (!(far ? read_far : read_short) (reading, size, &response, cancellable, error))
    return FALSE;
  if (g_bytes_get_size (response.data) == 0 && ask_for_less (reading, response.sw, size))
    return TRUE;
  gsize got;
  gconstpointer data = g_bytes_get_data (response.data, &got);
  gboolean whole = response.sw == TAMBO_SW_OK || response.sw == 0x6282;
  if (!whole) {
    g_autofree char *action = g_strdup_printf ("the reading of %s", reading->name);
    tambo_status_set_error (error, TAMBO_CHIP_ERROR_STATUS, action, response.sw);
    return FALSE;
  }
  if (got == 0 || got > size) {
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                 "%s is shorter than its header says", reading->name);
    return FALSE;
  }
  tambo_put_bytes (reading->content, data, got);
  return TRUE;
}

/* Reads until tag and length tell the size of the whole. What lies behind it in the file is no part of
 * it. */
static gboolean read_header (Reading *reading, gsize *out_size, GCancellable *cancellable,
                             GError **error) {
  GByteArray *content = reading->content;

  for (gsize wanted = HEADER_SIZE; wanted <= MAX_HEADER_SIZE; wanted++) {
    while (content->len < wanted)
      if (!read_piece (reading, wanted - content->len, cancellable, error))
        return FALSE;
    if (content->data[0] != reading->tag)
      break;
    if (tambo_tlv_total_size (content->data, content->len, out_size)) {
      if (*out_size > reading->max_size)
        break;
      g_byte_array_set_size (content, (guint) MIN (content->len, *out_size));
      reading->ahead = FALSE;
      return TRUE;
    }
  }
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
               "the header of %s is not that of such a file", reading->name);
  return FALSE;
}

static GBytes *read_whole (Reading *reading, TamboFileProgress progress, gpointer data,
                           GCancellable *cancellable, GError **error) {
  g_autoptr (GByteArray) content = g_byte_array_new ();
  gsize size = 0;

  reading->content = content;
  reading->chunk = READ_SIZE;
  if (reading->sm)
    reading->chunk = MAX (tambo_secure_messaging_max_read (reading->sm),
                          tambo_secure_messaging_max_extended_read (reading->sm));
  reading->ahead = TRUE;
  if (!read_header (reading, &size, cancellable, error))
    return NULL;
  if (progress)
    progress (content->len, data);
  while (content->len < size) {
    guint before = content->len;
    if (!read_piece (reading, size - content->len, cancellable, error))
      return NULL;
    if (progress)
      progress (content->len - before, data);
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&content));
}

GBytes *tambo_file_read_selected (TamboChannel *channel, TamboSecureMessaging *sm,
                                  TamboLdsFile file, TamboFileProgress progress, gpointer data,
                                  GCancellable *cancellable, GError **error) {
  Reading reading = {
    .channel = channel,
    .sm = sm,
    .name = tambo_lds_file_name (file),
    .tag = tambo_lds_file_tag (file),
    .max_size = MAX_FILE_SIZE,
  };

  return read_whole (&reading, progress, data, cancellable, error);
}

GBytes *tambo_file_read_selected_as (TamboChannel *channel, TamboSecureMessaging *sm,
                                     const char *name, guint8 tag, GCancellable *cancellable,
                                     GError **error) {
  Reading reading = {
    .channel = channel, .sm = sm, .name = name, .tag = tag, .max_size = MAX_MASTER_FILE_SIZE
  };

  return read_whole (&reading, NULL, NULL, cancellable, error);
}
