// SPDX-License-Identifier: Apache-2.0
/// A model's name becomes a folder: the path of a folder, an `.onnx` file, a model on the class path, or a name on the Hugging
/// Face hub.
///
/// ```java
/// Path folder = Models.ofUser(HubListener.SILENT).folder("intfloat/e5-small-v2");
/// ```
///
/// [Models][io.encoder4j.models.Models] decides what a name is. `ModelCache` keeps the folders that are made of ONNX files,
/// `ClassPathModels` finds what jars have. With this module on the class path
/// [EncoderModel.open][io.encoder4j.EncoderModel#open(String)] takes such names, too.
package io.encoder4j.models;
