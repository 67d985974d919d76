// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.spring.starter;

// @start region="application"
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class Application {

    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }

    @Bean
    CommandLineRunner hello(EmbeddingModel model) {
        return args -> IO.println(model.embed("A sentence to encode").length + " dimensions");
    }
}
// @end
