// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

import io.encoder4j.files.Printable;

/// Checks file names that a server sends, so that no file is written outside its folder. A name must be relative, with
/// forward slashes, and without empty parts, `.` and `..`. Model folders in the engine follow the same rule.
final class SafeFileNames {

    private static final int LONGEST = 500;

    private SafeFileNames() { }

    static boolean isPlain(String name) {
        if (name.length() > LONGEST || name.indexOf('\\') >= 0 || name.indexOf(':') >= 0
                || name.chars().anyMatch(Character::isISOControl)) {
            return false;
        }
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        return true;
    }

    /// @param where what gives the name, for the message
    /// @throws HubException if the name is not plain
    static String check(String name, String where) throws HubException {
        if (!isPlain(name)) {
            throw new HubException(where + ": the file name " + printable(name)
                    + " leads out of the model's folder or is not plain; nothing is written. Do not trust this model");
        }
        return name;
    }

    /// Text from a server, fit for a message: no control characters, not too long.
    static String printable(String text) {
        return "\"" + Printable.name(text) + "\"";
    }
}
