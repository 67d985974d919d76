// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.encoder4j.EncoderModel;
import io.encoder4j.ModelOptions;
import io.encoder4j.task.EmbedOptions;
import io.encoder4j.task.TextEmbedding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What int8 promises, kept by the four real sentence models: the direction of each vector.
class Int8QualityTest {

    private static final List<String> CHINESE = List.of("北京的秋天很美，香山的红叶吸引了许多游客。", "请问最近的地铁站怎么走？",
            "人工智能正在改变医疗、教育和交通等行业。", "由于暴雨，今天下午的航班全部取消了。", "我想把信用卡的额度提高到五万元。",
            "如果收到的商品有质量问题，七天内可以退货。", "中国古代的四大发明是造纸术、印刷术、火药和指南针。",
            "长江是亚洲最长的河流，全长约六千三百公里。", "医生建议他少吃盐，多运动，并且定期检查血压。",
            "股市连续三天下跌，投资者的情绪比较谨慎。", "怎样才能更快地学会一门外语？", "请帮我查询一下上个月的电费账单。",
            "宇宙大约在一百三十八亿年前诞生。", "合同自双方签字盖章之日起生效，有效期为两年。", "番茄炒鸡蛋是一道简单又受欢迎的家常菜。",
            "手机充不进电，可能是数据线或者充电口坏了。");

    @TempDir
    private Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"all-minilm-l6-v2", "bge-small-en-v1.5", "bge-small-zh-v1.5", "e5-small-v2"})
    void everyVectorKeepsItsDirection(String name) throws IOException {
        for (String resource : new String[] {name + ".onnx", name + "-tokenizer.json"}) {
            try (InputStream in = Int8QualityTest.class.getResourceAsStream("/" + resource)) {
                Files.copy(in, temp.resolve(resource));
            }
        }
        Path folder = temp.resolve("model");
        OnnxImport.toFolder(temp.resolve(name + ".onnx"), null, folder, ImportOptions.defaults());
        List<String> texts = name.contains("zh") ? runs(CHINESE, 8) : runs(english(), 40);
        List<TextEmbedding> float32 = embed(folder, "float32", texts);
        List<TextEmbedding> int8 = embed(folder, "int8", texts);
        double least = 1;
        double sum = 0;
        for (int i = 0; i < texts.size(); i++) {
            double cosine = float32.get(i).cosine(int8.get(i));
            least = Math.min(least, cosine);
            sum += cosine;
        }
        System.out.printf(Locale.ROOT, "%s in int8, %d texts: cosine %.6f at least, %.6f on average%n", name, texts.size(), least,
                sum / texts.size());
        assertThat(least).isBetween(0.999, 0.999999);
        assertThat(sum / texts.size()).isGreaterThanOrEqualTo(0.9995);
    }

    private static List<String> english() throws IOException {
        try (InputStream in = Int8QualityTest.class.getResourceAsStream("/texts/banking77.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    /// Lines, and runs of two and five of them.
    private static List<String> runs(List<String> lines, int count) {
        List<String> texts = new ArrayList<>(lines.subList(0, count));
        for (int i = 0; i + 5 <= lines.size() && i < count; i += 5) {
            texts.add(String.join(" ", lines.subList(i, i + 2)));
            texts.add(String.join(" ", lines.subList(i, i + 5)));
        }
        return texts;
    }

    private static List<TextEmbedding> embed(Path folder, String precision, List<String> texts) throws IOException {
        try (EncoderModel model = EncoderModel.open(folder, ModelOptions.defaults().withPrecision(precision))) {
            return model.embedder(EmbedOptions.defaults()).embed(texts);
        }
    }
}
