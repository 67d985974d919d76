// SPDX-License-Identifier: Apache-2.0
package io.encoder4j;

/// Whether a checkpoint can be used for a task.
///
/// @param task     the task
/// @param possible whether it can
/// @param detail   how, or why not
public record Ability(Task<?> task, boolean possible, String detail) {

    /// {@return the task's name}
    public String name() {
        return task.name();
    }

    /// An ability without its task.
    record Verdict(boolean possible, String detail) {

        static Verdict yes(String detail) {
            return new Verdict(true, detail);
        }

        static Verdict no(String reason) {
            return new Verdict(false, reason);
        }
    }
}
