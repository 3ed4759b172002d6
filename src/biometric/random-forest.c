/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/random-forest.h"

#include "biometric/random-forest-private.h"
#include "format/format-error.h"

#include <math.h>
#include <string.h>

#define DEPTH_MAX 20
#define CLASSES 2

/* The nodes of a tree follow each other as they are reached: first all on the left. */
typedef struct {
  int variable; /* -1: an end, which votes */
  float limit;  /* not above: left, the next node */
  int right;
  guint8 vote;    /* 0 or 1 */
  guint8 inverse; /* not above: right */
} Node;

struct TamboRandomForest {
  int variables;
  GArray *nodes; /* Node */
  GArray *roots; /* int */
};

/* ---- reading ---- */

typedef enum {
  PLACE_FILE,
  PLACE_MODEL,
  PLACE_LABELS,
  PLACE_TREES,
  PLACE_TREE,
  PLACE_NODES,
  PLACE_NODE,
  PLACE_SPLITS,
  PLACE_SPLIT,
  PLACE_ELSEWHERE
} Place;

typedef struct {
  TamboRandomForest *forest; /* borrowed */
  Place places[DEPTH_MAX];
  int depth;
  int trees, classes; /* as the file tells; -1 when it does not */
  int labels;
  GArray *open; /* int: splits of the tree whose right side is not yet there */
  gboolean complete;
  Node node; /* the one that is being read */
  gboolean has_value, has_limit;
  int splits;
} Builder;

static gboolean fail (const Builder *self, const char *cause, GError **error) {
  g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED, "tree %u, node %u: %s",
               self->forest->roots->len, self->forest->nodes->len, cause);
  return FALSE;
}

static gboolean read_number (const Builder *self, const char *text, double *out_value,
                             GError **error) {
  char *end = NULL;
  double value = g_ascii_strtod (text, &end);

  if (end == text || *end != '\0' || !isfinite (value))
    return fail (self, "a number is wrong", error);
  *out_value = value;
  return TRUE;
}

static gboolean read_integer (const Builder *self, const char *text, int most, int *out_value,
                              GError **error) {
  double value;

  if (!read_number (self, text, &value, error))
    return FALSE;
  if (value < 0 || value > most || value != floor (value))
    return fail (self, "a number is out of its range", error);
  *out_value = (int) value;
  return TRUE;
}

static Place next_place (Place place, const char *key) {
  switch (place) {
  case PLACE_FILE:
    return key != NULL ? PLACE_MODEL : PLACE_ELSEWHERE;
  case PLACE_MODEL:
    return g_strcmp0 (key, "trees") == 0          ? PLACE_TREES
           : g_strcmp0 (key, "class_labels") == 0 ? PLACE_LABELS
                                                  : PLACE_ELSEWHERE;
  case PLACE_TREES:
    return key == NULL ? PLACE_TREE : PLACE_ELSEWHERE;
  case PLACE_TREE:
    return g_strcmp0 (key, "nodes") == 0 ? PLACE_NODES : PLACE_ELSEWHERE;
  case PLACE_NODES:
    return key == NULL ? PLACE_NODE : PLACE_ELSEWHERE;
  case PLACE_NODE:
    return g_strcmp0 (key, "splits") == 0 ? PLACE_SPLITS : PLACE_ELSEWHERE;
  case PLACE_SPLITS:
    return key == NULL ? PLACE_SPLIT : PLACE_ELSEWHERE;
  default:
    return PLACE_ELSEWHERE;
  }
}

static gboolean on_begun (gpointer data, const char *key, GError **error) {
  Builder *self = data;

  if (self->depth + 1 == DEPTH_MAX)
    return fail (self, "too deep", error);
  Place place = next_place (self->places[self->depth], key);
  self->places[++self->depth] = place;
  if (place == PLACE_NODES && self->places[self->depth - 1] == PLACE_TREE) {
    int root = (int) self->forest->nodes->len;
    g_array_append_val (self->forest->roots, root);
    g_array_set_size (self->open, 0);
    self->complete = FALSE;
  } else if (place == PLACE_NODE) {
    self->node = (Node){ .variable = -1 };
    self->has_value = self->has_limit = FALSE;
    self->splits = 0;
  } else if (place == PLACE_SPLIT) {
    self->splits++;
  }
  return TRUE;
}

/* Further splits stand in for missing values; there are none here. */
static gboolean read_split (Builder *self, const char *key, const char *text, GError **error) {
  double limit;

  if (self->splits > 1 || key == NULL)
    return TRUE;
  if (strcmp (key, "var") == 0)
    return read_integer (self, text, self->forest->variables - 1, &self->node.variable, error);
  if (strcmp (key, "le") != 0 && strcmp (key, "gt") != 0)
    return TRUE;
  if (!read_number (self, text, &limit, error))
    return FALSE;
  self->node.limit = (float) limit;
  self->node.inverse = strcmp (key, "gt") == 0;
  self->has_limit = TRUE;
  return TRUE;
}

static gboolean read_label (Builder *self, const char *text, GError **error) {
  int label;

  if (!read_integer (self, text, CLASSES - 1, &label, error))
    return FALSE;
  return label == self->labels++ || fail (self, "the classes are not 0 and 1", error);
}

