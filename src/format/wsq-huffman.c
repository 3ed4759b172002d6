/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/wsq-private.h"

#include <stdlib.h>
#include <string.h>

/* Symbols 1 to 100 are runs of so many zeros, 107 to 254 the indices -73 to 74. */
#define RUN_MAX 100
#define INDEX_MIN (-73)
#define INDEX_MAX 74
#define INDEX_ZERO 180

enum {
  SYMBOL_PLUS_8 = 101, /* the amount of an index follows in so many bits */
  SYMBOL_MINUS_8,
  SYMBOL_PLUS_16,
  SYMBOL_MINUS_16,
  SYMBOL_RUN_8, /* the length of a run follows */
  SYMBOL_RUN_16,
};

#define CODE_MAX 16

/* Bits behind the code of SYMBOL. */
static int extra_bits (guint symbol) {
  switch (symbol) {
  case SYMBOL_PLUS_8:
  case SYMBOL_MINUS_8:
  case SYMBOL_RUN_8:
    return 8;
  case SYMBOL_PLUS_16:
  case SYMBOL_MINUS_16:
  case SYMBOL_RUN_16:
    return 16;
  default:
    return 0;
  }
}

/* ---- symbols ---- */

void tambo_wsq_symbols_clear (TamboWsqSymbols *symbols) {
  g_clear_pointer (&symbols->items, g_free);
  symbols->size = 0;
}

static guint32 symbol_of_run (gsize length) {
  if (length <= RUN_MAX)
    return (guint32) length << 16;
  return (guint32) (length <= 0xFF ? SYMBOL_RUN_8 : SYMBOL_RUN_16) << 16 | (guint32) length;
}

static guint32 symbol_of_index (int index) {
  if (index >= INDEX_MIN && index <= INDEX_MAX)
    return (guint32) (INDEX_ZERO + index) << 16;
  guint32 amount = (guint32) ABS (index);
  guint32 symbol = amount <= 0xFF ? SYMBOL_PLUS_8 : SYMBOL_PLUS_16;
  return (symbol + (index < 0)) << 16 | amount;
}

/* Zeros from INDICES on; four at a time. */
static gsize count_zeros (const gint16 *indices, gsize size) {
  gsize count = 0;
  guint64 four;

  while (count + 4 <= size) {
    memcpy (&four, indices + count, sizeof four);
    if (four != 0)
      break;
    count += 4;
  }
  while (count < size && indices[count] == 0)
    count++;
  return count;
}

gboolean tambo_wsq_symbols_init (TamboWsqSymbols *symbols, const gint16 *indices, gsize size,
                                 guint32 *frequencies) {
  symbols->items = g_try_new (guint32, MAX (size, 1));
  symbols->size = 0;
  if (symbols->items == NULL)
    return FALSE;

  guint32 *item = symbols->items;
  for (gsize i = 0; i < size; item++) {
    if (indices[i] != 0) {
      *item = symbol_of_index (indices[i++]);
    } else {
      gsize run = MIN (count_zeros (indices + i, size - i), 0xFFFF);
      *item = symbol_of_run (run);
      i += run;
    }
    frequencies[*item >> 16]++;
  }
  symbols->size = (gsize) (item - symbols->items);
  return TRUE;
}

/* ---- the code ---- */

/* A node of the tree of codes: a symbol, or two nodes joined. */
typedef struct {
  guint64 frequency;
  int symbol; /* 256 for the code of all ones, which nobody gets */
  int parent;
} Leaf;

static int compare_leaves (gconstpointer a, gconstpointer b) {
  const Leaf *left = a, *right = b;

  if (left->frequency != right->frequency)
    return left->frequency < right->frequency ? -1 : 1;
  return right->symbol - left->symbol;
}

/* Takes the lesser of the next leaf and the next joined node, both in rising order. */
static int take_least (const Leaf *nodes, int leaves, int *leaf, int *joined, int end) {
  if (*leaf < leaves && (*joined >= end || nodes[*leaf].frequency <= nodes[*joined].frequency))
    return (*leaf)++;
  return (*joined)++;
}

/* Bits of the code of each of LEAVES sorted nodes. */
static void find_depths (Leaf *nodes, int leaves, int *depths) {
  int leaf = 0, joined = leaves;

  for (int end = leaves; end < 2 * leaves - 1; end++) {
    int a = take_least (nodes, leaves, &leaf, &joined, end);
    int b = take_least (nodes, leaves, &leaf, &joined, end);
    nodes[end] = (Leaf){ .frequency = nodes[a].frequency + nodes[b].frequency };
    nodes[a].parent = nodes[b].parent = end;
  }
  depths[2 * leaves - 2] = 0;
  for (int i = 2 * leaves - 3; i >= 0; i--)
    depths[i] = depths[nodes[i].parent] + 1;
}

