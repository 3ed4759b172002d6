/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/portrait-judge.h"

#include <math.h>

#include "biometric/portrait-crop.h"
#include "biometric/portrait-face.h"

#define MOUTH_COVERED 0.66
#define SHARPNESS_LEAST 2.2
/* Landmarks lie loosely over cloth: the eyes above it are believed sooner. */
#define COVERED_EYES_CLOSED 1.4
/* What a candidate below certainty has to be: less sharp than text, and quite surely covered or with clear
 * irises where it is weak. */
#define COVERED_SURELY 1.2
#define COVERED_SCORE -1.0
#define COVERED_SHARPNESS 120
#define IRISES_SEEN 0.15

typedef enum {
  FACES,
  ROLL,
  EYES_VISIBLE,
  MOUTH_VISIBLE,
  FACE_BRIGHTNESS,
  FACE_SHARPNESS,
  EYES_OPEN,
  MOUTH_CLOSED,
  EYE_DISTANCE,
  HEAD_WIDTH,
  HEAD_HEIGHT,
  VERTICAL,
  HORIZONTAL,
  COLOUR_SPACE,
  DENSITY,
  YAW,
  PITCH,
  NEUTRAL,
  BROWS,
  GAZE,
  BACKGROUND,
  BACKGROUND_LEVEL,
  SIDE_LIGHT,
  HOT_SPOTS,
  COLOUR,
  RED_EYE,
  N_KINDS,
} Kind;

typedef struct {
  const char *name, *component;
  gboolean mandatory;
  double minimum, maximum;
  const char *below, *above;
} Limit;

/* Yaw and pitch are asked for within 5 degrees; the estimate is 10 to 15 off, and refuses no more than it knows. */
static const Limit limits[N_KINDS] = {
  [FACES] = { "faces", "4.3", TRUE, 1, 1,
              "No face was found: look at the camera and uncover the face",
              "There are several faces: only the applicant may be in the picture" },
  [ROLL] = { "roll", "1.3", TRUE, -8, 8, "The head is tilted: hold it upright",
             "The head is tilted: hold it upright" },
  [EYES_VISIBLE] = { "eyes-visible", "3.2", FALSE, 0, 0.8, "",
                     "The eyes are covered: take off the sunglasses" },
  [MOUTH_VISIBLE] = { "mouth-visible", "3.2", FALSE, 0, MOUTH_COVERED, "",
                      "Mouth and nose are covered: take off the mask or scarf" },
  [FACE_BRIGHTNESS] = { "face-brightness", "7.1", TRUE, 40, 225,
                        "The face is too dark: add light in front of the applicant",
                        "The face is too bright: take light away or shorten the exposure" },
  [FACE_SHARPNESS] = { "face-sharpness", "7.2", TRUE, SHARPNESS_LEAST, 1000,
                       "The face is blurred: focus on the eyes and ask the applicant to hold still",
                       "The picture is too grainy: add light and lower the sensitivity" },
  [EYES_OPEN] = { "eyes-open", "3.1", FALSE, 0, 1, "", "The eyes are closed: open both eyes" },
  [MOUTH_CLOSED] = { "mouth-closed", "2.2", TRUE, 0, 0.12, "", "The mouth is open: close it" },
  [EYE_DISTANCE] = { "eye-distance", "5.7", TRUE, 90, 20000,
                     "The face is too small: come nearer, or set the camera to a larger picture",
                     "" },
  [HEAD_WIDTH] = { "head-width", "5.3", TRUE, 0.5, 0.75, "Too far away: come nearer",
                   "Too near: go back a little" },
  [HEAD_HEIGHT] = { "head-height", "5.4", TRUE, 0.6, 0.9, "Too far away: come nearer",
                    "Too near: go back a little" },
  [VERTICAL] = { "vertical-position", "5.5", TRUE, 0.3, 0.5,
                 "The head is too high in the picture: raise the camera",
                 "The head is too low in the picture: lower the camera" },
  [HORIZONTAL] = { "horizontal-position", "5.6", TRUE, 0.45, 0.55,
                   "The head is not in the middle: move to the right of the picture",
                   "The head is not in the middle: move to the left of the picture" },
  [COLOUR_SPACE] = { "colour-space", "7.5", TRUE, 1, 3,
                     "The colours are of an unknown kind: use an RGB or grey picture", "" },
  [DENSITY] = { "grey-density", "7.6", TRUE, 120, 256,
                "The picture has too few shades: light the face evenly and use less compression",
                "" },
  [YAW] = { "yaw", "1.1", FALSE, -15, 15, "The head is turned: look straight into the camera",
            "The head is turned: look straight into the camera" },
  [PITCH] = { "pitch", "1.2", FALSE, -15, 15,
              "The head is raised or lowered: look straight into the camera",
              "The head is raised or lowered: look straight into the camera" },
  [NEUTRAL] = { "neutral-expression", "2.1", FALSE, 0.5, 0.98, "Relax the mouth",
                "The applicant smiles: look neutral" },
  [BROWS] = { "eyebrows", "2.3", FALSE, 0.1, 0.5, "The brows are drawn together: look neutral",
              "The eyebrows are raised: look neutral" },
  [GAZE] = { "gaze", "3.3", FALSE, 0, 0.08, "", "The eyes look aside: look into the camera" },
  [BACKGROUND] = { "background-uniformity", "4.1", FALSE, 0, 22, "",
                   "The background is not plain: use a plain, evenly lit wall" },
  [BACKGROUND_LEVEL] = { "background-brightness", "4.2", FALSE, 161, 235,
                         "The background is too dark: use a light grey wall, and light it",
                         "The background is too bright: use a light grey wall" },
  [SIDE_LIGHT] = { "even-lighting", "6.1", FALSE, 0, 0.25, "",
                   "The light comes from one side: light both cheeks alike" },
  [HOT_SPOTS] = { "hot-spots", "6.3", FALSE, 0, 0.03, "",
                  "The skin shines: soften the light or powder the skin" },
  [COLOUR] = { "natural-colour", "7.3", FALSE, 0, 0.12, "",
               "The colours are not natural: set the white balance" },
  [RED_EYE] = { "red-eyes", "7.4", FALSE, 0, 0.2, "",
                "The eyes are red: turn off the flash of the camera" },
};

