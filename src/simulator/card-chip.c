/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/card-chip.h"

#include "simulator/card-gp.h"
#include "simulator/card-iso7816.h"

/* One kind of chip; CARD is its own struct. */
typedef struct {
  void (*free) (gpointer card);
  void (*set_quirks) (gpointer card, TamboCardQuirks quirks);
  void (*reset) (gpointer card);
  GBytes *(*process) (gpointer card, GBytes *command);
  gboolean (*is_locked) (gconstpointer card);
  gsize (*get_memory_used) (gconstpointer card);
  guint (*get_creations) (gconstpointer card);
  GBytes *(*dup_file) (gconstpointer card, guint16 file_id);
} Kind;

struct _TamboCardChip {
  const Kind *kind;
  gpointer card; /* owned */
};

/* A function that takes its own struct, as one that takes any. */
#define KIND(kind_name, Type)                                                                      \
  static void kind_name##_free (gpointer card) {                                                   \
    tambo_card_##kind_name##_free (card);                                                          \
  }                                                                                                \
  static void kind_name##_set_quirks (gpointer card, TamboCardQuirks quirks) {                     \
    tambo_card_##kind_name##_set_quirks (card, quirks);                                            \
  }                                                                                                \
  static void kind_name##_reset (gpointer card) {                                                  \
    tambo_card_##kind_name##_reset (card);                                                         \
  }                                                                                                \
  static GBytes *kind_name##_process (gpointer card, GBytes *command) {                            \
    return tambo_card_##kind_name##_process (card, command);                                       \
  }                                                                                                \
  static gboolean kind_name##_is_locked (gconstpointer card) {                                     \
    return tambo_card_##kind_name##_is_locked (card);                                              \
  }                                                                                                \
  static gsize kind_name##_get_memory_used (gconstpointer card) {                                  \
    return tambo_card_##kind_name##_get_memory_used (card);                                        \
  }                                                                                                \
  static guint kind_name##_get_creations (gconstpointer card) {                                    \
    return tambo_card_##kind_name##_get_creations (card);                                          \
  }                                                                                                \
  static GBytes *kind_name##_dup_file (gconstpointer card, guint16 file_id) {                      \
    return tambo_card_##kind_name##_dup_file (card, file_id);                                      \
  }                                                                                                \
  static const Kind kind_name = {                                                                  \
    kind_name##_free,          kind_name##_set_quirks, kind_name##_reset,                          \
    kind_name##_process,       kind_name##_is_locked,  kind_name##_get_memory_used,                \
    kind_name##_get_creations, kind_name##_dup_file,                                               \
  }

KIND (jmrtd, TamboCardJmrtd);
KIND (iso7816, TamboCardIso7816);
KIND (gp, TamboCardGp);
KIND (passport, TamboCardPassport);

static TamboCardChip *wrap (const Kind *kind, gpointer card) {
  TamboCardChip *chip = g_new0 (TamboCardChip, 1);

  chip->kind = kind;
  chip->card = card;
  return chip;
}

TamboCardChip *tambo_card_chip_new_passport (TamboCardPassport *card) {
  return wrap (&passport, card);
}

TamboCardChip *tambo_card_chip_new (const char *profile, gsize memory, TamboScpProtocol protocol) {
  if (g_strcmp0 (profile, "jmrtd") == 0)
    return wrap (&jmrtd, tambo_card_jmrtd_new (memory));
  if (g_strcmp0 (profile, "iso7816") == 0)
    return wrap (&iso7816, tambo_card_iso7816_new (memory));
  if (g_strcmp0 (profile, "gp-scp03") == 0)
    return wrap (&gp, tambo_card_gp_new (memory, protocol));
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
  chip->kind->set_quirks (chip->card, quirks);
}

void tambo_card_chip_reset (TamboCardChip *chip) {
  chip->kind->reset (chip->card);
}

GBytes *tambo_card_chip_process (TamboCardChip *chip, GBytes *command) {
  return chip->kind->process (chip->card, command);
}

gboolean tambo_card_chip_is_locked (const TamboCardChip *chip) {
  return chip->kind->is_locked (chip->card);
}

gsize tambo_card_chip_get_memory_used (const TamboCardChip *chip) {
  return chip->kind->get_memory_used (chip->card);
}

guint tambo_card_chip_get_creations (const TamboCardChip *chip) {
  return chip->kind->get_creations (chip->card);
}

GBytes *tambo_card_chip_dup_file (const TamboCardChip *chip, guint16 file_id) {
  return chip->kind->dup_file (chip->card, file_id);
}
