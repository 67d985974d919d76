// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.server.route;

import io.encoder4j.server.route.docs.OpenApiRoute;
import io.encoder4j.server.route.docs.PageRoutes;
import io.encoder4j.server.route.explain.ExplainRoutes;
import io.encoder4j.server.route.openai.EmbeddingsRoute;
import io.encoder4j.server.route.openai.ModelsRoute;
import io.encoder4j.server.route.own.AnswerRoute;
import io.encoder4j.server.route.own.FillMaskRoute;
import io.encoder4j.server.route.own.ReplacedRoute;
import io.encoder4j.server.route.own.TagRoute;
import io.encoder4j.server.route.own.VectorRoutes;
import io.encoder4j.server.route.own.ZeroShotRoute;
import io.encoder4j.server.route.rerank.RerankRoutes;
import io.encoder4j.server.route.tei.EmbedAllRoute;
import io.encoder4j.server.route.tei.EmbedRoute;
import io.encoder4j.server.route.tei.EmbedSparseRoute;
import io.encoder4j.server.route.tei.InfoRoute;
import io.encoder4j.server.route.tei.PredictRoute;
import io.encoder4j.server.route.tei.ProbeRoutes;
import io.encoder4j.server.route.tei.SimilarityRoute;
import io.encoder4j.server.route.tei.TokenRoutes;
import java.util.ArrayList;
import java.util.List;

/// All routes, in the order of the documents. A new one is a line here.
public final class Routes {

    private Routes() { }

    /// The routes.
    public static List<Route> all() {
        List<Route> routes = new ArrayList<>(List.of(
                EmbeddingsRoute.route(),
                ModelsRoute.route(),
                EmbedRoute.route(),
                EmbedAllRoute.route(),
                EmbedSparseRoute.route(),
                PredictRoute.route(),
                RerankRoutes.any(),
                RerankRoutes.v1(),
                RerankRoutes.v2(),
                SimilarityRoute.route(),
                TokenRoutes.tokenize(),
                TokenRoutes.decode(),
                TagRoute.route(),
                FillMaskRoute.route(),
                AnswerRoute.route(),
                ZeroShotRoute.route(),
                VectorRoutes.multiVector(),
                VectorRoutes.hybrid(),
                ReplacedRoute.route(),
                InfoRoute.route(),
                ProbeRoutes.health(),
                ProbeRoutes.metrics(),
                ExplainRoutes.json(),
                OpenApiRoute.route(),
                PageRoutes.page(),
                PageRoutes.script(),
                PageRoutes.style()));
        routes.addAll(io.encoder4j.server.route.explain.PageRoutes.all());
        return List.copyOf(routes);
    }
}
