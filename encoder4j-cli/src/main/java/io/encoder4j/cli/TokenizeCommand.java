// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.cli;

import io.encoder4j.files.Printable;
import io.encoder4j.sentence.SentenceFolder;
import io.encoder4j.tokenizer.EncodeOptions;
import io.encoder4j.tokenizer.Encoding;
import io.encoder4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a model sees of a text. Opens the tokenizer only, not the weights.
@Command(name = "tokenize", description = "Show the tokens of texts: ids, strings, segments and offsets.",
        footer = {"", "Offsets count code points, as Python does; those of added tokens are 0. Nothing is cut unless"
                + " --max-length is given."})
final class TokenizeCommand implements Callable<Integer> {

    enum Format { TABLE, JSONL }

    @Mixin
    private TextInput input;

    @Mixin
    private ModelOption model;

    @Option(names = "--pair", paramLabel = "TEXT", order = 2, description = "A second text that goes with each.")
    private @Nullable String pair;

    @Option(names = "--no-special", order = 3, description = "Without [CLS], [SEP] and their like.")
    private boolean noSpecial;

    @Option(names = "--max-length", paramLabel = "N", order = 7, converter = EmbedOptionsMixin.Positive.class,
            description = "Tokens kept of a text, special ones included.")
    private int maxLength;

    @Option(names = {"-f", "--format"}, paramLabel = "table|jsonl", order = 30,
            description = "table (the default), or a JSON object for each text on a line.")
    private Format format = Format.TABLE;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        input.check();
        Path folder = model.folder();
        if (!Files.isDirectory(folder)) {
            throw CommandFailed.input(folder + ": there is no such folder");
        }
        Tokenizer tokenizer = Tokenizer.fromFolder(SentenceFolder.read(folder).transformer());
        EncodeOptions options = EncodeOptions.defaults().withAddSpecialTokens(!noSpecial);
        options = maxLength == 0 ? options : options.withTruncation(tokenizer.truncateTo(maxLength));
        PrintWriter out = spec.commandLine().getOut();
        List<String> texts = input.all();
        for (int i = 0; i < texts.size(); i++) {
            Encoding encoding = tokenizer.encode(texts.get(i), pair, options);
            int[][] offsets = encoding.codePointOffsets(texts.get(i), pair);
            if (format == Format.JSONL) {
                out.println(json(i, encoding, offsets));
            } else {
                out.print(i == 0 ? "" : System.lineSeparator());
                table(out, encoding, offsets);
            }
        }
        return 0;
    }

    private static void table(PrintWriter out, Encoding encoding, int[][] offsets) {
        out.printf("%5s %8s %4s %11s  %s%n", "", "id", "type", "offsets", "token");
        for (int i = 0; i < encoding.length(); i++) {
            String place = encoding.sequenceIds()[i] < 0 ? "" : offsets[0][i] + "-" + offsets[1][i];
            out.printf(Locale.ROOT, "%5d %8d %4d %11s  %s%n", i, encoding.ids()[i], encoding.typeIds()[i], place,
                    Printable.name(encoding.tokens().get(i)));
        }
        if (encoding.truncated()) {
            out.println("cut: " + encoding.length() + " of " + encoding.untruncatedLength() + " tokens");
        }
    }

    private static ObjectNode json(int index, Encoding encoding, int[][] offsets) {
        ObjectNode node = new JsonMapper().createObjectNode();
        node.put("index", index).put("truncated", encoding.truncated());
        ArrayNode ids = node.putArray("ids");
        ArrayNode tokens = node.putArray("tokens");
        ArrayNode typeIds = node.putArray("type_ids");
        ArrayNode special = node.putArray("special_tokens_mask");
        ArrayNode places = node.putArray("offsets");
        for (int i = 0; i < encoding.length(); i++) {
            ids.add(encoding.ids()[i]);
            tokens.add(encoding.tokens().get(i));
            typeIds.add(encoding.typeIds()[i]);
            special.add(encoding.specialTokensMask()[i] ? 1 : 0);
            places.addArray().add(offsets[0][i]).add(offsets[1][i]);
        }
        return node;
    }
}
