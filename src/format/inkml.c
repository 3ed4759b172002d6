/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/inkml.h"

#include <math.h>
#include <string.h>

#include "base/bytes.h"
#include "format/format-error.h"

#define NAMESPACE "http://www.w3.org/2003/InkML"
#define HEAD_SIZE 1024 /* of a file, in which <ink> has to begin */
#define POINTS_MAX 1000000
#define STEP_MS 5 /* between samples that tell no time: 200 a second, as most pads */
#define PRESSURE_DEFAULT 255

typedef enum { CHANNEL_X, CHANNEL_Y, CHANNEL_F, CHANNEL_T, CHANNEL_OTHER } Channel;
static const char *const channel_names[] = { "X", "Y", "F", "T" };
#define CHANNELS_MAX 16

gboolean tambo_inkml_sniff (GBytes *bytes) {
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  return size > 0 && data[0] == '<' && g_strstr_len (data, (gssize) MIN (size, HEAD_SIZE), "<ink");
}

/* ---- out ---- */

static void put_format (GString *text, const TamboSignature *signature) {
  g_string_append_printf (text,
                          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ink xmlns=\"" NAMESPACE
                          "\">\n<definitions><inkSource xml:id=\"pad\"><traceFormat>"
                          "<channel name=\"X\" type=\"integer\" max=\"%u\"/>"
                          "<channel name=\"Y\" type=\"integer\" max=\"%u\"/>"
                          "<channel name=\"F\" type=\"integer\" max=\"%u\"/>"
                          "<channel name=\"T\" type=\"integer\" units=\"ms\"/></traceFormat>",
                          signature->max_x, signature->max_y, signature->max_pressure);
  if (signature->units_per_inch > 0)
    g_string_append_printf (text,
                            "<channelProperties>"
                            "<channelProperty channel=\"X\" name=\"resolution\" value=\"%d\" "
                            "units=\"1/in\"/></channelProperties>",
                            signature->units_per_inch);
  g_string_append (text, "</inkSource></definitions>\n");
}

GBytes *tambo_inkml_encode (const TamboSignature *signature) {
  GString *text = g_string_new (NULL);
  gboolean open = FALSE, down = FALSE;

  put_format (text, signature);
  for (guint i = 0; i < signature->samples->len; i++) {
    const TamboPenSample *s = &g_array_index (signature->samples, TamboPenSample, i);
    gboolean presses = s->pressure > 0;
    if (!open || presses != down)
      g_string_append_printf (text, "%s<trace type=\"%s\">", open ? "</trace>\n" : "",
                              presses ? "penDown" : "penUp");
    else
      g_string_append (text, ", ");
    open = TRUE;
    down = presses;
    g_string_append_printf (text, "%u %u %u %u", s->x, s->y, s->pressure, s->time);
  }
  g_string_append (text, open ? "</trace>\n</ink>\n" : "</ink>\n");
  return g_string_free_to_bytes (text);
}

/* ---- in ---- */

typedef struct {
  TamboSignature *signature;
  Channel channels[CHANNELS_MAX]; /* in the order of a point's values */
  guint n_channels;
  gboolean is_ink, has_format, has_time, in_trace, pen_up;
  double max[CHANNEL_OTHER];
  guint32 next_time;
  GString *trace;
} Parsing;

static void fail (GError **error, TamboFormatError code, const char *message) {
  g_set_error (error, TAMBO_FORMAT_ERROR, (int) code, "InkML: %s", message);
}

static const char *find_attribute (const char **names, const char **values, const char *name) {
  for (guint i = 0; names[i] != NULL; i++)
    if (strcmp (names[i], name) == 0)
      return values[i];
  return NULL;
}

static void add_channel (Parsing *parsing, const char **names, const char **values,
                         GError **error) {
  const char *name = find_attribute (names, values, "name");
  const char *max = find_attribute (names, values, "max");
  Channel channel = CHANNEL_X;

  while (channel < CHANNEL_OTHER && g_strcmp0 (name, channel_names[channel]) != 0)
    channel++;
  if (name == NULL || parsing->n_channels == CHANNELS_MAX) {
    fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "a channel without a name, or too many");
    return;
  }
  if (channel < CHANNEL_OTHER && max != NULL)
    parsing->max[channel] = CLAMP (g_ascii_strtod (max, NULL), 0, G_MAXUINT16);
  parsing->channels[parsing->n_channels++] = channel;
  parsing->has_format = TRUE;
  parsing->has_time |= channel == CHANNEL_T;
}

static void take_property (Parsing *parsing, const char **names, const char **values) {
  const char *value = find_attribute (names, values, "value");
  guint64 resolution;

  if (g_strcmp0 (find_attribute (names, values, "channel"), "X") == 0
      && g_strcmp0 (find_attribute (names, values, "name"), "resolution") == 0
      && g_strcmp0 (find_attribute (names, values, "units"), "1/in") == 0 && value != NULL
      && g_ascii_string_to_unsigned (value, 10, 1, G_MAXUINT16, &resolution, NULL))
    parsing->signature->units_per_inch = (int) resolution;
}

static void start_element (GMarkupParseContext *context, const char *element, const char **names,
                           const char **values, gpointer data, GError **error) {
  Parsing *parsing = data;

  if (strcmp (element, "ink") == 0) {
    parsing->is_ink = TRUE;
  } else if (strcmp (element, "channel") == 0) {
    add_channel (parsing, names, values, error);
  } else if (strcmp (element, "channelProperty") == 0) {
    take_property (parsing, names, values);
  } else if (strcmp (element, "trace") == 0) {
    parsing->in_trace = TRUE;
    parsing->pen_up = g_strcmp0 (find_attribute (names, values, "type"), "penUp") == 0;
    g_string_truncate (parsing->trace, 0);
  }
}

