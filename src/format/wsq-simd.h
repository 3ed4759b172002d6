/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Marks the inner loops of the WSQ transform: built once for any x86-64 and once for processors with
 * AVX2, chosen at start. Sanitizers are not ready when the choice is made.
 */
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)                                \
    && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define TAMBO_WSQ_SIMD __attribute__ ((target_clones ("arch=x86-64-v3", "default")))
#else
#define TAMBO_WSQ_SIMD
#endif

#if defined(__GNUC__) && !defined(__clang__)
#define TAMBO_WSQ_NO_ALIAS _Pragma ("GCC ivdep")
#else
#define TAMBO_WSQ_NO_ALIAS
#endif
