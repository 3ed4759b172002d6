/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/iso19794-7.h"

#include "base/bytes.h"
#include "format/format-error.h"

#include <math.h>
#include <string.h>

/* The channels in the order of the standard: of the inclusion field, of their descriptions and of
 * the values of a point. */
enum { X, Y, Z, VX, VY, AX, AY, T, DT, F, S, TX, TY, AZ, EL, R, CHANNELS };
#define INCLUDED(channel) (0x8000 >> (channel))

/* The preamble of a channel. */
#define HAS_SCALING 0x80
#define HAS_MINIMUM 0x40
#define HAS_MAXIMUM 0x20
#define HAS_MEAN 0x10
#define HAS_DEVIATION 0x08
#define IS_CONSTANT 0x04
#define LINEAR_REMOVED 0x02

#define HAS_EXTENDED_DATA 0x80

/* An hour and more of the fastest pad. */
#define MAX_POINTS 1000000

/* The length channels count in millimetres, the time channels in seconds. Files are met whose
 * lengths are per metre; no pad is so coarse or so fine that the two could be taken for one another. */
#define PER_METRE_FROM 1000.0
#define MM_PER_INCH 25.4

TamboSignature *tambo_signature_new (guint16 max_x, guint16 max_y, guint16 max_pressure,
                                     int units_per_inch) {
  TamboSignature *signature = g_new0 (TamboSignature, 1);
  signature->max_x = max_x;
  signature->max_y = max_y;
  signature->max_pressure = max_pressure;
  signature->units_per_inch = units_per_inch;
  signature->samples = g_array_new (FALSE, FALSE, sizeof (TamboPenSample));
  return signature;
}

TamboSignature *tambo_signature_copy (const TamboSignature *signature) {
  TamboSignature *copy = tambo_signature_new (signature->max_x, signature->max_y,
                                              signature->max_pressure, signature->units_per_inch);
  g_array_append_vals (copy->samples, signature->samples->data, signature->samples->len);
  return copy;
}

void tambo_signature_free (TamboSignature *signature) {
  if (signature == NULL)
    return;
  tambo_secret_wipe (signature->samples->data,
                     (gsize) signature->samples->len * sizeof (TamboPenSample));
  g_array_unref (signature->samples);
  g_free (signature);
}

/* Clause 7.3: (1 + F / 2^11) * 2^(E - 16), E of 5 bits, F of 11. */
static guint16 scaling_encode (double value) {
  int exponent;
  double fraction =
      frexp (value, &exponent) * 2 - 1; /* value = (1 + fraction) * 2^(exponent - 1) */
  long f = lround (fraction * 2048);

  if (f == 2048) {
    f = 0;
    exponent++;
  }
  int e = exponent - 1 + 16;
  if (e < 0)
    return 0;
  return e > 31 ? 0xFFFF : (guint16) (e << 11 | f);
}

static double scaling_decode (guint16 bits) {
  return ldexp (1 + (bits & 0x7FF) / 2048.0, (bits >> 11) - 16);
}

/* X and Y are signed. A pad that counts further than 32,767 gets its origin moved; the minimum
 * tells by how much. */
static gint32 origin (guint16 maximum) {
  return maximum > G_MAXINT16 ? G_MININT16 : 0;
}

static void put_position_channel (GByteArray *array, guint16 maximum, int units_per_inch) {
  tambo_put_u8 (array, HAS_MINIMUM | HAS_MAXIMUM | (units_per_inch > 0 ? HAS_SCALING : 0));
  if (units_per_inch > 0)
    tambo_put_u16 (array, scaling_encode (units_per_inch / MM_PER_INCH));
  tambo_put_u16 (array, (guint16) origin (maximum));
  tambo_put_u16 (array, (guint16) (maximum + origin (maximum)));
}

/* A pad that reports more than it promised loses nothing. */
static void true_maximum (const TamboSignature *signature, guint16 *out_x, guint16 *out_y) {
  *out_x = signature->max_x;
  *out_y = signature->max_y;
  for (guint i = 0; i < signature->samples->len; i++) {
    const TamboPenSample *sample = &g_array_index (signature->samples, TamboPenSample, i);
    *out_x = MAX (*out_x, sample->x);
    *out_y = MAX (*out_y, sample->y);
  }
}

/* How often the milliseconds are halved so that the last of them fits into 16 bits. */
static int time_shift (const TamboSignature *signature) {
  guint len = signature->samples->len;
  guint32 last = len > 0 ? g_array_index (signature->samples, TamboPenSample, len - 1).time : 0;
  int shift = 0;

  while (((guint64) last + (((guint64) 1 << shift) >> 1)) >> shift > G_MAXUINT16)
    shift++;
  return shift;
}

