/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/card-chip.h"

#include "simulator/card-gp.h"
#include "simulator/card-iso7816.h"

/* One kind of chip; CARD is its own struct. */
typedef struct {
  void (*free) (gpointer card);
  void (*reset) (gpointer card);
  GBytes *(*process) (gpointer card, GBytes *command);
} Kind;

struct _TamboCardChip {
  const Kind *kind;
  gpointer card;         /* owned */
  TamboCardEmrtd *emrtd; /* what it is built on, borrowed from it; NULL: a card of its own kind */
};

/* A function that takes its own struct, as one that takes any. */
#define KIND(kind_name)                                                                            \
  static void kind_name##_free (gpointer card) {                                                   \
    tambo_card_##kind_name##_free (card);                                                          \
  }                                                                                                \
  static void kind_name##_reset (gpointer card) {                                                  \
    tambo_card_##kind_name##_reset (card);                                                         \
  }                                                                                                \
  static GBytes *kind_name##_process (gpointer card, GBytes *command) {                            \
    return tambo_card_##kind_name##_process (card, command);                                       \
  }                                                                                                \
  static const Kind kind_name = { kind_name##_free, kind_name##_reset, kind_name##_process }

KIND (jmrtd);
KIND (iso7816);
KIND (gp);
KIND (passport);

static TamboCardChip *wrap (const Kind *kind, gpointer card, TamboCardEmrtd *emrtd) {
  TamboCardChip *chip = g_new0 (TamboCardChip, 1);

  chip->kind = kind;
  chip->card = card;
  chip->emrtd = emrtd;
  return chip;
}

static TamboCardChip *wrap_iso7816 (TamboCardIso7816 *card) {
  return wrap (&iso7816, card, tambo_card_iso7816_get_emrtd (card));
}

static TamboCardChip *wrap_gp (TamboCardGp *card) {
  return wrap (&gp, card, tambo_card_gp_get_emrtd (card));
}

TamboCardChip *tambo_card_chip_new_passport (TamboCardPassport *card) {
  return wrap (&passport, card, tambo_card_passport_get_emrtd (card));
}

TamboCardChip *tambo_card_chip_new (const char *profile, gsize memory, TamboScpProtocol protocol) {
  if (g_strcmp0 (profile, "jmrtd") == 0)
    return wrap (&jmrtd, tambo_card_jmrtd_new (memory), NULL);
  if (g_strcmp0 (profile, "iso7816") == 0)
    return wrap_iso7816 (tambo_card_iso7816_new (memory));
  if (g_strcmp0 (profile, "gp-scp03") == 0)
    return wrap_gp (tambo_card_gp_new (memory, protocol));
  return NULL;
}

void tambo_card_chip_declare_lengths (TamboCardChip *chip, guint16 max) {
  if (chip->kind == &iso7816)
    tambo_card_iso7816_declare_lengths (chip->card, max);
  else if (chip->kind == &passport)
    tambo_card_passport_declare_lengths (chip->card, max);
}

void tambo_card_chip_free (TamboCardChip *chip) {
  if (!chip)
    return;
  chip->kind->free (chip->card);
  g_free (chip);
}

void tambo_card_chip_set_quirks (TamboCardChip *chip, TamboCardQuirks quirks) {
  if (chip->emrtd)
    chip->emrtd->quirks = quirks;
  else
    tambo_card_jmrtd_set_quirks (chip->card, quirks);
}

void tambo_card_chip_reset (TamboCardChip *chip) {
  chip->kind->reset (chip->card);
}

GBytes *tambo_card_chip_process (TamboCardChip *chip, GBytes *command) {
  return chip->kind->process (chip->card, command);
}

gboolean tambo_card_chip_is_locked (const TamboCardChip *chip) {
  return chip->emrtd ? chip->emrtd->operational : tambo_card_jmrtd_is_locked (chip->card);
}

gsize tambo_card_chip_get_memory_used (const TamboCardChip *chip) {
  return chip->emrtd ? chip->emrtd->memory_used : tambo_card_jmrtd_get_memory_used (chip->card);
}

guint tambo_card_chip_get_creations (const TamboCardChip *chip) {
  return chip->emrtd ? chip->emrtd->creations : tambo_card_jmrtd_get_creations (chip->card);
}

GBytes *tambo_card_chip_dup_file (const TamboCardChip *chip, guint16 file_id) {
  return chip->emrtd ? tambo_card_emrtd_dup_file (chip->emrtd, file_id)
                     : tambo_card_jmrtd_dup_file (chip->card, file_id);
}
