/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/applicant-words.h"

enum {
  ENGLISH,
  SPANISH,
  QUECHUA,
  AYMARA,
  N_LANGUAGES,
};

static const TamboApplicantLanguage languages[] = {
  [ENGLISH] = { "en", "English" },
  [SPANISH] = { "es", "Español" },
  [QUECHUA] = { "qu", "Runasimi" },
  [AYMARA] = { "ay", "Aymar aru" },
};

typedef const char *Words[N_LANGUAGES];

/* Quechua as it is spoken in Cusco and the Collao, with three vowels; Aymara as in Puno. No native speaker has read
 * them yet: a word that was in doubt is missing. */
static const Words words[TAMBO_N_WORDS] = {
  [TAMBO_WORD_WAIT] = { "Please wait", "Espere, por favor", "Ama hina kaspa, suyay",
                        "Amp suma, suyt'ama" },
  [TAMBO_WORD_CONFIRM] = { "Are these your details?", "¿Son correctos sus datos?",
                           "¿Chiqanchu kay willakuykuna?", "¿Aka yatiyawinakax chiqati?" },
  [TAMBO_WORD_YES] = { "Yes, correct", "Sí, son correctos", "Arí, chiqanmi", "Jisa, chiqawa" },
  [TAMBO_WORD_NO] = { "No, this is wrong", "No, hay un error", "Manan chiqanchu",
                      "Janiwa chiqäkiti" },
  [TAMBO_WORD_THANKS] = { "Thank you", "Gracias", "Añay", "Yuspajara" },
  [TAMBO_WORD_CLERK_HELPS] = { "Tell the clerk what is wrong", "Diga qué dato está mal",
                               "Willay ima pantasqa kasqanta" },
  [TAMBO_WORD_LOOK] = { "Look at the camera", "Mire a la cámara", "Kamarata qhaway",
                        "Kamara tuqiru uñtam" },
  [TAMBO_WORD_STILL] = { "Very good. Keep still", "Muy bien. No se mueva",
                         "Ancha allin. Ama kuyuychu", "Walikiwa. Jani unuqimti" },
  [TAMBO_WORD_PICTURE_TAKEN] = { "The picture is taken", "La foto está lista" },
  [TAMBO_WORD_FINGER] = { "Put this finger on the glass", "Ponga este dedo sobre el vidrio",
                          "Kay ruk'anaykita kayman churay" },
  [TAMBO_WORD_FINGERS] = { "Put these fingers on the glass", "Ponga estos dedos sobre el vidrio",
                           "Kay ruk'anaykikunata kayman churay" },
  [TAMBO_WORD_RIGHT_HAND] = { "Right hand", "Mano derecha", "Paña maki", "Kupi ampara" },
  [TAMBO_WORD_LEFT_HAND] = { "Left hand", "Mano izquierda", "Lluq'i maki", "Ch'iqa ampara" },
  [TAMBO_WORD_THUMBS] = { "Both thumbs", "Ambos pulgares", "Iskaynin mama ruk'ana" },
  [TAMBO_WORD_PRESS] = { "Press it flat", "Presione con el dedo plano" },
  [TAMBO_WORD_KEEP_PRESSING] = { "Keep it still", "No lo mueva", "Ama kuyuchiychu",
                                 "Jani unuqiyamti" },
  [TAMBO_WORD_SIGN] = { "Sign on the pad", "Firme en la tableta" },
  [TAMBO_WORD_DONE] = { "Done", "Listo", "Tukusqaña", "Tukuyatawa" },
  [TAMBO_WORD_KEEP_NUMBER] = { "Keep this number", "Guarde este número", "Kay yupayta waqaychay" },
  [TAMBO_WORD_PRACTICE] = { "PRACTICE", "PRÁCTICA" },
};

static const Words fingers[] = {
  { "Finger", "Dedo", "Ruk'ana", "Luk'ana" },
  { "Right thumb", "Pulgar derecho", "Paña mama ruk'ana", "Kupi tayka luk'ana" },
  { "Right index finger", "Índice derecho" },
  { "Right middle finger", "Medio derecho", "Paña chawpi ruk'ana", "Kupi taypi luk'ana" },
  { "Right ring finger", "Anular derecho", "Paña siwi ruk'ana" },
  { "Right little finger", "Meñique derecho", "Paña sullk'a ruk'ana", "Kupi jisk'a luk'ana" },
  { "Left thumb", "Pulgar izquierdo", "Lluq'i mama ruk'ana", "Ch'iqa tayka luk'ana" },
  { "Left index finger", "Índice izquierdo" },
  { "Left middle finger", "Medio izquierdo", "Lluq'i chawpi ruk'ana", "Ch'iqa taypi luk'ana" },
  { "Left ring finger", "Anular izquierdo", "Lluq'i siwi ruk'ana" },
  { "Left little finger", "Meñique izquierdo", "Lluq'i sullk'a ruk'ana", "Ch'iqa jisk'a luk'ana" },
};

