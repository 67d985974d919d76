// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CheckpointExceptionTest {

    @Test
    void allProblemsAreToldTogetherAndAreAList() {
        CheckpointException both = catchThrowableOfType(CheckpointException.class,
                () -> CheckpointException.throwAll("config.json", List.of("no hidden_size", "vocab_size is \u001b[1m0")));
        assertThat(both.problems()).containsExactly("no hidden_size", "vocab_size is \\u001b[1m0");
        assertThat(both).hasMessage("config.json: 2 problems:\n  no hidden_size\n  vocab_size is \\u001b[1m0");
        CheckpointException one = catchThrowableOfType(CheckpointException.class,
                () -> CheckpointException.throwAll("config.json", List.of("no hidden_size")));
        assertThat(one.problems()).containsExactly("no hidden_size");
        assertThat(one).hasMessage("config.json: no hidden_size");
        CheckpointException.throwAll("config.json", List.of());
    }

    @Test
    void theMessageTellsTwentyAndTheListHasAll() {
        List<String> many = IntStream.range(0, 50).mapToObj(i -> "tensor " + i).toList();
        assertThatThrownBy(() -> CheckpointException.throwAll("model.safetensors", many))
                .hasMessageStartingWith("model.safetensors: 50 problems:\n  tensor 0\n").hasMessageEndingWith("  tensor 19\n  and 30 more")
                .isInstanceOfSatisfying(CheckpointException.class, e -> assertThat(e.problems()).isEqualTo(many));
    }

    @Test
    void anErrorOfOneKindIsItsOwnProblem() {
        assertThat(new CheckpointException("a\u001bb").problems()).containsExactly("a\\u001bb");
    }
}
