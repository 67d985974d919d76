# SPDX-License-Identifier: Apache-2.0
"""Writes UnicodeTables.java: what Hugging Face `tokenizers` believes about every code point, asked of the library.

Its tables are older than Java's (categories of Unicode 8, normalization of Unicode 9), so the JDK's cannot stand in.
A build does not need this script. usage: unicode_tables.py > UnicodeTables.java   (needs `pip install tokenizers`)
"""
import unicodedata

from tokenizers import __version__, normalizers, pre_tokenizers

CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]


def bert(**wanted):
    options = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**(options | wanted))


def ranges(points):
    runs = []
    for point in sorted(points):
        if runs and runs[-1][1] == point - 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return runs


def text(run):
    return "%X" % run[0] if run[0] == run[1] else "%X-%X" % tuple(run)


def constant(name, doc, words):
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) > 105:
            lines.append(line.rstrip())
            line = ""
        line += word + " "
    lines.append(line.rstrip())
    body = "\n".join("            " + each for each in lines)
    return f'    /** {doc} */\n    public static final String {name} = """\n{body}""";\n'


clean, nfd, stripped = bert(clean_text=True), normalizers.NFD(), normalizers.StripAccents()
split = pre_tokenizers.BertPreTokenizer()
removed = [c for c in CODE_POINTS if clean.normalize_str(f"x{chr(c)}x") == "xx"]
padded = [c for c in CODE_POINTS if bert(handle_chinese_chars=True).normalize_str(chr(c)) != chr(c)]
nonspacing = [c for c in CODE_POINTS if bert(strip_accents=True).normalize_str("x" + chr(c)) == "x"]
marks = [c for c in CODE_POINTS if stripped.normalize_str("x" + chr(c)) == "x"]
isolated = [c for c in CODE_POINTS if len(split.pre_tokenize_str(f"x{chr(c)}x")) == 3]
spaces = [c for c in CODE_POINTS if len(split.pre_tokenize_str(f"x{chr(c)}x")) == 2]
decomposed = [c for c in CODE_POINTS if nfd.normalize_str(chr(c)) != chr(c)]
# A mark has a combining class when it changes places with U+0334 (class 1) or U+0345 (class 240); classes never change.
classes = {c: unicodedata.combining(chr(c)) for c in CODE_POINTS if c not in set(decomposed) and (
    c in (0x334, 0x345) or nfd.normalize_str(f"x{chr(c)}\u0334") == f"x\u0334{chr(c)}"
    or nfd.normalize_str(f"x\u0345{chr(c)}") == f"x{chr(c)}\u0345")}
ordered = [(r, k) for k in sorted(set(classes.values())) for r in ranges([c for c in classes if classes[c] == k])]
grouped = []
for run, ccc in ordered:
    grouped.append((f"{ccc}:" if not grouped or ccc != previous else "") + text(run))
    previous = ccc

print(f'''// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.unicode;

/**
 * What Hugging Face tokenizers {__version__} believes about code points, as inclusive ranges in hexadecimal; written by
 * {{@code tools/unicode_tables.py}}, which asks that library about each one. Its sources are the Unicode Character
 * Database 8 (categories) and 9 (normalization), so characters assigned later are treated as it treats them, whatever
 * the JDK knows.
 */
public final class UnicodeTables {{
    private UnicodeTables() {{}}
''')
print(constant("SPACE", "White space.", map(text, ranges(spaces))))
print(constant("REMOVED", "Removed by BertNormalizer's clean_text: U+0000, U+FFFD, controls, formats and private use.",
               map(text, ranges(removed))))
print(constant("PADDED", "Given spaces on both sides by BertNormalizer's handle_chinese_chars.",
               map(text, ranges(padded))))
print(constant("PUNCTUATION", "A word of its own to BertPreTokenizer: ASCII punctuation and category P.",
               map(text, ranges(isolated))))
print(constant("NONSPACING", "Category Mn, removed by BertNormalizer's strip_accents.", map(text, ranges(nonspacing))))
print(constant("MARK", "Category M, removed by the StripAccents normalizer.", map(text, ranges(marks))))
print(constant("DECOMPOSED", "Has a canonical decomposition (Hangul syllables too).", map(text, ranges(decomposed))))
print(constant("COMBINING_CLASS", "Canonical combining classes other than 0, each followed by its ranges.",
               grouped).rstrip())
print("}")
