"""Confusables of law 1: letters that look like others, the scripts they belong to, and characters that leave no ink.

Put together for this program from the facts that Unicode Technical Standard 39 (Unicode Security Mechanisms) and
the Unicode Character Database 14.0.0 state, which are published under the Unicode License; no data file of theirs is
copied. The table is short on purpose: it covers what can be told apart by nobody in the scripts that European names
are written in, and leaves out what a reader sees. It is never made anew: what a law says of a name must not change
with the Python that verifies it. Another table is another file with the next number.
"""

from __future__ import annotations

from typing import Final

ACCENTED: Final = """
61=e0-e5,101-105/2,1ce,1df,1e1,1fb,201,203,227,250,1e01,1ea1-1eb7/2,2c65 62=180,253,1e03-1e07/2 63=e7,107-10d/2,1e09
64=10f,111,256-257,1e0b-1e13/2 65=e8-eb,113-11b/2,205,207,229,247,1e15-1e1d/2,1eb9-1ec7/2 66=1e1f
67=11d-123/2,1e5,1e7,1f5,260,1e21 68=125,127,21f,266,1e23-1e2b/2
69=ec-ef,129-131/2,1d0,209,20b,268,1e2d,1e2f,1ec9,1ecb 6a=135,249 6b=137,199,1e9,1e31-1e35/2
6c=13a-13e/2,142,19a,26b,1e37-1e3d/2 6d=1e3f-1e43/2 6e=f1,144-148/2,14b,19e,1f9,272,1e45-1e4b/2
6f=f2-f6,f8,14d-151/2,1a1,1d2,1eb,1ed,20d,20f,22b-231/2,275,1e4d-1e53/2,1ecd-1ee3/2 70=1e55,1e57
72=155-159/2,211,213,24d,1e59-1e5f/2 73=15b-161/2,219,1e61-1e69/2 74=163-167/2,1ad,21b,1e6b-1e71/2
75=f9-fc,169-173/2,1b0,1d4-1dc/2,215,217,289,1e73-1e7b/2,1ee5-1ef1/2 76=1e7d,1e7f 77=175,1e81-1e89/2 78=1e8b,1e8d
79=fd,ff,177,1b4,233,24f,1e8f,1ef3-1ef9/2 7a=17a-17e/2,1b6,1e91-1e95/2 e6=1e3,1fd f8=1ff 292=1ef
3b1=3ac,1f00-1f07,1f70-1f71,1fb0-1fb1 3b5=3ad,1f10-1f15,1f72-1f73 3b7=3ae,1f20-1f27,1f74-1f75
3b9=3af,3ca,1f30-1f37,1f76-1f77,1fd0-1fd1 3bf=3cc,1f40-1f45,1f78-1f79 3c1=1fe5
3c5=3cb,3cd,1f51-1f57/2,1f7a-1f7b,1fe0-1fe1 3c9=3ce,1f60-1f67,1f7c-1f7d 430=4d1,4d3 433=453 435=450-451,4d7
436=4c2,4dd 437=4df 438=439,45d,4e3,4e5 43a=45c 43e=4e7 443=45e,4ef-4f3/2 447=4f5 44b=4f9 44d=4ed 456=457 475=477
4d9=4db 4e9=4eb
"""
"""Small letters with marks: the letter without its marks, and those that are it with some (hex, `/2` every second)."""

SHAPES: Final = """
41=391,410,13aa 42=392,412,13f4 43=3f9,421,13df 44=13a0 45=395,415,13ac 47=50c,13c0 48=397,41d,13bb 4a=37f,408,13ab
4b=39a,41a,13e6,212a 4c=13de 4d=39c,3fa,41c,13b7 4e=39d 4f=39f,41e,555 50=3a1,420,13e2 51=51a 53=405,54f,13da
54=3a4,422,13a2 56=474,13d9 57=51c,13b3 58=3a7,425 59=3a5,423,4ae,13a9 5a=396,13c3 61=251,3b1,430 62=184,42c,432,13cf
63=3f2,441,217d 64=501 65=3b5,435,454,4bd 66=192 67=261,581 68=43d,4bb,570 69=269,3b9,456 6a=3f3,458 6b=3ba,43a
6c=31,49,7c,1c0,399,406,4c0,4cf 6d=43c 6e=3b7,43f,578 6f=30,3bf,3c3,43e,585,966 70=3c1,440 71=51b,566 72=433,1d26
73=455 74=3c4,442 75=3c5,446,57d 76=3bd,475 77=26f,3c9,448,51d 78=3c7,445 79=3b3,443,4af 7a=1d22
"""
"""Characters by what they look like as they are written: a letter of A to Z, a to z, and those that look like it."""

