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

/// Compares a file with its ETag. For files in large storage the ETag is the SHA-256 of the bytes; for other files it is
/// git's hash, the SHA-1 of `blob`, the length and the bytes.
final class Checksum {

    private Checksum() { }

    /// @return false if the ETag is a hash and the file has another one; true if it matches or the ETag is not a hash
    static boolean matches(Path file, String etag) throws IOException {
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
