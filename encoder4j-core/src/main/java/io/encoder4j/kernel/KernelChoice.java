// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.kernel;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Chooses kernels: the fastest that runs here, or the one asked for by name. What was asked for and cannot run fails
/// loudly; what was merely preferred and cannot run is said once, with the remedy.
public final class KernelChoice {

    /// System property naming the kernels: `scalar`, `vector` or `auto`.
    public static final String PROPERTY = "encoder4j.kernels";

    private static final AtomicBoolean NOTICE_GIVEN = new AtomicBoolean();

    private KernelChoice() { }

    /// The kernels named by the system property [#PROPERTY], or the fastest available.
    public static Kernels choose() {
        return choose(System.getProperty(PROPERTY));
    }

    /// The kernels of that name; null or `auto` for the fastest available.
    ///
    /// @throws IllegalArgumentException if there are none of that name
    /// @throws UnsupportedOperationException if they cannot run here, with the reason
    public static Kernels choose(@Nullable String name) {
        List<KernelProvider> providers = providers();
        if (name == null || name.isEmpty() || name.equals("auto")) {
            return fastest(providers);
        }
        KernelProvider provider = providers.stream().filter(p -> p.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no kernels named '" + name + "'; there are: auto, "
                        + String.join(", ", providers.stream().map(KernelProvider::name).toList())));
        provider.unavailable().ifPresent(reason -> {
            throw new UnsupportedOperationException("kernels '" + name + "' were asked for but cannot run: " + reason);
        });
        return provider.create();
    }

    private static Kernels fastest(List<KernelProvider> providers) {
        for (KernelProvider provider : providers) {
            var reason = provider.unavailable();
            if (reason.isEmpty()) {
                return provider.create();
            }
            if (NOTICE_GIVEN.compareAndSet(false, true)) {
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
