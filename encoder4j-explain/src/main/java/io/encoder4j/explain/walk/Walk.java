// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.walk;

import io.encoder4j.explain.data.Details;
import io.encoder4j.explain.data.ExplainedStep;
import io.encoder4j.explain.data.ExplainedStep.Check;
import io.encoder4j.explain.data.ExplainedStep.Dim;
import io.encoder4j.explain.data.ExplainedStep.Input;
import io.encoder4j.explain.data.ExplainedStep.Learned;
import io.encoder4j.explain.data.ExplainedStep.NamedShape;
import io.encoder4j.tensor.Parameter;
import io.encoder4j.tensor.Tensor;
import io.encoder4j.torch.PositionalEncoding;
import io.encoder4j.trace.Operation;
import io.encoder4j.trace.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The walk from text to vector: the recorded steps before the layers, of one layer, and after the layers, each with its formula,
/// shapes, values and the same by hand.
public final class Walk {

    private final Setting setting;
    private final List<ExplainedStep> steps = new ArrayList<>();
    /// Id of the explained step for an index of the trace.
    private final Map<Integer, Integer> ids = new HashMap<>();
    private final List<String> symbols = new ArrayList<>();
    /// Whether positions were looked up and the layers have not begun.
    private boolean positioned;

    private Walk(Setting setting) {
        this.setting = setting;
    }

    /// The walk.
    public static List<ExplainedStep> of(Setting setting) {
        Walk walk = new Walk(setting);
        walk.tokens();
        List<Step> before = setting.graph().steps().stream().filter(step -> step.layer() == Step.BEFORE).toList();
        int positions = walk.firstPosition(before);
        for (Step step : before) {
            if (step.index() == positions) {
                walk.sines();
            }
            walk.positioned = positions >= 0 && step.index() >= positions;
            walk.tell(step);
        }
        walk.positioned = false;
        if (positions < 0 && setting.layers() > 0) {
            walk.sines();
        }
        if (setting.layers() > 0) {
            walk.layer(setting.graph().layer(setting.layer()));
        }
        List<Step> after = setting.graph().steps().stream().filter(step -> step.layer() == Step.AFTER).toList();
        after.stream().filter(step -> walk.matters(step, after)).forEach(walk::tell);
        walk.vector();
        return walk.steps;
    }

    /// Whether a step after the layers leads to the text's vector or to the head's answer: a pooler may be computed on the side.
    private boolean matters(Step step, List<Step> after) {
        Step vector = after.stream().filter(one -> isIn(one, Role.POOLING)).reduce((a, b) -> b).orElse(null);
        Step answer = after.stream().filter(one -> isIn(one, Role.HEAD)).reduce((a, b) -> b).orElse(null);
        boolean pools = after.stream().anyMatch(one -> one.operation() instanceof Operation.Pool);
        boolean answers = after.stream().anyMatch(one -> isRole(one, "logits"));
        return !pools && !answers || pools && vector != null && setting.graph().leadsTo(step, vector)
                || answers && answer != null && setting.graph().leadsTo(step, answer);
    }

    private boolean isIn(Step step, String section) {
        Role role = setting.roles().get(step.index());
        return role != null && role.section().equals(section);
    }

    private boolean isRole(Step step, String name) {
        Role role = setting.roles().get(step.index());
        return role != null && role.name().equals(name);
    }

    private int firstPosition(List<Step> before) {
        return before.stream().filter(step -> setting.roles().containsKey(step.index())
                && setting.roles().get(step.index()).section().equals(Role.POSITION)).mapToInt(Step::index).findFirst().orElse(-1);
    }

    private void tokens() {
        put("tokens", "tokens", -1, "tokenizer", "", "ids", "ids = tokenizer(text)", List.of(new NamedShape("ids",
                List.of(new Dim("batch", 1), new Dim("tokens", setting.tokens())))), List.of(), null, null);
    }

    private void sines() {
        Tensor table = PositionalEncoding.table(setting.tokens(), setting.hidden());
        put("sinusoid", Role.POSITION, -1, "formula", "", "PE",
                "PE(pos, 2i) = sin(pos / 10000^(2i/d)), PE(pos, 2i+1) = cos(pos / 10000^(2i/d))",
                List.of(shape("PE", setting.tokens(), setting.hidden())), List.of(), table, new Details.Sines(false));
    }

    private void layer(List<Step> layer) {
        Step entering = layer.stream().flatMap(step -> setting.graph().inputs(step).stream())
                .filter(input -> input.layer() != setting.layer()).findFirst().orElseThrow();
        int from = ids.getOrDefault(entering.index(), -1);
        put("layerInput", Role.ATTENTION, setting.layer(), "input", entering.name(), "X", "X", List.of(shape("X", entering.rows(),
                entering.cols())), List.of(new Input("X", from)), entering.output(), null);
        ids.put(entering.index(), steps.size() - 1);
        layer.forEach(this::tell);
    }

