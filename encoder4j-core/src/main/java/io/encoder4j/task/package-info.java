// SPDX-License-Identifier: Apache-2.0
/// What tasks take and give: inputs, options and results.
package io.encoder4j.task;
