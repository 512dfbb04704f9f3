package dev.holdfast.config;

/** What {@code holdfast serve} has. */
public enum ServeOption implements CommandOption {
    HOST("--host", "ADDRESS", "127.0.0.1", "the address to listen on"),
    PORT("--port", "N", "8000", "the port to listen on; 0 for any that is free"),
    ALLOW_RESOLVE("--allow-resolve", "", "", "let resolve_server_conflicts clear away what killed launchers have left"),
    ALLOW_ACTIONS("--allow-actions", "", "", "let the page stop, restart and resolve, for those who have the token"),
    TOKEN_FILE(
            "--token-file",
            "FILE",
            "~/.holdfast/serve.token",
            "the file of the token; it is made when it is not there"),
    INSTANCE("--instance", "ID", "all", "tell of one instance only, by its id");

    private final OptionRow row;

    ServeOption(String flag, String placeholder, String defaultText, String meaning) {
        row = OptionRow.of("", flag, placeholder, defaultText, meaning);
    }

    @Override
    public OptionRow row() {
        return row;
    }
}
