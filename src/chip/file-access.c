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
#define SELECT_EF 0x02
/* Commands that the card may have before their turn. */
#define MAX_AHEAD 8

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
  return tambo_file_select_id (channel, sm, SELECT_EF, tambo_lds_file_id (file),
                               tambo_lds_file_name (file), cancellable, error);
}

/* SELECT by identifier, without an answer of its own. */
typedef struct {
  TamboCommand command;
  guint8 id[2];
} Selection;

static void selection_init (Selection *selection, guint8 p1, guint16 id) {
  selection->id[0] = (guint8) (id >> 8);
  selection->id[1] = (guint8) id;
  selection->command = (TamboCommand){ .ins = 0xA4,
                                       .p1 = p1,
                                       .p2 = 0x0C,
                                       .data = selection->id,
                                       .size = sizeof selection->id,
                                       .le = TAMBO_LE_NONE };
}

gboolean tambo_file_select_id (TamboChannel *channel, TamboSecureMessaging *sm, guint8 p1,
                               guint16 id, const char *name, GCancellable *cancellable,
                               GError **error) {
  Selection selection;
  g_auto (TamboResponse) response = { 0 };

  selection_init (&selection, p1, id);
  if (!tambo_file_transmit (channel, sm, &selection.command, &response, cancellable, error))
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
  if (!tambo_file_select_id (channel, NULL, SELECT_EF, TAMBO_FILE_ATR_INFO, "EF.ATR/INFO",
                             cancellable, &problem)) {
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
  guint16 id;
  const char *name;
  guint8 tag;
  GByteArray *content;
  gsize size;      /* of the whole; 0 while its header is not there */
  gsize chunk;     /* the most that is asked for at once */
  gboolean ahead;  /* the header is asked for with what may follow it */
  gboolean crumbs; /* the chip has given less than it was asked for */
  gsize announced; /* the pieces up to here */
  guint n_announced;
  gsize max_size;
  guint n_pieces;
} Reading;

/* READ BINARY of a piece. */
typedef struct {
  gsize offset, size;
  TamboCommand command;
  guint8 octets[5]; /* of the command, where it has any */
} Piece;

/* At OFFSET, of up to SIZE bytes. What lies beyond 32 KiB takes the odd instruction, ISO/IEC 7816-4
 * section 7.2.3: the data comes in a data object then, whose header counts in Le. */
static void piece_init (Piece *piece, const Reading *reading, gsize offset, gsize size) {
  gsize header = size < 0x100 ? 3 : 4;

  *piece = (Piece){ .offset = offset, .size = MIN (size, reading->chunk) };
  if (offset <= MAX_SHORT_OFFSET) {
    piece->command = (TamboCommand){
      .ins = 0xB0, .p1 = (guint8) (offset >> 8), .p2 = (guint8) offset, .le = (int) piece->size
    };
    return;
  }
  piece->size = MIN (size, reading->chunk - header);
  piece->octets[0] = TAG_OFFSET;
  piece->octets[1] = 3;
  piece->octets[2] = (guint8) (offset >> 16);
  piece->octets[3] = (guint8) (offset >> 8);
  piece->octets[4] = (guint8) offset;
  piece->command = (TamboCommand){ .ins = 0xB1,
                                   .data = piece->octets,
                                   .size = sizeof piece->octets,
                                   .le = (int) (piece->size + header) };
}

/* What the answer to PIECE has of the file. */
static GBytes *take_content (const Piece *piece, const TamboResponse *response) {
  TamboReader reader = tambo_reader_for_bytes (response->data);
  TamboTlv tlv;

  if (piece->offset <= MAX_SHORT_OFFSET)
    return g_bytes_ref (response->data);
  if (!tambo_tlv_next (&reader, &tlv) || tlv.tag != TAG_DISCRETIONARY_DATA)
    return g_bytes_new_static (NULL, 0);
  return g_bytes_new (tlv.value, MIN (tlv.length, piece->size));
}

static void announce (const Reading *reading, const TamboCommand *command) {
  if (reading->sm)
    tambo_secure_messaging_announce (reading->sm, reading->channel, command);
  else
    tambo_channel_announce (reading->channel, command);
}

/* Where the size is known and the chip gives what it is asked for, it is known what comes, too. */
static void announce_pieces (Reading *reading) {
  Piece piece;

  for (; !reading->crumbs && reading->announced < reading->size && reading->n_announced < MAX_AHEAD;
       reading->n_announced++) {
    piece_init (&piece, reading, reading->announced, reading->size - reading->announced);
    announce (reading, &piece.command);
    reading->announced += piece.size;
  }
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
  Piece piece;

  if (reading->n_pieces++ > FREE_PIECES + reading->content->len / CRUMB_SIZE) {
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED, "the chip gives %s in crumbs",
                 reading->name);
    return FALSE;
  }
  piece_init (&piece, reading, reading->content->len, reading->ahead ? reading->chunk : size);
  if (!tambo_file_transmit (reading->channel, reading->sm, &piece.command, &response, cancellable,
                            error))
    return FALSE;
  gsize got;
  g_autoptr (GBytes) content = take_content (&piece, &response);
  gconstpointer data = g_bytes_get_data (content, &got);
  reading->crumbs |= got < piece.size && !reading->ahead;
  if (got == 0 && ask_for_less (reading, response.sw, piece.size))
    return TRUE;
  gboolean whole = response.sw == TAMBO_SW_OK || response.sw == 0x6282;
  if (!whole) {
    g_autofree char *action = g_strdup_printf ("the reading of %s", reading->name);
    tambo_status_set_error (error, TAMBO_CHIP_ERROR_STATUS, action, response.sw);
    return FALSE;
  }
  if (got == 0 || got > piece.size) {
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                 "%s is shorter than its header says", reading->name);
    return FALSE;
  }
  tambo_put_bytes (reading->content, data, got);
  return TRUE;
}

