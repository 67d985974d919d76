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
/// [Hub][io.encoder4j.hub.Hub] is the entry point. [HubCache][io.encoder4j.hub.HubCache] knows the folders,
/// `RequiredFiles` says which files a model needs, `HubClient` sends the requests, `Transfer` downloads one file, and
/// `RetryPolicy` decides about another try.
///
/// Nothing a server says is trusted: file names must stay in the folder, lengths and checksums are checked, the token is
/// sent to the endpoint's own origin only, and every wait has an end.
package io.encoder4j.hub;
