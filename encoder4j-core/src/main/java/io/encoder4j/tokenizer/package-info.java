// SPDX-License-Identifier: Apache-2.0
/**
 * From text to token ids and back.
 *
 * <p>A model reads numbers. A {@link io.encoder4j.tokenizer.Tokenizer} turns a text into them by the rules of the
 * checkpoint's own {@code tokenizer.json}, and by no others: one id that differs from training time, and the vectors
 * are wrong without anything looking wrong. So the measure here is Hugging Face's {@code tokenizers} library, id for id
 * and offset for offset.
 *
 * {@snippet :
 * Tokenizer tokenizer = Tokenizer.load(Path.of("all-MiniLM-L6-v2/tokenizer.json"));
 * Encoding encoding = tokenizer.encode("Encoders don't pad.");
 * // encoding.tokens(): [CLS] en ##code ##rs don ' t pad . [SEP]
 * String again = tokenizer.decode(encoding.ids(), true);
 * }
 *
 * <h2>Five stages</h2>
 * <ol>
 * <li>{@code AddedTokens} cut out of the text what is a token as it stands: a literal {@code [MASK]}, say. (A literal
 *     {@code [SEP]} in a user's text is the token too, as in the reference.)
 * <li>{@code Normalizer}: what of the spelling does not matter. {@code NormalizedText} remembers for every char
 *     which part of the original it stands for, so that offsets survive accents that go and spaces that come.
 * <li>{@code PreTokenizer}: the words a token never crosses.
 * <li>{@code Model}: from a word to tokens; here {@code WordPiece}, which walks a trie and makes no substrings.
 * <li>{@code PostProcessor}: special tokens and type ids, after {@link io.encoder4j.tokenizer.Truncation} has cut
 *     what is too long.
 * </ol>
 * {@code Decoder} is the way back. Each stage is a sealed interface of records named after the types in the file; a
 * type that is not among them is refused by its name when the file is read.
 *
 * <h2>Unicode, as of 2016</h2>
 * The reference's tables are older than the JDK's: categories of Unicode 8, normalization of Unicode 9, but lower case
 * of Unicode 17. {@code UnicodeTables} holds what it believes. Of the JDK only what Unicode promises never to change is
 * asked: the decomposition and the lower case of a character that has one. The default locale is never asked.
 *
 * <h2>Time</h2>
 * Every stage is linear in the text. Where that is not obvious, the class says why: {@code Decomposition} on
 * runs of marks, {@code WordPiece} on words without end, {@code AddedTokens} on many tokens.
 */
package io.encoder4j.tokenizer;