/* Reads until tag and length tell the size of the whole. What lies behind it in the file is no part of
 * it. */
static gboolean read_header (Reading *reading, GCancellable *cancellable, GError **error) {
  GByteArray *content = reading->content;
  gsize size;

  for (gsize wanted = HEADER_SIZE; wanted <= MAX_HEADER_SIZE; wanted++) {
    while (content->len < wanted)
      if (!read_piece (reading, wanted - content->len, cancellable, error))
        return FALSE;
    if (content->data[0] != reading->tag)
      break;
    if (tambo_tlv_total_size (content->data, content->len, &size)) {
      if (size > reading->max_size)
        break;
      g_byte_array_set_size (content, (guint) MIN (content->len, size));
      reading->crumbs |= reading->ahead && content->len < MIN (size, reading->chunk);
      reading->ahead = FALSE;
      reading->size = size;
      reading->announced = content->len;
      return TRUE;
    }
  }
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
               "the header of %s is not that of such a file", reading->name);
  return FALSE;
}

/* The chip may give the beginning as soon as the file is selected. */
static gboolean select_file (const Reading *reading, GCancellable *cancellable, GError **error) {
  Selection selection;
  Piece first;

  selection_init (&selection, SELECT_EF, reading->id);
  piece_init (&first, reading, 0, reading->chunk);
  announce (reading, &selection.command);
  announce (reading, &first.command);
  return tambo_file_select_id (reading->channel, reading->sm, SELECT_EF, reading->id, reading->name,
                               cancellable, error);
}

static GBytes *read_whole (Reading *reading, TamboFileProgress progress, gpointer data,
                           GCancellable *cancellable, GError **error) {
  g_autoptr (GByteArray) content = g_byte_array_new ();

  reading->content = content;
  reading->chunk = READ_SIZE;
  if (reading->sm)
    reading->chunk = MAX (tambo_secure_messaging_max_read (reading->sm),
                          tambo_secure_messaging_max_extended_read (reading->sm));
  reading->ahead = TRUE;
  if (!select_file (reading, cancellable, error) || !read_header (reading, cancellable, error))
    return NULL;
  if (progress)
    progress (content->len, data);
  while (content->len < reading->size) {
    guint before = content->len;
    announce_pieces (reading);
    if (!read_piece (reading, reading->size - content->len, cancellable, error))
      return NULL;
    if (reading->n_announced > 0)
      reading->n_announced--;
    if (progress)
      progress (content->len - before, data);
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&content));
}

GBytes *tambo_file_select_and_read (TamboChannel *channel, TamboSecureMessaging *sm,
                                    TamboLdsFile file, TamboFileProgress progress, gpointer data,
                                    GCancellable *cancellable, GError **error) {
  Reading reading = {
    .channel = channel,
    .sm = sm,
    .id = tambo_lds_file_id (file),
    .name = tambo_lds_file_name (file),
    .tag = tambo_lds_file_tag (file),
    .max_size = MAX_FILE_SIZE,
  };

  return read_whole (&reading, progress, data, cancellable, error);
}

GBytes *tambo_file_select_and_read_as (TamboChannel *channel, TamboSecureMessaging *sm, guint16 id,
                                       const char *name, guint8 tag, GCancellable *cancellable,
                                       GError **error) {
  Reading reading = { .channel = channel,
                      .sm = sm,
                      .id = id,
                      .name = name,
                      .tag = tag,
                      .max_size = MAX_MASTER_FILE_SIZE };

  return read_whole (&reading, NULL, NULL, cancellable, error);
}
