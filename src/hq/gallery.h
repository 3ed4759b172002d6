/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everybody's fingers, for the search whether an applicant is known under another name: templates of
 * ISO/IEC 19794-2, a row for each case, sealed (AES-256-GCM) under a key that only who decides can read
 * (gallery.key of hq/key-folder.h). They are in memory while a process decides, and are loaded at its first
 * search; what others added meanwhile follows before each one.
 */
#pragma once

#include "biometric/match-search.h"
#include "hq/headquarters.h"
#include "record/enrolment.h"
#include "sync/protocol.h"

/* The record of each finger position, from right thumb; NULL where there is none. */
typedef struct {
  TamboMinutiaeRecord *records[TAMBO_SEARCH_FINGERS_MAX];
  guint count;      /* of those that are there */
  char *unreadable; /* slot of the first picture that is none; NULL. Of an enrolment alone */
} TamboFingerSet;

TamboFingerSet *tambo_finger_set_new (void);
void tambo_finger_set_free (TamboFingerSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboFingerSet, tambo_finger_set_free)
/* Of the fingerprints of PACKET; a picture that cannot be read or shows no minutia gives none. */
TamboFingerSet *tambo_finger_set_extract (const TamboEnrolment *enrolment, TamboPacket *packet);
/* Layout: for each finger that is there, position u8, length u32, record. A secret. */
GBytes *tambo_finger_set_encode (const TamboFingerSet *set);
TamboFingerSet *tambo_finger_set_parse (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

void tambo_gallery_free (TamboGallery *gallery);

typedef struct {
  char *case_id;
  double evidence; /* tambo_match_fuse */
} TamboGalleryCandidate;

void tambo_gallery_candidate_free (TamboGalleryCandidate *candidate);

/* Elements are TamboGalleryCandidate that are worth a person's look, most evidence first, at most
 * COUNT, none of them CASE_ID. STATE when there are more cases than this machine may hold (setting
 * gallery_limit). */
GPtrArray *tambo_gallery_search (TamboHq *hq, const TamboFingerSet *set, const char *case_id,
                                 guint count, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds the fingers of a case, or puts them in the place of its earlier ones; in the caller's transaction, but for
 * the very first of a headquarters, which makes the key: that one is searched for before, or kept alone. */
gboolean tambo_gallery_save (TamboHq *hq, const char *case_id, const TamboFingerSet *set,
                             GError **error);
