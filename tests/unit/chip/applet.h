/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * As much of an open eMRTD applet as personalisation and inspection meet, with a switch for every way
 * in which a chip can disappoint. The full one is the simulator's.
 */
#pragma once

#include "chip/bac.h"
#include "chip/lds.h"
#include "chip/pace.h"

/* Files of the master file. */
enum { APPLET_CARD_ACCESS, APPLET_CARD_SECURITY, APPLET_ATR_INFO, APPLET_N_MASTER };

typedef struct {
  GByteArray *files[TAMBO_LDS_N_FILES];
  gboolean selected;
  TamboLdsFile file;
  TamboBacKeys keys;
  guint8 rnd_ic[8];
  TamboSecureMessaging *sm;
  gboolean locked;

  TamboPaceChip *pace; /* NULL: BAC alone, and no master file */
  GBytes *master[APPLET_N_MASTER];
  GBytes *selected_master; /* borrowed */
  gboolean in_application;
  gboolean extended;    /* knows extended Le */
  guint extended_reads; /* answered with more than 256 bytes */
  gboolean stickler;    /* answers nothing to whoever asks for more than there is */
  gsize crumb;          /* the most it gives at once, whatever it is asked for; 0: all */

  GBytes *static_key; /* of chip authentication; NULL without */
  guint static_parameters;
  TamboPaceCipher static_cipher;
  TamboSecureMessaging *next_sm; /* begins behind the answer */

  gsize memory;       /* bytes of all files together; 0 for no limit */
  guint tear_at;      /* the card leaves at this command, counted from 1; 0 never */
  guint forge_at;     /* a byte of the answer to this one is changed; 0 never */
  gboolean deaf_lock; /* says yes to the lock and takes writes still */
  gboolean flips;     /* changes one byte of what is written to DG7 */
  guint32 refused;    /* bit N: file N is not given out (6982) */
  guint commands;
  guint writes; /* accepted UPDATE BINARY */
  GString *log; /* one letter per command */
} Applet;

Applet *applet_new (void);
void applet_free (Applet *applet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Applet, applet_free)
/* A MemoryCard; the applet is its data. */
GBytes *applet_card (GBytes *command, gpointer data, GError **error);
void applet_load (Applet *applet, const TamboLds *lds, const char *information);
