/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/quality-text.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* Above it a limit is none. */
#define NO_LIMIT 1000

static const struct {
  const char *measure, *name, *unit;
} names[] = {
  { "width", N_ ("Width"), " px" },
  { "height", N_ ("Height"), " px" },
  { "exposure", N_ ("Exposure"), "" },
  { "dynamic-range", N_ ("Contrast"), "" },
  { "sharpness", N_ ("Sharpness"), "" },
  { "faces", N_ ("Faces"), "" },
  { "roll", N_ ("Head tilted"), "°" },
  { "yaw", N_ ("Head turned"), "°" },
  { "pitch", N_ ("Head raised"), "°" },
  { "eyes-visible", N_ ("Eyes covered"), "" },
  { "mouth-visible", N_ ("Mouth covered"), "" },
  { "face-brightness", N_ ("Light on the face"), "" },
  { "face-sharpness", N_ ("Sharpness of the face"), "" },
  { "eyes-open", N_ ("Eyes closed"), "" },
  { "mouth-closed", N_ ("Mouth open"), "" },
  { "eye-distance", N_ ("Eye distance"), " px" },
  { "head-width", N_ ("Head's width"), "" },
  { "head-height", N_ ("Head's height"), "" },
  { "vertical-position", N_ ("Eye line"), "" },
  { "horizontal-position", N_ ("Middle"), "" },
  { "colour-space", N_ ("Colours"), "" },
  { "grey-density", N_ ("Shades"), "" },
  { "neutral-expression", N_ ("Smile"), "" },
  { "eyebrows", N_ ("Eyebrows"), "" },
  { "gaze", N_ ("Gaze aside"), "" },
  { "background-uniformity", N_ ("Background uneven"), "" },
  { "background-brightness", N_ ("Background's light"), "" },
  { "even-lighting", N_ ("Light from one side"), "" },
  { "hot-spots", N_ ("Skin shines"), "" },
  { "natural-colour", N_ ("Colour cast"), "" },
  { "red-eyes", N_ ("Red eyes"), "" },
};

/* For the translators; looked up by what the judges say. */
static const char *const hints[] G_GNUC_UNUSED = {
  N_ ("Come nearer"),
  N_ ("Go back a little"),
  N_ ("Move to the right of the picture"),
  N_ ("Move to the left of the picture"),
  N_ ("The head is too high in the picture"),
  N_ ("The head is too low in the picture"),
  N_ ("Hold the head upright"),
  N_ ("Look straight into the camera"),
  N_ ("The face is too dark"),
  N_ ("The face is too bright"),
  N_ ("Take off the sunglasses"),
  N_ ("Hold still"),
  N_ ("Open both eyes"),
  N_ ("Close the mouth"),
  N_ ("The picture is too large"),
  N_ ("Look at the camera"),
  N_ ("Only one person may be in the picture"),
  N_ ("No face was found: look at the camera and uncover the face"),
  N_ ("There are several faces: only the applicant may be in the picture"),
  N_ ("The head is tilted: hold it upright"),
  N_ ("The eyes are covered: take off the sunglasses"),
  N_ ("Mouth and nose are covered: take off the mask or scarf"),
  N_ ("The face is too dark: add light in front of the applicant"),
  N_ ("The face is too bright: take light away or shorten the exposure"),
  N_ ("The face is blurred: focus on the eyes and ask the applicant to hold still"),
  N_ ("The picture is too grainy: add light and lower the sensitivity"),
  N_ ("The eyes are closed: open both eyes"),
  N_ ("The mouth is open: close it"),
  N_ ("The face is too small: come nearer, or set the camera to a larger picture"),
  N_ ("Too far away: come nearer"),
  N_ ("Too near: go back a little"),
  N_ ("The head is too high in the picture: raise the camera"),
  N_ ("The head is too low in the picture: lower the camera"),
  N_ ("The head is not in the middle: move to the right of the picture"),
  N_ ("The head is not in the middle: move to the left of the picture"),
  N_ ("The colours are of an unknown kind: use an RGB or grey picture"),
  N_ ("The picture has too few shades: light the face evenly and use less compression"),
  N_ ("The head is turned: look straight into the camera"),
  N_ ("The head is raised or lowered: look straight into the camera"),
  N_ ("Relax the mouth"),
  N_ ("The applicant smiles: look neutral"),
  N_ ("The brows are drawn together: look neutral"),
  N_ ("The eyebrows are raised: look neutral"),
  N_ ("The eyes look aside: look into the camera"),
  N_ ("The background is not plain: use a plain, evenly lit wall"),
  N_ ("The background is too dark: use a light grey wall, and light it"),
  N_ ("The background is too bright: use a light grey wall"),
  N_ ("The light comes from one side: light both cheeks alike"),
  N_ ("The skin shines: soften the light or powder the skin"),
  N_ ("The colours are not natural: set the white balance"),
  N_ ("The eyes are red: turn off the flash of the camera"),
  N_ ("The picture is too narrow: set the camera to a larger picture"),
  N_ ("The picture is too wide: set the camera to a smaller picture"),
  N_ ("The picture is too low: set the camera to a larger picture"),
  N_ ("The picture is too high: set the camera to a smaller picture"),
  N_ ("The picture has too little contrast: clean the lens and light the face evenly"),
  N_ ("The picture has too much contrast: light the face evenly"),
  N_ ("The picture is blurred: focus on the eyes and ask the applicant to hold still"),
  N_ ("The finger is too dry. Rub it or moisten it a little."),
  N_ ("The finger is too wet. Dry it and wipe the sensor."),
  N_ ("The print is too light. Press more firmly."),
  N_ ("The finger is off centre. Move it to the middle."),
  N_ ("Too little of the finger is seen. Lay it down flat."),
  N_ ("The print is smeared. Keep the finger still."),
};

static gsize find_name (const char *measure) {
  gsize i = 0;

  while (i < G_N_ELEMENTS (names) && !g_str_equal (names[i].measure, measure))
    i++;
  return i;
}

const char *tambo_text_measure (const char *measure) {
  gsize i = find_name (measure);

  return i < G_N_ELEMENTS (names) ? _ (names[i].name) : measure;
}

static const char *unit_of (const TamboPortraitMeasure *measure) {
  gsize i = find_name (measure->measure);

  return i < G_N_ELEMENTS (names) ? names[i].unit : "";
}

/* Lengths and levels are whole; shares have up to two places. */
static char *format (double value) {
  if (fabs (value) >= 20)
    return g_strdup_printf ("%.0f", value);

  g_autofree char *text = g_strdup_printf ("%.2f", value);
  gsize length = strlen (text);
  while (text[length - 1] == '0')
    length--;
  return g_strndup (text, g_ascii_isdigit (text[length - 1]) ? length : length - 1);
}

char *tambo_text_measure_value (const TamboPortraitMeasure *measure) {
  g_autofree char *value = format (measure->value);

  return g_strconcat (value, unit_of (measure), NULL);
}

char *tambo_text_measure_limits (const TamboPortraitMeasure *measure) {
  g_autofree char *least = format (measure->minimum);
  g_autofree char *most = format (measure->maximum);

  if (measure->maximum >= NO_LIMIT)
    return g_strconcat ("≥ ", least, NULL);
  if (measure->minimum == 0)
    return g_strconcat ("≤ ", most, NULL);
  if (measure->minimum == measure->maximum)
    return g_strconcat ("= ", least, NULL);
  return g_strconcat (least, " … ", most, NULL);
}

const char *tambo_text_hint (const char *hint) {
  return *hint != '\0' ? _ (hint) : "";
}
