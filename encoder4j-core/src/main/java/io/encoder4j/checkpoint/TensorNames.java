// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.files.Printable;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// What the names of a checkpoint's tensors tell about the program that wrote it.
final class TensorNames {

    /// What programs put before every name: torch.compile, torch's data parallelism, sentence-transformers' state dicts, PEFT,
    /// and classes that keep an encoder.
    private static final List<String> WRAPPERS =
            List.of("_orig_mod.", "module.", "0.auto_model.", "auto_model.", "base_model.model.", "encoder.");

    private static final Set<String> FUSED = Set.of("Wqkv", "Wkv", "qkv_proj", "qkv", "to_qkv", "in_proj", "in_proj_weight",
            "query_key_value", "c_attn", "kv_proj", "qkv_linear");

    private TensorNames() { }

    /// The wrappers' prefixes that stand before every name, as few as it takes until `known`; empty where they lead nowhere.
    ///
    /// @param known whether a prefix is one that the encoder's own names follow
    static String wrapper(Collection<String> names, Predicate<String> known) {
        String found = "";
        while (!known.test(found)) {
            String outer = found;
            Optional<String> next = WRAPPERS.stream().filter(wrapper -> startAll(names, outer + wrapper)).findFirst();
            if (next.isEmpty()) {
                return "";
            }
            found = outer + next.get();
        }
        return found;
    }

    private static boolean startAll(Collection<String> names, String prefix) {
        return !names.isEmpty() && names.stream().allMatch(name -> name.startsWith(prefix));
    }

    /// Why tensors may be missing although the checkpoint has them by other names: in words, if the names tell.
    ///
    /// @param names of tensors that no use was found for
    /// @param all   number of tensors of the checkpoint
    static Optional<String> layout(Collection<String> names, int all) {
        Optional<String> adapted = names.stream().filter(name -> name.contains(".lora_A.") || name.contains(".lora_B.")).findFirst();
        if (adapted.isPresent()) {
            return Optional.of(Printable.name(adapted.get()) + " is a LoRA tensor among the weights: merge the"
                    + " adapter, or keep it as adapter_model.safetensors beside its adapter_config.json");
        }
        Optional<String> fused = names.stream().filter(TensorNames::isFused).findFirst();
        if (fused.isPresent()) {
            return Optional.of(Printable.name(fused.get()) + " has queries, keys and values in one tensor, a layout"
                    + " that is not known of this model_type");
        }
        String first = names.isEmpty() ? "" : names.iterator().next();
        String prefix = first.substring(0, first.indexOf('.') + 1);
        return prefix.isEmpty() || names.size() < all || !startAll(names, prefix) ? Optional.empty()
                : Optional.of("the names of all tensors begin with '" + Printable.name(prefix)
                        + "': if a program put that before them, rename them");
    }

    private static boolean isFused(String name) {
        for (String part : name.split("\\.")) {
            if (FUSED.contains(part)) {
                return true;
            }
        }
        return false;
    }
}