static void add (GArray *measures, Kind kind, double value) {
  const Limit *limit = &limits[kind];
  TamboPortraitMeasure measure = { .measure = limit->name,
                                   .value = isfinite (value) ? value : 0,
                                   .minimum = limit->minimum,
                                   .maximum = limit->maximum,
                                   .mandatory = limit->mandatory,
                                   .component = limit->component,
                                   .hint = "" };
  measure.passed = measure.value >= measure.minimum && measure.value <= measure.maximum;
  if (!measure.passed)
    measure.hint = measure.value < measure.minimum ? limit->below : limit->above;
  g_array_append_val (measures, measure);
}

/* ---- the picture ---- */

/* Levels that are in use, of 256. */
static int density (const TamboImage *grey, const TamboFrame *frame) {
  gboolean used[256] = { 0 };
  int count = 0;

  for (int y = frame->y; y < frame->y + frame->height; y++)
    for (int x = frame->x; x < frame->x + frame->width; x++)
      used[grey->data[(gsize) y * grey->width + x]] = TRUE;
  for (int level = 0; level < 256; level++)
    count += used[level];
  return count;
}

/* Mean and deviation of the two upper corners, beside and above the head. */
static void measure_background (const TamboImage *grey, const TamboFrame *frame,
                                const TamboFace *face, GArray *measures) {
  TamboFacePoint eyes = tambo_face_between_eyes (face);
  double aside = 0.75 * tambo_portrait_head_width (face), sum = 0, squares = 0;
  gsize count = 0;

  for (int y = frame->y; y < MIN ((int) eyes.y, frame->y + frame->height); y += 2)
    for (int x = frame->x; x < frame->x + frame->width; x += 2) {
      if (fabs (x - eyes.x) < aside)
        continue;
      double level = grey->data[(gsize) MAX (y, 0) * grey->width + x];
      sum += level;
      squares += level * level;
      count++;
    }
  if (count < 100)
    return;
  double mean = sum / (double) count;
  add (measures, BACKGROUND, sqrt (MAX (squares / (double) count - mean * mean, 0)));
  add (measures, BACKGROUND_LEVEL, mean);
}

static TamboFrame frame_of (const TamboImage *image, const TamboFace *face) {
  TamboFrame whole = { 0, 0, image->width, image->height }, frame;
  double ratio = (double) image->width / image->height;
  gboolean is_cut = ratio >= TAMBO_PORTRAIT_RATIO_MIN && ratio <= TAMBO_PORTRAIT_RATIO_MAX;

  return !is_cut && tambo_portrait_frame (face, image->width, image->height, &frame) ? frame
                                                                                     : whole;
}

/* ---- the face ---- */

