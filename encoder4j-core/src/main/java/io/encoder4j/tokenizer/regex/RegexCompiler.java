// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.tokenizer.regex;

import io.encoder4j.tokenizer.regex.Node.Greed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/// Turns a [Node] into instructions. A counted repetition is written out, so the number of instructions is limited.
final class RegexCompiler {
    private static final int MAX_INSTRUCTIONS = 5_000;
    private static final int MAX_LENGTH = 10_000;

    private final String regex;
    private final List<CharSet> sets = new ArrayList<>();
    private int[] code = new int[16 * Op.WIDTH];
    private int size;
    private int registers;

    private RegexCompiler(String regex) {
        this.regex = regex;
    }

    /// @throws PatternSyntaxException if the expression is malformed, too long, or has what is not supported
    static Program compile(String regex) {
        if (regex.length() > MAX_LENGTH) {
            throw new PatternSyntaxException("more than " + MAX_LENGTH + " chars", regex.substring(0, 100) + "…", -1);
        }
        RegexCompiler compiler = new RegexCompiler(regex);
        Node root = RegexParser.parse(regex);
        compiler.add(root);
        compiler.put(Op.MATCH, 0, 0);
        return new Program(Arrays.copyOf(compiler.code, compiler.size), compiler.sets.toArray(CharSet[]::new),
                compiler.registers, FirstChars.of(root));
    }

    private void add(Node node) {
        switch (node) {
            case Node.One one -> put(Op.ONE, set(one), 0);
            case Node.Concat concat -> concat.parts().forEach(this::add);
            case Node.Either either -> either(either.choices());
            case Node.Repeat repeat -> repeat(repeat);
            case Node.Look look -> look(look);
            case Node.Atomic atomic -> {
                put(Op.OPEN, 0, 0);
                add(atomic.body());
                put(Op.KEEP, 0, 0);
            }
            case Node.At at -> put(Op.AT, at.place().ordinal(), 0);
            case Node.Back back -> put(Op.BACK, back.points(), 0);
        }
    }

    private void either(List<Node> choices) {
        List<Integer> ends = new ArrayList<>();
        for (Node choice : choices.subList(0, choices.size() - 1)) {
            int attempt = put(Op.TRY, size + Op.WIDTH, 0);
            add(choice);
            ends.add(put(Op.JUMP, 0, 0));
            code[attempt + 2] = size;
        }
        add(choices.getLast());
        ends.forEach(end -> code[end + 1] = size);
    }

    private void repeat(Node.Repeat repeat) {
        if (repeat.greed() == Greed.POSSESSIVE && !(repeat.body() instanceof Node.One && repeat.max() == Node.ENDLESS)) {
            add(new Node.Atomic(new Node.Repeat(repeat.body(), repeat.min(), repeat.max(), Greed.GREEDY)));
            return;
        }
        for (int i = 0; i < repeat.min(); i++) {
            add(repeat.body());
        }
        if (repeat.max() == Node.ENDLESS) {
            loop(repeat);
            return;
        }
        List<Integer> attempts = new ArrayList<>();
        for (int i = repeat.min(); i < repeat.max(); i++) {
            attempts.add(put(Op.TRY, 0, 0));
            add(repeat.body());
        }
        attempts.forEach(attempt -> aim(attempt, repeat.greed()));
    }

    private void loop(Node.Repeat repeat) {
        if (repeat.body() instanceof Node.One one && repeat.greed() != Greed.LAZY) {
            put(repeat.greed() == Greed.GREEDY ? Op.MOST : Op.ALL, set(one), 0);
            return;
        }
        int attempt = put(Op.TRY, 0, 0);
        int register = registers++;
        put(Op.ROUND, register, 0);
        add(repeat.body());
        int end = put(Op.ROUND_END, register, 0);
        put(Op.JUMP, attempt, 0);
        code[end + 2] = size;
        aim(attempt, repeat.greed());
    }

    /// An attempt at what follows it, or at what comes next.
    private void aim(int attempt, Greed greed) {
        boolean lazy = greed == Greed.LAZY;
        code[attempt + 1] = lazy ? size : attempt + Op.WIDTH;
        code[attempt + 2] = lazy ? attempt + Op.WIDTH : size;
    }

    private void look(Node.Look look) {
        int open = put(look.negative() ? Op.OPEN_NOT : Op.OPEN, 0, 0);
        if (look.behind()) {
            behind(look.body());
        } else {
            add(look.body());
        }
        put(look.negative() ? Op.FAIL_NOT : Op.RETURN, 0, 0);
        code[open + 1] = look.negative() ? size : 0;
    }

    /// Each choice goes back by its length.
    private void behind(Node body) {
        List<Node> choices = body instanceof Node.Either(List<Node> several) ? several : List.of(body);
        either(choices.stream().<Node>map(choice -> new Node.Concat(List.of(new Node.Back(length(choice)), choice))).toList());
    }

    private int length(Node node) {
        long length = switch (node) {
            case Node.One _ -> 1;
            case Node.At _ -> 0;
            case Node.Concat concat -> concat.parts().stream().mapToLong(this::length).sum();
            case Node.Repeat repeat when repeat.min() == repeat.max() -> (long) repeat.min() * length(repeat.body());
            case Node.Either either when either.choices().stream().mapToInt(this::length).distinct().count() == 1 ->
                    length(either.choices().getFirst());
            default -> throw new PatternSyntaxException("a look behind without a fixed length", regex, -1);
        };
        return (int) Math.min(length, Integer.MAX_VALUE);
    }

    private int set(Node.One one) {
        int index = sets.indexOf(one.set());
        if (index < 0) {
            sets.add(one.set());
        }
        return index < 0 ? sets.size() - 1 : index;
    }

    private int put(int op, int a, int b) {
        if (size == MAX_INSTRUCTIONS * Op.WIDTH) {
            throw new PatternSyntaxException("too long with its counted repetitions written out", regex, -1);
        }
        if (size == code.length) {
            code = Arrays.copyOf(code, 2 * size);
        }
        code[size] = op;
        code[size + 1] = a;
        code[size + 2] = b;
        size += Op.WIDTH;
        return size - Op.WIDTH;
    }
}
