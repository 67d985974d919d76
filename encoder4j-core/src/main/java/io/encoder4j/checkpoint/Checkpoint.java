// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.tensor.Parameter;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/// Named tensors in one or several files. The tensors' memory stays valid until [#close].
public interface Checkpoint extends AutoCloseable {

    /// {@return where it comes from, for messages: a file or folder}
    String location();

    /// {@return names of all tensors, in file order}
    SequencedSet<String> names();

    /// {@return the tensor of that name, if there is one}
    ///
    /// @param name the tensor's name
    Optional<StoredTensor> find(String name);

    /// {@return the values that a model gets of one of its tensors: those that are stored, unless an adapter changes them}
    ///
    /// @param tensor the tensor
    default Parameter.Source values(StoredTensor tensor) {
        return new StoredValues(tensor);
    }

    /// {@return string metadata of the file (safetensors' `__metadata__`); empty where the format has none}
    Map<String, String> metadata();

    /// Unmaps the files. Reading a tensor afterwards throws `IllegalStateException`.
    @Override
    void close();
}
