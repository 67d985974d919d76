# SPDX-License-Identifier: Apache-2.0
"""What the regular expressions of Hugging Face tokenizers 0.23.2 match: each match of `pattern` in `text` replaced by an
underscore. Chosen by hand, then `random`. And whole encodings, with offsets, of normalizers that insert at empty matches.
usage: regexes.py goldens/tokenizers"""
import json
import random
import sys

from tokenizers import Regex, Tokenizer, normalizers

CHOSEN = [("^", "a"), ("^", "a\nb\n"), ("$", "a\nb\n"), ("\\A", "a\nb"), ("\\Z", "a\n"), ("\\z", "a\n"), ("^", "\n"), ("a*", "baac"),
          ("", "ab"), ("", "a😀b"), ("a|", "ba"), ("()", "ab"), ("(a|b)*", "abc"), ("(a*)*", "baac"), ("(?=a)", "bab"), ("(?!a)", "bab"),
          ("\\b", "ab c²"), ("\\B", "ab c"), (".", "a\n\rb\u2028c"), ("(?m:.)", "a\nb"), ("\\h", "aG1 \t"), ("\\H", "aG"),
          ("a{2}+", "aaaaa"), ("a{,2}", "aaab"), ("a{0}", "a"), ("a{2,}", "aaa"), ("a{", "a{"), ("{", "{"), ("]", "]"), ("a??", "aa"),
          ("\\s", "\x0b\x0c\x1c\x1d\x85\xa0\u1680\u180e\u2000\u200b\u2028\u3000"), ("\\w", "a_\u0301\u203f١ⅷ²①Ⓐ\u200dº"),
          ("[\\w]", "a_\u0301\u203f١ⅷ²①Ⓐ\u200dº"), ("\\d", "1١²①Ⅷ"), ("[[:alpha:]]", "aé\u0345ⅷⒶ1"), ("\\p{P}", "!$+<"), ("\\p{Han}", "漢aあ"),
          ("\\p{^L}", "a1"), ("[^\\P{L}]", "a1"), ("\\p{Decimal_Number}", "a1"), ("\\p{ L }", "a"), ("(?i:s)", "sSſ"),
          ("(?i:[a-z])", "KSſ\u212a"), ("(?i:[^s])", "sSſa"), ("(?<=a|bc)x", "axbcxcx"), ("(?<!\\p{L})x", "𝒜xax1x"), ("(?i)b|c", "BC"),
          ("[a&&b]", "ab&"), ("[a-z&&[^bc]x]", "abcx"), ("[]a]", "]a"), ("\\x41\\x{42}\\u0043", "ABC"), ("a++b", "aab"), ("a?+a", "a"),
          ("(?>a*)a", "aa"), ("(?#c)a", "a"), ("a{1,2}?", "aaa"), ("[^\\p{L}&&\\w]", "a1 "), ("\\p{N}{1,3}+", "12345 1")]
ATOMS = ["a", "b", "c", " ", "é", "😀", "\\n", "'", ".", "\\s", "\\S", "\\w", "\\W", "\\d", "\\h", "\\p{L}", "\\p{N}", "\\P{L}", "\\p{Han}",
         "[ab]", "[^ab]", "[^\\s\\p{L}]", "[\\r\\n]", "[a-z&&[^b]]", "[^[:space:]]", "[\\w']", "²", "\\.", "{", "[]a]", "[\\-a]"]
PLACES = ["^", "$", "\\A", "\\z", "\\Z", "\\b", "\\B"]
TIMES = ["*", "+", "?", "{2}", "{1,2}", "{,2}", "{2,}", "*?", "+?", "??", "{1,2}?", "*+", "++", "?+", "{0}", "{1,3}+"]
LOOKS = ["(?=%s)", "(?!%s)", "(?<=%s)", "(?<!%s)"]
CHARS = "aaabbcAB1² \n\n\r\té😀漢'_-𝒜\u212aſ\u200d."


def part(r, depth):
    kind = r.random()
    if depth <= 0 or kind < 0.5:
        expression = r.choice(ATOMS)
    elif kind < 0.57:
        return r.choice(PLACES)
    elif kind < 0.7:
        return r.choice(LOOKS) % either(r, depth - 2)
    else:
        expression = r.choice(["(?>%s)", "(?m:%s)", "(?:%s)", "(%s)"]) % either(r, depth - 1)
    return expression + (r.choice(TIMES) if r.random() < 0.35 else "")


def either(r, depth):
    return "|".join("".join(part(r, depth) for _ in range(r.choice([0, 1, 1, 1, 2, 3]))) for _ in range(r.choice([1, 1, 2, 3])))


def matches(file):
    r = random.Random(5)
    cases = [(pattern, text, False) for pattern, text in CHOSEN]
    while len(cases) < 1500:
        cases.append((either(r, 3), "".join(r.choice(CHARS) for _ in range(r.randint(1, 9))), True))
    with open(file, "w") as out:
        for pattern, text, is_random in cases:
            try:
                replaced = normalizers.Replace(Regex(pattern), "_").normalize_str(text)
            except Exception:  # the library's own limits
                if not is_random:
                    raise
                continue
            print(json.dumps({"pattern": pattern, "text": text, "replaced": replaced, "random": is_random}, ensure_ascii=False), file=out)



def insertions(file):
    replace = [{"type": "Replace", "pattern": {"Regex": regex}, "content": "_"} for regex in ("^", "$", "", "(?=b)")]
    strip = {"type": "Strip", "strip_left": True, "strip_right": True}
    split = {"type": "Split", "pattern": {"Regex": "_"}, "behavior": "Isolated", "invert": False}
    with open(file, "w") as out:
        for normalizer in [*replace, {"type": "Sequence", "normalizers": [strip, replace[0]]}]:
            for pre_tokenizer in (None, split):
                tokenizer = {"version": "1.0", "added_tokens": [{"id": 4, "content": "[X]", "special": True, "single_word": False,
                             "lstrip": False, "rstrip": False, "normalized": False}], "normalizer": normalizer, "pre_tokenizer": pre_tokenizer,
                             "model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": {"[UNK]": 0, "_a": 1, "_": 2, "a": 3, "[X]": 4, "b": 5, "_ab": 6}}}
                reference = Tokenizer.from_str(json.dumps(tokenizer))
                texts = ["a", "  ab ", "", "x[X]ab", "aé\nb\n"]
                encodings = [reference.encode(text) for text in texts]
                print(json.dumps({"tokenizer": tokenizer, "texts": [{"text": t, "ids": e.ids, "offsets": e.offsets}
                                 for t, e in zip(texts, encodings)]}, ensure_ascii=False), file=out)


matches(sys.argv[1] + "/regexes.jsonl")
insertions(sys.argv[1] + "/insertions.jsonl")
