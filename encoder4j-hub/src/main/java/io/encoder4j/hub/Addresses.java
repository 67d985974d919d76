// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import java.net.URI;

/// Addresses, and how they are shown: without passwords, and without what follows a question mark, which may be a signature
/// that gives access.
final class Addresses {

    private Addresses() { }

    /// Text that may be an address, fit for a message.
    static String shown(String address) {
        // Up to the last @ before a path: a password may have an @ itself, or a slash that should have been encoded.
        return address.replaceFirst("^([A-Za-z][A-Za-z0-9+.-]*:/*)?.*@", "$1…@").replaceFirst("[?#].*$", "");
    }

    static String shown(URI address) {
        return shown(address.toString());
    }

    /// The port, or the usual one of the scheme.
    static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : String.valueOf(uri.getScheme()).equalsIgnoreCase("https") ? 443 : 80;
    }

    /// Whether there can be such a port.
    static boolean isPort(int port) {
        return port >= 1 && port <= 65535;
    }
}