static const struct {
  const char *key;
  Words words;
} fields[] = {
  { "surname", { "Surnames", "Apellidos" } },
  { "given_names", { "Given names", "Nombres", "Sutikuna", "Sutinaka" } },
  { "birth_date", { "Born", "Fecha de nacimiento", "Paqarisqan p'unchaw", "Yuriwi uru" } },
  { "nationality", { "Nationality", "Nacionalidad" } },
  { "document_number", { "Document", "Documento", "Qillqa", "Qillqata" } },
  { "place_of_birth",
    { "Place of birth", "Lugar de nacimiento", "Paqarisqan llaqta", "Yuriwi marka" } },
  { "address", { "Address", "Dirección", "Maypi tiyasqan", "Utjawi" } },
  { "phone", { "Telephone", "Teléfono" } },
  { "email", { "E-mail", "Correo electrónico" } },
};

static const Words hints[] = {
  { "Come nearer", "Acérquese", "Achhuykamuy", "Jak'achasinim" },
  { "Go back a little", "Aléjese un poco" },
  { "Move to the right of the picture", "Muévase hacia la derecha" },
  { "Move to the left of the picture", "Muévase hacia la izquierda" },
  { "The head is too high in the picture", "Baje un poco la cabeza" },
  { "The head is too low in the picture", "Suba un poco la cabeza" },
  { "Hold the head upright", "Ponga derecha la cabeza" },
  { "Look straight into the camera", "Mire de frente a la cámara" },
  { "The face is too dark", "Falta luz en el rostro" },
  { "The face is too bright", "Hay demasiada luz en el rostro" },
  { "Take off the sunglasses", "Quítese los lentes oscuros" },
  { "Hold still", "No se mueva", "Ama kuyuychu", "Jani unuqimti" },
  { "Open both eyes", "Abra bien los ojos", "Iskaynin ñawiykita kichariy", "Nayranakam jist'aram" },
  { "Close the mouth", "Cierre la boca", "Simiykita wichq'ay", "Lakam jist'antam" },
  { "Look at the camera", "Mire a la cámara", "Kamarata qhaway", "Kamara tuqiru uñtam" },
  { "Only one person may be in the picture", "Solo una persona puede estar en la foto" },
};

static const char *choose (const Words *word, const char *language) {
  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    if (g_strcmp0 (languages[i].code, language) == 0 && (*word)[i] != NULL)
      return (*word)[i];
  return (*word)[SPANISH] != NULL ? (*word)[SPANISH] : (*word)[ENGLISH];
}

/* Those in which the question for the data can be asked. */
const TamboApplicantLanguage *tambo_applicant_languages (void) {
  static TamboApplicantLanguage spoken[N_LANGUAGES + 1];
  gsize n = 0;

  if (spoken[0].code != NULL)
    return spoken;
  for (gsize i = 0; i < N_LANGUAGES; i++)
    if (words[TAMBO_WORD_CONFIRM][i] != NULL)
      spoken[n++] = languages[i];
  return spoken;
}

const char *tambo_applicant_word (TamboWord word, const char *language) {
  g_return_val_if_fail (word < TAMBO_N_WORDS, "");
  return choose (&words[word], language);
}

const char *tambo_applicant_finger (TamboFinger finger, const char *language) {
  return choose (&fingers[(gsize) finger < G_N_ELEMENTS (fingers) ? finger : 0], language);
}

const char *tambo_applicant_field (const char *key, const char *language) {
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_str_equal (fields[i].key, key))
      return choose (&fields[i].words, language);
  return key;
}

const char *tambo_applicant_hint (const char *hint, const char *language) {
  for (gsize i = 0; i < G_N_ELEMENTS (hints); i++)
    if (g_str_equal (hints[i][ENGLISH], hint))
      return choose (&hints[i], language);
  return choose (&words[TAMBO_WORD_LOOK], language);
}
