// SPDX-License-Identifier: Apache-2.0
/// What can go wrong with a request, and how each interface says so. The only place that knows status codes.
package io.encoder4j.server.failure;
