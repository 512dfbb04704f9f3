package dev.holdfast.config;

/** What {@code holdfast mcp} has. */
public enum McpOption implements CommandOption {
    NAME("-n", "--name", "NAME", "the instance around it, if any", "the instance that is the client's own"),
    ALLOW_RESOLVE(
            "", "--allow-resolve", "", "", "let resolve_server_conflicts clear away what killed launchers have left");

    private final OptionRow row;

    McpOption(String shortFlag, String longFlag, String placeholder, String defaultText, String meaning) {
        row = OptionRow.of(shortFlag, longFlag, placeholder, defaultText, meaning);
    }

    @Override
    public OptionRow row() {
        return row;
    }
}
