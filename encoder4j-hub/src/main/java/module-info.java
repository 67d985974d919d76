// SPDX-License-Identifier: Apache-2.0
import org.jspecify.annotations.NullMarked;

/** Models from the Hugging Face cache, and into it from the hub. */
@NullMarked
module io.encoder4j.hub {
    requires io.encoder4j;
    requires java.net.http;
    requires tools.jackson.databind;
    requires static transitive org.jspecify;

    exports io.encoder4j.hub;
}
