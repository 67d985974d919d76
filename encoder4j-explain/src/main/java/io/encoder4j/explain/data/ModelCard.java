// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.explain.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the model is: sizes as they were seen in the forward pass, and the options of its family.
///
/// @param name          as the user knows it
/// @param family        `bert`
/// @param precision     what linear products are computed in
/// @param kernels       the arithmetic in use
/// @param version       of the library
/// @param layers        number of layers
/// @param hidden        features of a token's vector
/// @param heads         heads of the queries
/// @param keyHeads      heads of keys and values
/// @param headSize      features of a head
/// @param intermediate  features inside the feed-forward
/// @param vocabulary    token ids
/// @param maxTokens     tokens of the longest text
/// @param parameters    learned numbers
/// @param normOrder     whether norms stand after the sums (`post`), before each half of a layer (`pre`), `both`, or `none`
/// @param norm          `layerNorm`, `rmsNorm`, `scale` or `none`
/// @param positions     `learned`, `rotary`, `distance`, `linear`, `disentangled`: each that was seen
/// @param activation    of the feed-forward
/// @param gated         whether the feed-forward has a gate
/// @param sharedLayers  whether layers have the same weights
/// @param windows       for each layer how far a token sees to either side; null for all
/// @param pooling       poolings
/// @param modules       what follows them
/// @param similarity    of two texts' vectors
/// @param headKinds     heads the checkpoint has
/// @param maskToken     how a mask is written; null if there is none
/// @param labels        of its classification head
public record ModelCard(String name, String family, String precision, String kernels, String version, int layers, int hidden,
        int heads, int keyHeads, int headSize, int intermediate, int vocabulary, int maxTokens, long parameters, String normOrder,
        String norm, List<String> positions, String activation, boolean gated, boolean sharedLayers,
        List<@Nullable Integer> windows, List<String> pooling, List<String> modules, String similarity, List<String> headKinds,
        @Nullable String maskToken, List<String> labels) { }
