// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every malformed file ends in one message that names the file and the place in it, soon and cheaply.
class SafetensorsMalformedTest {

    private static final Path BAD = Path.of("src/test/resources/bad");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            st01_empty_file          | header too small: the file has 0 bytes, a header needs 8
            st02_seven_bytes         | header too small: the file has 7 bytes, a header needs 8
            st03_len_past_eof        | header length 1000 exceeds file (88 bytes)
            st04_len_2e63            | header too large: 9223372036854775808 bytes
            st05_len_max             | header too large: 18446744073709551615 bytes
            st06_len_100MB_plus1     | header too large: 100000001 bytes
            st07_not_utf8            | header JSON: must begin with {, found byte 0xff
            st08_not_json            | header JSON: Unexpected end-of-input
            st09_json_array          | header JSON: must begin with {, found byte 0x5b
            st10_leading_space       | header JSON: must begin with {, found byte 0x09
            st12_trailing_garbage    | file has 34 bytes after the last tensor, at byte 88
            st13_two_bytes_short     | file is truncated: need 88 bytes, have 86; download again
            st14_hole                | tensor b: begins at offset 8, expected 4: a hole before it
            st15_overlap             | tensor b: begins at offset 4, expected 8: it overlaps
            st16_same_range_many     | tensor w1: begins at offset 0, expected 16: it overlaps
            st17_begin_gt_end        | tensor t: data_offsets: expected [begin, end] with begin ≤ end, found [16, 0]
            st18_negative_offset     | tensor t: data_offsets: expected an integer from 0, found -
            st19_size_mismatch       | tensor t: I32[2, 2] needs 16 bytes, data_offsets [0, 4] have 4
            st20_shape_overflow      | tensor t: shape: size overflows: 18446744073709551614
            st21_shape_2e62x4        | tensor t: F32[4611686018427387904, 4]: size overflows
            st22_negative_dim        | tensor t: shape: expected an integer from 0, found -
            st23_float_dim           | tensor t: shape: expected an integer from 0, found 2.0
            st24_dup_key             | tensor t: duplicate tensor name
            st25_unknown_dtype       | tensor t: dtype Q4; supported: [F64, F32, F16, BF16
            st26_lowercase_dtype     | tensor t: dtype f32; supported: [F64, F32, F16, BF16
            st27_missing_offsets     | tensor t: no data_offsets
            st28_three_offsets       | tensor t: data_offsets: more than 2 numbers
            st29_metadata_nonstring  | __metadata__.
            st30_metadata_nested     | __metadata__.
            st40_pickle_renamed      | this looks like a Python pickle
            st41_lfs_pointer         | this is a Git LFS pointer: fetch the real file
            st42_gzip                | this is gzip
            st43_html_error_page     | this is an HTML page
            """)
    void refusesNamingThePlace(String file, String place) throws IOException {
        assertThat(Cost.refusal(BAD.resolve(file + ".safetensors"), Safetensors::open)).contains(place);
    }

    /// Headers that are wrong inside, with a data part of four bytes.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"t":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}                   | tensor t: shape: expected an integer from 0, found 1e0
            {"t":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}                    | header JSON: Invalid numeric value
            {"t":{"dtype":"F32","shape":[-0],"data_offsets":[0,4]}}                    | tensor t: shape: expected an integer from 0, found -0
            {"t":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}                   | tensor t: shape: expected an integer from 0, found a string
            {"t":{"dtype":"F32","shape":[1,],"data_offsets":[0,4]}}                    | header JSON: Unexpected character
            {"t":{"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,4]}}      | tensor t: F32[9007199254740993] needs 36028797018963972 bytes
            {"t":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}         | tensor t: duplicate key shape
            {"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"file":"x"}}          | tensor t: unknown key file
            {"t":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}                 | tensor t: dtype F8_E4M3; supported
            {"t":{"dtype":"F32","shape":[1],"data_offsets":[0]}}                       | tensor t: data_offsets: expected [begin, end]
            {"t":7}                                                                    | tensor t: expected an object, found a number
            {"__metadata__":{},"__metadata__":{}}                                      | __metadata__: duplicate key
            {"__metadata__":{"a":"b","a":"c"}}                                         | __metadata__.a: duplicate key
            {"__metadata__":null}                                                      | __metadata__: expected an object, found null
            {"\\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}               | Broken surrogate pair
            {"\\udc00":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}               | surrogate
            {} {}                                                                      | after the object: expected the end, found an object
            {}                                                                         | file has 4 bytes after the last tensor
            """)
    void refusesHeader(String header, String place) throws IOException {
        Path file = MakeFile.safetensors(folder.resolve("made.safetensors"), header, new byte[4]);
        assertThat(Cost.refusal(file, Safetensors::open)).contains(place);
    }

    @Test
    void boundsNestingNumbersAndStrings() throws IOException {
        String deep = "{\"t\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertThat(refusal(deep)).contains("header JSON: nested deeper than 64 at offset 68");
        String number = "{\"t\":{\"dtype\":\"F32\",\"shape\":[" + "9".repeat(1_000_000) + "],\"data_offsets\":[0,0]}}";
        assertThat(refusal(number)).contains("header JSON: number longer than 40 digits at offset 29");
        String text = "{\"__metadata__\":{\"a\":\"" + "x".repeat(21_000_000) + "\"}}";
        assertThat(refusal(text)).contains("header JSON: string longer than 20000000 bytes at offset 21");
    }

    @Test
    void boundsTheNumberOfTensors() throws IOException {
        String header = IntStream.rangeClosed(0, 100_000)
                .mapToObj(i -> "\"tensor.with.a.name.as.long.as.usual." + i
                        + "\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}")
                .collect(Collectors.joining(",", "{", "}"));
        Path file = MakeFile.safetensors(folder.resolve("many.safetensors"), header);
        assertThat(catchThrowable(() -> Safetensors.open(file)))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("more than 100000 tensors");
    }

    @Test
    void saysHowMuchOfATruncatedDownloadIsThere() throws IOException {
        String header = "{\"embeddings.word_embeddings.weight\":{\"dtype\":\"F32\",\"shape\":[30522,384],"
                + "\"data_offsets\":[0,46881792]}}";
        Path file = MakeFile.safetensors(folder.resolve("model.safetensors"), header, new byte[851_000]);
        long need = 8 + header.length() + 46_881_792;
        assertThat(Cost.refusal(file, Safetensors::open)).contains(
                "file is truncated: need " + need + " bytes, have " + Files.size(file) + "; download again");
    }

    @Test
    void reportsInvalidUtf8InsideTheHeader() throws IOException {
        Path file = MakeFile.safetensors(folder.resolve("latin1.safetensors"), "{\"?\":0}");
        byte[] bytes = Files.readAllBytes(file);
        bytes[10] = (byte) 0xe9;
        Files.write(file, bytes);
        assertThat(Cost.refusal(file, Safetensors::open)).contains("header JSON: not UTF-8 at byte 2");
    }

    /// Any byte changed, any length cut: a result or a refusal, nothing else.
    @Test
    void survivesEveryOneByteChange() throws IOException {
        byte[] valid = Files.readAllBytes(BAD.resolve("st38_unsorted_valid.safetensors"));
        Path file = folder.resolve("changed.safetensors");
        for (int i = 0; i < valid.length; i++) {
            for (int value : new int[] {0, '{', '"', '9', ',', 0x7f, 0x80, 0xff}) {
                byte[] changed = valid.clone();
                changed[i] = (byte) value;
                openOrRefuse(Files.write(file, changed));
            }
            openOrRefuse(Files.write(file, Arrays.copyOf(valid, i)));
        }
    }

    private static void openOrRefuse(Path file) {
        try (Checkpoint checkpoint = Safetensors.open(file)) {
            checkpoint.names().forEach(name -> checkpoint.find(name).orElseThrow().toFloats());
        } catch (CheckpointException expected) {
            assertThat(expected).hasMessageContaining("changed.safetensors");
        }
    }

    private String refusal(String header) throws IOException {
        return Cost.refusal(MakeFile.safetensors(folder.resolve("made.safetensors"), header), Safetensors::open);
    }
}