/* Shortens codes of more than 16 bits: two of the longest become one a bit shorter, and a shorter
 * code is split in two for the other. Then the code of all ones is dropped. */
static void limit_counts (int *counts, int longest) {
  for (int i = longest; i > CODE_MAX; i--)
    while (counts[i] > 0) {
      int j = i - 2;
      while (counts[j] == 0)
        j--;
      counts[i] -= 2;
      counts[i - 1]++;
      counts[j + 1] += 2;
      counts[j]--;
    }
  int last = CODE_MAX;
  while (counts[last] == 0)
    last--;
  counts[last]--;
}

void tambo_wsq_huffman_init (TamboWsqHuffman *huffman, const guint32 *frequencies) {
  Leaf nodes[2 * 257];
  int depths[2 * 257], counts[258] = { 0 };
  int leaves = 0;

  memset (huffman, 0, sizeof *huffman);
  nodes[leaves++] = (Leaf){ .frequency = 1, .symbol = 256 };
  for (int symbol = 0; symbol < 256; symbol++)
    if (frequencies[symbol] > 0)
      nodes[leaves++] = (Leaf){ .frequency = frequencies[symbol], .symbol = symbol };
  /* A table without codes is none: readers refuse it. */
  if (leaves == 1)
    nodes[leaves++] = (Leaf){ .frequency = 1, .symbol = 1 };

  qsort (nodes, (gsize) leaves, sizeof *nodes, compare_leaves);
  find_depths (nodes, leaves, depths);
  for (int i = 0; i < leaves; i++)
    counts[depths[i]]++;
  /* The rarest node comes first, so that it is among the deepest. */
  limit_counts (counts, depths[0]);
  for (int bits = 1; bits <= CODE_MAX; bits++)
    huffman->counts[bits - 1] = (guint8) counts[bits];
  for (int i = leaves - 1; i >= 0; i--)
    if (nodes[i].symbol < 256)
      huffman->symbols[huffman->size++] = (guint8) nodes[i].symbol;
}

/* ---- writing ---- */

typedef struct {
  guint64 bits; /* the lowest FILLED */
  int filled;
  guint8 *out;
} BitWriter;

/* A byte of all ones is followed by one of zeros, which no marker has. */
static void put_byte (BitWriter *self, guint8 byte) {
  *self->out++ = byte;
  if (byte == 0xFF)
    *self->out++ = 0;
}

static gboolean has_byte_of_ones (guint32 word) {
  return ((~word - 0x01010101U) & word & 0x80808080U) != 0;
}

/* At most 32 bits. */
static void put_bits (BitWriter *self, guint32 bits, int count) {
  self->bits = self->bits << count | bits;
  self->filled += count;
  if (self->filled < 32)
    return;

  guint32 word = (guint32) (self->bits >> (self->filled - 32));
  self->filled -= 32;
  if (has_byte_of_ones (word)) {
    for (int shift = 24; shift >= 0; shift -= 8)
      put_byte (self, (guint8) (word >> shift));
  } else {
    word = GUINT32_TO_BE (word);
    memcpy (self->out, &word, sizeof word);
    self->out += sizeof word;
  }
}

/* The last byte is filled with ones. */
static void put_end (BitWriter *self) {
  int missing = (8 - self->filled % 8) % 8;

  self->bits = self->bits << missing | ((1U << missing) - 1);
  for (self->filled += missing; self->filled > 0; self->filled -= 8)
    put_byte (self, (guint8) (self->bits >> (self->filled - 8)));
}

/* Symbols between two looks at the room that is left, and the most bytes of one: 32 bits, and as many
 * stuffed. */
#define ROUND 4096
#define SYMBOL_BYTES_MAX 8

void tambo_wsq_huffman_encode (const TamboWsqHuffman *huffman, const TamboWsqSymbols *symbols,
                               GByteArray *array) {
  guint32 codes[256] = { 0 };
  guint8 sizes[256] = { 0 };
  guint32 code = 0;
  int next = 0;

  for (int bits = 1; bits <= CODE_MAX; bits++, code <<= 1)
    for (int i = 0; i < huffman->counts[bits - 1]; i++, code++) {
      int symbol = huffman->symbols[next++];
      int extra = extra_bits ((guint) symbol);
      codes[symbol] = code << extra;
      sizes[symbol] = (guint8) (bits + extra);
    }

  BitWriter writer = { 0 };
  guint used = array->len;
  for (gsize start = 0; start < symbols->size; start += ROUND) {
    gsize end = MIN (start + ROUND, symbols->size);
    g_byte_array_set_size (array, used + (ROUND + 1) * SYMBOL_BYTES_MAX);
    writer.out = array->data + used;
    for (gsize i = start; i < end; i++) {
      guint32 item = symbols->items[i];
      put_bits (&writer, codes[item >> 16] | (item & 0xFFFF), sizes[item >> 16]);
    }
    if (end == symbols->size)
      put_end (&writer);
    used = (guint) (writer.out - array->data);
  }
  g_byte_array_set_size (array, used);
}