STYLED: Final = "ff21-ff3a=41 ff41-ff5a=61 1d400-1d419=41 1d41a-1d433=61 1d434-1d44d=41 1d44e-1d467=61 1d468-1d481=41"
"""Alphabets of another style, full width and bold to bold italic: a run, and the letter that its first one is."""

TWO_AS_ONE: Final = "rn=m vv=w"
"""Two letters that look like one when they stand together."""

MARKS: Final = "300-36f 483-489 591-5bd 5bf 5c1-5c2 5c4-5c5 610-61a 64b-65f 670 1ab0-1ace 1dc0-1dff 20d0-20f0 fe20-fe2f"
"""Marks that are set upon the letter before them."""

INVISIBLE: Final = (
    "ad 34f 61c 115f-1160 17b4-17b5 180b-180f 200b-200f 202a-202e 2060-206f 2800 3164 fe00-fe0f feff ffa0"
    " fff9-fffb 1bca0-1bca3 1d173-1d17a e0000-e0fff"
)
"""Characters that leave no ink, change the direction of writing, or choose a form of the letter before them."""

SCRIPTS: Final = {
    "Latin": "41-5a 61-7a aa ba c0-d6 d8-f6 f8-2b8 1d00-1d25 1d2c-1d5c 1d62-1d65 1d6b-1d77 1d79-1dbe 1e00-1eff 2071"
    " 207f 2090-209c 212a-212b 2132 214e 2160-2188 2c60-2c7f a722-a787 a78b-a7ca a7f2-a7ff ab30-ab5a ab5c-ab64"
    " fb00-fb06 ff21-ff3a ff41-ff5a",
    "Greek": "370-373 375-377 37a-37d 37f 384 386 388-3e1 3f0-3ff 1d26-1d2a 1d5d-1d61 1d66-1d6a 1f00-1ffe 2126",
    "Cyrillic": "400-481 48a-52f 1c80-1c88 1d2b 1d78 a640-a66e a680-a69d",
    "Armenian": "531-556 559-58a fb13-fb17",
    "Hebrew": "5d0-5f4 fb1d-fb4f",
    "Arabic": "620-63f 641-64a 66e-66f 671-6d5 6ee-6ff 750-77f 8a0-8c9 fb50-fdff fe70-fefc",
    "Syriac": "710-74f",
    "Devanagari": "900-950 955-963 966-97f a8e0-a8ff",
    "Bengali": "980-9fe",
    "Gurmukhi": "a01-a76",
    "Gujarati": "a81-aff",
    "Tamil": "b82-bfa",
    "Telugu": "c00-c7f",
    "Kannada": "c80-cf2",
    "Malayalam": "d00-d7f",
    "Sinhala": "d81-df4",
    "Thai": "e01-e3a e40-e5b",
    "Lao": "e81-edf",
    "Tibetan": "f00-fda",
    "Myanmar": "1000-109f a9e0-a9fe aa60-aa7f",
    "Georgian": "10a0-10ff 1c90-1cbf 2d00-2d2d",
    "Ethiopic": "1200-1399 2d80-2dde ab01-ab2e",
    "Cherokee": "13a0-13fd ab70-abbf",
    "Khmer": "1780-17f9 19e0-19ff",
    "Coptic": "3e2-3ef 2c80-2cff",
    "Hangul": "1100-11ff 3131-318e a960-a97c ac00-d7fb ffa1-ffdc",
    "Hiragana": "3041-309f",
    "Katakana": "30a1-30fa 30fd-30ff 31f0-31ff ff66-ff9d",
    "Bopomofo": "2ea-2eb 3105-312f 31a0-31bf",
    "Han": "2e80-2fd5 3005 3007 3021-3029 3038-303b 3400-4dbf 4e00-9fff f900-fad9 20000-3134a",
    "formula letters": "2102 2107 210a-2113 2115 2119-211d 2124 2128 212c-2131 2133-2138 2145-2149 249c-24e9"
    " 1d400-1d7cb 1f110-1f189",
}
"""The scripts of letters by ranges; what stands in none, such as digits, belongs to every one."""

TOGETHER: Final = (
    frozenset({"Latin", "Han", "Hiragana", "Katakana"}),
    frozenset({"Latin", "Han", "Bopomofo"}),
    frozenset({"Latin", "Han", "Hangul"}),
)
"""Scripts that are written together in one name (UTS 39, 5.2, highly restrictive)."""
