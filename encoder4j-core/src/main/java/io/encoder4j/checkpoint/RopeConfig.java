// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import io.encoder4j.nn.Rope;
import java.util.List;

/// Rotary embeddings as config.json describes them, in all spellings: transformers 5's `rope_parameters`, before it
/// `rope_theta` and `rope_scaling`. Formulas and their order of rounding are those of transformers' `modeling_rope_utils`.
public final class RopeConfig {

    private static final List<String> TYPES = List.of("default", "linear", "dynamic", "yarn", "llama3", "ntk");

    private final ModelConfig json;
    private final ModelConfig parameters;
    private final int size;
    private final double theta;

    private RopeConfig(ModelConfig json, ModelConfig parameters, int headSize, double defaultTheta) {
        this.json = json;
        this.parameters = parameters;
        theta = parameters.number("rope_theta", json.number("rope_theta", defaultTheta));
        double part = parameters.number("partial_rotary_factor", json.number("partial_rotary_factor", 1));
        size = (int) (headSize * part);
        if (size < 2 || size % 2 != 0 || size > headSize) {
            json.problem("partial_rotary_factor " + part + " would turn " + size + " of " + headSize
                    + " features of a head; expected an even number of them");
        }
    }

    /// {@return the rotary embedding of all layers}
    ///
    /// @param json         the configuration
    /// @param name         the module's name in traces
    /// @param headSize     features of a head
    /// @param defaultTheta the base where config.json names none
    public static Rope read(ModelConfig json, String name, int headSize, double defaultTheta) {
        return read(json, json.at(json.has("rope_scaling") ? "rope_scaling" : "rope_parameters"), name, headSize,
                defaultTheta);
    }

    /// {@return a rotary embedding with parameters of its own: some models have one for each kind of layer}
    ///
    /// @param json         the configuration
    /// @param parameters   the object that holds the settings: `rope_parameters`, or the configuration itself
    /// @param name         the module's name in traces
    /// @param headSize     features of a head
    /// @param defaultTheta the base where none is given
    public static Rope read(ModelConfig json, ModelConfig parameters, String name, int headSize, double defaultTheta) {
        return new RopeConfig(json, parameters, headSize, defaultTheta).rope(name);
    }

    private Rope rope(String name) {
        parameters.only("rope_type", TYPES.toArray());
        parameters.only("type", TYPES.toArray());
        String type = parameters.text("rope_type", parameters.text("type", "default"));
        float[] plain = Rope.frequencies(Math.max(2, size), theta);
        return switch (type) {
            case "linear" -> fixed(name, divided(plain, parameters.number("factor", 1)), 1);
            case "dynamic" -> new Rope(name, false, 1, Rope.dynamic(Math.max(2, size), theta,
                    parameters.number("factor", 1), json.size("max_position_embeddings", 2048)));
            case "ntk" -> fixed(name, ntk(parameters.number("factor", 1)), 1);
            case "llama3" -> fixed(name, llama3(plain), 1);
            case "yarn" -> yarn(name, plain);
            default -> fixed(name, plain, 1);
        };
    }

    private static Rope fixed(String name, float[] frequencies, float factor) {
        return new Rope(name, false, factor, _ -> frequencies);
    }

    private static float[] divided(float[] frequencies, double divisor) {
        float[] divided = new float[frequencies.length];
        for (int i = 0; i < divided.length; i++) {
            divided[i] = (float) (frequencies[i] / divisor);
        }
        return divided;
    }

    /// Alibaba's fixed scaling: a larger base, or with `mixed_b` an exponent that grows with the pair.
    private float[] ntk(double factor) {
        if (!parameters.has("mixed_b")) {
            return divided(Rope.frequencies(size, theta * factor), Math.pow(factor, 2.0 / size));
        }
        double mixed = parameters.number("mixed_b", 0);
        double a = Math.log(factor) / Math.pow(size / 2.0, mixed);
        float[] frequencies = Rope.frequencies(size, theta);
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = (float) (frequencies[i] / Math.exp(a * Math.pow(i + 1, mixed)));
        }
        return frequencies;
    }

    private int originalPositions() {
        return parameters.size("original_max_position_embeddings", json.size("original_max_position_embeddings",
                json.size("max_position_embeddings", 2048)));
    }

    private float[] llama3(float[] plain) {
        double factor = parameters.number("factor", 1);
        double low = parameters.number("low_freq_factor", 1);
        double high = parameters.number("high_freq_factor", 4);
        int context = originalPositions();
        float[] scaled = new float[plain.length];
        for (int i = 0; i < plain.length; i++) {
            double wave = 2 * Math.PI / plain[i];
            double smooth = Math.clamp((context / wave - low) / (high - low), 0.0, 1.0);
            scaled[i] = (float) ((1 - smooth) * plain[i] / factor + smooth * plain[i]);
        }
        return scaled;
    }

    /// YaRN (Peng et al. 2023): fast pairs as they are, slow ones interpolated, a ramp between.
    private Rope yarn(String name, float[] plain) {
        int context = originalPositions();
        double factor = parameters.has("factor") ? parameters.number("factor", 1)
                : (double) json.size("max_position_embeddings", 2048) / context;
        double first = rampEnd(parameters.number("beta_fast", 32), context);
        double last = rampEnd(parameters.number("beta_slow", 1), context);
        if (parameters.flag("truncate", true)) {
            first = Math.floor(first);
            last = Math.ceil(last);
        }
        first = Math.max(first, 0);
        last = Math.min(last, size - 1);
        last += first == last ? 0.001 : 0;
        float[] scaled = new float[plain.length];
        for (int i = 0; i < plain.length; i++) {
            double slow = Math.clamp((i - first) / (last - first), 0.0, 1.0);
            scaled[i] = (float) (plain[i] / factor * slow + plain[i] * (1 - slow));
        }
        return fixed(name, scaled, parameters.number("attention_factor", yarnFactor(factor)));
    }

    private double yarnFactor(double factor) {
        double mscale = parameters.number("mscale", 0);
        double all = parameters.number("mscale_all_dim", 0);
        return mscale != 0 && all != 0 ? growth(factor, mscale) / growth(factor, all) : growth(factor, 1);
    }

    private static double growth(double factor, double mscale) {
        return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
    }

    /// The pair that turns that many times within the original context.
    private double rampEnd(double turns, int context) {
        return size * Math.log(context / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }
}