/* A weak candidate is a face when cloth explains why it is weak, and eyes look over it. */
static gboolean is_covered_face (const TamboImage *image, const TamboFace *face) {
  TamboFaceLook look;
  gboolean has_irises = face->irises_seen > IRISES_SEEN;

  tambo_face_measure_look (face, image, &look);
  return look.mouth_covered > MOUTH_COVERED && look.eyes_closed < COVERED_EYES_CLOSED
         && (look.eyes_dark > 0.01 || has_irises) && look.sharpness > SHARPNESS_LEAST
         && look.sharpness < COVERED_SHARPNESS
         && (face->box.score > COVERED_SCORE || has_irises || look.mouth_covered > COVERED_SURELY)
         && fabs (tambo_face_roll (face)) < 30;
}

int tambo_portrait_count_faces (const TamboImage *image, const GArray *faces) {
  if (faces->len == 0)
    return 0;
  const TamboFace *first = &g_array_index (faces, TamboFace, 0);
  if (first->box.score >= 0)
    return (int) faces->len;

  return is_covered_face (image, first) ? 1 : 0;
}

static void judge_geometry (const TamboFace *face, const TamboFrame *frame, GArray *measures) {
  TamboFacePoint eyes = tambo_face_between_eyes (face);

  add (measures, EYE_DISTANCE, tambo_face_eye_distance (face));
  add (measures, HEAD_WIDTH, tambo_portrait_head_width (face) / frame->width);
  add (measures, HEAD_HEIGHT, tambo_portrait_head_height (face) / frame->height);
  add (measures, VERTICAL, (eyes.y - frame->y) / frame->height);
  add (measures, HORIZONTAL, (eyes.x - frame->x) / frame->width);
}

/* Narrow eyes are open where an iris stands in them. */
static double eyes_closed (const TamboFaceLook *look, const TamboFace *face) {
  return look->eyes_closed * CLAMP (IRISES_SEEN / MAX (face->irises_seen, 0.01), 0.75, 1);
}

/* What is covered or blurred is not judged besides. */
static void judge_face (const TamboImage *image, const TamboFace *face, GArray *measures) {
  TamboFaceShape shape;
  TamboFaceLook look;
  gboolean is_sharp, has_eyes, has_mouth;

  tambo_face_measure_shape (face, &shape);
  tambo_face_measure_look (face, image, &look);
  is_sharp = look.sharpness >= SHARPNESS_LEAST;
  has_eyes = look.eyes_dark <= limits[EYES_VISIBLE].maximum;
  has_mouth = !is_sharp || look.mouth_covered <= MOUTH_COVERED;
  add (measures, FACE_BRIGHTNESS, look.brightness);
  add (measures, FACE_SHARPNESS, look.sharpness);
  add (measures, EYES_VISIBLE, look.eyes_dark);
  if (is_sharp)
    add (measures, MOUTH_VISIBLE, look.mouth_covered);
  if (is_sharp && has_eyes)
    add (measures, EYES_OPEN, eyes_closed (&look, face));
  add (measures, ROLL, shape.roll);
  if (has_mouth) {
    add (measures, MOUTH_CLOSED, shape.mouth_gap);
    add (measures, NEUTRAL, shape.mouth_width);
    add (measures, YAW, shape.yaw);
    add (measures, PITCH, shape.pitch);
  }
  if (has_eyes) {
    add (measures, BROWS, shape.brow_height);
    add (measures, GAZE, look.gaze);
    add (measures, RED_EYE, look.red_eye);
  }
  add (measures, SIDE_LIGHT, look.side_light);
  add (measures, HOT_SPOTS, look.hot_spots);
  add (measures, COLOUR, look.colour_cast);
}

GArray *tambo_portrait_judge (const TamboImage *image, const GArray *faces) {
  GArray *measures = tambo_portrait_check (image);
  if (faces == NULL)
    return measures;

  int count = tambo_portrait_count_faces (image, faces);
  add (measures, FACES, count);
  add (measures, COLOUR_SPACE, image->channels == 3 ? 1 : 3);
  if (count == 0)
    return measures;

  const TamboFace *face = &g_array_index (faces, TamboFace, 0);
  TamboFrame frame = frame_of (image, face);
  g_autoptr (TamboImage) grey = tambo_image_to_grey (image);
  judge_face (image, face, measures);
  judge_geometry (face, &frame, measures);
  if (grey != NULL) {
    add (measures, DENSITY, density (grey, &frame));
    measure_background (grey, &frame, face, measures);
  }
  return measures;
}
