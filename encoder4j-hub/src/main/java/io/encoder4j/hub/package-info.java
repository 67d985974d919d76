// SPDX-License-Identifier: Apache-2.0
/// Models from the Hugging Face cache, and into it from the hub. The cache is the one that huggingface_hub keeps, in its
/// layout, so that Python and Java programs share what either has downloaded.
///
/// ```java
/// try (Hub hub = new Hub(HubSettings.ofEnvironment(), HubListener.SILENT)) {
///     Path folder = hub.model(HubId.parse("intfloat/e5-small-v2").orElseThrow());
/// }
/// ```
///
/// [Hub][io.encoder4j.hub.Hub] decides; [HubCache][io.encoder4j.hub.HubCache] knows the folders, `Wanted` which files a
/// model needs, `HubClient` the requests, `Transfer` how a file arrives whole in spite of the network.
///
/// Nothing a server says is trusted: names of files and folders must be plain, lengths and checksums must hold, a token
/// goes to the endpoint's own origin only, and every wait has an end.
package io.encoder4j.hub;