/* ---- reading ---- */

gboolean tambo_wsq_lookup_init (TamboWsqLookup *lookup, const TamboWsqHuffman *huffman) {
  guint32 code = 0;
  int next = 0;

  memset (lookup, 0, sizeof *lookup);
  memcpy (lookup->symbols, huffman->symbols, sizeof lookup->symbols);
  for (int bits = 1; bits <= CODE_MAX; bits++, code <<= 1) {
    guint32 count = huffman->counts[bits - 1];
    if (code + count > 1U << bits || next + (int) count > huffman->size)
      return FALSE;
    lookup->offsets[bits] = next - (gint32) code;
    for (guint32 i = 0; i < count && bits <= TAMBO_WSQ_LOOKUP_BITS; i++) {
      guint32 from = (code + i) << (TAMBO_WSQ_LOOKUP_BITS - bits);
      guint32 to = (code + i + 1) << (TAMBO_WSQ_LOOKUP_BITS - bits);
      for (guint32 entry = from; entry < to; entry++)
        lookup->entries[entry] = (guint16) (lookup->symbols[next + (int) i] << 8 | bits);
    }
    next += (int) count;
    code += count;
    lookup->ends[bits] = code;
  }
  return TRUE;
}

/* The next bits, in the highest places; at least 57 of them are true. */
static guint64 peek_bits (const guint8 *data, gsize bit) {
  guint64 word;

  memcpy (&word, data + bit / 8, sizeof word);
  return GUINT64_FROM_BE (word) << (bit % 8);
}

/* A code too long for the table: *OUT_BITS is 0 when it is none. */
static guint8 find_symbol (const TamboWsqLookup *lookup, guint64 word, int *out_bits) {
  for (int bits = TAMBO_WSQ_LOOKUP_BITS + 1; bits <= CODE_MAX; bits++) {
    guint32 code = (guint32) (word >> (64 - bits));
    if (code < lookup->ends[bits]) {
      *out_bits = bits;
      return lookup->symbols[(gint32) code + lookup->offsets[bits]];
    }
  }
  *out_bits = 0;
  return 0;
}

/* An index, or a run of zeros, in the bits behind an escape; FALSE when it is too great. */
static gboolean take_escape (guint symbol, guint32 amount, TamboWsqFile *file, gsize *position) {
  gsize left = file->size - *position;

  if (symbol == SYMBOL_RUN_8 || symbol == SYMBOL_RUN_16) {
    if (amount > left)
      return FALSE;
    *position += amount;
    return TRUE;
  }
  if (left == 0 || amount > G_MAXINT16)
    return FALSE;
  gboolean negative = symbol == SYMBOL_MINUS_8 || symbol == SYMBOL_MINUS_16;
  file->indices[(*position)++] = (gint16) (negative ? -(int) amount : (int) amount);
  return TRUE;
}

gboolean tambo_wsq_huffman_decode (const TamboWsqLookup *lookup, const guint8 *data, gsize size,
                                   gsize end, TamboWsqFile *file, gsize *position) {
  gsize bit = 0, bits = size * 8, at = *position;
  gboolean good = TRUE;

  while (good && bit < bits && !(at == end && bits - bit < 8)) {
    guint64 word = peek_bits (data, bit);
    guint16 entry = lookup->entries[word >> (64 - TAMBO_WSQ_LOOKUP_BITS)];
    int used = entry & 0xFF;
    guint symbol = entry >> 8;
    if (used == 0)
      symbol = find_symbol (lookup, word, &used);
    int extra = symbol > RUN_MAX && symbol < INDEX_ZERO + INDEX_MIN ? extra_bits (symbol) : 0;
    /* The bits of the filling are no code, and nor is what was cut off. */
    gsize left = bits - bit;
    if ((gsize) (used + extra) > left || (used == 0 && left < CODE_MAX))
      break;
    bit += (gsize) (used + extra);

    if (extra > 0) {
      guint32 amount = (guint32) ((word << used) >> (64 - extra));
      good = take_escape (symbol, amount, file, &at);
    } else if (symbol <= RUN_MAX) {
      good = used > 0 && symbol > 0 && symbol <= file->size - at;
      at += good ? symbol : 0;
    } else {
      good = symbol < 0xFF && at < file->size;
      if (good)
        file->indices[at++] = (gint16) ((int) symbol - INDEX_ZERO);
    }
  }
  *position = at;
  return good;
}
