// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import io.encoder4j.platform.JavaRuntime;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Chooses kernels: the fastest that can run here, or those asked for by name. Asking for kernels that cannot run is an error.
/// If the fastest cannot run but could be made to, one warning says how, and slower ones are used.
public final class KernelChoice {

    /// System property naming the kernels: `x86`, `arm64`, `vector`, `plain`, `scalar` or `auto`.
    public static final String PROPERTY = "encoder4j.kernels";

    private static final AtomicBoolean NOTICE_GIVEN = new AtomicBoolean();

    private KernelChoice() { }

    /// {@return the kernels that the system property [#PROPERTY] names, or the fastest available, in [Precision#AUTO]}
    public static Kernels choose() {
        return choose(null, Precision.AUTO);
    }

    /// {@return the kernels of that name, in [Precision#AUTO]}
    ///
    /// @param name of a provider, or null for the best there is
    /// @see #choose(String, Precision)
    public static Kernels choose(@Nullable String name) {
        return choose(name, Precision.AUTO);
    }

    /// {@return the kernels of that name, in that precision}
    ///
    /// @param name      `auto` for the fastest available; null for the name in the system property [#PROPERTY]
    /// @param precision what the products are computed in
    /// @throws IllegalArgumentException if no kernels have that name
    /// @throws IllegalStateException if the JVM is older than 25.0.3
    /// @throws UnsupportedOperationException if they cannot run here or not in that precision, or if a system property of the
    /// kernels is misspelt or asks for what this machine does not have; the message gives the reason
    public static Kernels choose(@Nullable String name, Precision precision) {
        JavaRuntime.require();
        return choose(name == null ? System.getProperty(PROPERTY, "auto") : name, precision, providers());
    }

    static Kernels choose(String asked, Precision precision, List<KernelProvider> providers) {
        if (asked.isEmpty() || asked.equals("auto")) {
            return fastest(providers, precision);
        }
        KernelProvider provider = providers.stream().filter(p -> p.name().equals(asked)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no kernels named '" + asked + "'; there are: auto, "
                        + String.join(", ", providers.stream().map(KernelProvider::name).toList())));
        provider.unavailable(precision).ifPresent(reason -> {
            throw new UnsupportedOperationException("kernels '" + asked + "' were asked for but cannot run: " + reason);
        });
        return provider.create(precision);
    }

    /// {@return names of the kernels that can run here, the fastest first}
    public static List<String> available() {
        return providers().stream().filter(p -> p.unavailable(Precision.AUTO).isEmpty()).map(KernelProvider::name).toList();
    }

    private static Kernels fastest(List<KernelProvider> providers, Precision precision) {
        for (KernelProvider provider : providers) {
            provider.wrongSetting().ifPresent(problem -> {
                throw new UnsupportedOperationException(problem);
            });
        }
        for (KernelProvider provider : providers) {
            var reason = provider.unavailable(precision);
            if (reason.isEmpty()) {
                return provider.create(precision);
            }
            if (provider.remediable() && NOTICE_GIVEN.compareAndSet(false, true)) {
                System.getLogger("io.encoder4j").log(Level.WARNING,
                        "the fast kernels ''{0}'' cannot run, slower ones will: {1}", provider.name(), reason.get());
            }
        }
        throw new IllegalStateException("no kernels at all: the scalar provider is missing from META-INF/services");
    }

    private static List<KernelProvider> providers() {
        List<KernelProvider> providers = new ArrayList<>();
        ServiceLoader.load(KernelProvider.class, KernelProvider.class.getClassLoader()).forEach(providers::add);
        providers.sort(Comparator.comparingInt(KernelProvider::rank).reversed());
        return providers;
    }
}
