// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.walk;

/// What a step is for.
///
/// @param name    key of its title and sentence: `query`
/// @param section part of the tutorial: `attention`
public record Role(String name, String section) {

    /// Names of sections.
    public static final String EMBEDDING = "embedding";
    public static final String POSITION = "position";
    public static final String ATTENTION = "attention";
    public static final String FIRST_SUM = "addNorm1";
    public static final String FEED_FORWARD = "feedForward";
    public static final String SECOND_SUM = "addNorm2";
    public static final String NEXT = "next";
    public static final String POOLING = "pooling";
    public static final String HEAD = "head";
}
