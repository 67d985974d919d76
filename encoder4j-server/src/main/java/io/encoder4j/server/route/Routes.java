// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route;

import io.encoder4j.server.route.openai.EmbeddingsRoute;
import io.encoder4j.server.route.openai.ModelsRoute;
import io.encoder4j.server.route.tei.EmbedRoute;
import io.encoder4j.server.route.tei.InfoRoute;
import io.encoder4j.server.route.tei.ProbeRoutes;
import java.util.List;

/// All routes, in the order of the documents. A new one is a line here.
public final class Routes {

    private Routes() { }

    /// The routes.
    public static List<Route> all() {
        return List.of(
                EmbeddingsRoute.route(),
                ModelsRoute.route(),
                EmbedRoute.route(),
                InfoRoute.route(),
                ProbeRoutes.health(),
                ProbeRoutes.metrics());
    }
}