GBytes *tambo_signature_encode (const TamboSignature *signature) {
  GByteArray *array = g_byte_array_new ();
  guint len = signature->samples->len;
  int shift = time_shift (signature);
  guint64 half = ((guint64) 1 << shift) >> 1;
  guint16 max_x, max_y;

  g_return_val_if_fail (len <= MAX_POINTS, g_byte_array_free_to_bytes (array));

  true_maximum (signature, &max_x, &max_y);
  tambo_put_bytes (array,
                   "SDI\0"
                   " 10",
                   8);
  tambo_put_u16 (array, INCLUDED (X) | INCLUDED (Y) | INCLUDED (T) | INCLUDED (F));
  put_position_channel (array, max_x, signature->units_per_inch);
  put_position_channel (array, max_y, signature->units_per_inch);
  tambo_put_u8 (array, HAS_SCALING);
  tambo_put_u16 (array, scaling_encode (ldexp (1000, -shift)));
  tambo_put_u8 (array, HAS_MINIMUM | HAS_MAXIMUM);
  tambo_put_u16 (array, 0);
  tambo_put_u16 (array, signature->max_pressure);
  tambo_put_u8 (array, 0); /* reserved */

  tambo_put_u8 (array, 0); /* no extended data */
  tambo_put_u8 (array, (guint8) (len >> 16));
  tambo_put_u16 (array, (guint16) len);
  for (guint i = 0; i < len; i++) {
    const TamboPenSample *sample = &g_array_index (signature->samples, TamboPenSample, i);
    tambo_put_u16 (array, (guint16) (sample->x + origin (max_x)));
    tambo_put_u16 (array, (guint16) (sample->y + origin (max_y)));
    tambo_put_u16 (array, (guint16) ((sample->time + half) >> shift));
    tambo_put_u16 (array, sample->pressure);
  }
  return g_byte_array_free_to_bytes (array);
}

typedef struct {
  gboolean included, constant;
  double scaling; /* 0: none */
  guint16 minimum, maximum, mean;
  guint8 preamble;
} Channel;

static gpointer fail (GError **error, TamboFormatError code, const char *message) {
  g_set_error (error, TAMBO_FORMAT_ERROR, (int) code, "signature record: %s", message);
  return NULL;
}

static gboolean read_channel (TamboReader *reader, Channel *channel) {
  guint16 scaling = 0, deviation;

  if (!tambo_reader_u8 (reader, &channel->preamble)
      || (channel->preamble & HAS_SCALING && !tambo_reader_u16 (reader, &scaling))
      || (channel->preamble & HAS_MINIMUM && !tambo_reader_u16 (reader, &channel->minimum))
      || (channel->preamble & HAS_MAXIMUM && !tambo_reader_u16 (reader, &channel->maximum))
      || (channel->preamble & HAS_MEAN && !tambo_reader_u16 (reader, &channel->mean))
      || (channel->preamble & HAS_DEVIATION && !tambo_reader_u16 (reader, &deviation)))
    return FALSE;
  channel->included = TRUE;
  channel->constant = (channel->preamble & IS_CONSTANT) != 0;
  channel->scaling = channel->preamble & HAS_SCALING ? scaling_decode (scaling) : 0;
  return TRUE;
}

/* A constant channel has no values in the points; its attributes say it, else it is one unit. */
static guint16 constant_value (const Channel *channel) {
  return channel->preamble & HAS_MEAN      ? channel->mean
         : channel->preamble & HAS_MINIMUM ? channel->minimum
         : channel->preamble & HAS_MAXIMUM ? channel->maximum
                                           : 1;
}

/* Bytes that one point takes. */
static gsize point_size (const Channel channels[CHANNELS]) {
  gsize size = 0;
  for (int i = 0; i < CHANNELS; i++)
    if (channels[i].included && !channels[i].constant)
      size += i == S ? 1 : 2;
  return size;
}

static gboolean read_point (TamboReader *reader, const Channel channels[CHANNELS],
                            guint16 out_values[CHANNELS]) {
  for (int i = 0; i < CHANNELS; i++) {
    guint8 byte;
    out_values[i] = 0;
    if (!channels[i].included)
      continue;
    if (channels[i].constant)
      out_values[i] = constant_value (&channels[i]);
    else if (i == S) {
      if (!tambo_reader_u8 (reader, &byte))
        return FALSE;
      out_values[i] = byte;
    } else if (!tambo_reader_u16 (reader, &out_values[i]))
      return FALSE;
  }
  return TRUE;
}

static gboolean read_descriptions (TamboReader *reader, Channel channels[CHANNELS],
                                   GError **error) {
  const guint8 *magic;
  guint16 inclusion;
  guint8 reserved;

  if (!tambo_reader_take (reader, 8, &magic) || !tambo_reader_u16 (reader, &inclusion)
      || memcmp (magic, "SDI", 4) != 0)
    return fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "no header") != NULL;
  if (memcmp (magic + 4, " 10", 4) != 0)
    return fail (error, TAMBO_FORMAT_ERROR_UNSUPPORTED, "version other than 10") != NULL;
  for (int i = 0; i < CHANNELS; i++) {
    if (!(inclusion & INCLUDED (i)))
      continue;
    if (!read_channel (reader, &channels[i]))
      return fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "cut short") != NULL;
    if (channels[i].preamble & LINEAR_REMOVED)
      return fail (error, TAMBO_FORMAT_ERROR_UNSUPPORTED, "linear component removed") != NULL;
  }
  if (!tambo_reader_u8 (reader, &reserved))
    return fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "cut short") != NULL;
  if (!channels[X].included || !channels[Y].included
      || !(channels[T].included || channels[DT].included))
    return fail (error, TAMBO_FORMAT_ERROR_UNSUPPORTED, "no position or no time in it") != NULL;
  return TRUE;
}