static void take_text (GMarkupParseContext *context, const char *text, gsize size, gpointer data,
                       GError **error) {
  Parsing *parsing = data;

  if (parsing->in_trace)
    g_string_append_len (parsing->trace, text, (gssize) size);
}

static guint16 to_unsigned (double value) {
  return (guint16) lround (CLAMP (value, 0, G_MAXUINT16));
}

/* VALUES has one number for each channel. */
static void add_point (Parsing *parsing, const double *values) {
  TamboPenSample sample = { .pressure = PRESSURE_DEFAULT, .time = parsing->next_time };

  for (guint i = 0; i < parsing->n_channels; i++) {
    switch (parsing->channels[i]) {
    case CHANNEL_X:
      sample.x = to_unsigned (values[i]);
      break;
    case CHANNEL_Y:
      sample.y = to_unsigned (values[i]);
      break;
    case CHANNEL_F:
      sample.pressure = to_unsigned (values[i]);
      break;
    case CHANNEL_T:
      sample.time = (guint32) CLAMP (values[i], parsing->next_time, G_MAXUINT32 - STEP_MS);
      break;
    case CHANNEL_OTHER:
    default:
      break;
    }
  }
  if (parsing->pen_up)
    sample.pressure = 0;
  else
    sample.pressure = MAX (sample.pressure, 1);
  guint32 step = parsing->has_time ? 0 : STEP_MS;
  parsing->next_time = MIN (sample.time + step, G_MAXUINT32 - STEP_MS);
  g_array_append_val (parsing->signature->samples, sample);
}

/* "10 0 8 3"; FALSE when it is not a number for each channel. */
static gboolean take_point (Parsing *parsing, const char *text, GError **error) {
  double values[CHANNELS_MAX];

  for (guint i = 0; i < parsing->n_channels; i++) {
    char *end;
    while (g_ascii_isspace (*text))
      text++;
    values[i] = g_ascii_strtod (text, &end);
    if (end == text || !isfinite (values[i])) {
      gboolean is_difference = *text != '\0' && strchr ("'\"!*?", *text) != NULL;
      fail (error, is_difference ? TAMBO_FORMAT_ERROR_UNSUPPORTED : TAMBO_FORMAT_ERROR_MALFORMED,
            is_difference ? "values told by their differences" : "a point lacks a value");
      return FALSE;
    }
    text = end;
  }
  while (g_ascii_isspace (*text))
    text++;
  if (*text != '\0') {
    fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "a point has more values than channels");
    return FALSE;
  }
  add_point (parsing, values);
  return TRUE;
}

static void end_element (GMarkupParseContext *context, const char *element, gpointer data,
                         GError **error) {
  Parsing *parsing = data;

  if (strcmp (element, "trace") != 0)
    return;
  parsing->in_trace = FALSE;
  if (!parsing->has_format) { /* the standard's default trace format */
    parsing->channels[0] = CHANNEL_X;
    parsing->channels[1] = CHANNEL_Y;
    parsing->n_channels = 2;
  }
  char *rest = parsing->trace->str;
  while (rest != NULL) {
    char *point = rest;
    rest = strchr (point, ',');
    if (rest != NULL)
      *rest++ = '\0';
    if (parsing->signature->samples->len >= POINTS_MAX) {
      fail (error, TAMBO_FORMAT_ERROR_TOO_LARGE, "more points than a pen makes in an hour");
      return;
    }
    if (!take_point (parsing, point, error))
      return;
  }
}

static void set_bounds (Parsing *parsing) {
  TamboSignature *signature = parsing->signature;
  guint16 pressure = 0;

  signature->max_x = to_unsigned (parsing->max[CHANNEL_X]);
  signature->max_y = to_unsigned (parsing->max[CHANNEL_Y]);
  for (guint i = 0; i < signature->samples->len; i++) {
    const TamboPenSample *s = &g_array_index (signature->samples, TamboPenSample, i);
    signature->max_x = MAX (signature->max_x, s->x);
    signature->max_y = MAX (signature->max_y, s->y);
    pressure = MAX (pressure, s->pressure);
  }
  signature->max_pressure = MAX (to_unsigned (parsing->max[CHANNEL_F]), pressure);
}

TamboSignature *tambo_inkml_parse (GBytes *bytes, GError **error) {
  static const GMarkupParser parser = { start_element, end_element, take_text, NULL, NULL };
  g_autoptr (TamboSignature) signature = tambo_signature_new (0, 0, 0, 0);
  g_autoptr (GString) trace = g_string_new (NULL);
  Parsing parsing = { .signature = signature, .trace = trace };
  g_autoptr (GMarkupParseContext) context =
      g_markup_parse_context_new (&parser, G_MARKUP_PREFIX_ERROR_POSITION, &parsing, NULL);
  g_autoptr (GError) cause = NULL;
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  gboolean parsed =
      g_markup_parse_context_parse (context, size > 0 ? data : "", (gssize) size, &cause)
      && g_markup_parse_context_end_parse (context, &cause);
  tambo_secret_wipe (trace->str, trace->allocated_len);
  if (!parsed) {
    if (cause->domain == TAMBO_FORMAT_ERROR)
      g_propagate_error (error, g_steal_pointer (&cause));
    else
      fail (error, TAMBO_FORMAT_ERROR_MALFORMED, cause->message);
    return NULL;
  }
  if (!parsing.is_ink) {
    fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "no element <ink>");
    return NULL;
  }
  set_bounds (&parsing);
  return g_steal_pointer (&signature);
}
