// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Whether a file's bytes have the hash that an ETag is: SHA-256 of the bytes for files in large storage, for others
/// git's own, SHA-1 of `blob`, length and bytes.
final class Digest {

    private Digest() { }

    /// @return false if the ETag is a hash, and another one; an ETag that is no hash says nothing
    static boolean fits(Path file, String etag) throws IOException {
        return switch (etag.length()) {
            case 64 -> !isHex(etag) || hash("SHA-256", "", file).equalsIgnoreCase(etag);
            case 40 -> !isHex(etag) || hash("SHA-1", "blob " + Files.size(file) + "\0", file).equalsIgnoreCase(etag);
            default -> true;
        };
    }

    private static boolean isHex(String text) {
        return text.matches("[0-9a-fA-F]+");
    }

    private static String hash(String algorithm, String prefix, Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(prefix.getBytes(StandardCharsets.UTF_8));
            byte[] buffer = new byte[1 << 16];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("this Java has no " + algorithm, e);
        }
    }
}