    private void tell(Step step) {
        Role role = setting.roles().get(step.index());
        if (role == null) {
            return;
        }
        List<Step> read = setting.graph().inputs(step);
        List<Input> inputs = read.stream().map(input -> new Input(symbol(input), ids.getOrDefault(input.index(), -1))).toList();
        List<String> letters = inputs.stream().map(Input::symbol).toList();
        if (step.operation() instanceof Operation.Attend attend) {
            new AttentionTeller(setting, this, step, attend, inputs).tell();
        } else if (step.operation() instanceof Operation.Rotate rotate && role.name().equals("rotateQuery")) {
            angles(rotate);
        }
        boolean named = step.operation() instanceof Operation.Name;
        String out = named ? "X" : Formulas.symbol(positioned && role.name().equals("embeddingSum") ? "residual" : role.name(),
                step.operation(), letters);
        boolean pooled = step.rows() != setting.tokens() && List.of(Role.POOLING, Role.HEAD).contains(role.section());
        List<NamedShape> shapes = new ArrayList<>();
        for (int i = 0; i < read.size() && !(step.operation() instanceof Operation.Attend && i > 2); i++) {
            shapes.add(new NamedShape(letters.get(i), setting.dims(read.get(i).rows(), read.get(i).cols(),
                    pooled && read.get(i).rows() != setting.tokens())));
        }
        shapes.add(new NamedShape(out, setting.dims(step.rows(), step.cols(), pooled)));
        put(new ExplainedStep(steps.size(), role.name(), positioned ? Role.POSITION : role.section(), layerOf(step),
                operation(step.operation()), step.name(), args(step), named ? out
                : Formulas.formula(role.name(), step.operation(), out, letters), shapes, inputs,
                step.operation().parameters().stream().map(Walk::learned).toList(), step.output(), check(step, read),
                StepDetails.of(step, read, role.name())), out);
        ids.put(step.index(), steps.size() - 1);
    }

    private int layerOf(Step step) {
        return step.layer() == Step.BEFORE || step.layer() == Step.AFTER ? -1 : step.layer();
    }

    private Map<String, Object> args(Step step) {
        Map<String, Object> args = new HashMap<>();
        args.put("layer", layerOf(step));
        args.put("layers", setting.layers());
        if (step.operation() instanceof Operation.Activate activate) {
            args.put("function", Formulas.name(activate.activation()));
        }
        if (step.operation() instanceof Operation.Embed embed) {
            args.put("rows", embed.table().size());
        }
        return args;
    }

    private @Nullable Check check(Step step, List<Step> read) {
        if (step.output() == null || read.stream().anyMatch(input -> input.output() == null)) {
            return null;
        }
        int[] rows = setting.checked(step.rows());
        double[] @Nullable [] byHand = ByHand.step(step.operation(), read.stream().map(Step::values).toList(), rows);
        return byHand == null ? null : check(byHand, step.values(), rows);
    }

    /// Rows by hand held against those of a result.
    Check check(double[][] byHand, Tensor model, int[] rows) {
        double largest = 0;
        for (float value : model.values()) {
            largest = Math.max(largest, Math.abs(value));
        }
        return new Check(ByHand.difference(byHand, model, rows), setting.tolerance() * (1 + largest),
                rows.length * model.size(-1));
    }

    /// The letter of what a step gives.
    private String symbol(Step step) {
        Integer id = ids.get(step.index());
        return id == null ? "X" : symbols.get(id);
    }

    private void angles(Operation.Rotate rotate) {
        int pairs = rotate.rotation().pairs();
        Tensor cos = Tensor.zeros(setting.tokens(), pairs);
        Tensor sin = Tensor.zeros(setting.tokens(), pairs);
        for (int token = 0; token < setting.tokens(); token++) {
            System.arraycopy(rotate.rotation().cos(), rotate.rotation().rows()[token] * pairs, cos.values(), token * pairs, pairs);
            System.arraycopy(rotate.rotation().sin(), rotate.rotation().rows()[token] * pairs, sin.values(), token * pairs, pairs);
        }
        put("rotaryTable", Role.POSITION, setting.layer(), "formula", rotate.rotation().name(), "R",
                "R(pos) = [cos pos·θᵢ, −sin pos·θᵢ; sin pos·θᵢ, cos pos·θᵢ]", List.of(new NamedShape("cos", List.of(
                        new Dim("tokens", setting.tokens()), new Dim("pairs", pairs)))), List.of(), cos,
                new Details.Angles(pairs, rotate.rotation().interleaved(), cos, sin));
    }

    private void vector() {
        ExplainedStep last = steps.stream().filter(step -> step.section().equals(Role.POOLING) && step.values() != null
                && step.values().size(0) == 1 && !step.role().equals("pick")).reduce((a, b) -> b).orElse(null);
        if (last == null) {
            return;
        }
        Tensor values = Objects.requireNonNull(last.values());
        Tensor vector = values.reshape(values.size(-1));
        put("vector", Role.POOLING, -1, "result", "", "v", "v", List.of(new NamedShape("v", List.of(new Dim("batch", 1),
                new Dim(vector.size(0) == setting.hidden() ? "hidden" : "features", vector.size(0))))),
                List.of(new Input("v", last.id())), vector, new Details.Length(ByHand.length(ByHand.row(values, 0))));
    }

    private static Learned learned(Parameter parameter) {
        return new Learned(parameter.name(), Arrays.stream(parameter.shape()).boxed().toList());
    }

    private static String operation(Operation operation) {
        return switch (operation) {
            case Operation.Project _ -> "linear";
            case Operation.Activate _ -> "activation";
            case Operation.Norm _ -> "layerNorm";
            case Operation.SquareNorm _ -> "rmsNorm";
            case Operation.Name _ -> "layer";
            default -> operation.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
        };
    }

    NamedShape shape(String symbol, int rows, int cols) {
        return new NamedShape(symbol, setting.dims(rows, cols, false));
    }

    /// Adds a step that no operation recorded.
    int put(String role, String section, int layer, String operation, String name, String symbol, String formula,
            List<NamedShape> shapes, List<Input> inputs, @Nullable Tensor values, @Nullable Details details) {
        return put(new ExplainedStep(steps.size(), role, section, layer, operation, name, Map.of("head", setting.head(), "layer", layer,
                "layers", setting.layers()), formula, shapes, inputs, List.of(), values, null, details), symbol);
    }

    /// Adds a step.
    int put(ExplainedStep step, String symbol) {
        steps.add(step);
        symbols.add(symbol);
        return step.id();
    }

    /// The id that the next step gets.
    int next() {
        return steps.size();
    }
}
