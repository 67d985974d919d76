// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/// What clients have to send. Hashes are compared, and all of their bytes: the time says nothing about the key, nor about its length.
final class ApiKey {

    private final byte[] hash;

    private ApiKey(byte[] hash) {
        this.hash = hash;
    }

    /// @param key null for none
    static @Nullable ApiKey of(@Nullable String key) {
        return key == null ? null : new ApiKey(hash("Bearer " + key));
    }

    /// Whether a header `Authorization` has it.
    boolean isIn(String authorization) {
        return MessageDigest.isEqual(hash, hash(authorization));
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
