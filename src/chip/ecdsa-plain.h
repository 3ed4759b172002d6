/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ECDSA signatures as chips and terminals send them: r | s, each of half the size (TR-03111 section
 * 5.2.1), and as the library wants them. Private to the room.
 */
#pragma once

#include "base/cleanup.h"

/* By the last number of an algorithm's object identifier, the same in TR-03111 section 5.2.1.1 and in
 * TR-03110-3 appendix A.6.4; NULL for a number that is not known here. */
const EVP_MD *tambo_ecdsa_plain_hash (guint8 number);
/* NULL for what is not two numbers of one size. */
GBytes *tambo_ecdsa_plain_to_der (gconstpointer data, gsize size) G_GNUC_WARN_UNUSED_RESULT;
/* Of a signature that KEY made. */
GBytes *tambo_ecdsa_der_to_plain (EVP_PKEY *key, gconstpointer data,
                                  gsize size) G_GNUC_WARN_UNUSED_RESULT;
