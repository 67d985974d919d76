# SPDX-License-Identifier: Apache-2.0
"""Writes UnicodeCategories.java: categories, compatibility decompositions and grapheme classes as Hugging Face
`tokenizers` has them, asked of the library like unicode_tables.py does.

Grapheme clusters show only in its Precompiled normalizer: it replaces a cluster of less than 6 bytes by what the
cluster's shortest known prefix becomes, so a mark that vanishes together with a letter is in that letter's cluster. The
character maps for these questions are made by sentencepiece. What can only be in longer clusters is left out.

A build does not need this script. usage: unicode_categories.py > UnicodeCategories.java
(needs `pip install tokenizers sentencepiece`)
"""
import io
import os
import tempfile
import unicodedata

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Regex, __version__, normalizers, pre_tokenizers

CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
COPYRIGHT, ZWJ, DIAERESIS, KA, VIRAMA = "\u00a9", "\u200d", "\u0308", "\u0915", "\u094d"


def matching(pattern):
    """The code points a regular expression matches."""
    split, found = pre_tokenizers.Split(Regex(pattern), "removed"), set()
    for first in range(0, len(CODE_POINTS), 512):
        block = CODE_POINTS[first:first + 512]
        kept = set()
        for _, (start, end) in split.pre_tokenize_str("".join("\u0001" + chr(c) for c in block)):
            kept.update(range(start, end))
        found.update(c for i, c in enumerate(block) if 2 * i + 1 not in kept)
    return found


def charsmap(points):
    """A normalizer that makes "b" of each code point."""
    with tempfile.TemporaryDirectory() as folder:
        rules = os.path.join(folder, "rules.tsv")
        with open(rules, "w") as file:
            file.writelines("%X\t62\n" % c for c in sorted(points))
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.Train(
            sentence_iterator=iter(["a b c d e f g h"] * 9), model_writer=model, vocab_size=12, hard_vocab_limit=False,
            normalization_rule_tsv=rules, minloglevel=2)
    proto = sentencepiece_model_pb2.ModelProto.FromString(model.getvalue())
    return normalizers.Precompiled(proto.normalizer_spec.precompiled_charsmap)


def ranges(points):
    runs = []
    for point in sorted(points):
        if runs and runs[-1][1] == point - 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return runs


def constant(name, doc, points):
    lines, line = [], ""
    for first, last in ranges(points):
        word = "%X" % first if first == last else "%X-%X" % (first, last)
        if len(line) + len(word) > 105:
            lines.append(line.rstrip())
            line = ""
        line += word + " "
    lines.append(line.rstrip())
    body = "\n".join("            " + each for each in lines)
    return f'    /// {doc}\n    public static final String {name} = """\n{body}""";\n'


letter, number = matching(r"\p{L}"), matching(r"\p{N}")
digits = pre_tokenizers.Digits(True)
numeric = {c for c in CODE_POINTS if len(digits.pre_tokenize_str(f"x{chr(c)}x")) == 3}
nfd, nfkd = normalizers.NFD(), normalizers.NFKD()
compatible = {c for c in CODE_POINTS if nfd.normalize_str(chr(c)) != nfkd.normalize_str(chr(c))}

a, copyright_sign, ka = charsmap({ord("a")}), charsmap({ord(COPYRIGHT)}), charsmap({ord(KA)})
joined = {c for c in CODE_POINTS if a.normalize_str("a" + chr(c)) == "b"}
prepended = {c for c in CODE_POINTS if c not in joined
             and a.normalize_str(chr(c) + "a" + DIAERESIS) == chr(c) + "b" + DIAERESIS}
control = {c for c in CODE_POINTS if c not in joined and (
    unicodedata.category(chr(c)) in ("Cc", "Cf", "Zl", "Zp") or c == 0x2065 or 0xFFF0 <= c < 0xFFF9)
           and 0 < c < 0x10000}
controls = charsmap(control)
control = {c for c in control if controls.normalize_str(chr(c) + DIAERESIS) != "b"}
pictographic = {c for c in CODE_POINTS if c not in joined
                and ZWJ in copyright_sign.normalize_str(COPYRIGHT + ZWJ + chr(c))}
spacing = {c for c in joined if DIAERESIS not in
           copyright_sign.normalize_str(COPYRIGHT + chr(c) + ZWJ + COPYRIGHT + DIAERESIS)}
linker = {c for c in joined if DIAERESIS in ka.normalize_str(KA + chr(c) + KA + DIAERESIS)}
letters = {c for c in letter if c >= 0x900 and unicodedata.category(chr(c)) in ("Lo", "Cn") and c < 0x10000
           and not 0x3000 <= c < 0xA000 and not 0xAC00 <= c < 0xD7B0} - joined
indic = charsmap(letters)
consonant = {c for c in letters if DIAERESIS in indic.normalize_str(KA + VIRAMA + chr(c) + DIAERESIS)}

print(f'''// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.unicode;

/// More of what Hugging Face tokenizers {__version__} believes about code points, as inclusive ranges in hexadecimal;
/// written by `tools/unicode_categories.py`, which asks that library about each one. Its regular expressions follow
/// Unicode 16, its compatibility decompositions Unicode 9.
public final class UnicodeCategories {{
    private UnicodeCategories() {{}}
''')
print(constant("LETTER", "`\\p{L}` of its regular expressions.", letter))
print(constant("NUMBER", "`\\p{N}` of its regular expressions.", number))
print(constant("NUMERIC", "Numeric to the pre-tokenizer Digits but not to the regular expressions.", numeric - number))
print(constant("COMPATIBLE", "Has a compatibility decomposition that is not its canonical one.", compatible))
print(constant("JOINED", "Never begins a grapheme cluster (Extend, SpacingMark, ZWJ).", joined))
print(constant("SPACING", "Of these, the ones that part an emoji from a joiner (SpacingMark).", spacing))
print(constant("PREPENDED", "Never ends a grapheme cluster before another character (Prepend).", prepended))
print(constant("CONTROL", "A grapheme cluster of its own (Control, CR, LF).", control))
print(constant("PICTOGRAPHIC", "Joined to an emoji and a ZWJ before it (Extended_Pictographic).", pictographic))
print(constant("LINKER", "Links the consonants of a conjunct (InCB=Linker).", linker))
print(constant("CONSONANT", "Joined to a consonant and a linker before it (InCB=Consonant).", consonant).rstrip())
print("}")
