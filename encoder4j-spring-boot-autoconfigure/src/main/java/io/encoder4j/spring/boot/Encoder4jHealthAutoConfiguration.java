// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.spring.boot;

import io.encoder4j.EncoderModel;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Health of the models, where there is an actuator.
@AutoConfiguration(after = Encoder4jAutoConfiguration.class)
@ConditionalOnClass(name = "org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator")
public class Encoder4jHealthAutoConfiguration {

    /// For Spring.
    public Encoder4jHealthAutoConfiguration() { }

    /// Apart, because its annotation needs the class that the condition above looks for.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(EncoderModel.class)
    @ConditionalOnEnabledHealthIndicator("encoder4j")
    static class Indicator {

        @Bean
        @ConditionalOnMissingBean(name = "encoder4jHealthIndicator")
        EncoderHealthIndicator encoder4jHealthIndicator(ListableBeanFactory beans) {
            return new EncoderHealthIndicator(beans.getBeansOfType(EncoderModel.class));
        }
    }
}
