// SPDX-License-Identifier: Apache-2.0
package io.encoder4j.hub;

/// The rule that keeps names from a server inside the folder they are put in: relative, forward slashes, no empty part,
/// no `.` and no `..`. It is the rule the engine's model folders follow, too.
final class PlainNames {

    private static final int LONGEST = 500;

    private PlainNames() { }

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
        StringBuilder safe = new StringBuilder("\"");
        text.codePoints().limit(200).forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                safe.append(String.format("\\u%04x", c));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.append(text.length() > 200 ? "…\"" : "\"").toString();
    }
}
