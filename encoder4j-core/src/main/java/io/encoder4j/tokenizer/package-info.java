// SPDX-License-Identifier: Apache-2.0
/// From text to token ids and back.
///
/// A model reads numbers. A [io.encoder4j.tokenizer.Tokenizer] turns a text into them by the rules of the checkpoint's own
/// files. One id that differs from training makes the vectors wrong, and nothing shows it. So the measure is Hugging
/// Face's `tokenizers` library: the same ids and the same offsets.
///
/// ```java
/// Tokenizer tokenizer = Tokenizer.load(Path.of("all-MiniLM-L6-v2/tokenizer.json"));
/// Encoding encoding = tokenizer.encode("Encoders don't pad.");
/// // encoding.tokens(): [CLS] en ##code ##rs don ' t pad . [SEP]
/// String again = tokenizer.decode(encoding.ids(), true);
/// ```
///
/// ## Packages
/// This package is the public API. The packages below it are internal, and each knows only those after it:
/// `file` reads the tokenizer's files, `pipeline` has the stages, `text` has the text while it is changed, and `unicode`
/// has Unicode's tables.
///
/// ## Stages
/// 1. `AddedTokens` finds tokens that are taken literally, such as `[MASK]`. As in the reference, a `[SEP]` in a user's
///    text is the token too.
/// 2. `Normalizer` removes differences of spelling. `NormalizedText` remembers which part of the original text each char
///    stands for, so that offsets stay right when accents are removed or spaces are added.
/// 3. `PreTokenizer` splits the text into words. No token crosses a word's end.
/// 4. `Model` splits a word into tokens: `WordPiece`, `Bpe`, `Unigram` or `WordLevel`.
/// 5. `PostProcessor` adds special tokens and type ids, after [io.encoder4j.tokenizer.Truncation] has cut what is too
///    long.
///
/// `Decoder` goes the other way. Each stage is a sealed interface of records that are named after the types in
/// `tokenizer.json`. A type that is not among them is refused by name when the file is read.
///
/// ## Unicode
/// The reference's tables are older than the JDK's: categories of Unicode 8, normalization of Unicode 9, but lower case of
/// Unicode 17. `UnicodeTables` has the reference's view. The JDK is asked only what Unicode promises never to change: the
/// decomposition and the lower case of a character. The default locale is never used.
///
/// ## Time
/// Every stage takes time linear in the length of the text. Where that is not obvious, the class explains it:
/// `Decomposition` for runs of marks, `WordPiece` for long words, `AddedTokens` for many tokens.
package io.encoder4j.tokenizer;