static gboolean read_labels (Builder *self, const char *text, GError **error) {
  g_auto (GStrv) labels = g_strsplit_set (text, " \n\t", 2 * CLASSES);

  for (char **label = labels; *label != NULL; label++)
    if (**label != '\0' && !read_label (self, *label, error))
      return FALSE;
  return TRUE;
}

static gboolean read_model (Builder *self, const char *key, const char *text, GError **error) {
  int flag;

  if (key == NULL)
    return TRUE;
  if (strcmp (key, "ntrees") == 0)
    return read_integer (self, text, G_MAXINT, &self->trees, error);
  if (strcmp (key, "nclasses") == 0)
    return read_integer (self, text, G_MAXINT, &self->classes, error);
  if (strcmp (key, "class_labels") == 0)
    return read_labels (self, text, error);
  if (strcmp (key, "is_classifier") == 0) {
    if (!read_integer (self, text, 1, &flag, error))
      return FALSE;
    return flag == 1 || fail (self, "the forest is no classifier", error);
  }
  return TRUE;
}

static gboolean read_vote (Builder *self, const char *text, GError **error) {
  int vote;

  if (!read_integer (self, text, CLASSES - 1, &vote, error))
    return FALSE;
  self->node.vote = (guint8) vote;
  self->has_value = TRUE;
  return TRUE;
}

static gboolean on_value (gpointer data, const char *key, const char *text, GError **error) {
  Builder *self = data;

  switch (self->places[self->depth]) {
  case PLACE_MODEL:
    return read_model (self, key, text, error);
  case PLACE_LABELS:
    return read_label (self, text, error);
  case PLACE_NODE:
    return g_strcmp0 (key, "value") != 0 || read_vote (self, text, error);
  case PLACE_SPLIT:
    return read_split (self, key, text, error);
  default:
    return TRUE;
  }
}

/* An end closes the left side of the innermost open split; what comes next is its right side. */
static gboolean end_node (Builder *self, GError **error) {
  GArray *nodes = self->forest->nodes;
  int at = (int) nodes->len;

  if (self->complete)
    return fail (self, "the tree has ended before", error);
  if (self->splits > 0 ? self->node.variable < 0 || !self->has_limit : !self->has_value)
    return fail (self, self->splits > 0 ? "a split is incomplete" : "a value is missing", error);
  g_array_append_val (nodes, self->node);
  if (self->splits > 0) {
    g_array_append_val (self->open, at);
    return TRUE;
  }
  self->complete = self->open->len == 0;
  if (self->complete)
    return TRUE;

  int parent = g_array_index (self->open, int, self->open->len - 1);
  g_array_set_size (self->open, self->open->len - 1);
  g_array_index (nodes, Node, parent).right = at + 1;
  return TRUE;
}

static gboolean on_ended (gpointer data, GError **error) {
  Builder *self = data;
  Place place = self->places[self->depth--];

  if (place == PLACE_NODE)
    return end_node (self, error);
  if (place == PLACE_NODES && !self->complete)
    return fail (self, "the tree is incomplete", error);
  return TRUE;
}

static gboolean check (const Builder *self, GError **error) {
  if (self->forest->roots->len == 0)
    return fail (self, "there are no trees", error);
  if (self->trees >= 0 && (guint) self->trees != self->forest->roots->len)
    return fail (self, "the number of trees is another", error);
  if ((self->classes >= 0 && self->classes != CLASSES)
      || (self->labels > 0 && self->labels != CLASSES))
    return fail (self, "there are not two classes", error);
  return TRUE;
}

TamboRandomForest *tambo_random_forest_parse (GBytes *file, int variables, GError **error) {
  g_autoptr (TamboRandomForest) forest = g_new0 (TamboRandomForest, 1);
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (int));
  Builder builder = { .forest = forest, .trees = -1, .classes = -1, .open = open };
  const TamboForestSink sink = { &builder, on_begun, on_value, on_ended };
  gsize size;
  const char *text = g_bytes_get_data (file, &size);

  forest->variables = variables;
  forest->nodes = g_array_new (FALSE, FALSE, sizeof (Node));
  forest->roots = g_array_new (FALSE, FALSE, sizeof (int));
  if (size == 0 || size > TAMBO_RANDOM_FOREST_MAX_SIZE) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_TOO_LARGE,
                 "a model of %" G_GSIZE_FORMAT " bytes", size);
    return NULL;
  }
  gboolean read = *text == '<' ? tambo_random_forest_read_xml (text, size, &sink, error)
                               : tambo_random_forest_read_yaml (text, size, &sink, error);
  return read && check (&builder, error) ? g_steal_pointer (&forest) : NULL;
}

void tambo_random_forest_free (TamboRandomForest *self) {
  if (self == NULL)
    return;
  g_array_unref (self->nodes);
  g_array_unref (self->roots);
  g_free (self);
}

/* ---- asking ---- */

int tambo_random_forest_trees (const TamboRandomForest *self) {
  return (int) self->roots->len;
}

int tambo_random_forest_votes (const TamboRandomForest *self, const float *values) {
  const Node *nodes = (const Node *) (gpointer) self->nodes->data;
  int votes = 0;

  for (guint i = 0; i < self->roots->len; i++) {
    const Node *node = &nodes[g_array_index (self->roots, int, i)];
    while (node->variable >= 0) {
      gboolean left = (values[node->variable] <= node->limit) != (node->inverse != 0);
      node = left ? node + 1 : &nodes[node->right];
    }
    votes += node->vote;
  }
  return votes;
}
