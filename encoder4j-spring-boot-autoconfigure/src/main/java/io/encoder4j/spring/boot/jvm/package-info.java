// SPDX-License-Identifier: Apache-2.0
/** Compiled for Java 17, Spring Boot's oldest: says on an old JVM that it is too old. */
package io.encoder4j.spring.boot.jvm;
