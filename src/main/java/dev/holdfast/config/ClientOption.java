package dev.holdfast.config;

/** What {@code holdfast client} has. */
public enum ClientOption implements CommandOption {
    CONFIG("--config", "FILE", "all that the client reads", "the client's file"),
    ENV("--env", "NAME=VALUE", "", "add: a variable of the server; may be given more than once") {
        @Override
        public boolean isRepeatable() {
            return true;
        }

        @Override
        public String separator() {
            return "\0"; // a value may have any other character in it
        }
    },
    ALL("--all", "", "", "wrap, unwrap: all servers of the client"),
    SHARE("--share", "", "", "wrap, add: all clients that start the server share one; for servers that bear it"),
    DRY_RUN("--dry-run", "", "", "change nothing, and show what would be changed, without values of variables"),
    JSON("--json", "", "", "list, show: as a list of objects");

    private final OptionRow row;

    ClientOption(String flag, String placeholder, String defaultText, String meaning) {
        row = OptionRow.of("", flag, placeholder, defaultText, meaning);
    }

    @Override
    public OptionRow row() {
        return row;
    }
}
