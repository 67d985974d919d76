// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.regex;

import java.util.Arrays;

/// The ASCII characters with which a match can start, so that most places of a text need no attempt.
final class FirstChars {
    private static final int ASCII = 128;

    private final boolean[] ascii = new boolean[ASCII];

    private FirstChars() {}

    static FirstChars of(Node root) {
        FirstChars chars = new FirstChars();
        if (chars.add(root)) {
            Arrays.fill(chars.ascii, true);
        }
        return chars;
    }

    /// Whether a node may match without a character.
    static boolean canBeEmpty(Node node) {
        return new FirstChars().add(node);
    }

    boolean has(char unit) {
        return unit >= ASCII || ascii[unit];
    }

    /// Adds a node's; returns whether what follows it may be the first instead.
    private boolean add(Node node) {
        return switch (node) {
            case Node.One one -> {
                for (int point = 0; point < ASCII; point++) {
                    ascii[point] |= one.set().has(point);
                }
                yield false;
            }
            case Node.Concat concat -> {
                boolean empty = true;
                for (int i = 0; i < concat.parts().size() && empty; i++) {
                    empty = add(concat.parts().get(i));
                }
                yield empty;
            }
            case Node.Either either -> {
                boolean empty = false;
                for (Node choice : either.choices()) {
                    empty |= add(choice);
                }
                yield empty;
            }
            case Node.Repeat repeat -> add(repeat.body()) || repeat.min() == 0;
            case Node.Atomic atomic -> add(atomic.body());
            case Node.Look _, Node.At _, Node.Back _ -> true;
        };
    }
}
