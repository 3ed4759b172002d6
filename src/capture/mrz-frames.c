/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/mrz-frames.h"

#include <string.h>

#include "base/bytes.h"
#include "record/mrz.h"

#define STX 0x02
#define ETX 0x03
#define LINES 3
#define LONGEST 44 /* characters of a line of a passport */

struct _TamboMrzFrames {
  char lines[LINES][LONGEST + 1]; /* the last ones, the newest at N_LINES - 1 */
  guint n_lines;
  char line[LONGEST + 1]; /* the one under way */
  guint length;
  gboolean is_foreign; /* it is too long, or has what no zone has */
  gboolean is_framed;  /* this reader frames: what is outside is a checksum */
  gboolean is_inside;
  char *zone;
};

TamboMrzFrames *tambo_mrz_frames_new (void) {
  return g_new0 (TamboMrzFrames, 1);
}

void tambo_mrz_frames_free (TamboMrzFrames *frames) {
  if (frames == NULL)
    return;
  tambo_secret_string_free (frames->zone);
  tambo_secret_wipe (frames, sizeof *frames);
  g_free (frames);
}

static void forget_lines (TamboMrzFrames *frames) {
  tambo_secret_wipe (frames->lines, sizeof frames->lines);
  frames->n_lines = 0;
}

static void forget_line (TamboMrzFrames *frames) {
  tambo_secret_wipe (frames->line, sizeof frames->line);
  frames->length = 0;
  frames->is_foreign = FALSE;
}

void tambo_mrz_frames_reset (TamboMrzFrames *frames) {
  forget_line (frames);
  forget_lines (frames);
  frames->is_inside = FALSE;
}

gboolean tambo_mrz_frames_is_pending (const TamboMrzFrames *frames) {
  return frames->n_lines > 0 || frames->length > 0 || frames->is_foreign || frames->is_inside;
}

char *tambo_mrz_frames_take (TamboMrzFrames *frames) {
  return g_steal_pointer (&frames->zone);
}

/* The newest N lines, when they are a zone. */
static gboolean find_zone (TamboMrzFrames *frames, guint n) {
  g_autoptr (GString) text = g_string_sized_new (LINES * (LONGEST + 1));
  g_autoptr (TamboMrz) mrz = NULL;

  for (guint i = frames->n_lines - n; i < frames->n_lines; i++)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", frames->lines[i]);
  mrz = tambo_mrz_parse (text->str, NULL, NULL);
  if (mrz == NULL) {
    tambo_secret_wipe (text->str, text->len);
    return FALSE;
  }
  tambo_secret_string_free (frames->zone);
  frames->zone = g_string_free (g_steal_pointer (&text), FALSE);
  return TRUE;
}

static gboolean has_zone (TamboMrzFrames *frames) {
  return (frames->n_lines >= 2 && find_zone (frames, 2))
         || (frames->n_lines >= 3 && find_zone (frames, 3));
}

static void keep_line (TamboMrzFrames *frames) {
  if (frames->n_lines == LINES) {
    memmove (frames->lines[0], frames->lines[1], sizeof frames->lines - sizeof frames->lines[0]);
    frames->n_lines--;
  }
  memcpy (frames->lines[frames->n_lines++], frames->line, sizeof frames->line);
}

static TamboMrzFrame end_line (TamboMrzFrames *frames) {
  gboolean is_zone = FALSE;

  if (frames->is_foreign) {
    forget_lines (frames);
  } else if (frames->length > 0) {
    keep_line (frames);
    is_zone = !frames->is_framed && has_zone (frames);
  }
  forget_line (frames);
  if (is_zone)
    forget_lines (frames);
  return is_zone ? TAMBO_MRZ_FRAME_ZONE : TAMBO_MRZ_FRAME_UNFINISHED;
}

static TamboMrzFrame end_frame (TamboMrzFrames *frames) {
  gboolean was_inside = frames->is_inside, is_zone;

  end_line (frames);
  is_zone = was_inside && has_zone (frames);
  tambo_mrz_frames_reset (frames);
  return is_zone      ? TAMBO_MRZ_FRAME_ZONE
         : was_inside ? TAMBO_MRZ_FRAME_REFUSED
                      : TAMBO_MRZ_FRAME_UNFINISHED;
}

static void begin_frame (TamboMrzFrames *frames) {
  tambo_mrz_frames_reset (frames);
  frames->is_framed = frames->is_inside = TRUE;
}

static void add_character (TamboMrzFrames *frames, guint8 byte) {
  char character = g_ascii_toupper ((char) byte);

  if (frames->length == LONGEST || (!g_ascii_isalnum (character) && character != '<'))
    frames->is_foreign = TRUE;
  else
    frames->line[frames->length++] = character;
}

TamboMrzFrame tambo_mrz_frames_push (TamboMrzFrames *frames, guint8 byte) {
  if (byte == STX)
    begin_frame (frames);
  else if (byte == ETX)
    return end_frame (frames);
  else if (frames->is_framed && !frames->is_inside)
    return TAMBO_MRZ_FRAME_UNFINISHED;
  else if (byte == '\r' || byte == '\n')
    return end_line (frames);
  else
    add_character (frames, byte);
  return TAMBO_MRZ_FRAME_UNFINISHED;
}
