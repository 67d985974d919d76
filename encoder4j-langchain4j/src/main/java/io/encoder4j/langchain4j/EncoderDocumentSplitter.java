// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.langchain4j;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentSplitter;
import dev.langchain4j.data.segment.TextSegment;
import io.encoder4j.EncoderModel;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.tokenizer.Tokenizer;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/// Splits documents so that a model reads every segment whole. Segments end between sentences where that is possible, else
/// between words, else between tokens. A segment has the document's metadata and its own number, `index`. May be shared among
/// threads.
///
/// The document is tokenized once, and each segment once more: alone, a text may have other tokens than within a longer one. So
/// the limit holds for what the model will read.
///
/// {@snippet file="io/encoder4j/langchain4j/DocumentedCodeTest.java" region="splitter"}
public final class EncoderDocumentSplitter implements DocumentSplitter {

    private static final EncodeOptions WHOLE = EncodeOptions.defaults().withAddSpecialTokens(false).withoutTruncation();

    private final Tokenizer tokenizer;
    private final int limit;
    private final int overlap;

    /// Splits by that tokenizer.
    ///
    /// @param tokenizer     the model's
    /// @param maxTokens     tokens of a segment, the special ones that the model adds included
    /// @param overlapTokens tokens at the end of a segment that the next one begins with, at most; 0 for none
    /// @throws IllegalArgumentException if the limit leaves no room for a token beside special ones and overlap
    public EncoderDocumentSplitter(Tokenizer tokenizer, int maxTokens, int overlapTokens) {
        this.tokenizer = tokenizer;
        limit = maxTokens - tokenizer.specialTokenCount(false);
        overlap = overlapTokens;
        if (overlapTokens < 0 || overlapTokens >= limit) {
            throw new IllegalArgumentException("overlapTokens must be 0 to " + (limit - 1) + ", got " + overlapTokens
                    + "; maxTokens is " + maxTokens + ", special tokens included");
        }
    }

    /// {@return a splitter into segments that the model reads whole}
    ///
    /// @param model         whose tokenizer and limit of tokens count. If it puts a prompt before documents, give the constructor
    ///                      a limit that leaves room for it
    /// @param overlapTokens tokens at the end of a segment that the next one begins with, at most; 0 for none
    public static EncoderDocumentSplitter of(EncoderModel model, int overlapTokens) {
        return new EncoderDocumentSplitter(model.tokenizer(), model.maxTokens(), overlapTokens);
    }

    /// {@return the document's segments, in order} Every word is in one of them; white space around a segment is left out.
    ///
    /// @param document any text
    @Override
    public List<TextSegment> split(Document document) {
        Tokens tokens = Tokens.of(document.text(), tokenizer.encode(document.text(), null, WHOLE));
        List<TextSegment> segments = new ArrayList<>();
        for (int begin = 0; begin < tokens.count();) {
            int end = tokens.cut(begin, Math.min(begin + limit, tokens.count()));
            while (end > begin + 1 && tokenizer.encode(tokens.text(begin, end), null, WHOLE).length() > limit) {
                end = tokens.cut(begin, end - 1);
            }
            String text = tokens.text(begin, end);
            // What LangChain4j calls blank, control characters too, is no segment.
            if (!text.trim().isEmpty()) {
                segments.add(TextSegment.from(text, document.metadata().copy().put("index", String.valueOf(segments.size()))));
            }
            begin = end == tokens.count() ? end : tokens.next(begin, end, overlap);
        }
        return segments;
    }

    /// A text's tokens, by where they begin.
    ///
    /// @param starts    where each token begins
    /// @param words     the tokens that begin a word
    /// @param sentences the tokens that begin a sentence
    private record Tokens(String text, int[] starts, BitSet words, BitSet sentences) {

        static Tokens of(String text, Encoding encoding) {
            int[] starts = encoding.starts();
            int[] ends = encoding.ends();
            BitSet words = new BitSet();
            BitSet sentences = new BitSet();
            BreakIterator iterator = BreakIterator.getSentenceInstance(Locale.ROOT);
            iterator.setText(text);
            int sentence = iterator.next();
            for (int i = 1; i < starts.length; i++) {
                while (sentence != BreakIterator.DONE && sentence < ends[i - 1]) {
                    sentence = iterator.next();
                }
                // A token may begin with the white space before it.
                sentences.set(i, sentence != BreakIterator.DONE && sentence < ends[i]);
                words.set(i, isSpace(text, starts[i] - 1) || isSpace(text, starts[i]));
            }
            return new Tokens(text, starts, words, sentences);
        }

        private static boolean isSpace(String text, int at) {
            return at >= 0 && Character.isWhitespace(text.charAt(at));
        }

        int count() {
            return starts.length;
        }

        /// Where a segment ends that begins there and may have the tokens before `end`.
        int cut(int begin, int end) {
            if (end == count()) {
                return end;
            }
            int sentence = sentences.previousSetBit(end);
            int word = words.previousSetBit(end);
            return sentence > begin ? sentence : word > begin ? word : end;
        }

        /// Where the next segment begins: at a sentence or else a word among the last tokens of this one, if there is one.
        int next(int begin, int end, int overlap) {
            int from = Math.max(begin + 1, end - overlap);
            int sentence = sentences.nextSetBit(from);
            int word = words.nextSetBit(from);
            return sentence >= 0 && sentence < end ? sentence : word >= 0 && word < end ? word : end;
        }

        /// What stands there, from the token `begin` to before the token `end`; the first has what stands before it, too.
        String text(int begin, int end) {
            return text.substring(begin == 0 ? 0 : starts[begin], end == count() ? text.length() : starts[end]).strip();
        }
    }
}
