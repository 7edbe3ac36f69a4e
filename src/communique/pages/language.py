"""The language of a text: English is read, other languages are named."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_SCRIPTS = {
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "CYRILLIC": "ru",
    "ARABIC": "ar",
    "HEBREW": "he",
    "GREEK": "el",
    "DEVANAGARI": "hi",
    "BENGALI": "bn",
    "THAI": "th",
    "TAMIL": "ta",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "ETHIOPIC": "am",
}
# The most frequent words of each language that the others do not share.
_WORDS = {
    "en": "the of and to in that was for is with said on by from has have are at were an which their will",
    "fr": "le les des une est dans pour qui sur pas plus au avec sont du ses",
    "es": "el los las una del para con por que como más su fue al sus ha",
    "de": "der die das und den von ist mit auf für nicht dem ein eine sich auch wird",
    "pt": "os uma não para com dos das ao pelo foi são mais em seu",
    "it": "il di che per una della con non sono del gli nel anche alla",
    "nl": "het een van en niet zijn voor met op dat aan ook wordt",
    "id": "yang dan di dengan untuk dari ini pada itu tidak dalam akan",
    "tr": "bir ve bu için ile olarak da de daha çok olan",
    "pl": "się na nie jest że do przez oraz dla jak po",
    "vi": "của và là các trong được có cho một không người",
}
NAMES = {
    "ko": "Korean",
    "ja": "Japanese",
    "zh": "Chinese",
    "ru": "Russian or another language in Cyrillic letters",
    "ar": "Arabic or another language in Arabic letters",
    "he": "Hebrew",
    "el": "Greek",
    "hi": "Hindi",
    "bn": "Bengali",
    "th": "Thai",
    "ta": "Tamil",
    "ka": "Georgian",
    "hy": "Armenian",
    "am": "Amharic",
    "fr": "French",
    "es": "Spanish",
    "de": "German",
    "pt": "Portuguese",
    "it": "Italian",
    "nl": "Dutch",
    "id": "Indonesian or Malay",
    "tr": "Turkish",
    "pl": "Polish",
    "vi": "Vietnamese",
}
_SETS = {language: frozenset(words.split()) for language, words in _WORDS.items()}


def language_of(text: str) -> str | None:
    """Returns the ISO 639-1 code of the language of a text; `None` if it has too few known words."""
    sample = text[:20_000]
    letters = [c for c in sample if c.isalpha()]
    foreign = [c for c in letters if ord(c) > 0x36F]
    if letters and len(foreign) > 0.3 * len(letters):
        scripts = Counter(_SCRIPTS.get(unicodedata.name(c, " ").split()[0], "") for c in foreign[:2000])
        scripts.pop("", None)
        if scripts.get("ja", 0) * 10 > scripts.get("zh", 0) and "ja" in scripts:
            return "ja"
        return scripts.most_common(1)[0][0] if scripts else None
    words = re.findall(r"[^\W\d_]+", sample.lower())
    if len(words) < 12:
        return None
    shares = {language: sum(w in known for w in words) / len(words) for language, known in _SETS.items()}
    best = max(shares, key=lambda k: shares[k])
    if best == "en" or shares["en"] >= 0.12:
        return "en"
    return best if shares[best] >= 0.06 and shares[best] > 1.5 * shares["en"] else None
