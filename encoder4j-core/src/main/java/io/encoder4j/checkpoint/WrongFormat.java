// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.files.ModelFiles;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// What a file that is not what its name says probably is, by its first bytes: the mistakes users really make.
final class WrongFormat {

    private WrongFormat() {}

    /// A sentence to append to a complaint, beginning with `; `, or an empty string.
    static String hint(MemorySegment file) {
        byte[] head = new byte[(int) Math.min(64, file.byteSize())];
        MemorySegment.copy(file, ValueLayout.JAVA_BYTE, 0, head, 0, head.length);
        String text = new String(head, StandardCharsets.ISO_8859_1);
        String lower = text.stripLeading().toLowerCase(Locale.ROOT);
        if (text.startsWith("version https://git-lfs")) {
            return "; this is a Git LFS pointer: fetch the real file with `git lfs pull`";
        }
        if (ModelFiles.isWebPage(head) || lower.startsWith("<?xml")) {
            return "; this is an HTML page, such as an error page: download the file again";
        }
        if (lower.startsWith("{") || lower.startsWith("[")) {
            return "; this is JSON: an index or config file, or an error message saved in the file's place";
        }
        if (text.startsWith("\u001f\u008b")) {
            return "; this is gzip: decompress it first";
        }
        if (text.startsWith("PK\u0003\u0004")) {
            return "; this is a zip archive, as torch.save writes: convert it to safetensors";
        }
        if (text.length() > 1 && text.charAt(0) == 0x80 && text.charAt(1) <= 5) {
            return "; this looks like a Python pickle, which is never read: convert it to safetensors";
        }
        return text.startsWith("GGUF") ? "; this is a GGUF file, which is not read" : "";
    }
}