/* Positions are signed and become unsigned when all points are known. */
typedef struct {
  gint32 base, top;
} Range;

static void range_init (Range *range, const Channel *channel) {
  range->base = channel->preamble & HAS_MINIMUM ? MIN ((gint16) channel->minimum, 0) : 0;
  range->top =
      channel->preamble & HAS_MAXIMUM ? MAX ((gint16) channel->maximum, range->base) : range->base;
}

static void range_add (Range *range, gint16 value) {
  range->base = MIN (range->base, value);
  range->top = MAX (range->top, value);
}

/* The milliseconds of a point; a record without scaling counts them already. */
static gboolean point_time (const Channel channels[CHANNELS], const guint16 values[CHANNELS],
                            double *elapsed, guint32 *out_time) {
  int channel = channels[T].included ? T : DT;
  double scaling = channels[channel].scaling > 0 ? channels[channel].scaling : 1000;
  double milliseconds = values[channel] * 1000.0 / scaling;

  *elapsed = channel == T ? milliseconds : *elapsed + milliseconds;
  if (*elapsed >= G_MAXUINT32)
    return FALSE;
  *out_time = (guint32) (*elapsed + 0.5);
  return TRUE;
}

static guint16 point_pressure (const Channel channels[CHANNELS], const guint16 values[CHANNELS]) {
  if (channels[F].included)
    return values[F];
  return channels[S].included ? values[S] != 0 : 1;
}

static gboolean read_points (TamboReader *reader, const Channel channels[CHANNELS], guint count,
                             GArray *samples, Range *x, Range *y) {
  double elapsed = 0;
  guint32 last = 0;

  for (guint i = 0; i < count; i++) {
    guint16 values[CHANNELS];
    TamboPenSample sample;
    if (!read_point (reader, channels, values)
        || !point_time (channels, values, &elapsed, &sample.time) || sample.time < last)
      return FALSE;
    last = sample.time;
    sample.x = values[X];
    sample.y = values[Y];
    sample.pressure = point_pressure (channels, values);
    range_add (x, (gint16) sample.x);
    range_add (y, (gint16) sample.y);
    g_array_append_val (samples, sample);
  }
  return TRUE;
}

static int units_per_inch (const Channel *channel) {
  double per_mm = channel->scaling >= PER_METRE_FROM ? channel->scaling / 1000 : channel->scaling;
  return (int) lround (per_mm * MM_PER_INCH);
}

static guint16 highest_pressure (const Channel channels[CHANNELS], GArray *samples) {
  guint16 highest = channels[F].preamble & HAS_MAXIMUM ? channels[F].maximum : 0;
  for (guint i = 0; i < samples->len; i++)
    highest = MAX (highest, g_array_index (samples, TamboPenSample, i).pressure);
  return highest;
}

TamboSignature *tambo_signature_parse (GBytes *bytes, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (bytes);
  Channel channels[CHANNELS] = { 0 };
  guint8 preamble, high;
  guint16 low, extended = 0;
  const guint8 *skipped;

  if (!read_descriptions (&reader, channels, error))
    return NULL;
  if (!tambo_reader_u8 (&reader, &preamble) || !tambo_reader_u8 (&reader, &high)
      || !tambo_reader_u16 (&reader, &low))
    return fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "cut short");
  guint count = (guint) high << 16 | low;
  if (count > MAX_POINTS)
    return fail (error, TAMBO_FORMAT_ERROR_TOO_LARGE, "more points than anyone writes");
  if (count * point_size (channels) > tambo_reader_left (&reader))
    return fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "cut short");

  Range x, y;
  range_init (&x, &channels[X]);
  range_init (&y, &channels[Y]);
  g_autoptr (TamboSignature) signature =
      tambo_signature_new (0, 0, 0, units_per_inch (&channels[X]));
  if (!read_points (&reader, channels, count, signature->samples, &x, &y))
    return fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "points out of the order of time");
  if (preamble & HAS_EXTENDED_DATA
      && (!tambo_reader_u16 (&reader, &extended)
          || !tambo_reader_take (&reader, extended, &skipped)))
    return fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "cut short");

  for (guint i = 0; i < count; i++) {
    TamboPenSample *sample = &g_array_index (signature->samples, TamboPenSample, i);
    sample->x = (guint16) ((gint16) sample->x - x.base);
    sample->y = (guint16) ((gint16) sample->y - y.base);
  }
  signature->max_x = (guint16) (x.top - x.base);
  signature->max_y = (guint16) (y.top - y.base);
  signature->max_pressure = highest_pressure (channels, signature->samples);
  return g_steal_pointer (&signature);
}
